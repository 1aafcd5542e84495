/*
 * Which names come, go and change between two topologies, and whose verdict
 * does that change?
 */
#include <stdio.h>
#include <unistd.h>

#include "lyncsim/topology_report.h"

#include "command.h"
#include "judge_files.h"

static enum app_exit load(const struct options *options,
                          struct judge_table *table)
{
    size_t count;
    const char *const *certificates =
        options_all(options, OPTION_CERTIFICATE, &count);
    enum app_exit code = judge_files_open(options, table);

    if (code == APP_EXIT_OK)
        code = judge_files_add_topologies(table, options->arguments,
                                          options->argument_count);
    if (code == APP_EXIT_OK)
        code =
            judge_files_add_certificates(options, table, certificates, count);
    return code;
}

/* Who was let in and would be no more. */
static bool shuts_out(const struct judge_table *table)
{
    for (size_t i = 0; i < table->certificate_count; i++) {
        const struct judge_cell *cells = &table->cells[i * 2];

        if (cells[0].verdict.outcome == TRUST_ACCEPTED &&
            cells[1].verdict.outcome != TRUST_ACCEPTED)
            return true;
    }
    return false;
}

static int diff(const struct options *options)
{
    struct judge_table table;
    struct ls_buf text = {0};
    enum app_exit code = load(options, &table);

    if (code == APP_EXIT_OK) {
        judge_table_decide(&table);
        if (options_has(options, OPTION_JSON))
            topology_report_print_diff_json(&table, &text);
        else
            topology_report_print_diff(
                &table, options_color(options, STDOUT_FILENO), &text);
        command_print(stdout, &text);
        code = shuts_out(&table) ? APP_EXIT_NO : APP_EXIT_OK;
    }
    judge_table_clear(&table);
    return (int)code;
}

static const enum option_id diff_options[] = {
    OPTION_CERTIFICATE, OPTION_CA,
    OPTION_CRL,         OPTION_REVOCATION,
    OPTION_RULE,        OPTION_NAMES,
    OPTION_CN,          OPTION_AT,
    OPTION_INTERFACE,   OPTION_PASSWORD_FILE,
    OPTION_END,
};

static const enum option_id diff_many[] = {OPTION_CERTIFICATE, OPTION_END};

const struct command topology_diff_command = {
    .name = "topology diff",
    .arguments = "BEFORE AFTER",
    .summary = "which names come, go and change, and whose verdict?",
    .details = "What a pool is for, its site, its Registrar and its "
               "applications are compared\nas well; they decide nothing of "
               "who is let in.\nWith --certificate, which may be repeated, the "
               "verdict of "
               "each under both\nis told; the exit code is 1 where one was "
               "accepted and is no more.\n",
    .options = diff_options,
    .many = diff_many,
    .argument_min = 2,
    .argument_max = 2,
    .run = diff,
};
