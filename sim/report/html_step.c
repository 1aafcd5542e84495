/*
 * One step on the page.
 */
#include <stdlib.h>

#include "html_internal.h"
#include "owa_report.h"
#include "story_internal.h"
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

void html_carets(struct ls_buf *out, const char *text)
{
    ls_buf_add_text(out, "<pre class=\"carets\" tabindex=\"0\">");
    markup_add(out, text);
    ls_buf_add_text(out, "</pre>\n");
}

void html_heading(struct ls_buf *out, unsigned level, const char *text)
{
    char tag[] = {'h', (char)('0' + level), '\0'};

    html_element(out, tag, NULL, text);
}

/* --- how it ended, for each side ----------------------------------------- */

static void add_verdict(struct ls_buf *out, const struct trust_verdict *verdict)
{
    bool is_bad = verdict->reason != TRUST_NONE;

    ls_buf_printf(out, "<dt>Front End</dt><dd><strong class=\"%s\">%s</strong>",
                  is_bad ? "bad" : "good",
                  trust_outcome_text(verdict->outcome));
    if (is_bad) {
        ls_buf_printf(out, ", %s. ", trust_check_text(verdict->reason));
        markup_add(out, verdict->checks[verdict->reason].why);
    }
    ls_buf_add_text(out, "</dd>\n");
}

static void add_ends(struct ls_buf *out, const struct step_result *result)
{
    char *seen = story_peer_end(result);

    ls_buf_add_text(out, "<dl>\n");
    if (result->has_verdict)
        add_verdict(out, &result->verdict);
    ls_buf_add_text(out, "<dt>The peer sees</dt>");
    html_element(out, "dd", NULL, seen);
    if (result->owa != NULL) {
        ls_buf_add_text(out, "<dt>OWA's user</dt>");
        html_element(out, "dd", NULL, result->owa);
    }
    ls_buf_add_text(out, "</dl>\n");
    free(seen);
}

static void add_topology(struct ls_buf *out, const struct step_result *result)
{
    ls_buf_printf(out, "<p>The topology: <strong class=\"%s\">%s</strong>",
                  result->topology_refused ? "bad" : "good",
                  topology_outcome_text(result->topology_refused));
    if (result->topology_why != NULL) {
        ls_buf_add_text(out, ". ");
        markup_add(out, result->topology_why);
    }
    ls_buf_add_text(out, "</p>\n");
}

/* --- what was expected --------------------------------------------------- */

static void add_failures(struct ls_buf *out,
                         const struct scenario_result *scenario,
                         const struct step_result *result, unsigned level)
{
    struct ls_buf text = {0};

    story_failures(scenario, result, &text);
    if (text.length > 0) {
        html_heading(out, level, "Not as expected");
        html_carets(out, text.at);
    }
    ls_buf_clear(&text);
}

static void add_trace(struct ls_buf *out, const struct step_result *result,
                      unsigned level)
{
    if (result->record_count == 0)
        return;
    html_heading(out, level, "Trace of the Front End");
    for (size_t i = 0; i < result->record_count; i++)
        html_element(out, "pre", "trace", result->records[i]);
}

static void add_sip(struct ls_buf *out, const struct step_result *result)
{
    struct ls_str rest, line;

    if (result->transcript == NULL || *result->transcript == '\0')
        return;
    rest = ls_str_from(result->transcript);
    ls_buf_add_text(out, "<details><summary>The SIP that went over it"
                         "</summary>\n<pre class=\"sip\">");
    while (ls_str_cut(&rest, '\n', &line)) {
        if (ls_str_ends_with(line, "\r"))
            line.length--;
        markup_add_str(out, line);
        ls_buf_add_byte(out, '\n');
    }
    ls_buf_add_text(out, "</pre></details>\n");
}

void html_step(struct ls_buf *out, const struct scenario_result *scenario,
               const struct step_result *result, struct html_place place)
{
    add_failures(out, scenario, result, place.level + 1);
    if (result->has_peer) {
        html_diagram(out, result, place);
        add_ends(out, result);
        owa_report_html(out, result);
        html_sides(out, result);
    }
    if (result->has_verdict)
        html_proof(out, &result->verdict, place.level + 1);
    if (result->has_topology)
        add_topology(out, result);
    talk_report_html(out, result, place.level + 1);
    add_trace(out, result, place.level + 1);
    add_sip(out, result);
}
