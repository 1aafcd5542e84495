/*
 * Would the Front End accept these certificates under these tables, and why
 * (not)?
 */
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "lyncsim/judge_report.h"

#include "command.h"
#include "judge_files.h"

static void print(const struct options *options,
                  const struct judge_table *table)
{
    struct ls_buf text = {0};
    struct story_style style = {
        .color = options_color(options, STDOUT_FILENO),
        .verbose = true,
    };

    if (options_has(options, OPTION_JSON))
        judge_report_print_json(table, &text);
    else if (options_has(options, OPTION_QUIET))
        judge_report_print_short(table, &text);
    else
        judge_report_print(table, &style, &text);
    command_print(stdout, &text);
}

static enum app_exit load(const struct options *options,
                          struct judge_table *table)
{
    enum app_exit code = judge_files_open(options, table);
    size_t count;
    const char *const *files = options_all(options, OPTION_TOPOLOGY, &count);

    if (code != APP_EXIT_OK)
        return code;
    if (count == 0) {
        command_complain("judge needs --topology FILE: the table to judge by");
        return APP_EXIT_USAGE;
    }
    code = judge_files_add_topologies(table, files, count);
    if (code != APP_EXIT_OK)
        return code;
    return judge_files_add_certificates(options, table, options->arguments,
                                        options->argument_count);
}

static int judge(const struct options *options)
{
    struct judge_table table;
    enum app_exit code = load(options, &table);

    if (code == APP_EXIT_OK) {
        judge_table_decide(&table);
        print(options, &table);
        code = judge_table_refused(&table) == 0 ? APP_EXIT_OK : APP_EXIT_NO;
    }
    judge_table_clear(&table);
    return (int)code;
}

static const enum option_id judge_options[] = {
    OPTION_TOPOLOGY, OPTION_CA, OPTION_RULE,      OPTION_NAMES,
    OPTION_CN,       OPTION_AT, OPTION_INTERFACE, OPTION_PASSWORD_FILE,
    OPTION_END,
};

static const enum option_id judge_many[] = {OPTION_TOPOLOGY, OPTION_END};

const struct command judge_command = {
    .name = "judge",
    .arguments = "CERT...",
    .summary = "would the Front End accept this certificate, and why (not)?",
    .details =
        "CERT is PEM (a chain may follow), DER, PKCS#12 or PKCS#7; no private\n"
        "key is needed. Without --ca the chain is not judged. --topology may\n"
        "be repeated: then it is a table of certificates and topologies, and\n"
        "what would let everything in. --rule all adds a line a rule; the "
        "exit\n"
        "code follows the default rule: 0 all accepted, 1 any refused.\n",
    .options = judge_options,
    .many = judge_many,
    .takes_all_rules = true,
    .argument_min = 1,
    .argument_max = SIZE_MAX,
    .run = judge,
};
