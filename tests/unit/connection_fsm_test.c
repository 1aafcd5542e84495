#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/connection_fsm.h"

/* Every permitted cell; what is not here must be empty. */
static const struct {
    enum connection_state from;
    enum connection_event event;
    enum connection_state next;
} permitted[] = {
    {CONNECTION_CONNECTING, CONNECTION_EV_JOINED, CONNECTION_HANDSHAKING},
    {CONNECTION_CONNECTING, CONNECTION_EV_PEER_CLOSED, CONNECTION_CLOSED},
    {CONNECTION_CONNECTING, CONNECTION_EV_PEER_GONE, CONNECTION_CLOSED},
    {CONNECTION_CONNECTING, CONNECTION_EV_DEADLINE, CONNECTION_CLOSED},
    {CONNECTION_CONNECTING, CONNECTION_EV_DRAIN, CONNECTION_CLOSED},
    {CONNECTION_HANDSHAKING, CONNECTION_EV_LET_IN, CONNECTION_SERVING},
    {CONNECTION_HANDSHAKING, CONNECTION_EV_REFUSE_CLOSE, CONNECTION_DRAINING},
    {CONNECTION_HANDSHAKING, CONNECTION_EV_REFUSE_RESET, CONNECTION_CLOSED},
    {CONNECTION_HANDSHAKING, CONNECTION_EV_REFUSE_LATER, CONNECTION_WAITING},
    {CONNECTION_HANDSHAKING, CONNECTION_EV_TLS_FAILED, CONNECTION_DRAINING},
    {CONNECTION_HANDSHAKING, CONNECTION_EV_PEER_CLOSED, CONNECTION_CLOSED},
    {CONNECTION_HANDSHAKING, CONNECTION_EV_PEER_GONE, CONNECTION_CLOSED},
    {CONNECTION_HANDSHAKING, CONNECTION_EV_DEADLINE, CONNECTION_CLOSED},
    {CONNECTION_HANDSHAKING, CONNECTION_EV_DRAIN, CONNECTION_CLOSED},
    {CONNECTION_WAITING, CONNECTION_EV_REFUSE_CLOSE, CONNECTION_DRAINING},
    {CONNECTION_WAITING, CONNECTION_EV_REFUSE_RESET, CONNECTION_CLOSED},
    {CONNECTION_WAITING, CONNECTION_EV_TLS_FAILED, CONNECTION_DRAINING},
    {CONNECTION_WAITING, CONNECTION_EV_PEER_CLOSING, CONNECTION_DRAINING},
    {CONNECTION_WAITING, CONNECTION_EV_PEER_CLOSED, CONNECTION_CLOSED},
    {CONNECTION_WAITING, CONNECTION_EV_PEER_GONE, CONNECTION_CLOSED},
    {CONNECTION_WAITING, CONNECTION_EV_DEADLINE, CONNECTION_DRAINING},
    {CONNECTION_WAITING, CONNECTION_EV_DRAIN, CONNECTION_DRAINING},
    {CONNECTION_SERVING, CONNECTION_EV_TLS_FAILED, CONNECTION_DRAINING},
    {CONNECTION_SERVING, CONNECTION_EV_PEER_CLOSING, CONNECTION_DRAINING},
    {CONNECTION_SERVING, CONNECTION_EV_PEER_CLOSED, CONNECTION_CLOSED},
    {CONNECTION_SERVING, CONNECTION_EV_PEER_GONE, CONNECTION_CLOSED},
    {CONNECTION_SERVING, CONNECTION_EV_BROKEN, CONNECTION_DRAINING},
    {CONNECTION_SERVING, CONNECTION_EV_DEADLINE, CONNECTION_DRAINING},
    {CONNECTION_SERVING, CONNECTION_EV_DRAIN, CONNECTION_DRAINING},
    {CONNECTION_DRAINING, CONNECTION_EV_PEER_CLOSED, CONNECTION_CLOSED},
    {CONNECTION_DRAINING, CONNECTION_EV_PEER_GONE, CONNECTION_CLOSED},
    {CONNECTION_DRAINING, CONNECTION_EV_DEADLINE, CONNECTION_CLOSED},
    {CONNECTION_DRAINING, CONNECTION_EV_DRAIN, CONNECTION_DRAINING},
    {CONNECTION_CLOSED, CONNECTION_EV_PEER_CLOSED, CONNECTION_CLOSED},
    {CONNECTION_CLOSED, CONNECTION_EV_PEER_GONE, CONNECTION_CLOSED},
    {CONNECTION_CLOSED, CONNECTION_EV_DRAIN, CONNECTION_CLOSED},
};

#define PERMITTED_COUNT (sizeof permitted / sizeof permitted[0])

Test(connection_fsm, permits_every_cell_that_is_meant)
{
    for (size_t i = 0; i < PERMITTED_COUNT; i++) {
        struct connection_edge edge =
            connection_fsm_edge(permitted[i].from, permitted[i].event);

        cr_expect(edge.is_permitted, "%s x %s",
                  connection_state_text(permitted[i].from),
                  connection_event_text(permitted[i].event));
        cr_expect_eq(edge.next, permitted[i].next, "%s x %s",
                     connection_state_text(permitted[i].from),
                     connection_event_text(permitted[i].event));
    }
}

static bool is_meant(size_t state, size_t event)
{
    for (size_t i = 0; i < PERMITTED_COUNT; i++)
        if (permitted[i].from == state && permitted[i].event == event)
            return true;
    return false;
}

Test(connection_fsm, leaves_every_other_cell_empty)
{
    for (size_t state = 0; state < CONNECTION_STATE_COUNT; state++)
        for (size_t event = 0; event < CONNECTION_EVENT_COUNT; event++)
            cr_expect_eq(connection_fsm_edge((enum connection_state)state,
                                             (enum connection_event)event)
                             .is_permitted,
                         is_meant(state, event), "%s x %s",
                         connection_state_text((enum connection_state)state),
                         connection_event_text((enum connection_event)event));
}

Test(connection_fsm, can_be_left_by_the_peer_from_every_state)
{
    for (size_t state = 0; state < CONNECTION_STATE_COUNT; state++) {
        struct connection_edge closed = connection_fsm_edge(
            (enum connection_state)state, CONNECTION_EV_PEER_CLOSED);
        struct connection_edge gone = connection_fsm_edge(
            (enum connection_state)state, CONNECTION_EV_PEER_GONE);

        cr_expect(closed.is_permitted && closed.next == CONNECTION_CLOSED);
        cr_expect(gone.is_permitted && gone.next == CONNECTION_CLOSED);
    }
}

Test(connection_fsm, never_serves_but_after_a_verdict_that_lets_in)
{
    for (size_t state = 0; state < CONNECTION_STATE_COUNT; state++)
        for (size_t event = 0; event < CONNECTION_EVENT_COUNT; event++) {
            struct connection_edge edge = connection_fsm_edge(
                (enum connection_state)state, (enum connection_event)event);

            if (!edge.is_permitted || edge.next != CONNECTION_SERVING)
                continue;
            cr_expect_eq(event, CONNECTION_EV_LET_IN);
            cr_expect_eq(state, CONNECTION_HANDSHAKING);
        }
}

Test(connection_fsm, prints_itself_as_a_picture)
{
    struct ls_buf out = {0};
    FILE *file = fopen("connection.dot", "w");

    connection_fsm_print(&out);
    cr_assert_not_null(file);
    fwrite(out.at, 1, out.length, file);
    fclose(file);

    cr_expect(ls_str_starts_with(ls_buf_str(&out), "digraph connection {"));
    cr_expect(memmem(out.at, out.length, "handshaking -> serving", 22));
    cr_expect(ls_str_ends_with(ls_buf_str(&out), "}\n"));
    ls_buf_clear(&out);
}
