/*
 * Who wants to learn? Plays a lesson, a scenario that asks: its steps in the
 * terminal one by one, with time to think after each question.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/html_report.h"
#include "lyncsim/result_json.h"
#include "lyncsim/scenario_player.h"
#include "lyncsim/story.h"

#include "command.h"
#include "output.h"
#include "scenario_files.h"

#define LESSONS "scenarios/lessons"

/* --- which one ----------------------------------------------------------- */

/* The lessons beside the installed program, or NULL when there are none;
 * owned by the caller. */
static char *installed_lessons(void)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    char *folder;

    if (length < 0)
        return NULL;
    path[length] = '\0';
    *strrchr(path, '/') = '\0';
    folder = ls_strf("%s/%s/%s", path, LYNCSIM_DATA_FROM_BIN, LESSONS);
    if (realpath(folder, path) == NULL) {
        free(folder);
        return NULL;
    }
    free(folder);
    return ls_strdup(path);
}

/* A program that was not installed has those of its checkout. */
static enum app_exit find_lessons(struct file_names *names)
{
    char *installed = installed_lessons();
    const char *folder =
        installed != NULL ? installed : LYNCSIM_CHECKOUT "/" LESSONS;
    enum app_exit code = APP_EXIT_UNABLE;

    if (access(folder, R_OK) == 0)
        code = file_names_collect(names, &folder, 1);
    else
        command_complain("there are no lessons in %s; name a file", folder);
    free(installed);
    return code;
}

static bool is_file(const char *lesson)
{
    struct ls_str text = ls_str_from(lesson);

    return strcmp(lesson, "-") == 0 || strchr(lesson, '/') != NULL ||
           ls_str_ends_with(text, ".yaml") || ls_str_ends_with(text, ".yml");
}

/* "…/1-which-name.yaml" is lesson 1-which-name; owned by the caller. */
static char *lesson_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash != NULL ? slash + 1 : file;

    return ls_strf("%.*s", (int)strcspn(name, "."), name);
}

/* Its whole name, its number, or what stands after the number. */
static bool is_named(const char *file, const char *lesson)
{
    char *name = lesson_name(file);
    char *words = strchr(name, '-');
    bool matches = strcmp(name, lesson) == 0;

    if (!matches && words != NULL) {
        matches = strcmp(words + 1, lesson) == 0;
        *words = '\0';
        matches |= strcmp(name, lesson) == 0;
    }
    free(name);
    return matches;
}

static void refuse_lesson(const struct file_names *lessons, const char *lesson)
{
    char **names = ls_alloc_array(lessons->count, sizeof *names);
    const char *nearest;

    for (size_t i = 0; i < lessons->count; i++)
        names[i] = lesson_name(lessons->names[i]);
    nearest = ls_nearest(ls_str_from(lesson), (const char *const *)names,
                         lessons->count);
    if (nearest != NULL)
        command_complain("there is no lesson \"%s\"; did you mean \"%s\"?",
                         lesson, nearest);
    else
        command_complain("there is no lesson \"%s\"; lyncsim teach lists them",
                         lesson);
    for (size_t i = 0; i < lessons->count; i++)
        free(names[i]);
    free(names);
}

static enum app_exit load(struct scenario_files *files, const char *lesson)
{
    struct file_names found = {0};
    struct file_names chosen = {.names = (char **)&lesson, .count = 1};
    enum app_exit code;

    if (is_file(lesson))
        return scenario_files_load(files, &chosen);
    code = find_lessons(&found);
    chosen.count = 0;
    for (size_t i = 0; i < found.count && chosen.count == 0; i++)
        if (is_named(found.names[i], lesson))
            chosen = (struct file_names){.names = &found.names[i], .count = 1};
    if (code == APP_EXIT_OK && chosen.count == 0) {
        refuse_lesson(&found, lesson);
        code = APP_EXIT_USAGE;
    } else if (code == APP_EXIT_OK) {
        code = scenario_files_load(files, &chosen);
    }
    file_names_clear(&found);
    return code;
}

static void list_names(const struct scenario_files *files)
{
    struct ls_buf text = {0};

    for (size_t i = 0; i < files->count; i++) {
        char *name = lesson_name(files->items[i].name);

        ls_buf_printf(&text, "%-24s ", name);
        story_add_safe(&text, files->items[i].scenario->title);
        ls_buf_add_byte(&text, '\n');
        free(name);
    }
    command_print(stdout, &text);
}

static enum app_exit list(const struct options *options)
{
    struct file_names names = {0};
    struct scenario_files files = {0};
    enum app_exit code = find_lessons(&names);

    if (code == APP_EXIT_OK)
        code = scenario_files_load(&files, &names);
    if (code == APP_EXIT_OK && options_has(options, OPTION_JSON))
        scenario_files_list_json(&files);
    else if (code == APP_EXIT_OK)
        list_names(&files);
    scenario_files_clear(&files);
    file_names_clear(&names);
    return code;
}

/* --- teaching ------------------------------------------------------------ */

/* Nobody sits at a pipe, and nobody answers at the end of the input. */
static void wait_for_line(void)
{
    int byte;

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return;
    printf("   [Enter] goes on. ");
    fflush(stdout);
    do
        byte = getchar();
    while (byte != '\n' && byte != EOF);
    printf("\n");
}

static void tell(const struct options *options,
                 const struct scenario_result *result)
{
    struct story_style style = {
        .color = options_color(options, STDOUT_FILENO),
        .verbose = options_has(options, OPTION_VERBOSE),
    };
    struct ls_buf text = {0};

    if (options_has(options, OPTION_QUIET)) {
        story_print_failures(result, &style, &text);
        command_print(stdout, &text);
        return;
    }
    story_print_opening(result, &style, &text);
    for (size_t i = 0; i < result->step_count; i++) {
        story_print_step(result, i, &style, &text);
        command_print(stdout, &text);
        if (result->steps[i].step->voice == VOICE_ASK)
            wait_for_line();
    }
    command_print(stdout, &text);
}

static enum app_exit report(const struct options *options, struct output *html,
                            const struct scenario_result *result)
{
    struct run_entry entry = run_entry_from_result(result);
    struct run_report rows = {&entry, 1};
    struct ls_buf text = {0};

    if (html->stream != NULL)
        html_report_print(&rows, &text);
    output_write(html, ls_buf_str(&text));
    ls_buf_reset(&text);
    if (options_has(options, OPTION_JSON))
        result_json_print(&rows, &text);
    else if (html->stream == NULL)
        tell(options, result);
    command_print(stdout, &text);
    ls_buf_clear(&text);
    if (!output_close(html) || result->outcome == PLAY_ERROR)
        return APP_EXIT_UNABLE;
    return result->outcome == PLAY_PASSED ? APP_EXIT_OK : APP_EXIT_NO;
}

/* Lab time is the file's, so that a lesson can be played before it is told. */
static enum app_exit play(const struct options *options,
                          const struct scenario *scenario)
{
    static const struct runner_options as_written = {0};
    struct output html = {0};
    struct scenario_runner *runner;
    enum app_exit code;

    if (!output_open(&html, options_text(options, OPTION_HTML)))
        return APP_EXIT_UNABLE;
    runner = scenario_runner_new(scenario, &as_written);
    scenario_player_run(runner, SCENARIO_WATCHDOG_MS);
    code = report(options, &html, scenario_runner_result(runner));
    scenario_runner_free(runner);
    return code;
}

static int teach(const struct options *options)
{
    struct scenario_files files = {0};
    enum app_exit code;

    if (options->argument_count == 0)
        return (int)list(options);
    code = load(&files, options->arguments[0]);
    if (code == APP_EXIT_OK)
        code = play(options, files.items[0].scenario);
    scenario_files_clear(&files);
    return (int)code;
}

static const enum option_id teach_options[] = {OPTION_HTML, OPTION_VERBOSE,
                                               OPTION_END};

const struct command teach_command = {
    .name = "teach",
    .arguments = "[LESSON|FILE]",
    .summary = "play a lesson that asks; without one, list the lessons",
    .details = "A lesson is named as the list does, by its number, or by a "
               "file. After a\n"
               "question it waits for Enter; in a pipe it goes on by itself. "
               "With --html the\n"
               "lesson is written to print, and nothing is told here.\n",
    .options = teach_options,
    .argument_max = 1,
    .run = teach,
};
