/* Does the shell carry bytes, ends, resets and deadlines to and from a
 * machine over real loopback sockets? */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/net_loop.h"

/* A machine made of a script: what it does first, and what when bytes or the
 * end come. s sends a word, f a FIN, c closes, r resets. */
struct actor {
    const char *at_first;
    const char *at_bytes;
    const char *at_end;
    const char *at_tick;
    const char *todo;
    size_t send_bytes; /* how much an s sends; 0: a word */
    struct ls_buf got;
    struct ls_buf sent;
    bool ended;
    enum wire_end end;
    uint64_t deadline_ms;
    unsigned ticks;
    bool closed;
    char local[64];
    struct net_loop *loop;
    unsigned *left;
};

static void act(struct actor *actor, const char *script)
{
    if (script != NULL)
        actor->todo = script;
}

static void feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    struct actor *actor = self;

    (void)now_ms;
    ls_buf_add(&actor->got, bytes);
    act(actor, actor->at_bytes);
}

static void feed_end(void *self, enum wire_end end, const char *detail,
                     uint64_t now_ms)
{
    struct actor *actor = self;

    (void)detail;
    (void)now_ms;
    cr_assert_not(actor->ended, "the end comes once");
    actor->ended = true;
    actor->end = end;
    act(actor, actor->at_end != NULL ? actor->at_end : "c");
}

static void tick(void *self, uint64_t now_ms)
{
    struct actor *actor = self;

    cr_assert_geq(now_ms, actor->deadline_ms);
    actor->deadline_ms = WIRE_NEVER;
    actor->ticks++;
    act(actor, actor->at_tick);
}

static bool next(void *self, struct wire_action *action)
{
    struct actor *actor = self;

    if (actor->todo == NULL || *actor->todo == '\0')
        return false;
    ls_buf_reset(&actor->sent);
    switch (*actor->todo++) {
    case 's':
        action->kind = WIRE_SEND;
        ls_buf_add_text(&actor->sent, "word");
        while (actor->sent.length < actor->send_bytes)
            ls_buf_add_text(&actor->sent, "and another word");
        action->bytes = ls_buf_str(&actor->sent);
        return true;
    case 'f':
        action->kind = WIRE_SHUTDOWN;
        return true;
    case 'c':
        action->kind = WIRE_CLOSE;
        return true;
    default:
        action->kind = WIRE_RESET;
        return true;
    }
}

static uint64_t deadline_ms(const void *self)
{
    return ((const struct actor *)self)->deadline_ms;
}

static const struct wire_machine_ops actor_ops = {feed, feed_end, tick, next,
                                                  deadline_ms};

static struct wire_machine machine_of(struct actor *actor)
{
    actor->todo = actor->at_first;
    if (actor->deadline_ms == 0)
        actor->deadline_ms = WIRE_NEVER;
    return (struct wire_machine){actor, &actor_ops};
}

static struct net_guest on_accepted(void *arg, const char *peer,
                                    const char *local)
{
    cr_assert(ls_str_starts_with(ls_str_from(peer), "127.0.0.1:"));
    cr_assert(ls_str_starts_with(ls_str_from(local), "127.0.0.1:"));
    return arg == NULL ? (struct net_guest){0}
                       : (struct net_guest){machine_of(arg), arg};
}

static void on_over(void *arg)
{
    struct actor *actor = arg;

    actor->closed = true;
    if (--*actor->left == 0)
        net_loop_leave(actor->loop);
}

static void on_closed(void *arg, void *owner)
{
    (void)arg;
    on_over(owner);
}

static void on_joined(void *arg, const char *local, const char *remote)
{
    struct actor *actor = arg;

    (void)remote;
    snprintf(actor->local, sizeof actor->local, "%s", local);
}

static void play(struct actor *server, struct actor *peer,
                 struct net_loop *loop, uint32_t watch_ms)
{
    struct net_acceptor acceptor = {
        .accepted = on_accepted, .closed = on_closed, .arg = server};
    struct net_dialer dialer = {
        .joined = on_joined, .closed = on_over, .arg = peer};
    unsigned left = 2;
    char *why = NULL;
    struct net_listener *listener =
        net_listener_open(loop, "127.0.0.1:0", &acceptor, &why);

    cr_assert_not_null(listener, "%s", why);
    server->loop = peer->loop = loop;
    server->left = peer->left = &left;
    net_dial(loop, net_listener_address(listener), machine_of(peer), &dialer);
    net_loop_watch(loop, watch_ms);
    net_loop_run(loop);
    net_loop_watch(loop, 0);
    cr_assert(server->closed);
    cr_assert(peer->closed);
}

static void clear(struct actor *actor)
{
    ls_buf_clear(&actor->got);
    ls_buf_clear(&actor->sent);
}

Test(net_loop, carries_bytes_and_fin_both_ways)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct actor server = {.at_bytes = "s", .at_end = "c"};
    struct actor peer = {.at_first = "s", .at_bytes = "f", .at_end = "c"};

    play(&server, &peer, loop, 10000);

    cr_expect(ls_str_equal_text(ls_buf_str(&server.got), "word"));
    cr_expect(ls_str_equal_text(ls_buf_str(&peer.got), "word"));
    cr_expect_eq(server.end, WIRE_END_EOF);
    cr_expect_eq(peer.end, WIRE_END_EOF);
    cr_expect(ls_str_starts_with(ls_str_from(peer.local), "127.0.0.1:"));
    clear(&server);
    clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, sends_a_reset_that_the_peer_sees)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct actor server = {.at_bytes = "r"};
    struct actor peer = {.at_first = "s"};

    play(&server, &peer, loop, 10000);

    cr_expect(peer.ended);
    cr_expect_eq(peer.end, WIRE_END_RESET);
    clear(&server);
    clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, sees_a_reset_that_comes_with_the_last_bytes)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct actor server = {.at_bytes = "sr"};
    struct actor peer = {.at_first = "s", .at_bytes = "s"};

    play(&server, &peer, loop, 10000);

    cr_expect(ls_str_equal_text(ls_buf_str(&peer.got), "word"));
    cr_expect_eq(peer.end, WIRE_END_RESET);
    clear(&server);
    clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, resets_even_after_its_fin)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct actor server = {.at_first = "f", .at_bytes = "r"};
    struct actor peer = {.at_end = "s", .deadline_ms = 0};

    /* The peer answers the FIN with bytes and waits: its next word is the
     * RST, which after an EOF nobody reads, so it is cut by the watch. */
    play(&server, &peer, loop, 300);

    cr_expect_eq(peer.end, WIRE_END_EOF);
    cr_expect(ls_str_equal_text(ls_buf_str(&server.got), "word"));
    clear(&server);
    clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, writes_everything_before_it_closes)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct actor server = {.at_bytes = "sfc", .send_bytes = 8u << 20};
    struct actor peer = {.at_first = "s"};

    play(&server, &peer, loop, 20000);

    cr_expect_geq(peer.got.length, 8u << 20);
    cr_expect_eq(peer.end, WIRE_END_EOF);
    clear(&server);
    clear(&peer);
    net_loop_free(loop);
}

enum { CROWD = 200 };

struct crowd {
    struct net_loop *loop;
    struct actor servers[CROWD];
    struct actor peers[CROWD];
    unsigned count;
};

static struct net_guest on_another(void *arg, const char *peer,
                                   const char *local)
{
    struct crowd *crowd = arg;
    struct actor *server = &crowd->servers[crowd->count++];

    (void)peer;
    (void)local;
    if (crowd->count == CROWD)
        net_loop_leave(crowd->loop);
    return (struct net_guest){machine_of(server), server};
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
                 machine_of(&crowd->peers[i]), &dialer);
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
        clear(&crowd.servers[i]);
        clear(&crowd.peers[i]);
    }
}

Test(net_loop, wakes_nobody_who_has_gone)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);
    struct actor server = {.at_first = "c"};
    struct actor peer = {0};

    play(&server, &peer, loop, 10000);

    server.todo = "s";
    net_loop_wake(loop, &server);
    cr_expect_str_eq(server.todo, "s");
    clear(&server);
    clear(&peer);
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
    struct actor server = {.at_tick = "fc"};
    struct actor peer = {0};

    server.deadline_ms = net_loop_now_ms(loop) + 20;
    play(&server, &peer, loop, 10000);

    cr_expect_eq(server.ticks, 1);
    cr_expect_not(net_loop_timed_out(loop));
    clear(&server);
    clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, never_ticks_while_lab_time_stands_still)
{
    struct net_loop *loop = net_loop_new(standing_still, NULL);
    struct actor server = {.at_tick = "fc", .deadline_ms = 1324413901705};
    struct actor peer = {0};

    play(&server, &peer, loop, 100);

    cr_expect_eq(server.ticks, 0);
    cr_expect(net_loop_timed_out(loop));
    cr_expect_eq(server.end, WIRE_END_TIMEOUT);
    cr_expect_eq(peer.end, WIRE_END_TIMEOUT);
    clear(&server);
    clear(&peer);
    net_loop_free(loop);
}

Test(net_loop, tells_a_peer_that_nobody_listens)
{
    static const char *const addresses[] = {"127.0.0.1:1", "no.such.invalid:1",
                                            "nonsense", "127.0.0.1:70000"};

    for (size_t i = 0; i < LS_COUNT(addresses); i++) {
        struct net_loop *loop = net_loop_new(NULL, NULL);
        unsigned left = 1;
        struct actor peer = {.loop = loop, .left = &left};
        struct net_dialer dialer = {.closed = on_over, .arg = &peer};

        net_dial(loop, addresses[i], machine_of(&peer), &dialer);
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
    struct net_acceptor acceptor = {.accepted = on_accepted};
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
    struct net_acceptor acceptor = {.accepted = on_accepted};
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
    struct net_acceptor acceptor = {.accepted = on_accepted};
    struct net_loop *loop = net_loop_new(NULL, NULL);
    char *why = NULL;
    struct net_listener *listener =
        net_listener_open(loop, "127.0.0.1:0", &acceptor, &why);
    unsigned left = 1;
    struct actor peer = {.loop = loop, .left = &left};
    struct net_dialer dialer = {.closed = on_over, .arg = &peer};

    net_dial(loop, net_listener_address(listener), machine_of(&peer), &dialer);
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
    struct net_acceptor acceptor = {.accepted = on_accepted};
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
    act(self, "fc");
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
    struct actor server = {.at_first = "s", .loop = loop, .left = &left};
    struct actor peer = {.loop = loop, .left = &left};
    struct net_acceptor acceptor = {.accepted = on_accepted,
                                    .drain = on_drain,
                                    .closed = on_closed,
                                    .arg = &server};
    struct net_dialer dialer = {.closed = on_over, .arg = &peer};
    char *why = NULL;
    struct net_listener *listener =
        net_listener_open(loop, "127.0.0.1:0", &acceptor, &why);

    net_dial(loop, net_listener_address(listener), machine_of(&peer), &dialer);
    net_loop_on_signal(loop, SIGTERM, on_stop, loop);
    kill(getpid(), SIGTERM);
    net_loop_run(loop);

    cr_expect_not(net_loop_timed_out(loop));
    cr_expect(peer.closed);
    clear(&server);
    clear(&peer);
    net_loop_free(loop);
}
