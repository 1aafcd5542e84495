/*
 * What the files of one connection share, and nobody else sees.
 */
#ifndef LYNCSIM_CONNECTION_INTERNAL_H
#define LYNCSIM_CONNECTION_INTERNAL_H

#include "lyncsim/connection.h"
#include "lyncsim/connection_fsm.h"
#include "lyncsim/connection_journal.h"
#include "lyncsim/sip_service.h"
#include "lyncsim/tls_session.h"

struct connection {
    struct front_end *front_end;
    struct tls_session *tls;
    struct refusal refuse;
    struct connection_journal journal;
    enum connection_state state;
    struct trust_verdict verdict;
    bool has_verdict;
    struct sip_caller caller;
    char *address;               /* the caller's */
    struct sip_service *service; /* NULL before SERVING */
    struct ls_buf answers;       /* plaintext, gathered for one write */
    size_t shown_count;          /* output handed out and not yet taken */
    enum wire_action_kind last;  /* what is due after all output … */
    bool last_is_due;
    bool is_ended; /* … and was told: nothing follows */
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

#endif
