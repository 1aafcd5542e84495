/*
 * What happens when the peer's certificate is seen: it is read out and its
 * chain is judged by the same check as everywhere, and the handshake goes on.
 */
#include "lyncsim/alloc.h"

#include "tls_internal.h"

/* Which X.509 error makes the library send the alert that fits the reason;
 * what is not listed here becomes a handshake failure. */
static int alert_error(enum trust_check_id reason)
{
    static const struct {
        enum trust_check_id reason;
        int error;
    } errors[] = {
        {TRUST_UNTRUSTED_ROOT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
        {TRUST_INCOMPLETE_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
        {TRUST_EXPIRED, X509_V_ERR_CERT_HAS_EXPIRED},
        {TRUST_NOT_YET_VALID, X509_V_ERR_CERT_NOT_YET_VALID},
        {TRUST_REVOKED, X509_V_ERR_CERT_REVOKED},
        {TRUST_REVOCATION_UNKNOWN, X509_V_ERR_UNABLE_TO_GET_CRL},
        {TRUST_WRONG_USAGE, X509_V_ERR_INVALID_PURPOSE},
        {TRUST_WEAK_SIGNATURE, X509_V_ERR_CA_MD_TOO_WEAK},
        {TRUST_WEAK_KEY, X509_V_ERR_EE_KEY_TOO_SMALL},
        {TRUST_BAD_CHAIN, X509_V_ERR_CERT_REJECTED},
    };

    for (size_t i = 0; i < LS_COUNT(errors); i++)
        if (errors[i].reason == reason)
            return errors[i].error;
    return X509_V_ERR_APPLICATION_VERIFICATION;
}

/* The verdict, made while the peer still waits for the handshake to end. */
static int decide_in_handshake(struct tls_session *session)
{
    const struct trust_evidence evidence = {
        .transport = TRUST_TRANSPORT_SOUND,
        .leaf = &session->seen->peer,
        .chain = tls_session_chain(session),
        .tls_version = tls_session_version(session),
        .at_s = session->at_s,
    };

    session->verdict = ls_alloc(sizeof *session->verdict);
    trust_verdict_decide(session->verdict, session->policy, &evidence);
    if (session->verdict->outcome != TRUST_REFUSED)
        return X509_V_OK;
    return alert_error(session->verdict->reason);
}

/* The leaf stands once more at the front of what was sent. */
static struct credential *keep(X509 *leaf, STACK_OF(X509) * sent)
{
    STACK_OF(X509) *others = sent ? sk_X509_dup(sent) : NULL;
    struct credential *shown;

    if (others && sk_X509_num(others) > 0 &&
        X509_cmp(sk_X509_value(others, 0), leaf) == 0)
        sk_X509_shift(others);
    shown = credential_new(leaf, others, NULL);
    sk_X509_free(others);
    return shown;
}

/* X509_V_OK lets the handshake go on: only a setting to refuse inside it, or
 * a CAS that does not trust the Front End, ends it here. */
static int judge_certificate(struct tls_session *session,
                             X509_STORE_CTX *store_context)
{
    const struct tls_settings *settings = &session->context->settings;
    /* A peer knows only later what the Front End staples. */
    struct chain_options options = {
        .at_s = session->at_s,
        .check_revocation =
            settings->check_revocation && settings->role == TLS_FRONT_END,
    };
    X509 *leaf = X509_STORE_CTX_get0_cert(store_context);
    struct tls_seen *seen;

    tls_session_trim(session);
    session->seen = seen = ls_alloc(sizeof *seen);
    if (certificate_facts_read(&seen->peer, leaf) != LS_OK) {
        tls_session_trim(session);
        session->own_reason = "the certificate holds more names than can be "
                              "looked at";
        return X509_V_ERR_CERT_REJECTED;
    }
    options.leaf = &seen->peer;
    if (settings->keeps_shown)
        seen->shown = keep(leaf, X509_STORE_CTX_get0_untrusted(store_context));
    if (settings->anchors)
        trust_anchors_check(settings->anchors, leaf,
                            X509_STORE_CTX_get0_untrusted(store_context),
                            &options, &seen->chain);
    if (tls_role_is_front_end(settings->role))
        return session->policy ? decide_in_handshake(session) : X509_V_OK;
    if (!seen->chain.checked || seen->chain.fault_count == 0)
        return X509_V_OK;
    session->failure.refused_by_us = true;
    return seen->chain.faults[0].code;
}

int tls_session_on_verify(X509_STORE_CTX *store_context, void *arg)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store_context,
                                          SSL_get_ex_data_X509_STORE_CTX_idx());
    int error = judge_certificate(SSL_get_app_data(ssl), store_context);

    (void)arg;
    X509_STORE_CTX_set_error(store_context, error);
    return error == X509_V_OK;
}
