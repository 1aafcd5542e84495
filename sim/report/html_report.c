/*
 * The page around the steps.
 */
#include "lyncsim/html_report.h"

#include <stdlib.h>

#include "html_internal.h"
#include "story_internal.h"

const char html_style[] =
    ":root{color-scheme:light dark;--ink:#1d2126;--soft:#5c6670;--ground:#fff;"
    "--rule:#cdd3d9;--good:#12692f;--bad:#a31621;--mark:#fff3c4}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e4e7ea;--soft:#a3acb5;"
    "--ground:#16191c;--rule:#3b4249;--good:#6fd18c;--bad:#ff8f8f;"
    "--mark:#4a3f12}}\n"
    "body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);"
    "background:var(--ground);max-width:60rem;margin:0 auto;padding:1rem}\n"
    "h1,h2,h3{line-height:1.2}h2{border-top:2px solid var(--rule);"
    "padding-top:1rem}\n"
    ".file,caption{color:var(--soft)}caption{text-align:left}\n"
    ".good,.passed{color:var(--good)}.bad,.failed,.error{color:var(--bad)}\n"
    "table{border-collapse:collapse;margin:.5rem 0}"
    "td,th{border:1px solid var(--rule);padding:.2rem .5rem;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}\n"
    ".beside{display:flex;flex-wrap:wrap;gap:1rem;align-items:start}\n"
    ".speaks td,.speaks th{background:var(--mark)}"
    "tr.fail td{color:var(--bad)}tr.skip td{color:var(--soft)}\n"
    "pre{overflow-x:auto;border:1px solid var(--rule);padding:.5rem;"
    "font-size:.85rem}.value{white-space:pre-wrap}\n"
    "svg{width:100%;max-width:40rem;display:block}"
    "svg text{fill:var(--ink);font-size:13px;text-anchor:middle}"
    "svg text.l{text-anchor:start}svg text.r{text-anchor:end}"
    "svg text.good{fill:var(--good)}svg text.bad{fill:var(--bad)}"
    "svg .who{font-weight:bold}"
    "svg path{stroke:var(--ink);fill:none}svg path.bad{stroke:var(--bad)}"
    "svg path.life{stroke:var(--rule);stroke-width:2}\n"
    "@media print{body{max-width:none}"
    "details::details-content{content-visibility:visible;"
    "block-size:auto}section{break-inside:avoid-page}}\n";

static void add_outcome(struct ls_buf *out, const char *text)
{
    ls_buf_printf(out, " <span class=\"%s\">%s</span>", text, text);
}

static void add_step(struct ls_buf *out, const struct scenario_result *scenario,
                     const struct step_result *result, size_t number)
{
    char *what = story_describe(result->step);

    if (result->step->action == ACTION_SAY) {
        html_element(out, "p", NULL, what);
        free(what);
        return;
    }
    ls_buf_printf(out, "<section><h3>%zu. ", number);
    markup_add(out, result->step->name != NULL ? result->step->name : what);
    add_outcome(out, play_outcome_text(result->outcome));
    ls_buf_add_text(out, "</h3>\n");
    if (result->step->name != NULL)
        html_element(out, "p", NULL, what);
    html_step(out, scenario, result);
    ls_buf_add_text(out, "</section>\n");
    free(what);
}

static void add_story(struct ls_buf *out, const char *story)
{
    struct ls_str rest = ls_str_from(story);
    struct ls_str line;

    ls_buf_add_text(out, "<p>");
    while (ls_str_cut(&rest, '\n', &line)) {
        if (ls_str_trim(line).length == 0)
            ls_buf_add_text(out, "</p>\n<p>");
        markup_add_str(out, line);
        ls_buf_add_byte(out, '\n');
    }
    ls_buf_add_text(out, "</p>\n");
}

static void add_steps(struct ls_buf *out, const struct scenario_result *result)
{
    size_t number = 0;

    for (size_t i = 0; i < result->step_count; i++) {
        number += result->steps[i].step->action != ACTION_SAY;
        add_step(out, result, &result->steps[i], number);
    }
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
        html_element(out, "pre", "faults", faults);
    free(why);
    free(faults);
}

static void add_entry(struct ls_buf *out, const struct run_entry *entry,
                      size_t number)
{
    const struct scenario *scenario = entry->scenario;

    ls_buf_printf(out, "<article id=\"s%zu\">\n<h2>", number);
    markup_add(out, run_entry_title(entry));
    add_outcome(out, run_outcome_text(run_entry_outcome(entry)));
    ls_buf_add_text(out, "</h2>\n");
    html_element(out, "p", "file", entry->file);
    if (scenario != NULL && scenario->story != NULL)
        add_story(out, scenario->story);
    if (scenario != NULL && scenario->source != NULL)
        html_element(out, "p", "file", scenario->source);
    add_why(out, entry);
    if (entry->result != NULL)
        add_steps(out, entry->result);
    ls_buf_add_text(out, "</article>\n");
}

static void add_contents(struct ls_buf *out, const struct run_report *report)
{
    ls_buf_add_text(out, "<nav aria-label=\"Scenarios\"><ol>\n");
    for (size_t i = 0; i < report->count; i++) {
        const struct run_entry *entry = &report->entries[i];

        ls_buf_printf(out, "<li><a href=\"#s%zu\">", i + 1);
        markup_add(out, run_entry_title(entry));
        ls_buf_add_text(out, "</a>");
        add_outcome(out, run_outcome_text(run_entry_outcome(entry)));
        ls_buf_add_text(out, "</li>\n");
    }
    ls_buf_add_text(out, "</ol></nav>\n");
}

void html_report_print(const struct run_report *report, struct ls_buf *out)
{
    size_t counts[RUN_COUNT];

    run_report_count(report, counts);
    ls_buf_printf(out,
                  "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                  "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                  "content=\"width=device-width, initial-scale=1\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" "
                  "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                  "<title>lyncsim: %zu of %zu passed</title>\n"
                  "<style>\n%s</style>\n</head>\n<body>\n<main>\n"
                  "<h1>%zu of %zu scenarios passed</h1>\n",
                  counts[RUN_PASSED], report->count, html_style,
                  counts[RUN_PASSED], report->count);
    if (report->count > 1)
        add_contents(out, report);
    for (size_t i = 0; i < report->count; i++)
        add_entry(out, &report->entries[i], i + 1);
    ls_buf_add_text(out, "</main>\n</body>\n</html>\n");
}
