/*
 * Certificates out of files, as the options of judging name them.
 */
#include "trust_files.h"

#include "credential_file.h"

struct credential *trust_files_certificate(const struct options *options,
                                           const char *file,
                                           enum app_exit *code)
{
    struct credential_names names = {
        .certificate = file,
        .password_file = options->last[OPTION_PASSWORD_FILE],
    };

    *code = APP_EXIT_OK;
    return credential_file_load(&names, code);
}

struct trust_anchors *trust_files_anchors(const struct options *options,
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
