/*
 * What does a peer hand to its wire next? Ciphertext first, and when that is
 * out how the connection ends. Beside it the record of what was said.
 */
#ifndef LYNCSIM_PEER_WIRE_H
#define LYNCSIM_PEER_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/tls_session.h"
#include "lyncsim/wire.h"

/* {0}: nothing is shown, and it does not end. */
struct peer_wire {
    size_t shown_count; /* ciphertext handed out and not yet taken */
    enum wire_action_kind last;
    bool last_is_due;
    bool is_ended; /* last was handed out and leaves nothing behind it */
};

/* It ends so, once the ciphertext is out; a reset waits for nothing. */
void peer_wire_end(struct peer_wire *wire, enum wire_action_kind last);
/* Whoever asks for the next action has taken the one before. */
void peer_wire_taken(struct peer_wire *wire, struct tls_session *tls);
/* False when there is nothing to do; bytes are valid until it is taken. */
bool peer_wire_next(struct peer_wire *wire, struct tls_session *tls,
                    struct wire_action *action);

/* Keep what was said, for reports; what is too much is left out. direction:
 * "--> " or "<-- ". */
void peer_wire_note(struct ls_buf *transcript, const char *direction,
                    struct ls_str bytes);

#endif
