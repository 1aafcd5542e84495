/*
 * Certificates out of files.
 */
#include "trust_files.h"

#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "input.h"

/* The first line of the password file, owned by the caller; NULL with
 * APP_EXIT_OK when none was named. */
static char *read_password(const struct options *options, enum app_exit *code)
{
    const char *file = options->last[OPTION_PASSWORD_FILE];
    size_t length;
    char *why;
    char *text;

    *code = APP_EXIT_OK;
    if (file == NULL)
        return NULL;
    text = input_read(file, &length, &why);
    if (text == NULL) {
        command_complain("%s", why);
        free(why);
        *code = APP_EXIT_UNABLE;
        return NULL;
    }
    text[strcspn(text, "\r\n")] = '\0';
    return text;
}

static struct credential *load(const char *file, const char *password,
                               enum app_exit *code)
{
    struct credential *credential;
    size_t length;
    char *why;
    char *text = input_read(file, &length, &why);

    if (text == NULL) {
        command_complain("%s", why);
        free(why);
        *code = APP_EXIT_UNABLE;
        return NULL;
    }
    credential = credential_parse(ls_str_from_bytes(text, length),
                                  (struct ls_str){"", 0}, password, &why);
    free(text);
    if (credential == NULL) {
        command_complain("%s: %s", input_name(file), why);
        free(why);
        *code = APP_EXIT_USAGE;
    }
    return credential;
}

struct credential *trust_files_certificate(const struct options *options,
                                           const char *file,
                                           enum app_exit *code)
{
    struct credential *credential;
    char *password = read_password(options, code);

    if (*code != APP_EXIT_OK)
        return NULL;
    credential = load(file, password, code);
    free(password);
    return credential;
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
    for (size_t i = 0; i < count; i++) {
        struct credential *credential = load(files[i], NULL, code);

        if (credential == NULL) {
            trust_anchors_free(anchors);
            return NULL;
        }
        trust_anchors_add_credential(anchors, credential);
        credential_free(credential);
    }
    return anchors;
}
