#include "lyncsim/connection_fsm.h"

#include <assert.h>

#include "lyncsim/alloc.h"

#define EDGE(next, action)                                                     \
    {                                                                          \
        true, CONNECTION_##next, CONNECTION_ACT_##action                       \
    }

/* An empty cell must not happen. */
/* clang-format off */
static const struct connection_edge
connection_edges[CONNECTION_STATE_COUNT][CONNECTION_EVENT_COUNT] = {
    [CONNECTION_CONNECTING] = {
        [CONNECTION_EV_JOINED]       = EDGE(HANDSHAKING, SHAKE_HANDS),
        [CONNECTION_EV_PEER_CLOSED]  = EDGE(CLOSED,   CLOSE),
        [CONNECTION_EV_PEER_GONE]    = EDGE(CLOSED,   CLOSE),
        [CONNECTION_EV_DEADLINE]     = EDGE(CLOSED,   CLOSE),
        [CONNECTION_EV_DRAIN]        = EDGE(CLOSED,   CLOSE),
    },
    [CONNECTION_HANDSHAKING] = {
        [CONNECTION_EV_LET_IN]       = EDGE(SERVING,  SERVE),
        [CONNECTION_EV_REFUSE_CLOSE] = EDGE(DRAINING, DROP),
        [CONNECTION_EV_REFUSE_RESET] = EDGE(CLOSED,   RESET),
        [CONNECTION_EV_REFUSE_LATER] = EDGE(WAITING,  AWAIT_REQUEST),
        [CONNECTION_EV_TLS_FAILED]   = EDGE(DRAINING, DROP),
        [CONNECTION_EV_PEER_CLOSED]  = EDGE(CLOSED,   CLOSE),
        [CONNECTION_EV_PEER_GONE]    = EDGE(CLOSED,   CLOSE),
        /* Seen of the product: a peer silent for 30 seconds is reset. */
        [CONNECTION_EV_DEADLINE]     = EDGE(CLOSED,   RESET),
        [CONNECTION_EV_DRAIN]        = EDGE(CLOSED,   CLOSE),
    },
    [CONNECTION_WAITING] = {
        [CONNECTION_EV_REFUSE_CLOSE] = EDGE(DRAINING, DROP),
        [CONNECTION_EV_REFUSE_RESET] = EDGE(CLOSED,   RESET),
        [CONNECTION_EV_TLS_FAILED]   = EDGE(DRAINING, DROP),
        [CONNECTION_EV_PEER_CLOSING] = EDGE(DRAINING, DROP),
        [CONNECTION_EV_PEER_CLOSED]  = EDGE(CLOSED,   CLOSE),
        [CONNECTION_EV_PEER_GONE]    = EDGE(CLOSED,   CLOSE),
        [CONNECTION_EV_DEADLINE]     = EDGE(DRAINING, DROP),
        [CONNECTION_EV_DRAIN]        = EDGE(DRAINING, DROP),
    },
    [CONNECTION_SERVING] = {
        [CONNECTION_EV_TLS_FAILED]   = EDGE(DRAINING, DROP),
        [CONNECTION_EV_PEER_CLOSING] = EDGE(DRAINING, CLOSE_IN_ORDER),
        [CONNECTION_EV_PEER_CLOSED]  = EDGE(CLOSED,   CLOSE),
        [CONNECTION_EV_PEER_GONE]    = EDGE(CLOSED,   CLOSE),
        [CONNECTION_EV_BROKEN]       = EDGE(DRAINING, CLOSE_IN_ORDER),
        [CONNECTION_EV_DEADLINE]     = EDGE(DRAINING, CLOSE_IN_ORDER),
        [CONNECTION_EV_DRAIN]        = EDGE(DRAINING, CLOSE_IN_ORDER),
    },
    [CONNECTION_DRAINING] = {
        [CONNECTION_EV_PEER_CLOSED]  = EDGE(CLOSED,   CLOSE),
        [CONNECTION_EV_PEER_GONE]    = EDGE(CLOSED,   CLOSE),
        [CONNECTION_EV_DEADLINE]     = EDGE(CLOSED,   CLOSE),
        [CONNECTION_EV_DRAIN]        = EDGE(DRAINING, NOTHING),
    },
    [CONNECTION_CLOSED] = {
        [CONNECTION_EV_PEER_CLOSED]  = EDGE(CLOSED,   NOTHING),
        [CONNECTION_EV_PEER_GONE]    = EDGE(CLOSED,   NOTHING),
        [CONNECTION_EV_DRAIN]        = EDGE(CLOSED,   NOTHING),
    },
};
/* clang-format on */

static const char *const state_texts[] = {
#define X(name, text) text,
    CONNECTION_STATE_LIST(X)
#undef X
};

static const char *const event_texts[] = {
#define X(name, text) text,
    CONNECTION_EVENT_LIST(X)
#undef X
};

static const char *const action_texts[] = {
#define X(name, text) text,
    CONNECTION_ACTION_LIST(X)
#undef X
};

const char *connection_state_text(enum connection_state state)
{
    assert((size_t)state < LS_COUNT(state_texts));
    return state_texts[state];
}

const char *connection_event_text(enum connection_event event)
{
    assert((size_t)event < LS_COUNT(event_texts));
    return event_texts[event];
}

struct connection_edge connection_fsm_edge(enum connection_state state,
                                           enum connection_event event)
{
    assert(state < CONNECTION_STATE_COUNT && event < CONNECTION_EVENT_COUNT);
    return connection_edges[state][event];
}

void connection_fsm_print(struct ls_buf *out)
{
    ls_buf_add_text(out, "digraph connection {\n    rankdir=LR;\n");
    for (size_t from = 0; from < CONNECTION_STATE_COUNT; from++)
        for (size_t event = 0; event < CONNECTION_EVENT_COUNT; event++) {
            const struct connection_edge *edge = &connection_edges[from][event];

            if (!edge->is_permitted)
                continue;
            ls_buf_printf(out, "    %s -> %s [label=\"%s", state_texts[from],
                          state_texts[edge->next], event_texts[event]);
            if (edge->action != CONNECTION_ACT_NOTHING)
                ls_buf_printf(out, "\\n%s", action_texts[edge->action]);
            ls_buf_add_text(out, "\"];\n");
        }
    ls_buf_add_text(out, "}\n");
}
