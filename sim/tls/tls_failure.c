/*
 * What a failed session has to say for itself.
 */
#include "tls_error.h"
#include "tls_internal.h"

/* RFC 8446 6.2: the alerts that speak of a certificate. */
static bool is_about_certificate(int alert)
{
    return (alert >= SSL_AD_BAD_CERTIFICATE &&
            alert <= SSL_AD_CERTIFICATE_UNKNOWN) ||
           alert == SSL_AD_UNKNOWN_CA ||
           alert == SSL_AD_BAD_CERTIFICATE_STATUS_RESPONSE ||
           alert == SSL_AD_ACCESS_DENIED;
}

/* RFC 8446 5.1: a connection begins with a handshake record of SSL 3. */
static bool began_as_tls(const struct tls_session *session)
{
    return session->first_count == 0 ||
           (session->first[0] == 0x16 &&
            (session->first_count < 2 || session->first[1] == 0x03));
}

static void describe_stranger(const struct tls_session *session,
                              struct ls_buf *out)
{
    ls_buf_add_text(out, "the peer's first bytes are no TLS: \"");
    ls_buf_add_escaped(out,
                       ls_str_from_bytes(session->first, session->first_count));
    ls_buf_add_text(out, "\"");
}

static void describe_alert(const struct tls_session *session,
                           struct ls_buf *out)
{
    ls_buf_printf(out, "the peer sent the alert \"%s\" (%d)",
                  tls_alert_text(session->alert), session->alert);
    if (session->failure.peer_refused_us)
        ls_buf_add_text(out, ": it does not accept the certificate it was "
                             "shown");
}

static void describe_our_refusal(const struct tls_session *session,
                                 struct ls_buf *out)
{
    int code = session->seen->chain.faults[0].code;

    ls_buf_printf(out, "the Front End's certificate is not trusted: %s",
                  X509_verify_cert_error_string(code));
    if (session->has_staple)
        ls_buf_printf(out, "; its OCSP staple: %s",
                      staple_state_text(session->staple.state));
}

static void describe_failure(const struct tls_session *session,
                             const char *library, struct ls_buf *out)
{
    if (session->alert_is_received)
        describe_alert(session, out);
    else if (session->failure.refused_by_us && session->seen &&
             session->seen->chain.fault_count)
        describe_our_refusal(session, out);
    else if (session->own_reason)
        ls_buf_add_text(out, session->own_reason);
    else if (!began_as_tls(session))
        describe_stranger(session, out);
    else
        ls_buf_add_text(out, library);
}

static bool is_about_offers(int alert)
{
    return alert == SSL_AD_HANDSHAKE_FAILURE ||
           alert == SSL_AD_PROTOCOL_VERSION ||
           alert == SSL_AD_INSUFFICIENT_SECURITY;
}

static enum trust_obstacle find_obstacle(const struct tls_session *session,
                                         int reason)
{
    if (session->alert_is_received)
        return is_about_offers(session->alert) ? OBSTACLE_NOTHING_IN_COMMON
                                               : OBSTACLE_CUT_OFF;
    if (session->own_reason)
        return OBSTACLE_CERTIFICATE;
    if (!began_as_tls(session))
        return OBSTACLE_NO_TLS;
    return tls_error_obstacle(reason);
}

void tls_session_fail(struct tls_session *session, const char *library,
                      int reason)
{
    struct tls_failure *failure = &session->failure;
    struct ls_buf text = {0};

    failure->in_handshake = !session->is_ready;
    failure->alert_received = session->alert_is_received;
    failure->alert = session->alert;
    failure->obstacle = find_obstacle(session, reason);
    failure->peer_refused_us = session->alert_is_received &&
                               failure->in_handshake &&
                               is_about_certificate(session->alert);
    describe_failure(session, library, &text);
    failure->text = ls_buf_take(&text);
    session->is_over = true;
}
