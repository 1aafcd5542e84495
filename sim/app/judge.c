/*
 * Would the Front End accept these certificates under these tables, and why
 * (not)?
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
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

/* The first speaks for the verdict; several, or all, have an answer each. */
static void read_rules(const struct options *options, struct judge_table *table)
{
    size_t count;
    const char *const *rules = options_all(options, OPTION_RULE, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[i], "all") == 0) {
            table->policy.rule = identity_rule_default();
            table->all_rules = true;
            return;
        }
    if (count > 0)
        table->policy.rule = identity_rule_find(ls_str_from(rules[0]));
    for (size_t i = 0; count > 1 && i < count; i++) {
        const struct identity_rule *rule =
            identity_rule_find(ls_str_from(rules[i]));
        size_t seen = 0;

        while (seen < table->rule_count && table->rules[seen] != rule)
            seen++;
        if (seen == table->rule_count)
            table->rules[table->rule_count++] = rule;
    }
}

static enum app_exit load(const struct options *options,
                          struct judge_table *table)
{
    enum app_exit code = judge_files_open(options, table);
    size_t count;
    const char *const *files = options_all(options, OPTION_TOPOLOGY, &count);

    if (code != APP_EXIT_OK)
        return code;
    read_rules(options, table);
    /* Who brings a response wants it looked at. */
    if (options_has(options, OPTION_STAPLE) &&
        !options_has(options, OPTION_REVOCATION))
        table->policy.check_revocation = true;
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
    OPTION_TOPOLOGY,      OPTION_CA,   OPTION_CRL,    OPTION_STAPLE,
    OPTION_REVOCATION,    OPTION_WEAK, OPTION_STRICT, OPTION_RULE,
    OPTION_NAMES,         OPTION_CN,   OPTION_AT,     OPTION_INTERFACE,
    OPTION_PASSWORD_FILE, OPTION_END,
};

static const enum option_id judge_many[] = {OPTION_TOPOLOGY, OPTION_RULE,
                                            OPTION_END};

const struct command judge_command = {
    .name = "judge",
    .arguments = "CERT...",
    .summary = "would the Front End accept this certificate, and why (not)?",
    .details =
        "CERT is PEM (a chain may follow), DER, PKCS#12 or PKCS#7; no private\n"
        "key is needed. Without --ca the chain is not judged. --topology may\n"
        "be repeated: then it is a table of certificates and topologies, and\n"
        "what would let everything in. --rule may be repeated: then every one\n"
        "of them answers, and 1 is for what any of them refuses. --rule all\n"
        "adds a line a rule; the exit code follows the default rule: 0 all\n"
        "accepted, 1 any refused. In the JSON of several verdicts each has\n"
        "those changes that touch its certificate or its topology, and is\n"
        "unsolved where none of them lets it in; each rule has its own.\n",
    .options = judge_options,
    .many = judge_many,
    .takes_all_rules = true,
    .argument_min = 1,
    .argument_max = SIZE_MAX,
    .run = judge,
};
