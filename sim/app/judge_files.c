/*
 * Certificates, topologies and policy out of the command line.
 */
#include "judge_files.h"

#include <string.h>
#include <time.h>

#include "lyncsim/alloc.h"
#include "lyncsim/timestamp.h"

#include "policy_options.h"
#include "topology_file.h"
#include "trust_files.h"

static int64_t judged_at(const struct options *options)
{
    const char *at = options->last[OPTION_AT];
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

enum app_exit judge_files_open(const struct options *options,
                               struct judge_table *table)
{
    const char *rule = options->last[OPTION_RULE];
    enum app_exit code;

    *table = (struct judge_table){
        .policy = read_policy(options),
        .all_rules = rule != NULL && strcmp(rule, "all") == 0,
        .at_s = judged_at(options),
    };
    table->anchors = trust_files_anchors(options, &code);
    return code;
}

enum app_exit judge_files_add_topologies(struct judge_table *table,
                                         const char *const *files, size_t count)
{
    enum app_exit code = APP_EXIT_OK;

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

enum app_exit judge_files_add_certificates(const struct options *options,
                                           struct judge_table *table,
                                           const char *const *files,
                                           size_t count)
{
    enum app_exit code = APP_EXIT_OK;

    table->certificate_names = files;
    table->credentials = ls_alloc_array(count, sizeof *table->credentials);
    for (size_t i = 0; i < count; i++) {
        struct credential *credential =
            trust_files_certificate(options, files[i], &code);

        if (credential == NULL)
            return code;
        table->credentials[table->certificate_count++] = credential;
    }
    return APP_EXIT_OK;
}
