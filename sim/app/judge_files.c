/*
 * Certificates, topologies and policy out of the command line.
 */
#include "judge_files.h"

#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario_settings.h"

#include "cert_options.h"
#include "credential_file.h"
#include "policy_options.h"
#include "topology_file.h"
#include "trust_options.h"

enum app_exit judge_files_open(const struct options *options,
                               struct judge_table *table)
{
    struct scenario_front_end settings = {0};
    enum app_exit code = APP_EXIT_OK;

    policy_options_read(options, &settings);
    *table = (struct judge_table){
        .policy = scenario_settings_policy(&settings),
        .at_s = cert_options_at(options),
    };
    trust_options_load(options, &table->anchors, &code);
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
        struct credential_names names = {
            .certificate = files[i],
            .password_file = options->last[OPTION_PASSWORD_FILE],
        };
        struct credential *credential = credential_file_load(&names, &code);

        if (credential == NULL)
            return code;
        if (options->last[OPTION_STAPLE] != NULL &&
            !credential_file_staple(credential, options->last[OPTION_STAPLE],
                                    &code)) {
            credential_free(credential);
            return code;
        }
        table->credentials[table->certificate_count++] = credential;
    }
    return APP_EXIT_OK;
}
