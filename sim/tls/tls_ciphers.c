/*
 * Lists of ciphers. The library keeps those of TLS 1.3 apart, and drops
 * without a word what it does not have as long as anything remains.
 */
#include <string.h>

#include <openssl/ssl.h>

#include "lyncsim/alloc.h"

#include "tls_error.h"
#include "tls_internal.h"

/* Both kinds as the library wants them, with colons between; empty where the
 * list has none of a kind. */
struct split {
    struct ls_buf older;
    struct ls_buf of_1_3;
};

static bool next_item(struct ls_str *rest, struct ls_str *item)
{
    static const char between[] = ":, ";
    size_t length = 0;

    while (rest->length > 0 && strchr(between, rest->at[0]))
        *rest = ls_str_skip(*rest, 1);
    while (length < rest->length && !strchr(between, rest->at[length]))
        length++;
    *item = ls_str_first(*rest, length);
    *rest = ls_str_skip(*rest, length);
    return length > 0;
}

static void split_list(struct split *split, struct ls_str list)
{
    struct ls_str item;

    while (next_item(&list, &item)) {
        struct ls_buf *kind =
            ls_str_starts_with(item, "TLS_") ? &split->of_1_3 : &split->older;

        if (kind->length > 0)
            ls_buf_add_byte(kind, ':');
        ls_buf_add(kind, item);
    }
    ls_buf_add_byte(&split->older, '\0');
    ls_buf_add_byte(&split->of_1_3, '\0');
}

static void split_clear(struct split *split)
{
    ls_buf_clear(&split->older);
    ls_buf_clear(&split->of_1_3);
}

static bool use(SSL_CTX *ssl, struct ls_str list)
{
    struct split split = {0};
    bool done;

    split_list(&split, list);
    done = SSL_CTX_set_cipher_list(ssl, split.older.at[0] ? split.older.at
                                                          : "DEFAULT") == 1 &&
           (!split.of_1_3.at[0] ||
            SSL_CTX_set_ciphersuites(ssl, split.of_1_3.at) == 1);
    split_clear(&split);
    /* A list may say @SECLEVEL. */
    SSL_CTX_set_security_level(ssl, 0);
    tls_error_clear();
    return done;
}

char *tls_ciphers_use(SSL_CTX *ssl, const char *list)
{
    if (use(ssl, ls_str_from(list)))
        return NULL;
    return ls_strf("no cipher of this OpenSSL fits the list \"%s\"", list);
}

/* "!RC4" and "@STRENGTH" ask for nothing to be there. */
static bool is_wish(struct ls_str item)
{
    return !strchr("!-+@", item.at[0]);
}

char *tls_ciphers_fault(struct ls_str list)
{
    SSL_CTX *ssl = SSL_CTX_new(TLS_method());
    struct ls_str rest = list;
    struct ls_str item;
    char *fault = NULL;
    bool is_any = false;

    SSL_CTX_set_security_level(ssl, 0);
    while (!fault && next_item(&rest, &item)) {
        if (!is_wish(item))
            continue;
        is_any = true;
        if (!use(ssl, item))
            fault = ls_strf("this OpenSSL has no cipher \"%.*s\"",
                            LS_STR_ARG(item));
    }
    if (!fault && (!is_any || !use(ssl, list)))
        fault = ls_strf("no cipher of this OpenSSL fits the list \"%.*s\"",
                        LS_STR_ARG(list));
    SSL_CTX_free(ssl);
    return fault;
}
