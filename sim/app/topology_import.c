/*
 * Which topology do these exports describe? Our YAML, with a comment on each
 * thing that was not taken over.
 */
#include "lyncsim/topology_import.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology_json.h"

#include "command.h"
#include "input.h"
#include "output.h"

static enum app_exit read_file(struct topology_import *import, const char *file)
{
    struct ls_buf faults = {0};
    struct ls_diags diags;
    enum app_exit code = APP_EXIT_OK;
    size_t length;
    char *text = input_load(file, &length, &code);

    if (text == NULL)
        return code;
    ls_diags_init(&diags, input_name(file), ls_str_from_bytes(text, length));
    if (!topology_import_read(import, &diags)) {
        ls_diags_print(&diags, &faults);
        command_print(stderr, &faults);
        code = APP_EXIT_USAGE;
    }
    ls_diags_clear(&diags);
    free(text);
    return code;
}

static enum app_exit write_topology(const struct options *options,
                                    struct topology_import *import)
{
    struct topology *topology = topology_import_finish(import);
    struct ls_buf text = {0};
    struct output output;
    enum app_exit code = APP_EXIT_UNABLE;
    const char *file = options_text(options, OPTION_OUTPUT);

    if (options_has(options, OPTION_JSON))
        topology_json_print_import(import, topology, &text);
    else
        topology_import_print(import, topology, &text);
    if (output_open(&output, file != NULL ? file : "-")) {
        output_write(&output, ls_buf_str(&text));
        code = output_close(&output) ? APP_EXIT_OK : APP_EXIT_UNABLE;
    }
    if (topology_import_is_draft(import) && !options_has(options, OPTION_QUIET))
        command_complain("this is a draft: the file says that it is not "
                         "published");
    ls_buf_clear(&text);
    topology_free(topology);
    return code;
}

static int run(const struct options *options)
{
    struct topology_import *import = topology_import_new();
    enum app_exit code = APP_EXIT_OK;

    for (size_t i = 0; i < options->argument_count; i++) {
        enum app_exit worse = read_file(import, options->arguments[i]);

        code = worse > code ? worse : code;
    }
    if (code == APP_EXIT_OK)
        code = write_topology(options, import);
    topology_import_free(import);
    return (int)code;
}

static const enum option_id option_ids[] = {OPTION_OUTPUT, OPTION_END};

const struct command topology_import_command = {
    .name = "topology import",
    .arguments = "FILE...",
    .summary = "make a topology file of a real deployment's exports",
    .details =
        "Reads what (Get-CsTopology -AsXml) prints, Topology Builder's .tbxml\n"
        "files, and Get-CsTrustedApplicationPool, -Computer and -Application\n"
        "through Format-List, ConvertTo-Json or Export-Csv, UTF-16 as well as\n"
        "UTF-8. Several files add up. Each thing that cannot be taken over\n"
        "becomes a comment in the file that is written.\n",
    .options = option_ids,
    .argument_min = 1,
    .argument_max = SIZE_MAX,
    .run = run,
};
