/*
 * What does the connecting server do, and what does its user see? A simulated
 * Exchange CAS: connects, verifies the Front End in turn, signs a user in or
 * asks OPTIONS, and remembers how it ended. A feed/next/deadline machine.
 */
#ifndef LYNCSIM_CAS_PEER_H
#define LYNCSIM_CAS_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/id_source.h"
#include "lyncsim/tls_context.h"
#include "lyncsim/wire.h"

/* clang-format off */
#define PEER_OUTCOME_LIST(X)                                                   \
    X(PEER_PENDING, "pending") /* not over yet */                              \
    X(PEER_CONNECTED, "connected")                                             \
    X(PEER_CLOSED_AFTER_HANDSHAKE, "closed-after-handshake")                   \
    X(PEER_CLOSED_IN_HANDSHAKE, "closed-in-handshake")                         \
    X(PEER_RESET, "reset")                                                     \
    X(PEER_ALERT, "alert")                                                     \
    X(PEER_REFUSED_BY_PEER, "refused-by-peer")                                 \
    X(PEER_TIMEOUT, "timeout")                                                 \
    X(PEER_UNREACHABLE, "unreachable")

enum peer_outcome {
#define X(name, text) name,
    PEER_OUTCOME_LIST(X)
#undef X
};
/* clang-format on */

const char *peer_outcome_text(enum peer_outcome outcome);

enum cas_task {
    CAS_CONNECT, /* handshake and OPTIONS: what "connect" does */
    CAS_SIGN_IN, /* REGISTER and SUBSCRIBE for a user, as OWA */
};

enum owa_version { OWA_2010, OWA_2013, OWA_2016 };
/* What OWA's user reads when instant messaging fails. */
const char *owa_text(enum owa_version version);

/* All borrowed for the life of the peer. */
struct cas_peer_settings {
    const struct tls_context *tls;
    enum cas_task task;
    const char *from;    /* own FQDN, or NULL */
    const char *user;    /* "sip:test@deitterick.com", for a sign-in */
    const char *server;  /* the Front End's FQDN */
    const char *address; /* own address as shown in Via, "192.0.2.7" */
    uint16_t port;
    enum owa_version owa;
    struct id_source ids;
    uint32_t timeout_ms; /* of its own clock, for each answer; 0: none */
};

struct cas_result {
    enum peer_outcome outcome;
    const char *tls;  /* "TLSv1.2", or NULL */
    int alert;        /* number, or -1 */
    char *alert_text; /* "unknown ca", or NULL */
    char *detail;     /* what its socket and TLS really said; or NULL */
    bool signed_in;
    int status;      /* of the last SIP answer, or 0 */
    const char *owa; /* "available", or the text its user reads; NULL where no
                        user was to be signed in */
};

struct cas_peer;

struct cas_peer *cas_peer_new(const struct cas_peer_settings *settings,
                              uint64_t now_ms);
void cas_peer_free(struct cas_peer *peer);
struct wire_machine cas_peer_machine(struct cas_peer *peer);
/* Its own address as it really is, once it is connected and before anything is
 * fed. Borrowed for the life of the peer. */
void cas_peer_set_address(struct cas_peer *peer, const char *address,
                          uint16_t port);
/* Borrowed, valid as long as the peer. */
const struct cas_result *cas_peer_result(const struct cas_peer *peer);
/* The certificate that the Front End showed, or NULL; borrowed. */
const struct certificate_facts *cas_peer_server(const struct cas_peer *peer);
/* Everything it sent and received as SIP text, in order; borrowed. */
struct ls_str cas_peer_transcript(const struct cas_peer *peer);

#endif
