/*
 * The steps of a scenario in one table.
 */
#include <stdlib.h>

#include "html_internal.h"

/* Fewer are seen at a glance as they are. */
#define PEERS_MIN 4

/* A lesson keeps its answers to itself until they are asked for. */
static bool is_wanted(const struct scenario_result *scenario)
{
    size_t peers = 0;

    for (size_t i = 0; i < scenario->step_count; i++) {
        const struct step_result *step = &scenario->steps[i];

        if (step->step->action == ACTION_SAY && step->step->voice == VOICE_ASK)
            return false;
        peers += step->has_peer;
    }
    return peers >= PEERS_MIN;
}

static void add_verdict(struct ls_buf *out, const struct step_result *result)
{
    const struct trust_verdict *verdict = &result->verdict;
    bool is_refused = verdict->reason != TRUST_NONE;

    ls_buf_add_text(out, "<td class=\"words\">");
    if (result->has_verdict)
        ls_buf_printf(out, "<span class=\"%s\">%s</span>",
                      is_refused ? "bad" : "good",
                      trust_outcome_text(verdict->outcome));
    if (result->has_verdict && is_refused)
        ls_buf_printf(out, ", %s", trust_check_text(verdict->reason));
    if (result->has_topology)
        ls_buf_printf(out, "topology %s",
                      topology_outcome_text(result->topology_refused));
    ls_buf_add_text(out, "</td>");
}

static void add_step(struct ls_buf *out, const struct step_result *result,
                     size_t article, size_t number)
{
    const char *outcome = play_outcome_text(result->outcome);
    char *name = markup_step_name(result->step);

    ls_buf_printf(out,
                  "<tr><th scope=\"row\">%zu</th><td><a href=\"#s%zu-%zu\">",
                  number, article, number);
    markup_add(out, name);
    ls_buf_add_text(out, "</a></td>");
    add_verdict(out, result);
    html_element(out, "td", "words wide",
                 result->has_peer ? peer_outcome_text(result->peer_outcome)
                                  : "");
    ls_buf_printf(out, "<td class=\"whole %s\">%s</td></tr>\n", outcome,
                  outcome);
    free(name);
}

void html_overview(struct ls_buf *out, const struct scenario_result *scenario,
                   size_t article)
{
    size_t number = 0;

    if (!is_wanted(scenario))
        return;
    ls_buf_add_text(out, "<table><caption>At a glance</caption>\n"
                         "<tr><th scope=\"col\">no.</th>"
                         "<th scope=\"col\">step</th>"
                         "<th scope=\"col\">Front End</th>"
                         "<th scope=\"col\" class=\"wide\">the peer sees</th>"
                         "<th scope=\"col\">test</th></tr>\n");
    for (size_t i = 0; i < scenario->step_count; i++)
        if (scenario->steps[i].step->action != ACTION_SAY)
            add_step(out, &scenario->steps[i], article, ++number);
    ls_buf_add_text(out, "</table>\n");
}
