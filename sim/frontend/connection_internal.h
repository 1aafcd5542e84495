/*
 * What the files of one connection share, and nobody else sees.
 */
#ifndef LYNCSIM_CONNECTION_INTERNAL_H
#define LYNCSIM_CONNECTION_INTERNAL_H

#include "lyncsim/connection.h"
#include "lyncsim/connection_fsm.h"
#include "lyncsim/connection_journal.h"
#include "lyncsim/sip_service.h"
#include "lyncsim/tls_wire.h"

struct dial_failure;
struct dialled_place;

struct connection {
    struct front_end *front_end;
    size_t door; /* of it, that the peer came by */
    struct tls_session *tls;
    struct refusal refuse;
    struct connection_journal journal;
    enum connection_state state;
    struct dialled_place *dialled;  /* NULL: the peer opened it */
    struct trust_verdict *verdict;  /* NULL: none yet, or forgotten */
    struct trust_decision decision; /* what is kept of a forgotten one */
    struct sip_caller caller;
    char *address;               /* the caller's */
    char *local;                 /* where it reached us, or NULL */
    struct sip_service *service; /* NULL before SERVING */
    struct ls_buf answers;       /* plaintext, gathered for one write */
    struct tls_wire wire;
    uint64_t now_ms;
    uint64_t deadline_ms;
    uint64_t discarded_bytes;
};

/* The only writer of the state. An event that must not happen in it is a
 * fault of ours. */
void connection_dispatch(struct connection *connection,
                         enum connection_event event);

/* Of connection_judge.c: the handshake is complete, has failed, was cut off
 * by the end of the wire, took too long. */
void connection_judge_ready(struct connection *connection);
void connection_judge_failure(struct connection *connection);
void connection_judge_end(struct connection *connection, enum wire_end ended,
                          const char *detail);
void connection_judge_timeout(struct connection *connection);
/* How the setting says to refuse. */
enum connection_event
connection_refusal_event(const struct connection *connection);

/* Of connection.c: what both ways to begin have in common; policy is what a
 * handshake is refused by, or NULL. */
struct connection *connection_begin(struct front_end *front_end,
                                    const struct tls_context *tls,
                                    const struct trust_policy *policy,
                                    const char *peer, uint64_t connection_id,
                                    uint64_t now_ms);
void connection_set_caller(struct connection *connection, const char *peer);

/* Of connection_dial.c. Whom it was meant to reach, for the verdict. */
const struct trust_target *
connection_dial_target(const struct connection *connection);
/* The known server at the other end, once it is served. */
const char *connection_dial_server(const struct connection *connection);
/* It did not come about; what waits for it is answered. */
void connection_dial_unreached(struct connection *connection,
                               enum wire_end ended, const char *detail);
/* The verdict is a refusal, which is told to whoever waits. */
void connection_dial_refused(struct connection *connection);
void connection_dial_free(struct connection *connection);

#endif
