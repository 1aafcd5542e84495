/*
 * One loop a scenario, and one listener for each network it uses; the two ends
 * of an exchange are two streams in it.
 */
#include "lyncsim/scenario_player.h"

#include <stdlib.h>
#include <time.h>

#include "lyncsim/alloc.h"
#include "lyncsim/net_loop.h"

/* What moves all the time is cut as well, after so many times the watchdog. */
#define PATIENCE 30.0

struct player;

/* The two ends of one exchange, whose streams may outlive it by a turn. */
struct pair {
    struct player *player;
    struct pair *next;
    struct runner_action action;
    double start_ms;
    bool is_accepted;
    bool front_end_is_over, peer_is_over;
    char *sockets; /* NULL: never joined */
};

struct player {
    struct scenario_runner *runner;
    struct net_loop *loop;
    struct net_listener *listeners[2]; /* of IPv4, of IPv6; when wanted */
    uint32_t watchdog_ms;
    double busy_since_ms;  /* the first of pairs began */
    struct pair *pairs;    /* that are on */
    struct pair *expected; /* whose peer is to be accepted, or NULL */
};

static double real_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static uint64_t lab_now_ms(void *arg)
{
    struct player *player = arg;

    return scenario_runner_now_ms(player->runner);
}

/* Nobody but our own peer is expected: a stranger who finds the port between
 * two exchanges is turned away. */
static struct net_guest on_accepted(void *arg, const char *peer,
                                    const char *local)
{
    struct player *player = arg;
    struct pair *pair = player->expected;

    (void)peer;
    (void)local;
    if (pair == NULL)
        return (struct net_guest){0};
    player->expected = NULL;
    pair->is_accepted = true;
    return (struct net_guest){pair->action.front_end, pair};
}

/* The watchdog is for what does not move: a thousand users on a busy machine
 * take their time. */
static void rest_watchdog(struct player *player)
{
    if (!net_loop_timed_out(player->loop) &&
        real_ms() - player->busy_since_ms < PATIENCE * player->watchdog_ms)
        net_loop_watch(player->loop, player->watchdog_ms);
}

static void on_front_end_moved(void *arg)
{
    rest_watchdog(arg);
}

static void on_peer_moved(void *arg)
{
    struct pair *pair = arg;

    rest_watchdog(pair->player);
}

static void on_front_end_closed(void *arg, void *owner)
{
    struct pair *pair = owner;

    (void)arg;
    pair->front_end_is_over = true;
}

static void on_joined(void *arg, const char *local, const char *remote)
{
    struct pair *pair = arg;

    pair->sockets = ls_strf("%s to %s", local, remote);
}

static void on_peer_closed(void *arg)
{
    struct pair *pair = arg;

    pair->peer_is_over = true;
}

/* NULL and a sentence in *why, when there is none to be had. */
static struct net_listener *listener_for(struct player *player, bool is_ipv6,
                                         char **why)
{
    struct net_listener **listener = &player->listeners[is_ipv6];
    struct net_acceptor acceptor = {.accepted = on_accepted,
                                    .moved = on_front_end_moved,
                                    .closed = on_front_end_closed,
                                    .arg = player};

    if (player->loop == NULL)
        *why = ls_strf("there are not enough file descriptors to be had");
    else if (*listener == NULL)
        *listener = net_listener_open(
            player->loop, is_ipv6 ? "[::1]:0" : "127.0.0.1:0", &acceptor, why);
    return *listener;
}

/* A peer that was joined has its other end, be it still in the queue; where
 * that cannot be accepted, the watchdog is who ends the wait for it. */
static bool is_over(const struct pair *pair)
{
    bool never_was =
        pair->sockets == NULL ||
        (!pair->is_accepted && net_loop_timed_out(pair->player->loop));

    return pair->peer_is_over && (pair->front_end_is_over || never_was);
}

/* What kept it from coming to the end that it should, or NULL. */
static const char *cut_off_by(const struct pair *pair)
{
    if (net_loop_timed_out(pair->player->loop))
        return pair->is_accepted ? "the watchdog cut it: nothing moved any more"
                                 : "the watchdog cut it: it was never accepted";
    /* Somebody listens there, so it is for want of a socket. */
    return pair->sockets == NULL ? "no socket could be connected" : NULL;
}

static void report(struct player *player, struct pair *pair,
                   const char *cut_off)
{
    struct runner_exchange exchange = {
        .exchange = pair->action.exchange,
        .cut_off = cut_off,
        .sockets = pair->sockets,
        .duration_ms = real_ms() - pair->start_ms,
    };

    if (player->expected == pair)
        player->expected = NULL;
    scenario_runner_exchanged(player->runner, &exchange);
    free(pair->sockets);
    free(pair);
}

/* Tell of those that are over; false when none is. */
static bool report_over(struct player *player)
{
    for (struct pair **at = &player->pairs; *at != NULL; at = &(*at)->next) {
        struct pair *pair = *at;

        if (!is_over(pair))
            continue;
        *at = pair->next;
        report(player, pair, cut_off_by(pair));
        return true;
    }
    return false;
}

/* False when nobody wants to be woken. */
static bool wake(struct player *player)
{
    const void *self;

    if (!scenario_runner_wake(player->runner, &self))
        return false;
    net_loop_wake(player->loop, self);
    return true;
}

/* The next is dialled when this one has arrived: so it is known who is who. */
static void begin(struct player *player, const struct runner_action *action)
{
    struct pair *pair = ls_alloc(sizeof *pair);
    struct net_dialer dialer = {.joined = on_joined,
                                .moved = on_peer_moved,
                                .closed = on_peer_closed,
                                .arg = pair};
    struct pair **last = &player->pairs;
    char *why = NULL;
    struct net_listener *listener = listener_for(player, action->is_ipv6, &why);

    pair->player = player;
    pair->action = *action;
    pair->start_ms = real_ms();
    if (listener == NULL) {
        report(player, pair, why);
        free(why);
        return;
    }
    if (player->pairs == NULL)
        player->busy_since_ms = pair->start_ms;
    while (*last != NULL)
        last = &(*last)->next;
    *last = pair;
    player->expected = pair;
    net_loop_watch(player->loop, player->watchdog_ms);
    net_dial(player->loop, net_listener_address(listener), pair->action.peer,
             &dialer);
    while (player->expected == pair && !pair->peer_is_over)
        net_loop_turn(player->loop);
}

void scenario_player_run(struct scenario_runner *runner, uint32_t watchdog_ms)
{
    struct player player = {.runner = runner, .watchdog_ms = watchdog_ms};
    struct runner_action action;
    double start_ms = real_ms();

    player.loop = net_loop_new(lab_now_ms, &player);
    while (scenario_runner_next(runner, &action) &&
           action.kind != RUNNER_FINISHED) {
        if (action.kind == RUNNER_EXCHANGE)
            begin(&player, &action);
        else if (!report_over(&player) && !wake(&player))
            net_loop_turn(player.loop);
        if (player.pairs == NULL && player.loop != NULL)
            net_loop_watch(player.loop, 0);
    }
    net_loop_free(player.loop);
    scenario_runner_set_duration(runner, real_ms() - start_ms);
}
