/*
 * Two machines joined by a byte stream in memory: what a socket would do,
 * whole or in pieces, and with the ways a peer can vanish.
 */
#ifndef TESTS_SUPPORT_WIRE_PAIR_H
#define TESTS_SUPPORT_WIRE_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/wire.h"

/* One end, and what is on its way to it. */
struct wire_side {
    struct wire_machine machine;
    struct ls_buf coming;
    bool eof_is_coming;
    bool reset_is_coming;
    bool is_told_end;    /* the end was fed */
    bool is_deaf_to_end; /* the end is never fed */
    bool is_closed;      /* it closed its socket itself */
    bool has_reset;      /* … with an RST */
    size_t fed_bytes;
    size_t sent_actions; /* WIRE_SEND actions it made */
};

struct wire_pair {
    struct wire_side front_end;
    struct wire_side peer;
    size_t piece_bytes; /* fed at a time; 0: all there is */
    uint64_t now_ms;
    /* Once the Front End has been fed so many bytes the peer is gone, as
     * told; SIZE_MAX: it stays. */
    size_t vanish_after_bytes;
    enum wire_end vanish_how;
};

void wire_pair_init(struct wire_pair *pair, struct wire_machine front_end,
                    struct wire_machine peer, uint64_t now_ms);
/* Until nothing moves any more. */
void wire_pair_run(struct wire_pair *pair);
void wire_pair_clear(struct wire_pair *pair);

/* One machine alone: feed bytes (in pieces), gather what it sends. */
void wire_feed(struct wire_machine machine, struct ls_str bytes,
               size_t piece_bytes, uint64_t now_ms);
/* Take every action; what is sent is appended to out (or dropped when NULL);
 * the last action that was no WIRE_SEND is the result, WIRE_SEND if none. */
enum wire_action_kind wire_drain(struct wire_machine machine,
                                 struct ls_buf *out);

#endif
