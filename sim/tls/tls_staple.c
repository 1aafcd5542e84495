/*
 * OCSP stapling (RFC 6066 8): a Front End sends what its credential has, a
 * peer looks at it. The other way round this library cannot: a client's
 * staple, which TLS 1.3 allows, is neither asked for nor sent by OpenSSL 3.0.
 */
#include <string.h>

#include "lyncsim/alloc.h"

#include "tls_internal.h"

static int on_asked(SSL *ssl, void *arg)
{
    const struct credential *credential = arg;
    struct ls_str staple = credential_staple(credential);
    unsigned char *copy;

    if (ls_str_is_empty(staple))
        return SSL_TLSEXT_ERR_NOACK;
    /* The library frees it by its own means. */
    copy = OPENSSL_memdup(staple.at, staple.length);
    SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)staple.length);
    return SSL_TLSEXT_ERR_OK;
}

/* Once more over the chain, now that all is known; whether it is sound. */
static bool judge_again(struct tls_session *session, struct ls_str staple,
                        X509 *leaf, STACK_OF(X509) * sent)
{
    const struct tls_settings *settings = &session->context->settings;
    const struct chain_options options = {
        .at_s = session->at_s,
        .check_revocation = true,
        .staple = staple,
        .leaf = &session->seen->peer,
    };
    struct chain_report *chain = &session->seen->chain;

    chain_report_clear(chain);
    trust_anchors_check(settings->anchors, leaf, sent, &options, chain);
    session->staple = chain->staple;
    if (chain->fault_count == 0)
        return true;
    session->failure.refused_by_us = true;
    return false;
}

/* 0 ends the handshake with bad_certificate_status_response. */
static int on_answered(SSL *ssl, void *arg)
{
    struct tls_session *session = SSL_get_app_data(ssl);
    const struct tls_settings *settings = &session->context->settings;
    STACK_OF(X509) *sent = SSL_get_peer_cert_chain(ssl);
    X509 *leaf = SSL_get0_peer_certificate(ssl);
    const unsigned char *bytes = NULL;
    long length = SSL_get_tlsext_status_ocsp_resp(ssl, &bytes);
    struct ls_str staple = ls_str_from_bytes(
        (const char *)bytes, bytes != NULL && length > 0 ? (size_t)length : 0);

    (void)arg;
    if (leaf == NULL)
        return 1;
    session->has_staple = true;
    if (session->seen->shown != NULL)
        credential_set_staple(session->seen->shown, staple);
    if (settings->check_revocation && settings->anchors != NULL)
        return judge_again(session, staple, leaf, sent);
    session->staple = trust_anchors_judge_staple(settings->anchors, staple,
                                                 leaf, sent, session->at_s);
    return 1;
}

void tls_staple_use(SSL_CTX *ssl, const struct tls_settings *settings)
{
    if (settings->role == TLS_FRONT_END) {
        SSL_CTX_set_tlsext_status_cb(ssl, on_asked);
        SSL_CTX_set_tlsext_status_arg(ssl, (void *)settings->credential);
    } else if (settings->asks_staple || settings->check_revocation) {
        SSL_CTX_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
        SSL_CTX_set_tlsext_status_cb(ssl, on_answered);
    }
}
