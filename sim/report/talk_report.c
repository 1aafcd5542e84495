#include "talk_report.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"

#include "html_internal.h"
#include "json_text.h"
#include "markup.h"
#include "story_internal.h"

bool talk_report_is_to_peer(const struct line_result *line)
{
    return line->line->of_front_end == (line->line->kind != LINE_RECEIVE);
}

static const char *lead_of(const struct line_result *line)
{
    if (line->line->kind != LINE_SEND && line->line->kind != LINE_RECEIVE &&
        line->line->kind != LINE_RESPOND)
        return "    ";
    return talk_report_is_to_peer(line) ? "<-- " : "--> ";
}

static char *wire_words(const struct scenario_wire *wire)
{
    char *plan, *words;

    if (!wire_fault_plan_does_something(&wire->plan))
        return ls_strdup("bytes arrive as they are sent again");
    plan = wire_fault_plan_text(&wire->plan);
    words = ls_strf("from here on to the bytes of the %s: %s",
                    wire->of_front_end ? "Front End" : "peer", plan);
    free(plan);
    return words;
}

/* What a line without a message says. */
static char *words_of(const struct line_result *result)
{
    const struct talk_line *line = result->line;
    static const char *const leaves[] = {
        [TALK_LEAVE_IN_ORDER] = "in order",
        [TALK_LEAVE_CUT] = "by a FIN alone",
        [TALK_LEAVE_RESET] = "by an RST",
        [TALK_LEAVE_HALF_CLOSE] = "by half",
    };

    switch (line->kind) {
    case LINE_SAY:
        return ls_strdup(line->text);
    case LINE_AWAIT:
        return ls_strf("waits for \"%s\"", line->text);
    case LINE_ADVANCE:
        return ls_strdup("lab time moves on");
    case LINE_LEAVE:
        return ls_strf("the peer leaves %s", leaves[line->leave]);
    case LINE_WIRE:
        return wire_words(&line->wire);
    case LINE_RECEIVE:
        return ls_strdup(line->wants_nothing  ? "nothing"
                         : result->was_played ? "(nothing came)"
                                              : "(a message)");
    case LINE_SEND:
    case LINE_RESPOND:
    case LINE_COUNT:
        break;
    }
    return ls_strdup("(a message)");
}

char *talk_report_line(const struct line_result *line)
{
    struct ls_str rest = ls_str_from(line->message);
    struct ls_str first;
    char *words;
    char *text;

    if (line->message != NULL && ls_str_cut(&rest, '\r', &first))
        return ls_strf("%s%.*s", lead_of(line), LS_STR_ARG(first));
    words = words_of(line);
    text = ls_strf("%s%s", lead_of(line), words);
    free(words);
    return text;
}

/* The lines of a message as a terminal and a page show them. */
static char *without_returns(const char *message)
{
    struct ls_buf text = {0};

    for (const char *at = message; *at != '\0'; at++)
        if (at[0] != '\r' || at[1] != '\n')
            ls_buf_add_byte(&text, *at);
    return ls_buf_take(&text);
}

void talk_report_unexpected(struct page *page, const struct step_result *result)
{
    for (size_t i = 0; i < result->unexpected_count; i++) {
        char *text = without_returns(result->unexpected[i]);

        story_label_alone(page, "unexpected");
        page_lines(page, STORY_LABEL + 2, INK_BAD, text);
        free(text);
    }
}

void talk_report_tell(struct page *page, const struct step_result *result)
{
    for (size_t i = 0; i < result->line_count; i++) {
        const struct line_result *line = &result->lines[i];
        char *text = talk_report_line(line);

        story_label(page, i == 0 ? "talk" : "");
        page_ink(page,
                 !line->was_played              ? INK_DIM
                 : line->outcome == PLAY_PASSED ? INK_PLAIN
                                                : INK_BAD,
                 text);
        page_printf(page, "%s\n",
                    line->was_played ? "" : "  (it did not come to this)");
        free(text);
    }
    talk_report_unexpected(page, result);
}

static json_t *line_from(const struct line_result *line)
{
    json_t *json = json_object();

    json_object_set_new(json, "line", json_integer(line->line->place.line));
    json_object_set_new(
        json, "by",
        json_text_or_null(line->line->of_front_end ? "front-end" : "peer"));
    json_object_set_new(json, "action",
                        json_text_or_null(line_kind_text(line->line->kind)));
    json_object_set_new(
        json, "outcome",
        line->was_played ? json_text_or_null(play_outcome_text(line->outcome))
                         : json_null());
    json_object_set_new(json, "message", json_text_or_null(line->message));
    return json;
}

void talk_report_json(json_t *step, const struct step_result *result)
{
    json_t *lines;

    if (result->line_count == 0)
        return;
    lines = json_array();
    for (size_t i = 0; i < result->line_count; i++)
        json_array_append_new(lines, line_from(&result->lines[i]));
    json_object_set_new(step, "talk", lines);
    json_object_set_new(
        step, "unexpected",
        json_texts_from(result->unexpected, result->unexpected_count));
}

void talk_report_html(struct ls_buf *out, const struct step_result *result,
                      unsigned level)
{
    if (result->line_count == 0)
        return;
    html_heading(out, level, "Talk");
    ls_buf_add_text(out, "<ol class=\"talk\">\n");
    for (size_t i = 0; i < result->line_count; i++) {
        const struct line_result *line = &result->lines[i];
        char *text = talk_report_line(line);

        ls_buf_add_text(out, "<li><code>");
        markup_add(out, text);
        ls_buf_printf(out, "</code>%s</li>\n",
                      !line->was_played ? " (it did not come to this)"
                      : line->outcome == PLAY_PASSED
                          ? ""
                          : " <strong class=\"bad\">failed</strong>");
        free(text);
    }
    ls_buf_add_text(out, "</ol>\n");
    for (size_t i = 0; i < result->unexpected_count; i++) {
        char *text = without_returns(result->unexpected[i]);

        ls_buf_add_text(out, "<p class=\"bad\">Unexpected:</p>\n");
        html_element(out, "pre", "trace", text);
        free(text);
    }
}
