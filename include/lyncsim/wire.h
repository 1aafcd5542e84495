/*
 * The one shape of everything that talks over a byte stream, seen from the
 * outside: bytes go in, things to do come out, and it says when it next wants
 * to be told the time. Whoever owns the socket drives it; it never calls back.
 */
#ifndef LYNCSIM_WIRE_H
#define LYNCSIM_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/str.h"

#define WIRE_NEVER UINT64_MAX

enum wire_end {
    WIRE_END_EOF,     /* the peer sent FIN */
    WIRE_END_RESET,   /* the peer sent RST. libuv reports data and RST that
                         arrive together as data and EOF: at EOF the owner of
                         the socket asks SO_ERROR */
    WIRE_END_FAILED,  /* the socket failed otherwise (could not connect …) */
    WIRE_END_TIMEOUT, /* the watchdog of whoever owns the socket */
};

enum wire_action_kind {
    WIRE_SEND,     /* bytes: valid until the next call on the machine */
    WIRE_SHUTDOWN, /* send FIN after what was sent; reading goes on */
    WIRE_CLOSE,    /* done: close the socket; nothing follows */
    WIRE_RESET,    /* done: close with an RST; nothing follows */
};

struct wire_action {
    enum wire_action_kind kind;
    struct ls_str bytes;
};

/* now_ms is the machine's own clock: lab time in scenarios, real time in
 * serve; milliseconds since 1970. */
struct wire_machine_ops {
    void (*feed)(void *self, struct ls_str bytes, uint64_t now_ms);
    void (*feed_end)(void *self, enum wire_end end, const char *detail,
                     uint64_t now_ms);
    void (*tick)(void *self, uint64_t now_ms);
    bool (*next)(void *self, struct wire_action *action);
    uint64_t (*deadline_ms)(const void *self);
};

struct wire_machine {
    void *self; /* borrowed */
    const struct wire_machine_ops *ops;
};

#endif
