/*
 * Trusted issuers, named by who asks for a certificate and minded by who is
 * asked. The list is meant as a help to choose; where a server trusts too many
 * roots it is cut off, and whoever minds it finds nothing to show.
 */
#include <stdint.h>
#include <stdlib.h>

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"

#include "tls_internal.h"

#define LIST_MAX_BYTES 16384

/* Take name, unless the list is full. */
static bool add_name(STACK_OF(X509_NAME) * names, X509_NAME *name, int *bytes)
{
    int length = i2d_X509_NAME(name, NULL) + 2;

    if (*bytes + length > LIST_MAX_BYTES) {
        X509_NAME_free(name);
        return false;
    }
    *bytes += length;
    sk_X509_NAME_push(names, name);
    return true;
}

/* All the others that a machine has come to trust: until nothing fits. */
static void add_strangers(STACK_OF(X509_NAME) * names, int *bytes)
{
    bool fits = true;

    for (unsigned i = 1; fits; i++) {
        X509_NAME *name = X509_NAME_new();
        char *text = ls_strf("%u", i);

        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                   (const unsigned char *)text, -1, -1, 0);
        free(text);
        fits = add_name(names, name, bytes);
    }
}

static void name_issuers(SSL_CTX *ssl, const struct tls_settings *settings)
{
    STACK_OF(X509_NAME) *names = sk_X509_NAME_new_null();
    STACK_OF(X509) * roots;
    int bytes = 0;

    if (settings->issuers == ISSUERS_TRUNCATED)
        add_strangers(names, &bytes);
    roots = X509_STORE_get1_all_certs(trust_anchors_store(settings->anchors));
    for (int i = 0; i < sk_X509_num(roots); i++) {
        const X509_NAME *name = X509_get_subject_name(sk_X509_value(roots, i));

        if (!add_name(names, X509_NAME_dup(name), &bytes))
            break;
    }
    sk_X509_pop_free(roots, X509_free);
    SSL_CTX_set_client_CA_list(ssl, names);
}

static bool is_issued_by_one(X509 *x509, const STACK_OF(X509_NAME) * names)
{
    const X509_NAME *issuer = X509_get_issuer_name(x509);

    for (int i = 0; i < sk_X509_NAME_num(names); i++)
        if (X509_NAME_cmp(issuer, sk_X509_NAME_value(names, i)) == 0)
            return true;
    return false;
}

/* We are asked for a certificate. */
static int on_asked(SSL *ssl, void *arg)
{
    const struct credential *credential = arg;
    const STACK_OF(X509_NAME) *names = SSL_get0_peer_CA_list(ssl);
    STACK_OF(X509) *chain = credential_chain(credential);
    bool fits = sk_X509_NAME_num(names) <= 0 ||
                is_issued_by_one(credential_leaf(credential), names);

    for (int i = 0; chain && i < sk_X509_num(chain) && !fits; i++)
        fits = is_issued_by_one(sk_X509_value(chain, i), names);
    if (!fits)
        SSL_certs_clear(ssl);
    return 1;
}

void tls_issuers_use(SSL_CTX *ssl, const struct tls_settings *settings)
{
    if (settings->role == TLS_FRONT_END && settings->anchors &&
        settings->issuers != ISSUERS_NONE)
        name_issuers(ssl, settings);
    /* The library wants what it hands back to be changeable. */
    if (settings->role == TLS_PEER && settings->minds_issuers &&
        settings->credential)
        SSL_CTX_set_cert_cb(ssl, on_asked,
                            (void *)(uintptr_t)settings->credential);
}
