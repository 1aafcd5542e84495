/*
 * Revocation lists as files.
 */
#include "cert_revoke.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/revocation_list.h"

#include "cert_files.h"
#include "cert_options.h"
#include "command.h"

#define DAYS_DEFAULT 30u

/* The list of nobody is a list, too. */
static bool is_nobody(const char *file)
{
    return strcmp(file, "none") == 0;
}

static enum app_exit deliver(const struct options *options,
                             struct X509_crl_st *list)
{
    const char *form = options_text(options, OPTION_FORM);
    const char *prefix = options_text(options, OPTION_OUTPUT);
    struct ls_buf told = {0};
    enum app_exit code = APP_EXIT_OK;
    size_t length;
    char *bytes;

    if (form != NULL && strcmp(form, "der") == 0) {
        bytes = revocation_list_format_der(list, &length);
    } else {
        bytes = revocation_list_format_pem(list);
        length = strlen(bytes);
    }
    if (prefix != NULL)
        code = cert_files_write_list(options, ls_strf("%s.crl", prefix), bytes,
                                     length, &told);
    else
        ls_buf_add(&told, ls_str_from_bytes(bytes, length));
    if (prefix != NULL && options_has(options, OPTION_QUIET))
        ls_buf_reset(&told);
    command_print(stdout, &told);
    if (prefix == NULL)
        free(bytes);
    return code;
}

static enum app_exit make(const struct options *options, struct mint *mint,
                          const struct credential *issuer,
                          const struct credential *const *revoked, size_t count)
{
    int64_t at_s = cert_options_at(options);
    int64_t days = options_number(options, OPTION_DAYS, DAYS_DEFAULT);
    const struct mint_crl_profile profile = {revoked, count, at_s,
                                             at_s + days * 86400};
    char *why = NULL;
    struct X509_crl_st *list = mint_issue_crl(mint, issuer, &profile, &why);
    enum app_exit code = APP_EXIT_USAGE;

    if (list != NULL)
        code = deliver(options, list);
    else
        command_complain("the list cannot be made: %s", why);
    mint_free_crl(list);
    free(why);
    return code;
}

enum app_exit cert_revoke(const struct options *options, struct mint *mint,
                          const struct credential *issuer)
{
    size_t count;
    size_t loaded = 0;
    const char *const *files = options_all(options, OPTION_REVOKE, &count);
    struct credential **revoked = ls_alloc_array(count, sizeof *revoked);
    enum app_exit code = APP_EXIT_OK;

    for (size_t i = 0; i < count && code == APP_EXIT_OK; i++) {
        if (is_nobody(files[i]))
            continue;
        revoked[loaded] = cert_options_load(options, files[i], &code);
        if (revoked[loaded] != NULL)
            loaded++;
    }
    if (code == APP_EXIT_OK)
        code = make(options, mint, issuer,
                    (const struct credential *const *)revoked, loaded);
    while (loaded-- > 0)
        credential_free(revoked[loaded]);
    free(revoked);
    return code;
}
