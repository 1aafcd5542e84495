/*
 * Options of the cert commands as values.
 */
#include "cert_options.h"

#include <time.h>

#include "lyncsim/timestamp.h"

#include "credential_file.h"
#include "topology_file.h"
#include "trust_options.h"

int64_t cert_options_at(const struct options *options)
{
    const char *at = options->last[OPTION_AT];
    int64_t ms;

    if (at != NULL && timestamp_parse(ls_str_from(at), &ms))
        return ms / 1000;
    return (int64_t)time(NULL);
}

struct credential *cert_options_load(const struct options *options,
                                     const char *file, enum app_exit *code)
{
    const struct credential_names names = {
        .certificate = file,
        .password_file = options->last[OPTION_PASSWORD_FILE]};

    *code = APP_EXIT_OK;
    return credential_file_load(&names, code);
}

struct trust_anchors *cert_options_anchors(const struct options *options,
                                           enum app_exit *code)
{
    struct trust_anchors *anchors = NULL;

    *code = APP_EXIT_OK;
    if (trust_options_load(options, &anchors, code))
        return anchors;
    trust_anchors_free(anchors);
    return NULL;
}

struct known_servers *cert_options_known(const struct options *options,
                                         enum app_exit *code)
{
    const char *file = options_text(options, OPTION_TOPOLOGY);
    struct topology *topology;
    struct known_servers *known;

    *code = APP_EXIT_OK;
    if (file == NULL)
        return NULL;
    topology = topology_file_load(file, code);
    if (topology == NULL)
        return NULL;
    known = known_servers_new(topology);
    topology_free(topology);
    return known;
}
