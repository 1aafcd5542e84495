/*
 * What does a machine that speaks TLS hand to its wire next? Ciphertext first,
 * and when that is out how the connection ends.
 */
#ifndef LYNCSIM_TLS_WIRE_H
#define LYNCSIM_TLS_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/tls_session.h"
#include "lyncsim/wire.h"

/* {0}: nothing is shown, and it does not end. */
struct tls_wire {
    size_t shown_count; /* ciphertext handed out and not yet taken */
    enum wire_action_kind last;
    bool last_is_due;
    bool is_ended; /* last was handed out and leaves nothing behind it */
};

/* It ends so, once the ciphertext is out. */
void tls_wire_end(struct tls_wire *wire, enum wire_action_kind last);
/* Whoever asks for the next action has taken the one before. */
void tls_wire_taken(struct tls_wire *wire, struct tls_session *tls);
/* What is not out yet never goes out. */
void tls_wire_drop(struct tls_wire *wire, struct tls_session *tls);
/* False when there is nothing to do; bytes are valid until it is taken. */
bool tls_wire_next(struct tls_wire *wire, struct tls_session *tls,
                   struct wire_action *action);

#endif
