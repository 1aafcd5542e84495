/*
 * Options of the cert commands as values.
 */
#include "cert_options.h"

#include <time.h>

#include "lyncsim/timestamp.h"

#include "credential_file.h"

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
    size_t count;
    const char *const *files = options_all(options, OPTION_CA, &count);
    struct trust_anchors *anchors;

    *code = APP_EXIT_OK;
    if (count == 0)
        return NULL;
    anchors = trust_anchors_new();
    for (size_t i = 0; i < count; i++)
        if (!credential_file_trust(anchors, files[i], code)) {
            trust_anchors_free(anchors);
            return NULL;
        }
    return anchors;
}
