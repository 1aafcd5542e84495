/*
 * Are these scenario and topology files well formed? Opens no socket.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "lyncsim/check_report.h"
#include "lyncsim/scenario.h"

#include "command.h"
#include "input.h"
#include "scenario_files.h"
#include "topology_file.h"

static void check_text(struct ls_diags *diags, const char **kind)
{
    if (topology_file_is(diags->text)) {
        *kind = "topology";
        topology_file_check(diags);
    } else {
        *kind = "scenario";
        scenario_free(scenario_parse_with(diags, &input_loader));
    }
}

/* Texts go out at once; with report, which may be NULL, all is told there. */
static enum app_exit check_file(const char *file, bool is_quiet,
                                struct check_report *report)
{
    struct ls_buf faults = {0};
    struct ls_diags diags;
    const char *kind;
    size_t length, count;
    char *why;
    char *text = input_read(file, &length, &why);

    if (text == NULL) {
        if (report != NULL)
            check_report_add_unread(report, file, why);
        command_complain("%s", why);
        free(why);
        return input_code(length);
    }
    ls_diags_init(&diags, input_name(file), ls_str_from_bytes(text, length));
    check_text(&diags, &kind);
    count = diags.count;
    if (report != NULL)
        check_report_add(report, kind, &diags);
    else
        ls_diags_print(&diags, &faults);
    command_print(stderr, &faults);
    if (count == 0 && !is_quiet && report == NULL)
        printf("%s: a well-formed %s\n", diags.file, kind);
    ls_diags_clear(&diags);
    free(text);
    return count == 0 ? APP_EXIT_OK : APP_EXIT_USAGE;
}

static int check(const struct options *options)
{
    bool is_quiet = options_has(options, OPTION_QUIET);
    bool is_json = options_has(options, OPTION_JSON);
    struct check_report *report = is_json ? check_report_new() : NULL;
    struct file_names names = {0};
    struct ls_buf text = {0};
    enum app_exit code =
        file_names_collect(&names, options->arguments, options->argument_count);

    for (size_t i = 0; i < names.count; i++) {
        enum app_exit worse = check_file(names.names[i], is_quiet, report);

        code = worse > code ? worse : code;
    }
    if (report != NULL)
        check_report_print_json(report, &text);
    command_print(stdout, &text);
    check_report_free(report);
    file_names_clear(&names);
    return (int)code;
}

const struct command check_command = {
    .name = "check",
    .arguments = "FILE|DIR...",
    .summary = "are these scenario and topology files well formed?",
    .details = "Every fault of a file is shown, with its place. Opens no "
               "socket.\n",
    .argument_min = 1,
    .argument_max = SIZE_MAX,
    .run = check,
};
