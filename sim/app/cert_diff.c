/*
 * What happens when one certificate takes another's place?
 */
#include <stdio.h>
#include <stdlib.h>

#include "lyncsim/certificate_report.h"
#include "lyncsim/known_servers.h"
#include "lyncsim/scenario_settings.h"

#include "cert_options.h"
#include "command.h"
#include "policy_options.h"

static struct trust_policy read_policy(const struct options *options,
                                       const struct known_servers *known)
{
    struct scenario_front_end settings = {0};
    struct trust_policy policy;

    policy_options_read(options, &settings);
    policy = scenario_settings_policy(&settings);
    policy.known = known;
    return policy;
}

static int compare(const struct options *options,
                   const struct credential *before,
                   const struct credential *after,
                   const struct known_servers *known)
{
    struct trust_policy policy = read_policy(options, known);
    struct certificate_diff diff;
    struct replacement replacement;
    struct ls_buf text = {0};
    bool is_felt;

    certificate_diff_make(&diff, credential_facts(before),
                          credential_facts(after));
    replacement_find(&replacement, credential_facts(before),
                     credential_facts(after), &policy,
                     cert_options_at(options));
    is_felt = certificate_report_has_consequence(&diff, &replacement);
    if (options_has(options, OPTION_JSON))
        certificate_report_print_diff_json(&diff, &replacement, &text);
    else if (!options_has(options, OPTION_QUIET))
        certificate_report_print_diff(&diff, &replacement, &text);
    command_print(stdout, &text);
    replacement_clear(&replacement);
    certificate_diff_clear(&diff);
    return is_felt ? APP_EXIT_NO : APP_EXIT_OK;
}

static int run(const struct options *options)
{
    enum app_exit code;
    struct known_servers *known = cert_options_known(options, &code);
    struct credential *before = NULL;
    struct credential *after = NULL;
    int result;

    if (code == APP_EXIT_OK)
        before = cert_options_load(options, options->arguments[0], &code);
    if (code == APP_EXIT_OK)
        after = cert_options_load(options, options->arguments[1], &code);
    result = code == APP_EXIT_OK ? compare(options, before, after, known)
                                 : (int)code;
    credential_free(after);
    credential_free(before);
    known_servers_free(known);
    return result;
}

static const enum option_id cert_diff_options[] = {
    OPTION_TOPOLOGY, OPTION_RULE,          OPTION_NAMES, OPTION_CN,
    OPTION_AT,       OPTION_PASSWORD_FILE, OPTION_END,
};

const struct command cert_diff_command = {
    .name = "cert diff",
    .arguments = "OLD NEW",
    .summary = "what happens when one certificate takes another's place?",
    .details =
        "The consequence first, then field by field. With --topology the\n"
        "connections are those that the old certificate served: to the Front\n"
        "End, and from every known server whose name it holds. Exit code 0:\n"
        "a renewal only; 1: somebody will notice.\n",
    .options = cert_diff_options,
    .argument_min = 2,
    .argument_max = 2,
    .run = run,
};
