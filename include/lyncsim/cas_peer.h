/*
 * What does the connecting server do, and what do its users see? A simulated
 * Exchange CAS: connects, verifies the Front End in turn, signs users in or
 * asks OPTIONS, lets them talk, comes back when its connection is lost, and
 * remembers how it ended. A feed/next/deadline machine.
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
    CAS_SIGN_IN, /* what OWA says for its users, from sign-in to sign-out */
};

enum owa_version { OWA_2010, OWA_2013, OWA_2016 };
/* What OWA's user reads when instant messaging fails. */
const char *owa_text(enum owa_version version);
/* "evidenced" or "assumed": whether anybody has written down these words. */
const char *owa_text_standing(enum owa_version version);

/* More users than these do not sign in over one connection of a lab. */
#define CAS_USERS_MAX 1000

/* An instant message between two users, by their addresses. */
struct cas_says {
    char *from;
    char *to;
    char *text;
};

/* How a CAS comes back when its connection is lost. */
struct cas_reconnect {
    uint32_t attempts; /* in all; 0: it does not */
    uint32_t after_ms; /* before the first; doubled for each further one */
};
/* No wait is longer. */
#define CAS_RECONNECT_MAX_MS (10u * 60 * 1000)

/* All borrowed for the life of the peer. */
struct cas_peer_settings {
    const struct tls_context *tls;
    enum cas_task task;
    const char *from; /* own FQDN, or NULL */
    /* "sip:test@deitterick.com" …, for a sign-in; one after the other. */
    char *const *users;
    size_t user_count;
    bool publishes; /* that its users are there, for others to see */
    const struct cas_says *says; /* once all have tried to sign in */
    size_t says_count;
    struct cas_reconnect reconnect;
    const char *server;  /* the Front End's FQDN */
    const char *address; /* own address as shown in Via, "192.0.2.7" */
    uint16_t port;
    enum owa_version owa;
    struct id_source ids;
    uint32_t timeout_ms; /* of its own clock, for each answer; 0: none */
};

/* Texts that grow; owned. */
struct cas_texts {
    char **items;
    size_t count;
};

/* text is taken. */
void cas_texts_add(struct cas_texts *texts, char *text);
/* What copy had is not freed. */
void cas_texts_copy(struct cas_texts *copy, const struct cas_texts *texts);
void cas_texts_clear(struct cas_texts *texts);

/* Of the last connection, but for the lists, which are of all. */
struct cas_result {
    enum peer_outcome outcome;
    const char *tls;  /* "TLSv1.2", or NULL */
    int alert;        /* number, or -1 */
    char *alert_text; /* "unknown ca", or NULL */
    char *detail;     /* what its socket and TLS really said; or NULL */
    bool signed_in;
    int status;      /* of the last SIP answer, or 0 */
    const char *owa; /* "available", or the text of whoever has to read one;
                        NULL where no user was to be signed in */
    size_t available_count;       /* of the users, when they were last told */
    struct cas_texts seen;        /* what owa was, in order */
    struct cas_texts sent;        /* "a@b.c to d@b.c: text", and why not */
    struct cas_texts received;    /* "d@b.c from a@b.c: text" */
    struct cas_texts connections; /* how each ended: an outcome's text */
};

struct cas_peer;

struct cas_peer *cas_peer_new(const struct cas_peer_settings *settings,
                              uint64_t now_ms);
void cas_peer_free(struct cas_peer *peer);
struct wire_machine cas_peer_machine(struct cas_peer *peer);
/* Whether it wants another connection after one that is over, and in how long;
 * false when it has done its work or has tried often enough. */
bool cas_peer_wants_again(const struct cas_peer *peer, uint32_t *after_ms);
/* It has another connection, from this port; only when it wants one. */
void cas_peer_begin_again(struct cas_peer *peer, uint16_t port,
                          uint64_t now_ms);
/* Its own address as it really is, once it is connected and before anything is
 * fed. Borrowed for the life of the peer. */
void cas_peer_set_address(struct cas_peer *peer, const char *address,
                          uint16_t port);
/* Borrowed, valid as long as the peer. */
const struct cas_result *cas_peer_result(const struct cas_peer *peer);
/* The certificate that the Front End showed, or NULL; borrowed. */
const struct certificate_facts *cas_peer_server(const struct cas_peer *peer);
/* What the Front End stapled, or NULL where that was not asked for; and the
 * cipher that was agreed on, or NULL. Borrowed. */
const struct staple_report *cas_peer_staple(const struct cas_peer *peer);
const char *cas_peer_cipher(const struct cas_peer *peer);
/* Whether the Front End asked for a certificate. */
bool cas_peer_was_asked(const struct cas_peer *peer);
/* Everything it sent and received as SIP text, in order, of all connections;
 * borrowed. */
struct ls_str cas_peer_transcript(const struct cas_peer *peer);

#endif
