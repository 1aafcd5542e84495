/*
 * What may happen to a connection in which state, and what follows? The whole
 * table of the state machine, as data; connection.c acts by it.
 */
#ifndef LYNCSIM_CONNECTION_FSM_H
#define LYNCSIM_CONNECTION_FSM_H

#include <stdbool.h>

#include "lyncsim/buf.h"
#include "lyncsim/connection.h"

/* clang-format off */
#define CONNECTION_EVENT_LIST(X)                                               \
    X(CONNECTION_EV_JOINED, "joined")             /* it is connected */        \
    X(CONNECTION_EV_LET_IN, "let-in")             /* accepted, or a client */  \
    X(CONNECTION_EV_REFUSE_CLOSE, "refuse-close") /* now, by closing */        \
    X(CONNECTION_EV_REFUSE_RESET, "refuse-reset") /* now, by an RST */         \
    X(CONNECTION_EV_REFUSE_LATER, "refuse-later") /* on the first request */   \
    X(CONNECTION_EV_TLS_FAILED, "tls-failed")                                  \
    X(CONNECTION_EV_PEER_CLOSING, "peer-closing") /* close_notify */           \
    X(CONNECTION_EV_PEER_CLOSED, "peer-closed")   /* FIN */                    \
    X(CONNECTION_EV_PEER_GONE, "peer-gone")       /* RST, or a dead socket */  \
    X(CONNECTION_EV_BROKEN, "broken") /* out of step, or over a limit */       \
    X(CONNECTION_EV_DEADLINE, "deadline")                                      \
    X(CONNECTION_EV_DRAIN, "drain") /* the server shuts down */

#define CONNECTION_ACTION_LIST(X)                                              \
    X(CONNECTION_ACT_NOTHING, "nothing")                                       \
    X(CONNECTION_ACT_SHAKE_HANDS, "begin the handshake")                       \
    X(CONNECTION_ACT_SERVE, "start serving")                                   \
    X(CONNECTION_ACT_AWAIT_REQUEST, "await the first request")                 \
    X(CONNECTION_ACT_DROP, "FIN without close_notify, discard what comes")     \
    X(CONNECTION_ACT_CLOSE_IN_ORDER, "flush, close_notify, FIN")               \
    X(CONNECTION_ACT_CLOSE, "close")                                           \
    X(CONNECTION_ACT_RESET, "RST")

enum connection_event {
#define X(name, text) name,
    CONNECTION_EVENT_LIST(X)
#undef X
    CONNECTION_EVENT_COUNT
};

enum connection_action {
#define X(name, text) name,
    CONNECTION_ACTION_LIST(X)
#undef X
    CONNECTION_ACTION_COUNT
};
/* clang-format on */

const char *connection_event_text(enum connection_event event);

struct connection_edge {
    bool is_permitted; /* false: must not happen, the rest means nothing */
    enum connection_state next;
    enum connection_action action;
};

struct connection_edge connection_fsm_edge(enum connection_state state,
                                           enum connection_event event);

/* The machine as a picture in the language of Graphviz. */
void connection_fsm_print(struct ls_buf *out);

#endif
