/*
 * The page around the steps.
 */
#include "lyncsim/html_report.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"

#include "html_internal.h"
#include "story_internal.h"

static void add_outcome(struct ls_buf *out, const char *text)
{
    ls_buf_printf(out, " <span class=\"outcome %s\">%s</span>", text, text);
}

static void begin_heading(struct ls_buf *out, unsigned level)
{
    ls_buf_printf(out, "<h%u>", level);
}

static void end_heading(struct ls_buf *out, unsigned level)
{
    ls_buf_printf(out, "</h%u>\n", level);
}

static void add_story(struct ls_buf *out, const char *story)
{
    struct ls_str rest = ls_str_from(story);
    struct ls_str line;

    ls_buf_add_text(out, "<div class=\"story\"><p>");
    while (ls_str_cut(&rest, '\n', &line)) {
        if (ls_str_trim(line).length == 0)
            ls_buf_add_text(out, "</p>\n<p>");
        markup_add_str(out, line);
        ls_buf_add_byte(out, '\n');
    }
    ls_buf_add_text(out, "</p></div>\n");
}

/* A file that was not played: why, and its faults with their lines. */
static void add_why(struct ls_buf *out, const struct run_entry *entry)
{
    char *why = run_entry_why(entry);
    char *faults = run_entry_faults(entry);

    if (why != NULL)
        html_element(out, "p",
                     run_entry_outcome(entry) == RUN_ERROR ? "bad" : NULL, why);
    if (faults != NULL)
        html_carets(out, faults);
    free(why);
    free(faults);
}

/* --- steps --------------------------------------------------------------- */

/* What is said between the steps; a question hides what follows it until it is
 * opened, or printed. */
static void add_voice(struct ls_buf *out, const struct scenario_step *step,
                      bool *is_hidden)
{
    static const struct {
        const char *before;
        const char *after;
    } looks[] = {
        [VOICE_SAY] = {"<p class=\"story\">", "</p>\n"},
        [VOICE_ASK] = {"<div class=\"ask\"><p><strong>Question.</strong> ",
                       "</p></div>\n<details class=\"answer\"><summary>"
                       "Think first, then see what happens</summary>\n"},
        [VOICE_REVEAL] = {"<div class=\"reveal\"><p><strong>Answer.</strong> ",
                          "</p></div>\n"},
    };

    if (step->voice == VOICE_ASK && *is_hidden)
        ls_buf_add_text(out, "</details>\n");
    *is_hidden |= step->voice == VOICE_ASK;
    ls_buf_add_text(out, looks[step->voice].before);
    markup_add(out, step->text);
    ls_buf_add_text(out, looks[step->voice].after);
}

static void add_step(struct ls_buf *out, const struct scenario_result *scenario,
                     const struct step_result *result, struct html_place place)
{
    char *what = story_describe(result->step);
    char *settings = story_settings(result->step);

    ls_buf_printf(out, "<section class=\"step\" id=\"s%zu-%zu\">",
                  place.article, place.step);
    begin_heading(out, place.level);
    ls_buf_printf(out, "%zu. ", place.step);
    markup_add(out, result->step->name != NULL ? result->step->name : what);
    add_outcome(out, play_outcome_text(result->outcome));
    end_heading(out, place.level);
    if (result->step->name != NULL)
        html_element(out, "p", NULL, what);
    if (settings != NULL) {
        ls_buf_add_text(out, "<p>Set for this case: ");
        markup_add(out, settings);
        ls_buf_add_text(out, "</p>\n");
    }
    html_step(out, scenario, result, place);
    ls_buf_add_text(out, "</section>\n");
    free(settings);
    free(what);
}

static void add_steps(struct ls_buf *out, const struct scenario_result *result,
                      struct html_place place)
{
    bool is_hidden = false;

    for (size_t i = 0; i < result->step_count; i++) {
        const struct step_result *step = &result->steps[i];

        if (step->step->action == ACTION_SAY) {
            add_voice(out, step->step, &is_hidden);
            continue;
        }
        place.step++;
        add_step(out, result, step, place);
    }
    if (is_hidden)
        ls_buf_add_text(out, "</details>\n");
}

/* --- files --------------------------------------------------------------- */

/* The heading of its title is at place; those of its steps are below. */
static void add_entry(struct ls_buf *out, const struct run_entry *entry,
                      struct html_place place)
{
    const struct scenario *scenario = entry->scenario;

    ls_buf_printf(out, "<article id=\"s%zu\">\n", place.article);
    begin_heading(out, place.level);
    markup_add(out, run_entry_title(entry));
    add_outcome(out, run_outcome_text(run_entry_outcome(entry)));
    end_heading(out, place.level);
    html_element(out, "p", "file", entry->file);
    if (scenario != NULL && scenario->story != NULL)
        add_story(out, scenario->story);
    if (scenario != NULL && scenario->source != NULL)
        html_element(out, "p", "source", scenario->source);
    add_why(out, entry);
    place.level++;
    if (entry->result != NULL) {
        html_overview(out, entry->result, place.article);
        add_steps(out, entry->result, place);
    }
    ls_buf_add_text(out, "</article>\n");
}

static void add_link(struct ls_buf *out, const struct run_report *report,
                     size_t index)
{
    const struct run_entry *entry = &report->entries[index];

    ls_buf_printf(out, "<li><a href=\"#s%zu\">", index + 1);
    markup_add(out, run_entry_title(entry));
    ls_buf_add_text(out, "</a>");
    add_outcome(out, run_outcome_text(run_entry_outcome(entry)));
    ls_buf_add_text(out, "</li>\n");
}

static bool is_trouble(const struct run_entry *entry)
{
    enum run_outcome outcome = run_entry_outcome(entry);

    return outcome == RUN_FAILED || outcome == RUN_ERROR;
}

/* What went wrong stands first, and in its place among all. */
static void add_contents(struct ls_buf *out, const struct run_report *report,
                         size_t trouble_count)
{
    if (trouble_count > 0) {
        html_heading(out, 2, "What went wrong");
        ls_buf_add_text(out, "<nav aria-label=\"What went wrong\"><ul>\n");
        for (size_t i = 0; i < report->count; i++)
            if (is_trouble(&report->entries[i]))
                add_link(out, report, i);
        ls_buf_add_text(out, "</ul></nav>\n");
        html_heading(out, 2, "All scenarios");
    }
    ls_buf_add_text(out, "<nav aria-label=\"Scenarios\"><ol>\n");
    for (size_t i = 0; i < report->count; i++)
        add_link(out, report, i);
    ls_buf_add_text(out, "</ol></nav>\n");
}

static void begin_page(struct ls_buf *out, const char *title, const char *more)
{
    ls_buf_add_text(out,
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                    "content=\"width=device-width, initial-scale=1\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\""
                    "default-src 'none'; style-src 'unsafe-inline'\">\n"
                    "<title>");
    markup_add(out, title);
    ls_buf_printf(out,
                  "%s</title>\n<style>\n%s</style>\n</head>\n<body>\n"
                  "<main>\n",
                  more, html_style);
}

/* One alone has the page to itself; of several there is a list first. */
void html_report_print(const struct run_report *report, struct ls_buf *out)
{
    bool is_one = report->count == 1;
    size_t counts[RUN_COUNT];
    char *sum;

    run_report_count(report, counts);
    sum = ls_strf("%zu of %zu scenarios passed", counts[RUN_PASSED],
                  report->count);
    begin_page(out, is_one ? run_entry_title(&report->entries[0]) : sum,
               " \xE2\x80\x93 lyncsim");
    if (!is_one) {
        html_heading(out, 1, sum);
        add_contents(out, report, counts[RUN_FAILED] + counts[RUN_ERROR]);
    }
    for (size_t i = 0; i < report->count; i++)
        add_entry(
            out, &report->entries[i],
            (struct html_place){.level = is_one ? 1 : 2, .article = i + 1});
    ls_buf_add_text(out, "</main>\n</body>\n</html>\n");
    free(sum);
}
