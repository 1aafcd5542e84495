/*
 * Does each scenario play out as written?
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario_player.h"
#include "lyncsim/story.h"

#include "command.h"
#include "interruption.h"
#include "policy_options.h"
#include "run_jobs.h"
#include "run_progress.h"
#include "run_reports.h"
#include "run_update.h"
#include "scenario_files.h"

struct run {
    const struct options *options;
    struct scenario_files files;
    struct scenario_runner **runners; /* a file each; NULL: not played */
    struct runner_options runner_options;
    struct story_style style;
    struct run_reports reports;
    struct run_progress progress;
    bool tells_stories; /* one scenario, or -v: the whole of it */
    bool keeps_runners; /* something is to be made of them afterwards */
    bool is_mute;       /* standard output is for a report */
    bool is_interrupted;
    struct interruption *interruption;
    size_t *indices; /* of the scenarios that are played, among the files */
    size_t played, passed, failed, skipped;
};

/* --- which ones ---------------------------------------------------------- */

/* One with faults has no title; it is not filtered away. */
static bool matches(void *arg, const struct scenario_file *file)
{
    const char *filter = arg;

    return file->scenario == NULL || strcasestr(file->name, filter) != NULL ||
           strcasestr(file->scenario->title, filter) != NULL;
}

static enum app_exit choose(struct run *run)
{
    const char *filter = options_text(run->options, OPTION_FILTER);

    if (filter != NULL)
        scenario_files_keep(&run->files, matches, (void *)filter);
    if (run->files.count > 0)
        return APP_EXIT_OK;
    command_complain("no scenario matches --filter \"%s\"", filter);
    return APP_EXIT_USAGE;
}

static enum app_exit load(struct run *run)
{
    const struct options *options = run->options;
    struct file_names names = {0};
    enum app_exit code =
        file_names_collect(&names, options->arguments, options->argument_count);

    if (code == APP_EXIT_OK) {
        enum app_exit chosen;

        code = scenario_files_load(&run->files, &names);
        chosen = choose(run);
        code = chosen > code ? chosen : code;
    }
    file_names_clear(&names);
    return code;
}

static void list(const struct run *run)
{
    struct ls_buf text = {0};

    if (options_has(run->options, OPTION_JSON)) {
        scenario_files_list_json(&run->files);
        return;
    }
    for (size_t i = 0; i < run->files.count; i++) {
        story_add_safe(&text, run->files.items[i].name);
        ls_buf_add_text(&text, ": ");
        story_add_safe(&text, run->files.items[i].scenario->title);
        ls_buf_add_byte(&text, '\n');
    }
    command_print(stdout, &text);
}

/* --- telling ------------------------------------------------------------- */

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
        story_print_line(result, &run->style, &text);
        story_print_failures(result, &run->style, &text);
    }
    command_print(stdout, &text);
}

static void show_progress(const struct run *run, size_t next)
{
    run_progress_show(&run->progress, run->played, run->played - run->passed,
                      next < run->files.count ? run->files.items[next].name
                                              : NULL);
}

/* Kept for reports only: memory does not grow with what is played. */
static void on_played(void *arg, size_t index, struct scenario_runner *runner)
{
    const struct scenario_result *result = scenario_runner_result(runner);
    struct run *run = arg;

    index = run->indices[index];
    run->played++;
    run->passed += result->outcome == PLAY_PASSED;
    run->failed += result->outcome == PLAY_FAILED;
    run_progress_hide(&run->progress);
    tell(run, result);
    show_progress(run, index + 1);
    if (run->keeps_runners)
        run->runners[index] = runner;
    else
        scenario_runner_free(runner);
}

static void tell_sum(const struct run *run)
{
    size_t unable = run->played - run->passed - run->failed;

    if (run->is_interrupted)
        command_complain("interrupted: %zu of %zu scenarios were not played",
                         run->files.count - run->skipped - run->played,
                         run->files.count);
    if (run->is_mute || options_has(run->options, OPTION_QUIET))
        return;
    printf("%zu scenario%s: %zu passed, %zu failed", run->played,
           run->played == 1 ? "" : "s", run->passed, run->failed);
    if (unable > 0)
        printf(", %zu could not be played", unable);
    if (run->skipped > 0)
        printf(", %zu skipped", run->skipped);
    if (run->played + run->skipped < run->files.count)
        printf(", %zu not played",
               run->files.count - run->skipped - run->played);
    printf("\n");
}

/* --- playing ------------------------------------------------------------- */

static uint32_t watchdog_ms(const struct options *options)
{
    return 1000 *
           options_number(options, OPTION_TIMEOUT, SCENARIO_WATCHDOG_MS / 1000);
}

/* One that is not for this machine is told of and left out. */
static bool is_skipped(struct run *run, size_t index)
{
    const struct scenario *scenario = run->files.items[index].scenario;

    if (scenario->skipped == NULL)
        return false;
    run->skipped++;
    if (!run->is_mute && !options_has(run->options, OPTION_QUIET))
        printf("skipped %s: %s (%s)\n", scenario->file, scenario->title,
               scenario->skipped);
    return true;
}

static void play(struct run *run)
{
    const struct options *options = run->options;
    const struct scenario **scenarios =
        ls_alloc_array(run->files.count, sizeof *scenarios);
    struct run_plan plan = {
        .scenarios = scenarios,
        .count = run->files.count,
        .options = &run->runner_options,
        .workers = options_number(options, OPTION_JOBS, 1),
        .repeats = options_number(options, OPTION_REPEAT, 1),
        .watchdog_ms = watchdog_ms(options),
        .fail_fast = options_has(options, OPTION_FAIL_FAST),
        .interruption = run->interruption,
        .played = on_played,
        .arg = run,
    };

    run->indices = ls_alloc_array(run->files.count + 1, sizeof *run->indices);
    plan.count = 0;
    for (size_t i = 0; i < run->files.count; i++) {
        if (is_skipped(run, i))
            continue;
        run->indices[plan.count] = i;
        scenarios[plan.count++] = run->files.items[i].scenario;
    }
    run_progress_init(&run->progress, plan.count, plan.repeats);
    show_progress(run, 0);
    run->is_interrupted = run_jobs(&plan);
    run_progress_hide(&run->progress);
    free(scenarios);
}

/* What is written anew is played again, for the reports and as the proof. */
static void replay(struct run *run, size_t index)
{
    struct scenario_file *file = &run->files.items[index];
    struct scenario_runner **runner = &run->runners[index];

    scenario_runner_free(*runner);
    *runner = NULL;
    if (scenario_file_reload(file) != APP_EXIT_OK)
        return;
    *runner = scenario_runner_new(file->scenario, &run->runner_options);
    scenario_player_run(*runner, watchdog_ms(run->options));
    if (scenario_runner_result(*runner)->outcome != PLAY_PASSED)
        return;
    run->failed--;
    run->passed++;
}

static void update(struct run *run)
{
    for (size_t i = 0; i < run->files.count; i++) {
        const struct scenario_runner *runner = run->runners[i];
        const struct scenario_result *result =
            runner != NULL ? scenario_runner_result(runner) : NULL;

        if (result == NULL || result->outcome != PLAY_FAILED)
            continue;
        if (run_update(result, run->is_mute ? stderr : stdout))
            replay(run, i);
    }
}

/* --- reports ------------------------------------------------------------- */

static const char *why_unplayed(const struct run *run)
{
    if (run->is_interrupted)
        return "The run was interrupted.";
    if (run->played > 0)
        return "Another scenario had failed before.";
    return "Another file has faults, so nothing was played.";
}

static void write_reports(struct run *run)
{
    struct run_entry *entries =
        ls_alloc_array(run->files.count, sizeof *entries);
    struct run_report report = {entries, run->files.count};

    for (size_t i = 0; i < run->files.count; i++) {
        const struct scenario_file *file = &run->files.items[i];
        const struct scenario_runner *runner = run->runners[i];

        entries[i] = (struct run_entry){
            .file = file->name,
            .scenario = file->scenario,
            .result = runner != NULL ? scenario_runner_result(runner) : NULL,
            .faults = file->scenario == NULL && file->text != NULL
                          ? &file->faults
                          : NULL,
            .unread = file->unread,
            .unplayed =
                file->scenario != NULL && file->scenario->skipped != NULL
                    ? file->scenario->skipped
                    : why_unplayed(run),
        };
        if (runner != NULL)
            run_reports_log(&run->reports, runner);
    }
    run_reports_write(&run->reports, &report);
    free(entries);
}

static enum app_exit code_of(const struct run *run)
{
    if (run->failed > 0)
        return APP_EXIT_NO;
    return run->passed < run->played || run->is_interrupted ? APP_EXIT_UNABLE
                                                            : APP_EXIT_OK;
}

/* --- the command --------------------------------------------------------- */

static void read_options(struct run *run)
{
    const struct options *options = run->options;

    policy_options_read(options, &run->runner_options.front_end);
    if (options_has(options, OPTION_JSON))
        run->runner_options.event_format = EVENT_LOG_JSON;
    run->runner_options.has_style = options_has(options, OPTION_TRACE_STYLE);
    run->runner_options.style = policy_options_style(options);
    run->runner_options.has_fields = options_has(options, OPTION_TRACE_FIELDS);
    run->runner_options.fields = policy_options_fields(options);
    run->style.color = options_color(options, STDOUT_FILENO);
    run->style.verbose = options_has(options, OPTION_VERBOSE);
    run->is_mute = run_reports_take_stdout(&run->reports);
    run->keeps_runners = run_reports_are_wanted(&run->reports) ||
                         options_has(options, OPTION_UPDATE);
    run->tells_stories = run->files.count == 1 || run->style.verbose;
}

/* With faults in a file nothing is played, and the reports tell so. */
static enum app_exit play_and_report(struct run *run, enum app_exit code)
{
    /* Reports are whole from the moment their files are there. */
    run->interruption = interruption_begin();
    if (!run_reports_open(&run->reports, run->options))
        return APP_EXIT_UNABLE;
    read_options(run);
    run->runners = ls_alloc_array(run->files.count, sizeof *run->runners);
    if (code == APP_EXIT_OK) {
        play(run);
        if (options_has(run->options, OPTION_UPDATE))
            update(run);
        tell_sum(run);
        code = code_of(run);
    }
    write_reports(run);
    return run_reports_close(&run->reports) ? code : APP_EXIT_UNABLE;
}

static void clear(struct run *run)
{
    for (size_t i = 0; run->runners != NULL && i < run->files.count; i++)
        scenario_runner_free(run->runners[i]);
    interruption_end(run->interruption);
    free(run->runners);
    free(run->indices);
    scenario_files_clear(&run->files);
}

static int run_scenarios(const struct options *options)
{
    struct run run = {.options = options};
    enum app_exit code = load(&run);

    if (!options_has(options, OPTION_LIST) && run.files.count > 0)
        code = play_and_report(&run, code);
    else if (code == APP_EXIT_OK)
        list(&run);
    clear(&run);
    return (int)code;
}

static const enum option_id run_options[] = {
    OPTION_RULE,         OPTION_NAMES,   OPTION_CN,      OPTION_REFUSE,
    OPTION_TLS,          OPTION_TRACE,   OPTION_PRODUCT, OPTION_TRACE_STYLE,
    OPTION_TRACE_FIELDS, OPTION_EVENTS,  OPTION_JUNIT,   OPTION_TAP,
    OPTION_HTML,         OPTION_JOBS,    OPTION_FILTER,  OPTION_REPEAT,
    OPTION_FAIL_FAST,    OPTION_TIMEOUT, OPTION_UPDATE,  OPTION_LIST,
    OPTION_VERBOSE,      OPTION_END,
};

const struct command run_command = {
    .name = "run",
    .arguments = "FILE|DIR...",
    .summary = "does each scenario play out as written?",
    .details =
        "One scenario is told as a story; of several each gets a line and "
        "what\n"
        "failed in it. -v tells everything of all of them. With a fault in "
        "any\n"
        "file nothing is played; reports show it where they show failures.\n"
        "\n"
        "-j N plays N at a time, each on free ports, and tells them in order.\n"
        "Ctrl-C lets what has begun end and writes the reports; pressed "
        "again,\n"
        "it ends at once. --timeout bounds each connection. --update writes\n"
        "traces anew that a file expects as a block (trace: |) and that are\n"
        "different now, and plays the file again.\n",
    .options = run_options,
    .argument_min = 1,
    .argument_max = SIZE_MAX,
    .run = run_scenarios,
};
