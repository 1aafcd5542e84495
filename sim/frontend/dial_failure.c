#include "lyncsim/dial_failure.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#define TEMPORARILY 1007 /* Temporarily cannot route. */
#define NO_TRUST 1010    /* Certificate trust ... could not be established. */

/* How sockets end, as Windows numbers it. The words of 10054 were seen on the
 * wire, the others are made after them. */
struct socket_error {
    const char *said; /* how net/ words it; NULL: no answer in time */
    unsigned number;
    const char *name;
    const char *code;
    const char *sentence;
};

static const struct socket_error socket_errors[] = {
    {NULL, 10060, "WSAETIMEDOUT", "0x8007274c",
     "The peer did not respond to the connection attempt"},
    {"connection refused", 10061, "WSAECONNREFUSED", "0x8007274d",
     "The peer actively refused the connection attempt"},
    {"network is unreachable", 10051, "WSAENETUNREACH", "0x80072743",
     "The network of the peer cannot be reached"},
    {"host is unreachable", 10065, "WSAEHOSTUNREACH", "0x80072751",
     "The peer cannot be reached"},
};

static const struct socket_error forced_closure = {
    NULL, 10054, "WSAECONNRESET", "0x80072746",
    "The peer forced closure of the connection"};

static void set_socket_error(struct dial_failure *failure,
                             const struct next_hop_target *target,
                             const struct socket_error *error)
{
    failure->diagnostic = TEMPORARILY;
    failure->more = ls_strf(";WinsockFailureCode=\"%u(%s)\""
                            ";WinsockFailureDescription=\"%s\""
                            ";Peer=\"%s:%u\"",
                            error->number, error->name, error->sentence,
                            target->fqdn, (unsigned)target->port);
    failure->result_code = ls_strf("%s %s", error->code, error->name);
    failure->socket_code = ls_strdup(failure->result_code);
    failure->data = ls_strf("fqdn=\"%s:%u\";info=\"%s\"", target->fqdn,
                            (unsigned)target->port, error->sentence);
}

void dial_failure_of_connect(struct dial_failure *failure,
                             const struct next_hop_target *target,
                             enum wire_end end, const char *detail)
{
    const struct socket_error *error = &socket_errors[0];

    for (size_t i = 1; end == WIRE_END_FAILED && i < LS_COUNT(socket_errors);
         i++)
        if (detail && strcmp(detail, socket_errors[i].said) == 0)
            error = &socket_errors[i];
    if (end == WIRE_END_RESET)
        error = &forced_closure;
    *failure = (struct dial_failure){
        .text = "Message cannot be routed because the connection to the next "
                "hop could not be made"};
    set_socket_error(failure, target, error);
}

/* What Schannel calls it. The wrong name was seen of the product, with its
 * sentence; the others are the values that Windows defines. */
static const struct {
    enum trust_check_id reason;
    const char *code;
    const char *name;
    const char *type;
} tls_errors[] = {
    {TRUST_NAME_MISMATCH, "0x80090322", "SEC_E_WRONG_PRINCIPAL",
     "The peer certificate does not contain a matching FQDN"},
    {TRUST_NO_NAME, "0x80090322", "SEC_E_WRONG_PRINCIPAL",
     "The peer certificate does not contain a matching FQDN"},
    {TRUST_BAD_NAME, "0x80090322", "SEC_E_WRONG_PRINCIPAL",
     "The peer certificate does not contain a matching FQDN"},
    {TRUST_UNTRUSTED_ROOT, "0x80090325", "SEC_E_UNTRUSTED_ROOT",
     "The peer certificate was issued by an authority that is not trusted"},
    {TRUST_INCOMPLETE_CHAIN, "0x80090325", "SEC_E_UNTRUSTED_ROOT",
     "The chain of the peer certificate does not lead to a trusted authority"},
    {TRUST_EXPIRED, "0x80090328", "SEC_E_CERT_EXPIRED",
     "The peer certificate has expired"},
    {TRUST_NOT_YET_VALID, "0x80090328", "SEC_E_CERT_EXPIRED",
     "The peer certificate is not valid yet"},
    {TRUST_REVOKED, "0x800b010c", "CERT_E_REVOKED",
     "The peer certificate was revoked"},
    {TRUST_REVOCATION_UNKNOWN, "0x80092013", "CRYPT_E_REVOCATION_OFFLINE",
     "Whether the peer certificate was revoked cannot be told"},
    {TRUST_WRONG_USAGE, "0x80090349", "SEC_E_CERT_WRONG_USAGE",
     "The peer certificate is not for server authentication"},
    {TRUST_PEER_REFUSED_US, "0x80090327", "SEC_E_CERT_UNKNOWN",
     "The peer does not accept the certificate of this server"},
};

/* The peer chose the name; it stands between quotes. */
static char *shown_name(const struct trust_verdict *verdict)
{
    struct ls_buf shown = {0};

    if (verdict->has_identity)
        ls_buf_add_escaped(&shown, ls_str_from_bytes(verdict->identity_name,
                                                     verdict->identity_length));
    for (size_t i = 0; i < shown.length; i++)
        if (shown.at[i] == '"' || shown.at[i] == '\\')
            shown.at[i] = '?';
    return ls_buf_take(&shown);
}

static void set_tls_error(struct dial_failure *failure, const char *expected,
                          const struct trust_verdict *verdict, size_t row)
{
    bool is_name = strcmp(tls_errors[row].name, "SEC_E_WRONG_PRINCIPAL") == 0;
    char *name = shown_name(verdict);

    failure->diagnostic = NO_TRUST;
    failure->more =
        ls_strf(";ErrorType=\"%s\";tls-target=\"%s\";PeerServer=\"%s\""
                ";HRESULT=\"%s(%s)\"",
                tls_errors[row].type, expected, name, tls_errors[row].code,
                tls_errors[row].name);
    failure->text = is_name ? "Message cannot be routed because the peer's "
                              "certificate does not contain a matching FQDN"
                            : "Message cannot be routed because the peer's "
                              "certificate is not trusted";
    if (verdict->reason == TRUST_PEER_REFUSED_US)
        failure->text = "Message cannot be routed because the peer does not "
                        "trust the certificate of this server";
    failure->socket_code =
        ls_strf("%s %s", tls_errors[row].code, tls_errors[row].name);
    failure->result_code =
        ls_strdup(is_name ? "0xc3e93d67 SIPPROXY_E_ROUTING_MSG_CERT_MISMATCH"
                          : failure->socket_code);
    failure->data = ls_strf("expected-fqdn=\"%s\";certName=\"%s\";info=\"%s\"",
                            expected, name, tls_errors[row].type);
    free(name);
}

void dial_failure_of_verdict(struct dial_failure *failure,
                             const struct next_hop_target *target,
                             const char *expected,
                             const struct trust_verdict *verdict)
{
    *failure = (struct dial_failure){.is_of_tls = true};
    for (size_t i = 0; i < LS_COUNT(tls_errors); i++)
        if (tls_errors[i].reason == verdict->reason) {
            set_tls_error(failure, expected, verdict, i);
            return;
        }
    failure->text = "Message cannot be routed because TLS negotiation with the "
                    "next hop did not complete";
    set_socket_error(failure, target,
                     verdict->reason == TRUST_HANDSHAKE_TIMEOUT
                         ? &socket_errors[0]
                         : &forced_closure);
}

void dial_failure_clear(struct dial_failure *failure)
{
    free(failure->more);
    free(failure->result_code);
    free(failure->socket_code);
    free(failure->data);
    *failure = (struct dial_failure){0};
}
