/*
 * A scenario's result told step by step.
 */
#include "lyncsim/story.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "owa_report.h"
#include "story_internal.h"
#include "talk_report.h"

static enum page_ink ink_of(enum play_outcome outcome)
{
    return outcome == PLAY_PASSED ? INK_GOOD : INK_BAD;
}

/* --- the peer's side ----------------------------------------------------- */

char *story_peer_end(const struct step_result *result)
{
    struct ls_buf text = {0};

    ls_buf_add_text(&text, peer_outcome_text(result->peer_outcome));
    if (result->tls != NULL)
        ls_buf_printf(&text, ", %s", result->tls);
    if (result->alert_text != NULL)
        ls_buf_printf(&text, ", alert \"%s\" (%d)", result->alert_text,
                      result->alert);
    if (result->peer_detail != NULL)
        ls_buf_printf(&text, "; %s", result->peer_detail);
    return ls_buf_take(&text);
}

static void tell_peer(struct page *page, const struct step_result *result,
                      bool verbose)
{
    char *end;

    if (!result->has_peer)
        return;
    end = story_peer_end(result);
    story_say(page, "peer sees", end);
    owa_report_tell(page, result);
    if (verbose && result->sockets != NULL)
        story_say(page, "sockets", result->sockets);
    free(end);
}

static void tell_records(struct page *page, const struct step_result *result,
                         bool verbose)
{
    size_t count = verbose ? result->all_record_count : result->record_count;
    char **records = verbose ? result->all_records : result->records;

    if (count > 0)
        story_label_alone(page, "trace");
    for (size_t i = 0; i < count; i++)
        page_lines(page, STORY_LABEL + 2, INK_PLAIN, records[i]);
    if (verbose && result->transcript != NULL) {
        story_label_alone(page, "SIP");
        page_lines(page, STORY_LABEL + 2, INK_DIM, result->transcript);
    }
}

/* --- what was expected --------------------------------------------------- */

static void tell_value(struct page *page, const char *label, enum page_ink ink,
                       const char *value)
{
    page_printf(page, "%*s%-10s", STORY_TEXT, "", label);
    if (strchr(value, '\n') == NULL) {
        page_ink(page, ink, *value ? value : "(nothing)");
        page_printf(page, "\n");
    } else {
        page_printf(page, "\n");
        page_lines(page, STORY_LABEL + 2, ink, value);
    }
}

/* The line of the step and that of the place, with a caret. */
static void tell_written(struct page *page, const struct scenario *scenario,
                         const struct scenario_step *step,
                         struct ls_place place)
{
    struct ls_str text =
        ls_str_from_bytes(scenario->text, scenario->text_length);
    struct ls_place start = {.line = step->place.line};
    struct ls_buf written = {0};
    struct ls_str rest, line;

    if (start.line < place.line)
        ls_source_print(text, start, &written);
    if (start.line + 1 < place.line)
        ls_buf_add_text(&written, "  ...\n");
    ls_source_print(text, place, &written);
    rest = ls_buf_str(&written);
    while (ls_str_cut(&rest, '\n', &line)) {
        page_printf(page, "%*s", STORY_LABEL, "");
        ls_buf_add(page->out, line);
        page_printf(page, "\n");
    }
    ls_buf_clear(&written);
}

static void tell_failures(struct page *page,
                          const struct scenario_result *scenario,
                          const struct step_result *result)
{
    for (size_t i = 0; i < result->failure_count; i++) {
        const struct step_failure *failure = &result->failures[i];

        story_label(page, "FAILED");
        page_add_safe(page->out, ls_str_from(scenario->scenario->file));
        page_printf(page, ":%u:%u: ", failure->place.line,
                    failure->place.column);
        page_ink(page, INK_BOLD, failure->field);
        page_printf(page, "\n");
        tell_written(page, scenario->scenario, result->step, failure->place);
        tell_value(page, "expected", INK_GOOD, failure->expected);
        tell_value(page, "actual", INK_BAD, failure->actual);
    }
    if (result->error == NULL)
        return;
    story_label(page, "ERROR");
    page_add_safe(page->out, ls_str_from(scenario->scenario->file));
    page_printf(page, ":%u: ", result->step->place.line);
    page_wrap(page, STORY_TEXT, STORY_TEXT, result->error);
    tell_written(page, scenario->scenario, result->step, result->step->place);
}

void story_failures(const struct scenario_result *scenario,
                    const struct step_result *result, struct ls_buf *out)
{
    struct page page = {.out = out};

    tell_failures(&page, scenario, result);
    talk_report_unexpected(&page, result);
}

/* --- a step -------------------------------------------------------------- */

/* What a wire: does to the connection, as a sentence with a blank before it;
 * empty where it does nothing. */
static char *describe_wire(const struct scenario_wire *wire)
{
    char *plan, *text;

    if (!wire_fault_plan_does_something(&wire->plan))
        return ls_strdup("");
    plan = wire_fault_plan_text(&wire->plan);
    text = ls_strf(" What the %s sends arrives otherwise: %s.",
                   wire->of_front_end ? "Front End" : "peer", plan);
    free(plan);
    return text;
}

static char *describe_peer(const struct scenario_step *step)
{
    const struct scenario_peer *peer = &step->peer;
    const char *who = peer->from != NULL ? peer->from : "A peer";
    bool shows =
        peer->certificate != NULL && strcmp(peer->certificate, "none") != 0;
    char *certificate =
        shows ? ls_strf("with the certificate \"%s\"", peer->certificate)
              : ls_strdup("without a certificate");
    char *users = owa_report_users(peer);
    char *wire = describe_wire(&peer->wire);
    char *text;

    if (step->action == ACTION_SIGN_IN)
        text = ls_strf("%s signs %s in, %s.%s", who, users, certificate, wire);
    else
        text = ls_strf("%s connects %s.%s", who, certificate, wire);
    free(wire);
    free(users);
    free(certificate);
    return text;
}

static char *describe_edits(const struct scenario_step *step)
{
    struct ls_buf text = {0};

    for (size_t i = 0; i < step->edit_count; i++) {
        if (i > 0)
            ls_buf_add_text(&text, "; ");
        topology_edit_print(&step->edits[i], &text);
    }
    ls_buf_add_byte(&text, '.');
    /* The function: its macro is as long as this. */
    text.at[0] = (char)(toupper)((unsigned char)text.at[0]);
    return ls_buf_take(&text);
}

static char *describe_advance(const struct scenario_step *step)
{
    static const struct {
        int64_t ms;
        const char *unit;
    } units[] = {{604800000, "week"},
                 {86400000, "day"},
                 {3600000, "hour"},
                 {60000, "minute"},
                 {1000, "second"}};

    for (size_t i = 0; i < LS_COUNT(units); i++) {
        int64_t count = step->advance_ms / units[i].ms;

        if (count > 0 && step->advance_ms % units[i].ms == 0)
            return ls_strf("Lab time moves on by %lld %s%s.", (long long)count,
                           units[i].unit, count == 1 ? "" : "s");
    }
    return ls_strf("Lab time moves on by %lld ms.",
                   (long long)step->advance_ms);
}

static char *describe_spoiling(const struct scenario_wire *wire)
{
    char *text = describe_wire(wire);

    if (*text == '\0') {
        free(text);
        return ls_strdup("All bytes arrive as they are sent again.");
    }
    memmove(text, text + 1, strlen(text)); /* the blank before it */
    return text;
}

char *story_describe(const struct scenario_step *step)
{
    switch (step->action) {
    case ACTION_CONNECT:
    case ACTION_SIGN_IN:
        return describe_peer(step);
    case ACTION_SAY:
        return ls_strdup(step->text);
    case ACTION_TOPOLOGY:
        return describe_edits(step);
    case ACTION_ADVANCE:
        return describe_advance(step);
    case ACTION_RESPOND:
        return ls_strdup(step->respond.count > 0
                             ? "The Front End answers by other rules now."
                             : "The Front End answers by rights again.");
    case ACTION_WIRE:
        return describe_spoiling(&step->wire);
    case ACTION_COUNT:
        break;
    }
    return ls_strdup("");
}

static void tell_heading(struct page *page, const struct step_result *result,
                         size_t number)
{
    char *what = story_describe(result->step);
    const char *name = result->step->name ? result->step->name : what;

    page_printf(page, "%2zu ", number);
    page_ink(page, INK_BOLD, name);
    page_printf(page, "  ");
    page_ink(page, ink_of(result->outcome), play_outcome_text(result->outcome));
    page_printf(page, "\n");
    if (result->step->name != NULL) {
        page_printf(page, "%*s", STORY_LABEL, "");
        page_wrap(page, STORY_LABEL, STORY_LABEL, what);
    }
    free(what);
}

static void tell_settings(struct page *page, const struct scenario_step *step)
{
    char *settings = story_settings(step);

    if (settings != NULL)
        story_say(page, "set", settings);
    free(settings);
}

static void tell_topology(struct page *page, const struct step_result *result)
{
    if (!result->has_topology)
        return;
    story_label(page, "topology");
    page_ink(page, result->topology_refused ? INK_BAD : INK_GOOD,
             topology_outcome_text(result->topology_refused));
    page_printf(page, "\n");
    if (result->topology_why != NULL)
        story_say(page, "", result->topology_why);
}

/* What is only said has no number. */
static size_t number_of(const struct scenario_result *scenario, size_t index)
{
    size_t number = 1;

    for (size_t i = 0; i < index; i++)
        number += scenario->steps[i].step->action != ACTION_SAY;
    return number;
}

/* The first of those that go on together speaks for them all. */
static void tell_together(struct page *page, const struct scenario_step *first)
{
    char *text =
        ls_strf("At the same time%s%s:", first->together_name ? ": " : "",
                first->together_name ? first->together_name : "");

    page_printf(page, "%*s", STORY_LABEL, "");
    page_wrap(page, STORY_LABEL, STORY_LABEL, text);
    free(text);
}

static void tell_step(struct page *page, const struct scenario_result *scenario,
                      size_t index, bool verbose)
{
    const struct step_result *result = &scenario->steps[index];

    if (result->step->action == ACTION_SAY) {
        page_printf(page, "%*s", STORY_LABEL, "");
        page_wrap(page, STORY_LABEL, STORY_LABEL, result->step->text);
        page_printf(page, "\n");
        return;
    }
    if (result->step->together != 0 &&
        (index == 0 ||
         scenario->steps[index - 1].step->together != result->step->together))
        tell_together(page, result->step);
    tell_heading(page, result, number_of(scenario, index));
    tell_settings(page, result->step);
    if (result->has_peer)
        story_certificate(page, result->has_verdict ? &result->verdict : NULL,
                          result->certificate);
    if (result->has_verdict)
        story_verdict(page, &result->verdict);
    tell_topology(page, result);
    tell_peer(page, result, verbose);
    talk_report_tell(page, result);
    if (result->has_verdict) {
        story_proof(page, &result->verdict, verbose);
        story_ways_out(page, &result->verdict, verbose);
    }
    tell_records(page, result, verbose);
    tell_failures(page, scenario, result);
    if (verbose && result->has_peer)
        page_printf(page, "%*s%.1f ms\n", STORY_LABEL, "", result->duration_ms);
    page_printf(page, "\n");
}

static void tell_title(struct page *page, const struct scenario *scenario)
{
    page_ink(page, INK_BOLD, scenario->title);
    page_printf(page, "\n");
    page_ink(page, INK_DIM, scenario->file);
    page_printf(page, "\n\n");
}

static void tell_lab_error(struct page *page,
                           const struct scenario_result *result)
{
    if (result->error != NULL)
        story_say(page, "ERROR", result->error);
}

void story_print_opening(const struct scenario_result *result,
                         const struct story_style *style, struct ls_buf *out)
{
    struct page page = {out, style->color};
    const struct scenario *scenario = result->scenario;

    tell_title(&page, scenario);
    if (scenario->story != NULL) {
        page_paragraphs(&page, STORY_LABEL, scenario->story);
        page_printf(&page, "\n");
    }
    if (scenario->source != NULL) {
        story_say(&page, "source", scenario->source);
        page_printf(&page, "\n");
    }
    tell_lab_error(&page, result);
}

void story_print_step(const struct scenario_result *result, size_t index,
                      const struct story_style *style, struct ls_buf *out)
{
    struct page page = {out, style->color};

    tell_step(&page, result, index, style->verbose);
}

void story_print(const struct scenario_result *result,
                 const struct story_style *style, struct ls_buf *out)
{
    story_print_opening(result, style, out);
    for (size_t i = 0; i < result->step_count; i++)
        story_print_step(result, i, style, out);
}

void story_add_safe(struct ls_buf *out, const char *text)
{
    page_add_safe(out, ls_str_from(text));
}

void story_print_line(const struct scenario_result *result,
                      const struct story_style *style, struct ls_buf *out)
{
    struct page page = {out, style->color};
    const char *outcome = play_outcome_text(result->outcome);

    page_ink(&page, ink_of(result->outcome), outcome);
    page_printf(&page, "%*s  ", 6 - (int)strlen(outcome), "");
    page_ink(&page, INK_PLAIN, result->scenario->file);
    page_printf(&page, ": ");
    page_ink(&page, INK_PLAIN, result->scenario->title);
    page_printf(&page, "\n");
}

void story_print_failures(const struct scenario_result *result,
                          const struct story_style *style, struct ls_buf *out)
{
    struct page page = {out, style->color};

    if (result->outcome == PLAY_PASSED)
        return;
    tell_title(&page, result->scenario);
    for (size_t i = 0; i < result->step_count; i++)
        if (result->steps[i].outcome != PLAY_PASSED) {
            tell_heading(&page, &result->steps[i], number_of(result, i));
            talk_report_tell(&page, &result->steps[i]);
            tell_records(&page, &result->steps[i], style->verbose);
            tell_failures(&page, result, &result->steps[i]);
        }
    tell_lab_error(&page, result);
    page_printf(&page, "\n");
}
