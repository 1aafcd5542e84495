#include "tls_error.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "lyncsim/alloc.h"
#include "lyncsim/tls_session.h"

/* What people understand better than the library's own words. */
static const struct {
    int reason;
    enum trust_obstacle obstacle;
    const char *text;
} error_texts[] = {
    {SSL_R_UNSUPPORTED_PROTOCOL, OBSTACLE_NOTHING_IN_COMMON,
     "there is no TLS version in common"},
    {SSL_R_UNKNOWN_PROTOCOL, OBSTACLE_NOTHING_IN_COMMON,
     "there is no TLS version in common"},
    {SSL_R_NO_PROTOCOLS_AVAILABLE, OBSTACLE_NOTHING_IN_COMMON,
     "there is no TLS version in common"},
    {SSL_R_NO_SHARED_CIPHER, OBSTACLE_NOTHING_IN_COMMON,
     "there is no cipher in common"},
    {SSL_R_NO_CIPHERS_AVAILABLE, OBSTACLE_NOTHING_IN_COMMON,
     "there is no cipher for these TLS versions"},
    {SSL_R_NO_SHARED_GROUPS, OBSTACLE_NOTHING_IN_COMMON,
     "there is no group for the key exchange in common"},
    {SSL_R_NO_SUITABLE_KEY_SHARE, OBSTACLE_NOTHING_IN_COMMON,
     "there is no group for the key exchange in common"},
    {SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, OBSTACLE_NOTHING_IN_COMMON,
     "there is no signature algorithm in common"},
    {SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, OBSTACLE_NOTHING_IN_COMMON,
     "there is no signature algorithm in common"},
    {SSL_R_WRONG_SIGNATURE_TYPE, OBSTACLE_NOTHING_IN_COMMON,
     "there is no signature algorithm in common"},
    {SSL_R_WRONG_CURVE, OBSTACLE_CERTIFICATE,
     "the certificate's key is on a curve that is not taken here"},
    {SSL_R_UNKNOWN_CERTIFICATE_TYPE, OBSTACLE_CERTIFICATE,
     "the certificate's key is of a kind, or on a curve, that is not taken "
     "here"},
    {SSL_R_EXCESSIVE_MESSAGE_SIZE, OBSTACLE_CERTIFICATE,
     "more was sent at once than is taken: certificates may have 100 KiB"},
    {SSL_R_BAD_SIGNATURE, OBSTACLE_CERTIFICATE,
     "the signature does not fit the certificate: another key made it"},
    {ERR_R_ASN1_LIB, OBSTACLE_CERTIFICATE, "the certificate cannot be read"},
    {SSL_R_CERTIFICATE_VERIFY_FAILED, OBSTACLE_CERTIFICATE,
     "the certificate was refused"},
    {SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, OBSTACLE_CUT_OFF,
     "a record was damaged on its way"},
};

static const struct {
    int alert;
    const char *text;
} alert_texts[] = {
    {0, "close notify"},
    {10, "unexpected message"},
    {20, "bad record mac"},
    {21, "decryption failed"},
    {22, "record overflow"},
    {30, "decompression failure"},
    {40, "handshake failure"},
    {41, "no certificate"},
    {42, "bad certificate"},
    {43, "unsupported certificate"},
    {44, "certificate revoked"},
    {45, "certificate expired"},
    {46, "certificate unknown"},
    {47, "illegal parameter"},
    {48, "unknown ca"},
    {49, "access denied"},
    {50, "decode error"},
    {51, "decrypt error"},
    {60, "export restriction"},
    {70, "protocol version"},
    {71, "insufficient security"},
    {80, "internal error"},
    {86, "inappropriate fallback"},
    {90, "user canceled"},
    {100, "no renegotiation"},
    {109, "missing extension"},
    {110, "unsupported extension"},
    {112, "unrecognized name"},
    {113, "bad certificate status response"},
    {115, "unknown psk identity"},
    {116, "certificate required"},
    {120, "no application protocol"},
};

void tls_error_clear(void)
{
    ERR_clear_error();
}

enum trust_obstacle tls_error_obstacle(int reason)
{
    for (size_t i = 0; i < LS_COUNT(error_texts); i++)
        if (error_texts[i].reason == reason)
            return error_texts[i].obstacle;
    return OBSTACLE_CUT_OFF;
}

static const char *reason_text(int reason)
{
    for (size_t i = 0; i < LS_COUNT(error_texts); i++)
        if (error_texts[i].reason == reason)
            return error_texts[i].text;
    return NULL;
}

int tls_error_drain(char **text)
{
    unsigned long first = ERR_peek_error();
    const char *words = NULL;
    int found = 0;

    for (unsigned long code; (code = ERR_get_error()) != 0;)
        if (!found && ERR_GET_LIB(code) == ERR_LIB_SSL) {
            found = ERR_GET_REASON(code);
            first = code;
        }
    words = reason_text(found);
    if (!words)
        words = ERR_reason_error_string(first);
    *text = ls_strdup(words ? words : "the library gives no reason");
    return found;
}

const char *tls_alert_text(int alert)
{
    for (size_t i = 0; i < LS_COUNT(alert_texts); i++)
        if (alert_texts[i].alert == alert)
            return alert_texts[i].text;
    return "unknown alert";
}
