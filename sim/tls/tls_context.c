#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/tls_library.h"

#include "tls_error.h"
#include "tls_internal.h"

static const struct {
    const char *text;   /* as reports show it */
    const char *number; /* as options name it */
    int wire;
} versions[] = {
    [TLS_1_0] = {"TLSv1.0", "1.0", TLS1_VERSION},
    [TLS_1_1] = {"TLSv1.1", "1.1", TLS1_1_VERSION},
    [TLS_1_2] = {"TLSv1.2", "1.2", TLS1_2_VERSION},
    [TLS_1_3] = {"TLSv1.3", "1.3", TLS1_3_VERSION},
};

const char *tls_version_text(enum tls_version version)
{
    assert((size_t)version < LS_COUNT(versions));
    return versions[version].text;
}

static bool parse_version(struct ls_str text, enum tls_version *version)
{
    for (size_t i = 0; i < LS_COUNT(versions); i++)
        if (ls_str_equal_text(text, versions[i].number)) {
            *version = (enum tls_version)i;
            return true;
        }
    return false;
}

bool tls_role_accepts(enum tls_role role)
{
    return role == TLS_FRONT_END || role == TLS_PEER_LISTENS;
}

bool tls_role_is_front_end(enum tls_role role)
{
    return role == TLS_FRONT_END || role == TLS_FRONT_END_DIALS;
}

bool tls_versions_parse(struct ls_str text, struct tls_versions *result)
{
    size_t dash = ls_str_find(text, '-');
    struct ls_str low = ls_str_first(text, dash);
    struct ls_str high = dash < text.length ? ls_str_skip(text, dash + 1) : low;
    struct tls_versions parsed;

    if (!parse_version(low, &parsed.low) || !parse_version(high, &parsed.high))
        return false;
    if (parsed.low > parsed.high)
        return false;
    *result = parsed;
    return true;
}

/*
 * A key that does not belong to its certificate, which a lab may want to see
 * refused: the library takes only pairs that agree, so the certificate's
 * public part is joined with the secret of the other key. What it signs
 * verifies nowhere. NULL where the two are not of one kind.
 */
static EVP_PKEY *join_misfit(EVP_PKEY *public, EVP_PKEY *secret)
{
    const char *name = EVP_PKEY_is_a(secret, "RSA") ? OSSL_PKEY_PARAM_RSA_D
                                                    : OSSL_PKEY_PARAM_PRIV_KEY;
    OSSL_PARAM *known = NULL, *hidden = NULL, *joined = NULL;
    OSSL_PARAM part[2] = {OSSL_PARAM_END, OSSL_PARAM_END};
    const OSSL_PARAM *found = NULL;
    EVP_PKEY_CTX *context = NULL;
    EVP_PKEY *pair = NULL;

    if (EVP_PKEY_todata(public, EVP_PKEY_PUBLIC_KEY, &known) != 1 ||
        EVP_PKEY_todata(secret, EVP_PKEY_KEYPAIR, &hidden) != 1)
        goto done;
    found = OSSL_PARAM_locate_const(hidden, name);
    if (!found)
        goto done;
    part[0] = *found;
    joined = OSSL_PARAM_merge(known, part);
    context =
        EVP_PKEY_CTX_new_from_name(NULL, EVP_PKEY_get0_type_name(public), NULL);
    if (!joined || !context || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &pair, EVP_PKEY_KEYPAIR, joined) != 1)
        pair = NULL;
done:
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(joined);
    OSSL_PARAM_free(hidden);
    OSSL_PARAM_free(known);
    return pair;
}

static bool use_key(SSL_CTX *ssl, X509 *leaf, EVP_PKEY *key)
{
    EVP_PKEY *public = X509_get0_pubkey(leaf);
    EVP_PKEY *misfit = NULL;
    bool is_used;

    if (public && EVP_PKEY_eq(public, key) == 1)
        return SSL_CTX_use_PrivateKey(ssl, key) == 1;
    misfit = public ? join_misfit(public, key) : NULL;
    is_used = misfit && SSL_CTX_use_PrivateKey(ssl, misfit) == 1;
    EVP_PKEY_free(misfit);
    return is_used;
}

static char *library_says(const char *what)
{
    char *text;
    char *sentence;

    tls_error_drain(&text);
    sentence = ls_strf("%s: %s", what, text);
    free(text);
    return sentence;
}

/* The sentence against it, or NULL. */
static char *use_credential(SSL_CTX *ssl, const struct credential *credential)
{
    X509 *leaf = credential_leaf(credential);
    EVP_PKEY *key = credential_key(credential);
    STACK_OF(X509) *chain = credential_chain(credential);

    if (!key)
        return ls_strf("the certificate comes without its private key");
    if (SSL_CTX_use_certificate(ssl, leaf) != 1)
        return library_says("the certificate cannot be used for TLS");
    if (!use_key(ssl, leaf, key))
        return library_says("the private key cannot be used with the "
                            "certificate");
    if (chain && SSL_CTX_set1_chain(ssl, chain) != 1)
        return library_says("the chain cannot be sent along");
    return NULL;
}

static char *set_versions(SSL_CTX *ssl, const struct tls_settings *settings)
{
    /* TLS 1.0 and 1.1 exist at level 0 only, on both sides. */
    SSL_CTX_set_security_level(ssl, 0);
    if (SSL_CTX_set_min_proto_version(
            ssl, versions[settings->versions.low].wire) != 1 ||
        SSL_CTX_set_max_proto_version(
            ssl, versions[settings->versions.high].wire) != 1)
        return library_says("these TLS versions cannot be had");
    return tls_ciphers_use(ssl, settings->ciphers);
}

/*
 * A resumed connection would skip the certificate check, a renegotiated one
 * could change the certificate after the verdict; tickets, automatic chains
 * and kept buffers cost time and memory besides.
 */
static void set_modes(struct tls_context *context)
{
    SSL_CTX *ssl = context->ssl;

    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN |
                              SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_options(ssl, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                 SSL_OP_NO_COMPRESSION |
                                 SSL_OP_LEGACY_SERVER_CONNECT);
    SSL_CTX_set_num_tickets(ssl, 0);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    /* Without SSL_VERIFY_FAIL_IF_NO_PEER_CERT: who shows no certificate is a
     * client. */
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(ssl, tls_session_on_verify, NULL);
    SSL_CTX_set_info_callback(ssl, tls_session_on_info);
    SSL_CTX_set_msg_callback(ssl, tls_session_on_message);
    if (!tls_role_accepts(context->settings.role))
        SSL_CTX_set_cert_cb(ssl, tls_session_on_asked, NULL);
    if (context->settings.key_log)
        SSL_CTX_set_keylog_callback(ssl, tls_session_on_secret);
}

struct tls_context *tls_context_new(const struct tls_settings *settings,
                                    char **why)
{
    struct tls_context *context = ls_alloc(sizeof *context);

    tls_error_clear();
    context->settings = *settings;
    context->ssl =
        SSL_CTX_new_ex(tls_library(), NULL,
                       tls_role_accepts(settings->role) ? TLS_server_method()
                                                        : TLS_client_method());
    context->wire = tls_session_wire_method();
    if (!context->ssl || !context->wire) {
        *why = library_says("TLS cannot be set up");
        goto fail;
    }
    *why = set_versions(context->ssl, settings);
    if (*why)
        goto fail;
    if (settings->credential)
        *why = use_credential(context->ssl, settings->credential);
    else if (settings->role != TLS_PEER)
        *why = ls_strf("a Front End needs a certificate");
    if (*why)
        goto fail;
    set_modes(context);
    tls_issuers_use(context->ssl, settings);
    tls_staple_use(context->ssl, settings);
    return context;
fail:
    tls_context_free(context);
    return NULL;
}

void tls_secret_free(struct tls_secret *secret)
{
    explicit_bzero(secret->line, secret->length);
    free(secret);
}

void tls_context_free(struct tls_context *context)
{
    if (!context)
        return;
    SSL_CTX_free(context->ssl);
    BIO_meth_free(context->wire);
    free(context);
}
