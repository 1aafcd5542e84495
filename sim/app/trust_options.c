/*
 * Trust out of the command line.
 */
#include "trust_options.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/revocation_list.h"

#include "command.h"
#include "credential_file.h"
#include "input.h"

static bool add_lists(struct trust_anchors *anchors, const char *file,
                      enum app_exit *code)
{
    char *why = NULL;
    size_t length;
    char *text = input_load(file, &length, code);
    bool is_done = false;

    if (text != NULL) {
        is_done = revocation_lists_add(anchors, ls_str_from_bytes(text, length),
                                       &why);
        if (!is_done) {
            command_complain("%s: %s", input_name(file), why);
            *code = APP_EXIT_USAGE;
        }
    }
    free(text);
    free(why);
    return is_done;
}

bool trust_options_load(const struct options *options,
                        struct trust_anchors **anchors, enum app_exit *code)
{
    size_t ca_count, list_count;
    const char *const *cas = options_all(options, OPTION_CA, &ca_count);
    const char *const *lists = options_all(options, OPTION_CRL, &list_count);

    if (*anchors == NULL && ca_count > 0)
        *anchors = trust_anchors_new();
    if (*anchors == NULL && list_count > 0) {
        command_complain("--crl needs --ca FILE: the roots to trust");
        *code = APP_EXIT_USAGE;
        return false;
    }
    for (size_t i = 0; i < ca_count; i++)
        if (!credential_file_trust(*anchors, cas[i], code))
            return false;
    if (ca_count > 0 && trust_anchors_root_count(*anchors) == 0)
        command_complain("warning: there is no root in what --ca names, so "
                         "nobody is trusted: what is below one only completes "
                         "chains");
    for (size_t i = 0; i < list_count; i++)
        if (!add_lists(*anchors, lists[i], code))
            return false;
    return true;
}
