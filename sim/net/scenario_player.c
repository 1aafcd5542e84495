/*
 * One listener and one loop a scenario; the two ends of an exchange are two
 * streams in it.
 */
#include "lyncsim/scenario_player.h"

#include <stdlib.h>
#include <time.h>

#include "lyncsim/alloc.h"
#include "lyncsim/net_loop.h"

struct player {
    struct scenario_runner *runner;
    struct net_loop *loop;
    struct net_listener *listener;
    char *why; /* there is no listener: a sentence */
    uint32_t watchdog_ms;
    /* The exchange that is on. */
    const struct runner_action *action;
    bool is_accepted;
    bool front_end_is_over, peer_is_over;
    char *sockets;
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

    (void)peer;
    (void)local;
    if (player->action == NULL || player->is_accepted)
        return (struct net_guest){0};
    player->is_accepted = true;
    return (struct net_guest){player->action->front_end, player};
}

/* A peer that was joined has its other end, be it still in the queue. */
static void leave_when_over(struct player *player)
{
    if (player->peer_is_over &&
        (player->front_end_is_over || player->sockets == NULL))
        net_loop_leave(player->loop);
}

static void on_front_end_closed(void *arg, void *owner)
{
    struct player *player = arg;

    (void)owner;
    player->front_end_is_over = true;
    leave_when_over(player);
}

static void on_joined(void *arg, const char *local, const char *remote)
{
    struct player *player = arg;

    player->sockets = ls_strf("%s to %s", local, remote);
}

static void on_peer_closed(void *arg)
{
    struct player *player = arg;

    player->peer_is_over = true;
    leave_when_over(player);
}

static void open_listener(struct player *player)
{
    struct net_acceptor acceptor = {
        .accepted = on_accepted, .closed = on_front_end_closed, .arg = player};

    player->listener =
        net_listener_open(player->loop, "127.0.0.1:0", &acceptor, &player->why);
}

static void exchange(struct player *player, const struct runner_action *action)
{
    struct net_dialer dialer = {on_joined, on_peer_closed, player};
    struct runner_exchange report = {.cut_off = player->why};
    double start_ms = real_ms();

    if (player->listener != NULL) {
        player->action = action;
        player->is_accepted = false;
        player->front_end_is_over = player->peer_is_over = false;
        net_dial(player->loop, net_listener_address(player->listener),
                 action->peer, &dialer);
        net_loop_watch(player->loop, player->watchdog_ms);
        net_loop_run(player->loop);
        net_loop_watch(player->loop, 0);
        if (net_loop_timed_out(player->loop))
            report.cut_off = "the watchdog cut it: nothing moved any more";
    }
    player->action = NULL;
    report.sockets = player->sockets;
    report.duration_ms = real_ms() - start_ms;
    scenario_runner_exchanged(player->runner, &report);
    free(player->sockets);
    player->sockets = NULL;
}

void scenario_player_run(struct scenario_runner *runner, uint32_t watchdog_ms)
{
    struct player player = {.runner = runner, .watchdog_ms = watchdog_ms};
    struct runner_action action;
    double start_ms = real_ms();

    player.loop = net_loop_new(lab_now_ms, &player);
    open_listener(&player);
    while (scenario_runner_next(runner, &action) &&
           action.kind == RUNNER_EXCHANGE)
        exchange(&player, &action);
    net_loop_free(player.loop);
    free(player.why);
    scenario_runner_set_duration(runner, real_ms() - start_ms);
}
