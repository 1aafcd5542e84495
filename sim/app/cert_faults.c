/*
 * Which faults of certificates have a name?
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_report.h"

#include "command.h"

/* The named ones, or all; false and a sentence when there is none of a name. */
static bool choose(const struct options *options,
                   const struct certificate_catalogue *catalogue,
                   struct catalogue_entry *chosen, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < options->argument_count; i++) {
        struct ls_str name = ls_str_from(options->arguments[i]);
        char *why = NULL;

        if (ls_str_starts_with(name, "fault:"))
            name = ls_str_skip(name, 6);
        if (!certificate_catalogue_check_faults(catalogue, name, &why)) {
            command_complain("%s", why);
            free(why);
            return false;
        }
        chosen[(*count)++] = *certificate_catalogue_find_fault(catalogue, name);
    }
    return true;
}

static int run(const struct options *options)
{
    struct certificate_catalogue *catalogue = certificate_catalogue_new();
    size_t count;
    const struct catalogue_entry *faults =
        certificate_catalogue_faults(catalogue, &count);
    struct catalogue_entry *chosen =
        ls_alloc_array(options->argument_count + 1, sizeof *chosen);
    bool is_some = options->argument_count > 0;
    struct ls_buf text = {0};
    int code = APP_EXIT_OK;

    if (is_some && !choose(options, catalogue, chosen, &count))
        code = APP_EXIT_USAGE;
    else if (options_has(options, OPTION_JSON))
        certificate_report_print_faults_json(is_some ? chosen : faults, count,
                                             &text);
    else
        certificate_report_print_faults(
            is_some ? chosen : faults, count,
            is_some || options_has(options, OPTION_VERBOSE), &text);
    command_print(stdout, &text);
    free(chosen);
    certificate_catalogue_free(catalogue);
    return code;
}

static const enum option_id cert_faults_options[] = {OPTION_VERBOSE,
                                                     OPTION_END};

const struct command cert_faults_command = {
    .name = "cert faults",
    .arguments = "[NAME...]",
    .summary = "which faults of certificates have a name?",
    .details = "Any of them is usable as certificate: fault:NAME in a\n"
               "scenario and as lyncsim cert mint fault:NAME. real was met in\n"
               "the field; of assumed what a Front End answers is assumed;\n"
               "synthetic is made up. With a NAME, or -v, more is told.\n",
    .options = cert_faults_options,
    .argument_max = SIZE_MAX,
    .run = run,
};
