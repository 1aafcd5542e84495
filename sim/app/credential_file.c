/*
 * Certificates and keys out of files.
 */
#include "credential_file.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/text_decoder.h"
#include "lyncsim/timestamp.h"

#include "command.h"
#include "input.h"

void credential_file_wipe(char *text, size_t length)
{
    if (text != NULL)
        explicit_bzero(text, length);
    free(text);
}

/* PowerShell writes what it redirects as UTF-16, and says so in front. */
static bool is_utf16(struct ls_str bytes)
{
    return ls_str_starts_with(bytes, "\xFF\xFE") ||
           ls_str_starts_with(bytes, "\xFE\xFF");
}

/* The same as UTF-8, where it is such a text. */
static char *decode(char *text, size_t *length)
{
    struct ls_str bytes = ls_str_from_bytes(text, text ? *length : 0);
    struct text_decoder decoder = {0};
    struct ls_buf out = {0};

    if (!is_utf16(bytes))
        return text;
    ls_buf_reserve(&out, 2 * *length); /* growing would leave copies of keys */
    text_decoder_feed(&decoder, bytes, &out);
    text_decoder_feed_eof(&decoder, &out);
    credential_file_wipe(text, *length);
    *length = out.length;
    return ls_buf_take(&out);
}

/* "" when file is NULL. */
static char *read_or_empty(const char *file, size_t *length,
                           enum app_exit *code)
{
    *length = 0;
    return file == NULL ? ls_strdup("")
                        : decode(input_load(file, length, code), length);
}

/* Whether the certificate could be read, so that the key is to blame. */
static bool is_sound_alone(struct ls_str certificate, const char *password)
{
    char *why = NULL;
    struct credential *credential =
        credential_parse(certificate, ls_str_from(""), password, &why);

    free(why);
    if (credential == NULL)
        return false;
    credential_free(credential);
    return true;
}

static struct credential *parse(const struct credential_names *names,
                                struct ls_str certificate, struct ls_str key,
                                const char *password, enum app_exit *code)
{
    const char *name = input_name(names->certificate);
    char *why = NULL;
    struct credential *credential = NULL;

    if (names->key != NULL && ls_str_is_empty(key))
        why = ls_strdup("the file is empty");
    else
        credential = credential_parse(certificate, key, password, &why);
    if (credential != NULL)
        return credential;
    if (names->key != NULL && is_sound_alone(certificate, password))
        command_complain("%s (for %s): %s", input_name(names->key), name, why);
    else
        command_complain("%s: %s", name, why);
    free(why);
    *code = APP_EXIT_USAGE;
    return NULL;
}

char *credential_file_password(const char *file, size_t *length,
                               enum app_exit *code)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* Notepad puts it before */
    char *text = read_or_empty(file, length, code);

    if (text == NULL)
        return NULL;
    if (strncmp(text, mark, strlen(mark)) == 0)
        memmove(text, text + strlen(mark), strlen(text + strlen(mark)) + 1);
    text[strcspn(text, "\r\n")] = '\0';
    return text;
}

struct credential *credential_file_load(const struct credential_names *names,
                                        enum app_exit *code)
{
    struct credential *credential = NULL;
    size_t length, key_length, password_length;
    char *text = read_or_empty(names->certificate, &length, code);
    char *key = read_or_empty(names->key, &key_length, code);
    char *password =
        credential_file_password(names->password_file, &password_length, code);

    if (text != NULL && key != NULL && password != NULL)
        credential =
            parse(names, ls_str_from_bytes(text, length),
                  ls_str_from_bytes(key, key_length),
                  names->password_file != NULL ? password : NULL, code);
    credential_file_wipe(text, length);
    credential_file_wipe(key, key_length);
    credential_file_wipe(password, password_length);
    return credential;
}

bool credential_file_names(struct credential_names *names,
                           const struct options *options, enum app_exit *code)
{
    *names = (struct credential_names){
        .certificate = options_text(options, OPTION_CERTIFICATE),
        .key = options_text(options, OPTION_KEY),
        .password_file = options_text(options, OPTION_PASSWORD_FILE)};
    if (names->certificate != NULL ||
        (names->key == NULL && names->password_file == NULL))
        return true;
    command_complain("%s goes with --certificate FILE",
                     names->key != NULL ? "--key" : "--password-file");
    *code = APP_EXIT_USAGE;
    return false;
}

/* Whoever looks at it will refuse it; sometimes that is what is tried. */
static void warn_of_time(const struct credential_names *names,
                         const struct certificate_facts *facts)
{
    int64_t now_s = (int64_t)time(NULL);
    bool is_early = now_s < facts->not_before_s;
    struct ls_buf when = {0};

    if (!is_early && now_s <= facts->not_after_s)
        return;
    timestamp_format(
        &when, (is_early ? facts->not_before_s : facts->not_after_s) * 1000);
    command_complain("warning: %s %s %.*s: peers that look will refuse it",
                     input_name(names->certificate),
                     is_early ? "is not valid before" : "expired on",
                     LS_STR_ARG(ls_buf_str(&when)));
    ls_buf_clear(&when);
}

struct credential *
credential_file_load_own(const struct credential_names *names,
                         enum app_exit *code)
{
    struct credential *own = credential_file_load(names, code);

    if (own == NULL)
        return NULL;
    if (credential_key(own) != NULL) {
        warn_of_time(names, credential_facts(own));
        return own;
    }
    command_complain("%s: %s; --key names one, --password-file opens it",
                     input_name(names->certificate), credential_key_fault(own));
    *code = APP_EXIT_USAGE;
    credential_free(own);
    return NULL;
}

bool credential_file_staple(struct credential *credential, const char *file,
                            enum app_exit *code)
{
    size_t length;
    char *text = read_or_empty(file, &length, code);

    if (text == NULL)
        return false;
    credential_set_staple(credential, ls_str_from_bytes(text, length));
    free(text);
    return true;
}

bool credential_file_trust(struct trust_anchors *anchors, const char *file,
                           enum app_exit *code)
{
    struct credential_names names = {.certificate = file};
    struct credential *credential = credential_file_load(&names, code);

    if (credential == NULL)
        return false;
    trust_anchors_add_credential(anchors, credential);
    credential_free(credential);
    return true;
}
