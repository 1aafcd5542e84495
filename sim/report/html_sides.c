/*
 * The two certificates side by side, and the table between them.
 */
#include <string.h>

#include "lyncsim/timestamp.h"

#include "html_internal.h"
#include "story_internal.h"

/* Names of a certificate that are shown; the rest wait behind their number. */
#define NAMES_SHOWN 20

static void add_row(struct ls_buf *out, const char *label, struct ls_str value,
                    const char *mark)
{
    ls_buf_printf(out, "<tr%s><th scope=\"row\">%s</th><td>",
                  mark != NULL ? " class=\"speaks\"" : "", label);
    markup_add_str(out, value);
    if (mark != NULL)
        ls_buf_printf(out, " \xE2\x86\x90 <strong>%s</strong>", mark);
    ls_buf_add_text(out, "</td></tr>\n");
}

static void add_hidden(struct ls_buf *out,
                       const struct certificate_facts *facts, size_t speaker,
                       size_t count)
{
    ls_buf_printf(out,
                  "<tr><th scope=\"row\">more</th><td><details>"
                  "<summary>%zu names</summary>\n",
                  count);
    for (size_t i = 0; i < facts->name_count; i++) {
        if (story_is_shown(i, speaker, NAMES_SHOWN))
            continue;
        markup_add_str(out, ls_str_from_bytes(facts->names[i].text,
                                              facts->names[i].length));
        ls_buf_add_text(out, "<br>\n");
    }
    ls_buf_add_text(out, "</details></td></tr>\n");
}

static void add_names(struct ls_buf *out, const struct certificate_facts *facts,
                      const struct trust_verdict *verdict)
{
    size_t speaker = story_speaker(verdict, facts);
    size_t hidden = 0;

    for (size_t i = 0; i < facts->name_count; i++) {
        const struct certificate_name *name = &facts->names[i];

        if (!story_is_shown(i, speaker, NAMES_SHOWN))
            hidden++;
        else
            add_row(out, story_source_label(name->source),
                    ls_str_from_bytes(name->text, name->length),
                    i == speaker ? "speaks" : NULL);
    }
    if (hidden > 0)
        add_hidden(out, facts, speaker, hidden);
}

static void add_validity(struct ls_buf *out,
                         const struct certificate_facts *facts)
{
    ls_buf_add_text(out, "<tr><th scope=\"row\">valid</th>"
                         "<td><span class=\"whole\">");
    timestamp_format(out, facts->not_before_s * 1000);
    ls_buf_add_text(out, "</span> <span class=\"whole\">to ");
    timestamp_format(out, facts->not_after_s * 1000);
    ls_buf_add_text(out, "</span></td></tr>\n");
}

static void add_certificate(struct ls_buf *out, const char *whose,
                            const struct certificate_facts *facts,
                            const struct trust_verdict *verdict)
{
    ls_buf_printf(out, "<table><caption>%s</caption>\n", whose);
    if (facts == NULL) {
        ls_buf_add_text(out, "<tr><td>no certificate</td></tr>\n");
    } else {
        add_names(out, facts, verdict);
        add_row(out, "issuer", ls_str_from(facts->issuer), NULL);
        add_validity(out, facts);
        add_row(out, "usage",
                ls_str_from(facts->usage_text ? facts->usage_text : "any"),
                NULL);
    }
    ls_buf_add_text(out, "</table>\n");
}

/* --- the table ----------------------------------------------------------- */

/* What became of a row: it was found, or it is what was meant. */
static const char *standing_of(const struct step_result *result,
                               const struct step_server *server)
{
    const struct trust_verdict *verdict = &result->verdict;

    if (!result->has_verdict)
        return "";
    if (verdict->has_entry && strcmp(verdict->entry.fqdn, server->fqdn) == 0)
        return "looked up and found";
    for (size_t i = 0; i < verdict->near_count; i++)
        if (strcmp(verdict->near[i].name, server->fqdn) == 0)
            return "near miss";
    return "";
}

static void add_server(struct ls_buf *out, const struct step_server *server,
                       const char *standing)
{
    ls_buf_printf(out, "<tr%s>", *standing == 'l' ? " class=\"speaks\"" : "");
    html_element(out, "td", NULL, server->fqdn);
    html_element(out, "td", "whole", known_server_kind_text(server->kind));
    html_element(out, "td", NULL, server->pool);
    ls_buf_printf(out, "<td class=\"words\"><strong>%s</strong></td></tr>\n",
                  standing);
}

/* A name that is in no row has one to show that. */
static void add_miss(struct ls_buf *out, const struct trust_verdict *verdict)
{
    ls_buf_add_text(out, "<tr class=\"speaks\"><td>");
    markup_add_str(out, ls_str_from_bytes(verdict->identity_name,
                                          verdict->identity_length));
    ls_buf_add_text(
        out, "</td><td colspan=\"2\">in no row</td>"
             "<td class=\"words\"><strong>looked up, not found</strong></td>"
             "</tr>\n");
}

static void add_servers(struct ls_buf *out, const struct step_result *result)
{
    const struct trust_verdict *verdict = &result->verdict;

    ls_buf_add_text(out, "<table><caption>Known servers of the Front End"
                         "</caption>\n<tr><th scope=\"col\">name</th>"
                         "<th scope=\"col\">is a</th>"
                         "<th scope=\"col\">of the pool</th>"
                         "<th scope=\"col\">in this step</th></tr>\n");
    for (size_t i = 0; i < result->server_count; i++)
        add_server(out, &result->servers[i],
                   standing_of(result, &result->servers[i]));
    if (result->server_count == 0)
        ls_buf_add_text(out, "<tr><td colspan=\"4\">nobody</td></tr>\n");
    if (result->servers_left_out > 0)
        ls_buf_printf(out, "<tr><td colspan=\"4\">and %zu more</td></tr>\n",
                      result->servers_left_out);
    if (result->has_verdict && verdict->has_identity && !verdict->has_entry)
        add_miss(out, verdict);
    ls_buf_add_text(out, "</table>\n");
}

void html_sides(struct ls_buf *out, const struct step_result *result)
{
    const struct trust_verdict *verdict =
        result->has_verdict ? &result->verdict : NULL;

    ls_buf_add_text(out, "<div class=\"beside\">\n");
    add_certificate(out, "The peer's certificate", result->certificate,
                    verdict);
    add_certificate(out, "The Front End's certificate", result->front_end,
                    NULL);
    ls_buf_add_text(out, "</div>\n");
    add_servers(out, result);
}
