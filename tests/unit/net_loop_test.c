/* Does the shell carry bytes, ends, resets and deadlines to and from a
 * machine over real loopback sockets? */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "support/net_actor.h"

Test(net_loop, carries_bytes_and_fin_both_ways)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct net_actor server = {.at_bytes = "s", .at_end = "c"};
    struct net_actor peer = {.at_first = "s", .at_bytes = "f", .at_end = "c"};

    net_actor_play(&server, &peer, loop, 10000);

    cr_expect(ls_str_equal_text(ls_buf_str(&server.got), "word"));
    cr_expect(ls_str_equal_text(ls_buf_str(&peer.got), "word"));
    cr_expect_eq(server.end, WIRE_END_EOF);
    cr_expect_eq(peer.end, WIRE_END_EOF);
    cr_expect(ls_str_starts_with(ls_str_from(peer.local), "127.0.0.1:"));
    net_actor_clear(&server);
    net_actor_clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, sends_a_reset_that_the_peer_sees)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct net_actor server = {.at_bytes = "r"};
    struct net_actor peer = {.at_first = "s"};

    net_actor_play(&server, &peer, loop, 10000);

    cr_expect(peer.ended);
    cr_expect_eq(peer.end, WIRE_END_RESET);
    net_actor_clear(&server);
    net_actor_clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, sees_a_reset_that_comes_with_the_last_bytes)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct net_actor server = {.at_bytes = "sr"};
    struct net_actor peer = {.at_first = "s", .at_bytes = "s"};

    net_actor_play(&server, &peer, loop, 10000);

    cr_expect(ls_str_equal_text(ls_buf_str(&peer.got), "word"));
    cr_expect_eq(peer.end, WIRE_END_RESET);
    net_actor_clear(&server);
    net_actor_clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, resets_even_after_its_fin)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct net_actor server = {.at_first = "f", .at_bytes = "r"};
    struct net_actor peer = {.at_end = "s", .deadline_ms = 0};

    /* The peer answers the FIN with bytes and waits: its next word is the
     * RST, which after an EOF nobody reads, so it is cut by the watch. */
    net_actor_play(&server, &peer, loop, 300);

    cr_expect_eq(peer.end, WIRE_END_EOF);
    cr_expect(ls_str_equal_text(ls_buf_str(&server.got), "word"));
    net_actor_clear(&server);
    net_actor_clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, writes_everything_before_it_closes)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct net_actor server = {.at_bytes = "sfc", .send_bytes = 8u << 20};
    struct net_actor peer = {.at_first = "s"};

    net_actor_play(&server, &peer, loop, 20000);

    cr_expect_geq(peer.got.length, 8u << 20);
    cr_expect_eq(peer.end, WIRE_END_EOF);
    net_actor_clear(&server);
    net_actor_clear(&peer);
    net_loop_free(loop);
}

enum { CROWD = 200 };

struct crowd {
    struct net_loop *loop;
    struct net_actor servers[CROWD];
    struct net_actor peers[CROWD];
    unsigned count;
};

static struct net_guest on_another(void *arg, const char *peer,
                                   const char *local)
{
    struct crowd *crowd = arg;
    struct net_actor *server = &crowd->servers[crowd->count++];

    (void)peer;
    (void)local;
    if (crowd->count == CROWD)
        net_loop_leave(crowd->loop);
    return (struct net_guest){net_actor_machine(server), server};
}

static void join_crowd(struct crowd *crowd)
{
    struct net_acceptor acceptor = {.accepted = on_another, .arg = crowd};
    char *why = NULL;
    struct net_listener *listener =
        net_listener_open(crowd->loop, "127.0.0.1:0", &acceptor, &why);

    cr_assert_not_null(listener, "%s", why);
    for (unsigned i = 0; i < CROWD; i++) {
        struct net_dialer dialer = {.arg = &crowd->peers[i]};

        net_dial(crowd->loop, net_listener_address(listener),
                 net_actor_machine(&crowd->peers[i]), &dialer);
    }
    net_loop_watch(crowd->loop, 10000);
    net_loop_run(crowd->loop);
    net_loop_watch(crowd->loop, 0);
    cr_assert_eq(crowd->count, CROWD);
}

Test(net_loop, wakes_the_one_who_is_meant_among_many)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct crowd crowd = {.loop = loop};

    join_crowd(&crowd);
    for (unsigned i = 0; i < CROWD; i++)
        crowd.servers[i].todo = "c";

    for (unsigned i = 0; i < CROWD; i += 3)
        net_loop_wake(loop, &crowd.servers[i]);
    net_loop_wake(loop, &crowd);
    net_loop_wake(loop, NULL);

    for (unsigned i = 0; i < CROWD; i++)
        cr_expect_str_eq(crowd.servers[i].todo, i % 3 == 0 ? "" : "c", "%u", i);
    net_loop_free(loop);
    for (unsigned i = 0; i < CROWD; i++) {
        net_actor_clear(&crowd.servers[i]);
        net_actor_clear(&crowd.peers[i]);
    }
}

Test(net_loop, wakes_nobody_who_has_gone)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct net_actor server = {.at_first = "c"};
    struct net_actor peer = {0};

    net_actor_play(&server, &peer, loop, 10000);

    server.todo = "s";
    net_loop_wake(loop, &server);
    cr_expect_str_eq(server.todo, "s");
    net_actor_clear(&server);
    net_actor_clear(&peer);
    net_loop_free(loop);
}

static uint64_t standing_still(void *arg)
{
    (void)arg;
    return 1324413901704;
}

Test(net_loop, ticks_at_a_real_deadline)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct net_actor server = {.at_tick = "fc"};
    struct net_actor peer = {0};

    server.deadline_ms = net_loop_now_ms(loop) + 20;
    net_actor_play(&server, &peer, loop, 10000);

    cr_expect_eq(server.ticks, 1);
    cr_expect_not(net_loop_timed_out(loop));
    net_actor_clear(&server);
    net_actor_clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, never_ticks_while_lab_time_stands_still)
{
    struct net_loop *loop = net_loop_new(standing_still, NULL);
    struct net_actor server = {.at_tick = "fc", .deadline_ms = 1324413901705};
    struct net_actor peer = {0};

    net_actor_play(&server, &peer, loop, 100);

    cr_expect_eq(server.ticks, 0);
    cr_expect(net_loop_timed_out(loop));
    cr_expect_eq(server.end, WIRE_END_TIMEOUT);
    cr_expect_eq(peer.end, WIRE_END_TIMEOUT);
    net_actor_clear(&server);
    net_actor_clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, tells_a_peer_that_nobody_listens)
{
    static const char *const addresses[] = {"127.0.0.1:1", "no.such.invalid:1",
                                            "nonsense", "127.0.0.1:70000"};

    for (size_t i = 0; i < LS_COUNT(addresses); i++) {
        struct net_loop *loop = net_loop_new(NULL, NULL);
        unsigned left = 1;
        struct net_actor peer = {.loop = loop, .left = &left};
        struct net_dialer dialer = {.closed = net_actor_over, .arg = &peer};

        net_dial(loop, addresses[i], net_actor_machine(&peer), &dialer);
        net_loop_run(loop);

        cr_expect(peer.closed, "%s", addresses[i]);
        cr_expect_eq(peer.end, WIRE_END_FAILED, "%s", addresses[i]);
        net_loop_free(loop);
    }
}

Test(net_loop, refuses_to_listen_where_it_cannot)
{
    static const char *const addresses[] = {
        "nonsense", "127.0.0.1",   "127.0.0.1:x",
        "::1:5061", "192.0.2.1:0", "no.such.invalid:0",
    };
    struct net_acceptor acceptor = {.accepted = net_actor_accepted};
    struct net_loop *loop = net_loop_new(NULL, NULL);

    for (size_t i = 0; i < LS_COUNT(addresses); i++) {
        char *why = NULL;

        cr_expect_null(net_listener_open(loop, addresses[i], &acceptor, &why),
                       "%s", addresses[i]);
        cr_expect_not_null(why, "%s", addresses[i]);
        free(why);
    }
    net_loop_free(loop);
}

Test(net_loop, says_which_port_is_taken)
{
    struct net_acceptor acceptor = {.accepted = net_actor_accepted};
    struct net_loop *loop = net_loop_new(NULL, NULL);
    char *why = NULL;
    struct net_listener *first =
        net_listener_open(loop, "127.0.0.1:0", &acceptor, &why);
    char *address = ls_strdup(net_listener_address(first));

    cr_expect(net_listener_is_local(first));
    cr_expect_null(net_listener_open(loop, address, &acceptor, &why));
    cr_assert_not_null(why);
    cr_expect_not_null(strstr(why, address), "%s", why);
    cr_expect_not_null(strstr(why, "in use"), "%s", why);
    free(why);
    free(address);
    net_loop_free(loop);
}

Test(net_loop, turns_away_whom_its_owner_does_not_serve)
{
    struct net_acceptor acceptor = {.accepted = net_actor_accepted};
    struct net_loop *loop = net_loop_new(NULL, NULL);
    char *why = NULL;
    struct net_listener *listener =
        net_listener_open(loop, "127.0.0.1:0", &acceptor, &why);
    unsigned left = 1;
    struct net_actor peer = {.loop = loop, .left = &left};
    struct net_dialer dialer = {.closed = net_actor_over, .arg = &peer};

    net_dial(loop, net_listener_address(listener), net_actor_machine(&peer),
             &dialer);
    net_loop_run(loop);

    cr_expect(peer.ended);
    net_loop_free(loop);
}

static void on_number(void *arg, int number)
{
    cr_expect_eq(number, SIGHUP);
    net_loop_leave(arg);
}

Test(net_loop, hears_a_signal)
{
    struct net_acceptor acceptor = {.accepted = net_actor_accepted};
    struct net_loop *loop = net_loop_new(NULL, NULL);
    char *why = NULL;

    net_listener_open(loop, "127.0.0.1:0", &acceptor, &why);
    net_loop_on_signal(loop, SIGHUP, on_number, loop);
    kill(getpid(), SIGHUP);
    net_loop_run(loop);

    net_loop_free(loop);
}

static void on_drain(void *arg, void *self)
{
    (void)arg;
    net_actor_act(self, "fc");
}

static void on_stop(void *arg, int number)
{
    (void)number;
    net_loop_stop(arg, 5000);
}

Test(net_loop, lets_streams_end_in_order_when_it_stops)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    unsigned left = 3; /* never reached: the loop ends by itself */
    struct net_actor server = {.at_first = "s", .loop = loop, .left = &left};
    struct net_actor peer = {.loop = loop, .left = &left};
    struct net_acceptor acceptor = {.accepted = net_actor_accepted,
                                    .drain = on_drain,
                                    .closed = net_actor_closed,
                                    .arg = &server};
    struct net_dialer dialer = {.closed = net_actor_over, .arg = &peer};
    char *why = NULL;
    struct net_listener *listener =
        net_listener_open(loop, "127.0.0.1:0", &acceptor, &why);

    net_dial(loop, net_listener_address(listener), net_actor_machine(&peer),
             &dialer);
    net_loop_on_signal(loop, SIGTERM, on_stop, loop);
    kill(getpid(), SIGTERM);
    net_loop_run(loop);

    cr_expect_not(net_loop_timed_out(loop));
    cr_expect(peer.closed);
    net_actor_clear(&server);
    net_actor_clear(&peer);
    net_loop_free(loop);
}
