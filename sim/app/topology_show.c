/*
 * Which servers would a Front End know of these topologies?
 */
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "lyncsim/topology_report.h"

#include "command.h"
#include "topology_file.h"

static enum app_exit show(const struct options *options, const char *file)
{
    enum app_exit code = APP_EXIT_OK;
    struct topology *topology = topology_file_load(file, &code);
    struct ls_buf text = {0};

    if (topology == NULL)
        return code;
    if (options_has(options, OPTION_JSON)) {
        topology_report_print_json(topology, &text);
    } else {
        if (options->argument_count > 1)
            ls_buf_printf(&text, "%s: ", file);
        topology_report_print(topology, options_color(options, STDOUT_FILENO),
                              &text);
    }
    command_print(stdout, &text);
    topology_free(topology);
    return APP_EXIT_OK;
}

static int show_all(const struct options *options)
{
    const char *named = options_text(options, OPTION_TOPOLOGY);
    enum app_exit code = APP_EXIT_OK;

    if (named == NULL && options->argument_count == 0) {
        command_complain("topology show needs FILE[#NAME]...; see lyncsim "
                         "help topology show");
        return APP_EXIT_USAGE;
    }
    if (named != NULL)
        code = show(options, named);
    for (size_t i = 0; i < options->argument_count; i++) {
        enum app_exit worse = show(options, options->arguments[i]);

        code = worse > code ? worse : code;
    }
    return (int)code;
}

static const enum option_id show_options[] = {OPTION_TOPOLOGY, OPTION_END};

const struct command topology_show_command = {
    .name = "topology show",
    .arguments = "FILE[#NAME]...",
    .summary = "which servers would a Front End know?",
    .details =
        "FILE is YAML whose topology: is as in a scenario, or an "
        "export that\ntopology import reads; --topology FILE is the same.\n",
    .options = show_options,
    .argument_min = 0,
    .argument_max = SIZE_MAX,
    .run = show_all,
};
