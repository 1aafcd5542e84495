/*
 * How does a server connect that says just what it is told? It shakes hands,
 * verifies the Front End in turn, sends what it is given, keeps what comes
 * until somebody takes it, and remembers how it ended. A feed/next machine.
 */
#ifndef LYNCSIM_TALK_PEER_H
#define LYNCSIM_TALK_PEER_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/cas_peer.h"
#include "lyncsim/tls_context.h"
#include "lyncsim/wire.h"

struct talk_peer;

/* tls is borrowed. Owned by the caller. */
struct talk_peer *talk_peer_new(const struct tls_context *tls, uint64_t now_ms);
void talk_peer_free(struct talk_peer *peer);
struct wire_machine talk_peer_machine(struct talk_peer *peer);

/* Whether something can be sent now. */
bool talk_peer_can_talk(const struct talk_peer *peer);
/* Whether nothing more will come. */
bool talk_peer_has_ended(const struct talk_peer *peer);
/* Whatever the bytes are; only when it can talk. */
void talk_peer_send(struct talk_peer *peer, struct ls_str bytes);
/* The oldest message that came, the caller's to free; false when there is
 * none. What cannot be framed comes as it is. */
bool talk_peer_take(struct talk_peer *peer, char **bytes, size_t *length);

/* Ways to go. */
enum talk_leave {
    TALK_LEAVE_IN_ORDER,   /* close_notify and FIN */
    TALK_LEAVE_CUT,        /* FIN alone, and nothing is read any more */
    TALK_LEAVE_RESET,      /* RST */
    TALK_LEAVE_HALF_CLOSE, /* FIN, and what comes is still read */
};
void talk_peer_leave(struct talk_peer *peer, enum talk_leave how);

/* How it saw it end; texts are borrowed, valid as long as the peer. */
struct talk_peer_end {
    enum peer_outcome outcome;
    const char *tls; /* "TLSv1.2", or NULL */
    int alert;       /* or -1 */
    const char *alert_text;
    const char *detail;
};
struct talk_peer_end talk_peer_end(const struct talk_peer *peer);
/* Everything it sent and received as SIP text, in order; borrowed. */
struct ls_str talk_peer_transcript(const struct talk_peer *peer);

#endif
