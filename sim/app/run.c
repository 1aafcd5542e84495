/*
 * Does each scenario play out as written?
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/html_report.h"
#include "lyncsim/junit_report.h"
#include "lyncsim/result_json.h"
#include "lyncsim/story.h"
#include "lyncsim/tap_report.h"

#include "command.h"
#include "output.h"
#include "policy_options.h"
#include "run_jobs.h"
#include "run_update.h"
#include "scenario_files.h"

struct run {
    const struct options *options;
    struct scenario_files files;
    struct scenario_runner **runners;
    struct runner_options runner_options;
    struct story_style style;
    bool tells_stories; /* one scenario, or -v: the whole of it */
    bool has_reports;
    bool is_mute; /* standard output is for a report */
    size_t played, passed, failed;
    struct output trace, events;
    struct output reports[3]; /* in the order of report_kinds */
    struct output json;
};

/* --- which ones ---------------------------------------------------------- */

static bool matches(const struct run *run, const struct scenario *scenario)
{
    const char *filter = options_text(run->options, OPTION_FILTER);

    return filter == NULL || strcasestr(scenario->file, filter) != NULL ||
           strcasestr(scenario->title, filter) != NULL;
}

static enum app_exit choose(struct run *run)
{
    struct scenario_files *files = &run->files;
    size_t kept = 0;

    for (size_t i = 0; i < files->count; i++) {
        if (matches(run, files->scenarios[i]))
            files->scenarios[kept++] = files->scenarios[i];
        else
            scenario_free(files->scenarios[i]);
    }
    files->count = kept;
    if (kept > 0)
        return APP_EXIT_OK;
    command_complain("no scenario matches --filter \"%s\"",
                     options_text(run->options, OPTION_FILTER));
    return APP_EXIT_USAGE;
}

static enum app_exit load(struct run *run)
{
    const struct options *options = run->options;
    struct file_names names = {0};
    enum app_exit code =
        file_names_collect(&names, options->arguments, options->argument_count);

    if (code == APP_EXIT_OK)
        code = scenario_files_load(&run->files, &names);
    if (code == APP_EXIT_OK)
        code = choose(run);
    file_names_clear(&names);
    return code;
}

static void list(const struct run *run)
{
    for (size_t i = 0; i < run->files.count; i++)
        printf("%s: %s\n", run->files.scenarios[i]->file,
               run->files.scenarios[i]->title);
}

/* --- telling ------------------------------------------------------------- */

static void tell_line(const struct run *run,
                      const struct scenario_result *result)
{
    const char *ink = result->outcome == PLAY_PASSED ? "\033[32m" : "\033[31m";

    printf("%s%-6s%s  %s: %s\n", run->style.color ? ink : "",
           play_outcome_text(result->outcome),
           run->style.color ? "\033[0m" : "", result->scenario->file,
           result->scenario->title);
}

static void tell(const struct run *run, const struct scenario_result *result)
{
    struct ls_buf text = {0};

    if (run->is_mute)
        return;
    if (options_has(run->options, OPTION_QUIET)) {
        story_print_failures(result, &run->style, &text);
    } else if (run->tells_stories) {
        story_print(result, &run->style, &text);
    } else {
        tell_line(run, result);
        story_print_failures(result, &run->style, &text);
    }
    command_print(stdout, &text);
}

/* Kept for reports only: memory does not grow with what is played. */
static void on_played(void *arg, size_t index, struct scenario_runner *runner)
{
    const struct scenario_result *result = scenario_runner_result(runner);
    struct run *run = arg;

    run->played++;
    run->passed += result->outcome == PLAY_PASSED;
    run->failed += result->outcome == PLAY_FAILED;
    tell(run, result);
    if (run->has_reports)
        run->runners[index] = runner;
    else
        scenario_runner_free(runner);
}

static void tell_sum(const struct run *run)
{
    size_t unable = run->played - run->passed - run->failed;

    if (run->is_mute || options_has(run->options, OPTION_QUIET))
        return;
    printf("%zu scenario%s: %zu passed, %zu failed", run->played,
           run->played == 1 ? "" : "s", run->passed, run->failed);
    if (unable > 0)
        printf(", %zu could not be played", unable);
    if (run->played < run->files.count)
        printf(", %zu not played", run->files.count - run->played);
    printf("\n");
}

/* --- reports ------------------------------------------------------------- */

static const struct {
    enum option_id option;
    void (*print)(const struct scenario_result *const *results, size_t count,
                  struct ls_buf *out);
} report_kinds[] = {
    {OPTION_JUNIT, junit_report_print},
    {OPTION_TAP, tap_report_print},
    {OPTION_HTML, html_report_print},
};

static bool open_reports(struct run *run)
{
    const struct options *options = run->options;

    if (options_has(options, OPTION_JSON))
        output_open(&run->json, "-");
    for (size_t i = 0; i < LS_COUNT(report_kinds); i++)
        if (!output_open(&run->reports[i],
                         options_text(options, report_kinds[i].option)))
            return false;
    return output_open(&run->trace, options_text(options, OPTION_TRACE)) &&
           output_open(&run->events, options_text(options, OPTION_EVENTS));
}

static bool is_stdout(const struct output *output)
{
    return output->stream == stdout;
}

static bool is_open(const struct output *output)
{
    return output->stream != NULL;
}

static bool has_report(const struct run *run,
                       bool (*is_so)(const struct output *output))
{
    bool found = is_so(&run->json) || is_so(&run->trace) || is_so(&run->events);

    for (size_t i = 0; i < LS_COUNT(report_kinds); i++)
        found |= is_so(&run->reports[i]);
    return found;
}

static void write_reports(struct run *run)
{
    const struct scenario_result **results =
        ls_alloc_array(run->files.count, sizeof *results);
    struct ls_buf text = {0};
    size_t count = 0;

    for (size_t i = 0; i < run->files.count; i++) {
        const struct scenario_runner *runner = run->runners[i];

        if (runner == NULL)
            continue;
        results[count++] = scenario_runner_result(runner);
        output_write(&run->trace, scenario_runner_trace(runner));
        output_write(&run->events, scenario_runner_events(runner));
    }
    if (run->json.stream != NULL)
        result_json_print(results, count, &text);
    output_write(&run->json, ls_buf_str(&text));
    for (size_t i = 0; i < LS_COUNT(report_kinds); i++) {
        ls_buf_reset(&text);
        if (run->reports[i].stream != NULL)
            report_kinds[i].print(results, count, &text);
        output_write(&run->reports[i], ls_buf_str(&text));
    }
    ls_buf_clear(&text);
    free(results);
}

static bool close_reports(struct run *run)
{
    bool closed = output_close(&run->trace);

    closed &= output_close(&run->events);
    for (size_t i = 0; i < LS_COUNT(report_kinds); i++)
        closed &= output_close(&run->reports[i]);
    return closed;
}

/* --- playing ------------------------------------------------------------- */

static void play(struct run *run)
{
    const struct options *options = run->options;
    struct run_plan plan = {
        .scenarios = run->files.scenarios,
        .count = run->files.count,
        .options = &run->runner_options,
        .workers = options_number(options, OPTION_JOBS, 1),
        .repeats = options_number(options, OPTION_REPEAT, 1),
        .fail_fast = options_has(options, OPTION_FAIL_FAST),
        .played = on_played,
        .arg = run,
    };

    run->runners = ls_alloc_array(plan.count, sizeof *run->runners);
    run_jobs(&plan);
    tell_sum(run);
}

/* What is written anew is as expected from now on. */
static void update(struct run *run)
{
    for (size_t i = 0; i < run->files.count; i++) {
        const struct scenario_runner *runner = run->runners[i];
        const struct scenario_result *result =
            runner != NULL ? scenario_runner_result(runner) : NULL;

        if (result == NULL || result->outcome != PLAY_FAILED)
            continue;
        if (run_update(result, run->is_mute ? stderr : stdout)) {
            run->failed--;
            run->passed++;
        }
    }
}

static enum app_exit code_of(const struct run *run)
{
    if (run->failed > 0)
        return APP_EXIT_NO;
    return run->passed < run->played ? APP_EXIT_UNABLE : APP_EXIT_OK;
}

static void read_options(struct run *run)
{
    const struct options *options = run->options;

    policy_options_read(options, &run->runner_options.front_end);
    run->runner_options.has_style = options_has(options, OPTION_TRACE_STYLE);
    run->runner_options.style = policy_options_style(options);
    run->runner_options.has_fields = options_has(options, OPTION_TRACE_FIELDS);
    run->runner_options.fields = policy_options_fields(options);
    run->style.color = options_color(options, STDOUT_FILENO);
    run->style.verbose = options_has(options, OPTION_VERBOSE);
    run->is_mute = has_report(run, is_stdout);
    run->has_reports =
        has_report(run, is_open) || options_has(options, OPTION_UPDATE);
    run->tells_stories = run->files.count == 1 || run->style.verbose;
}

static void clear(struct run *run)
{
    for (size_t i = 0; run->runners != NULL && i < run->files.count; i++)
        scenario_runner_free(run->runners[i]);
    free(run->runners);
    scenario_files_clear(&run->files);
}

static int run_scenarios(const struct options *options)
{
    struct run run = {.options = options};
    enum app_exit code = load(&run);

    if (code == APP_EXIT_OK && options_has(options, OPTION_LIST)) {
        list(&run);
    } else if (code == APP_EXIT_OK && open_reports(&run)) {
        read_options(&run);
        play(&run);
        write_reports(&run);
        if (options_has(options, OPTION_UPDATE))
            update(&run);
        code = close_reports(&run) ? code_of(&run) : APP_EXIT_UNABLE;
    } else if (code == APP_EXIT_OK) {
        code = APP_EXIT_UNABLE;
    }
    clear(&run);
    return (int)code;
}

static const enum option_id run_options[] = {
    OPTION_RULE,         OPTION_NAMES,  OPTION_CN,      OPTION_REFUSE,
    OPTION_TLS,          OPTION_TRACE,  OPTION_PRODUCT, OPTION_TRACE_STYLE,
    OPTION_TRACE_FIELDS, OPTION_EVENTS, OPTION_JUNIT,   OPTION_TAP,
    OPTION_HTML,         OPTION_JOBS,   OPTION_FILTER,  OPTION_REPEAT,
    OPTION_FAIL_FAST,    OPTION_UPDATE, OPTION_LIST,    OPTION_VERBOSE,
    OPTION_END,
};

const struct command run_command = {
    .name = "run",
    .arguments = "FILE|DIR...",
    .summary = "does each scenario play out as written?",
    .details = "One scenario is told as a story; of several each gets a line "
               "and what\n"
               "failed in it. -v tells everything of all of them. --update "
               "writes traces\n"
               "anew that a file expects as a block (trace: |) and that are "
               "different now.\n",
    .options = run_options,
    .argument_min = 1,
    .argument_max = SIZE_MAX,
    .run = run_scenarios,
};
