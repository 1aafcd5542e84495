/*
 * One step in tables.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "html_internal.h"
#include "owa_report.h"
#include "talk_report.h"

void html_element(struct ls_buf *out, const char *tag, const char *class,
                  const char *text)
{
    ls_buf_printf(out, "<%s", tag);
    if (class != NULL)
        ls_buf_printf(out, " class=\"%s\"", class);
    ls_buf_add_byte(out, '>');
    markup_add(out, text);
    ls_buf_printf(out, "</%s>\n", tag);
}

/* --- certificates -------------------------------------------------------- */

static bool speaks(const struct trust_verdict *verdict,
                   const struct certificate_name *name)
{
    return verdict != NULL && verdict->has_identity &&
           name->source == verdict->identity_source &&
           name->length == verdict->identity_length &&
           memcmp(name->text, verdict->identity_name, name->length) == 0;
}

static void add_names(struct ls_buf *out, const struct certificate_facts *facts,
                      const struct trust_verdict *verdict)
{
    bool has_spoken = false;

    for (size_t i = 0; i < facts->name_count; i++) {
        const struct certificate_name *name = &facts->names[i];
        bool now = !has_spoken && speaks(verdict, name);

        ls_buf_printf(out, "<tr%s><th scope=\"row\">%s</th><td>",
                      now ? " class=\"speaks\"" : "",
                      name_source_text(name->source));
        markup_add_str(out, ls_str_from_bytes(name->text, name->length));
        ls_buf_printf(out, "%s</td></tr>\n",
                      now ? " <strong>speaks</strong>" : "");
        has_spoken |= now;
    }
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
        ls_buf_add_text(out, "<tr><th scope=\"row\">issuer</th>");
        html_element(out, "td", NULL, facts->issuer);
        ls_buf_add_text(out, "</tr>\n");
    }
    ls_buf_add_text(out, "</table>\n");
}

/* What became of a row: it was found, or it is what was meant. */
static const char *standing_of(const struct step_result *result,
                               const struct step_server *server)
{
    const struct trust_verdict *verdict = &result->verdict;

    if (!result->has_verdict)
        return "";
    if (verdict->has_entry && strcmp(verdict->entry.fqdn, server->fqdn) == 0)
        return "looked up";
    for (size_t i = 0; i < verdict->near_count; i++)
        if (strcmp(verdict->near[i].name, server->fqdn) == 0)
            return "near miss";
    return "";
}

static void add_servers(struct ls_buf *out, const struct step_result *result)
{
    ls_buf_add_text(out, "<table><caption>Known servers</caption>\n");
    for (size_t i = 0; i < result->server_count; i++) {
        const struct step_server *server = &result->servers[i];
        const char *standing = standing_of(result, server);

        ls_buf_printf(out, "<tr%s>",
                      *standing == 'l' ? " class=\"speaks\"" : "");
        html_element(out, "td", NULL, server->fqdn);
        html_element(out, "td", NULL, known_server_kind_text(server->kind));
        ls_buf_printf(out, "<td><strong>%s</strong></td></tr>\n", standing);
    }
    if (result->server_count == 0)
        ls_buf_add_text(out, "<tr><td>nobody</td></tr>\n");
    if (result->servers_left_out > 0)
        ls_buf_printf(out, "<tr><td>and %zu more</td></tr>\n",
                      result->servers_left_out);
    ls_buf_add_text(out, "</table>\n");
}

/* --- the verdict --------------------------------------------------------- */

static void add_proof(struct ls_buf *out, const struct trust_verdict *verdict)
{
    ls_buf_add_text(out, "<details><summary>Proof: every check</summary>\n"
                         "<table><tr><th scope=\"col\">check</th>"
                         "<th scope=\"col\">result</th>"
                         "<th scope=\"col\">saw</th>"
                         "<th scope=\"col\">wanted</th>"
                         "<th scope=\"col\">why</th></tr>\n");
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++) {
        const struct trust_check *check = &verdict->checks[i];
        const char *result = trust_check_result_text(check->result);

        ls_buf_printf(out, "<tr class=\"%s\">", result);
        html_element(out, "td", NULL, trust_check_text(check->id));
        html_element(out, "td", NULL, result);
        html_element(out, "td", NULL, check->saw);
        html_element(out, "td", NULL, check->wanted);
        html_element(out, "td", NULL, check->why);
        ls_buf_add_text(out, "</tr>\n");
    }
    ls_buf_add_text(out, "</table></details>\n");
}

static void add_near_misses(struct ls_buf *out,
                            const struct trust_verdict *verdict)
{
    if (verdict->near_count == 0)
        return;
    ls_buf_add_text(out, "<h4>Near misses</h4>\n<ul>\n");
    for (size_t i = 0; i < verdict->near_count; i++) {
        ls_buf_add_text(out, "<li><strong>");
        markup_add(out, verdict->near[i].name);
        ls_buf_printf(out, "</strong> (%s): ",
                      near_miss_kind_text(verdict->near[i].kind));
        markup_add(out, verdict->near[i].why);
        ls_buf_add_text(out, "</li>\n");
    }
    ls_buf_add_text(out, "</ul>\n");
}

static void add_remedy(struct ls_buf *out, const struct remedy *remedy)
{
    ls_buf_add_text(out, "<li><details><summary>");
    markup_add(out, remedy->title);
    ls_buf_add_text(out, "</summary>\n<ul>\n");
    for (size_t i = 0; i < remedy->step_count; i++)
        html_element(out, "li", NULL, remedy->steps[i]);
    ls_buf_add_text(out, "</ul>\n");
    if (remedy->command_count > 0) {
        ls_buf_add_text(out, "<pre>");
        for (size_t i = 0; i < remedy->command_count; i++) {
            markup_add(out, remedy->commands[i]);
            ls_buf_add_byte(out, '\n');
        }
        ls_buf_add_text(out, "</pre>\n");
    }
    ls_buf_add_text(out, "</details></li>\n");
}

static void add_verdict(struct ls_buf *out, const struct trust_verdict *verdict)
{
    bool is_bad = verdict->reason != TRUST_NONE;

    ls_buf_printf(out, "<p>Front End: <strong class=\"%s\">%s</strong>",
                  is_bad ? "bad" : "good",
                  trust_outcome_text(verdict->outcome));
    if (is_bad) {
        ls_buf_printf(out, ", %s. ", trust_check_text(verdict->reason));
        markup_add(out, verdict->checks[verdict->reason].why);
    }
    ls_buf_add_text(out, "</p>\n");
    add_proof(out, verdict);
    add_near_misses(out, verdict);
    if (verdict->remedy_count == 0)
        return;
    ls_buf_add_text(out, "<h4>Ways out</h4>\n<ol>\n");
    for (size_t i = 0; i < verdict->remedy_count; i++)
        add_remedy(out, &verdict->remedies[i]);
    ls_buf_add_text(out, "</ol>\n");
}

/* --- what was expected --------------------------------------------------- */

static void add_failures(struct ls_buf *out,
                         const struct scenario_result *scenario,
                         const struct step_result *result)
{
    if (result->error != NULL)
        html_element(out, "p", "bad", result->error);
    if (result->failure_count == 0)
        return;
    ls_buf_add_text(out, "<table class=\"failures\"><caption>Not as expected"
                         "</caption><tr><th scope=\"col\">where</th>"
                         "<th scope=\"col\">field</th>"
                         "<th scope=\"col\">expected</th>"
                         "<th scope=\"col\">actual</th></tr>\n");
    for (size_t i = 0; i < result->failure_count; i++) {
        const struct step_failure *failure = &result->failures[i];

        ls_buf_add_text(out, "<tr><td>");
        markup_add(out, scenario->scenario->file);
        ls_buf_printf(out, ":%u</td>", failure->place.line);
        html_element(out, "td", NULL, failure->field);
        html_element(out, "td", "value", failure->expected);
        html_element(out, "td", "value", failure->actual);
        ls_buf_add_text(out, "</tr>\n");
    }
    ls_buf_add_text(out, "</table>\n");
}

static void add_exchange(struct ls_buf *out, const struct step_result *result)
{
    const struct trust_verdict *verdict =
        result->has_verdict ? &result->verdict : NULL;

    html_diagram(out, result);
    ls_buf_add_text(out, "<div class=\"beside\">\n");
    add_certificate(out, "The peer's certificate", result->certificate,
                    verdict);
    add_certificate(out, "The Front End's certificate", result->front_end,
                    NULL);
    add_servers(out, result);
    ls_buf_add_text(out, "</div>\n");
    if (verdict != NULL)
        add_verdict(out, verdict);
    owa_report_html(out, result);
}

void html_step(struct ls_buf *out, const struct scenario_result *scenario,
               const struct step_result *result)
{
    if (result->has_peer)
        add_exchange(out, result);
    if (result->has_topology) {
        ls_buf_add_text(out, "<p>Topology: ");
        html_element(out, "strong", NULL,
                     topology_outcome_text(result->topology_refused));
        markup_add(out, result->topology_why);
        ls_buf_add_text(out, "</p>\n");
    }
    talk_report_html(out, result);
    add_failures(out, scenario, result);
    for (size_t i = 0; i < result->record_count; i++)
        html_element(out, "pre", "trace", result->records[i]);
}
