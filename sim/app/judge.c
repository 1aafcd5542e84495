/*
 * Would the Front End accept these certificates under these tables, and why
 * (not)?
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/judge_report.h"
#include "lyncsim/timestamp.h"

#include "command.h"
#include "policy_options.h"
#include "topology_file.h"
#include "trust_files.h"

static int64_t judged_at(const struct options *options)
{
    const char *at = options_text(options, OPTION_AT);
    int64_t ms;

    if (at != NULL && timestamp_parse(ls_str_from(at), &ms))
        return ms / 1000;
    return (int64_t)time(NULL);
}

static struct trust_policy read_policy(const struct options *options)
{
    struct scenario_front_end settings = {0};

    policy_options_read(options, &settings);
    return (struct trust_policy){
        .rule = settings.rule != NULL ? settings.rule : identity_rule_default(),
        .names = settings.names,
        .cn = settings.cn,
        .interface =
            settings.has_interface ? settings.interface : INTERFACE_PRIMARY,
    };
}

static enum app_exit load_topologies(const struct options *options,
                                     struct judge_table *table)
{
    enum app_exit code = APP_EXIT_OK;
    size_t count;
    const char *const *files = options_all(options, OPTION_TOPOLOGY, &count);

    if (count == 0) {
        command_complain("judge needs --topology FILE: the table to judge by");
        return APP_EXIT_USAGE;
    }
    table->topology_names = files;
    table->topologies = ls_alloc_array(count, sizeof *table->topologies);
    for (size_t i = 0; i < count; i++) {
        struct topology *topology = topology_file_load(files[i], &code);

        if (topology == NULL)
            return code;
        table->topologies[table->topology_count++] = topology;
    }
    return APP_EXIT_OK;
}

static enum app_exit load_certificates(const struct options *options,
                                       struct judge_table *table)
{
    enum app_exit code = APP_EXIT_OK;
    size_t count = options->argument_count;

    table->certificate_names = options->arguments;
    table->credentials = ls_alloc_array(count, sizeof *table->credentials);
    for (size_t i = 0; i < count; i++) {
        struct credential *credential =
            trust_files_certificate(options, options->arguments[i], &code);

        if (credential == NULL)
            return code;
        table->credentials[table->certificate_count++] = credential;
    }
    table->anchors = trust_files_anchors(options, &code);
    return code;
}

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

static int judge(const struct options *options)
{
    const char *rule = options_text(options, OPTION_RULE);
    struct judge_table table = {
        .policy = read_policy(options),
        .all_rules = rule != NULL && strcmp(rule, "all") == 0,
        .at_s = judged_at(options),
    };
    enum app_exit code = load_topologies(options, &table);

    if (code == APP_EXIT_OK)
        code = load_certificates(options, &table);
    if (code == APP_EXIT_OK) {
        judge_table_decide(&table);
        print(options, &table);
        code = judge_table_refused(&table) == 0 ? APP_EXIT_OK : APP_EXIT_NO;
    }
    judge_table_clear(&table);
    return code;
}

static const enum option_id judge_options[] = {
    OPTION_TOPOLOGY, OPTION_CA, OPTION_RULE,      OPTION_NAMES,
    OPTION_CN,       OPTION_AT, OPTION_INTERFACE, OPTION_PASSWORD_FILE,
    OPTION_END,
};

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
    .argument_min = 1,
    .argument_max = SIZE_MAX,
    .run = judge,
};
