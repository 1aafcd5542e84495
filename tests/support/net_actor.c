#include "support/net_actor.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <criterion/criterion.h>

void net_actor_act(struct net_actor *actor, const char *script)
{
    if (script != NULL)
        actor->todo = script;
}

static void feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    struct net_actor *actor = self;

    (void)now_ms;
    ls_buf_add(&actor->got, bytes);
    net_actor_act(actor, actor->at_bytes);
}

static void feed_end(void *self, enum wire_end end, const char *detail,
                     uint64_t now_ms)
{
    struct net_actor *actor = self;

    (void)detail;
    (void)now_ms;
    cr_assert_not(actor->ended, "the end comes once");
    actor->ended = true;
    actor->end = end;
    net_actor_act(actor, actor->at_end != NULL ? actor->at_end : "c");
}

static void tick(void *self, uint64_t now_ms)
{
    struct net_actor *actor = self;

    cr_assert_geq(now_ms, actor->deadline_ms);
    actor->deadline_ms = WIRE_NEVER;
    actor->ticks++;
    net_actor_act(actor, actor->at_tick);
}

static bool next(void *self, struct wire_action *action)
{
    struct net_actor *actor = self;

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
    return ((const struct net_actor *)self)->deadline_ms;
}

static const struct wire_machine_ops actor_ops = {feed, feed_end, tick, next,
                                                  deadline_ms};

struct wire_machine net_actor_machine(struct net_actor *actor)
{
    actor->todo = actor->at_first;
    if (actor->deadline_ms == 0)
        actor->deadline_ms = WIRE_NEVER;
    return (struct wire_machine){actor, &actor_ops};
}

struct net_guest net_actor_accepted(void *arg, const char *peer,
                                    const char *local)
{
    cr_assert(ls_str_starts_with(ls_str_from(peer), "127.0.0.1:"));
    cr_assert(ls_str_starts_with(ls_str_from(local), "127.0.0.1:"));
    return arg == NULL ? (struct net_guest){0}
                       : (struct net_guest){net_actor_machine(arg), arg};
}

void net_actor_over(void *arg)
{
    struct net_actor *actor = arg;

    actor->closed = true;
    if (--*actor->left == 0)
        net_loop_leave(actor->loop);
}

void net_actor_closed(void *arg, void *owner)
{
    (void)arg;
    net_actor_over(owner);
}

static void on_joined(void *arg, const char *local, const char *remote)
{
    struct net_actor *actor = arg;

    (void)remote;
    snprintf(actor->local, sizeof actor->local, "%s", local);
}

void net_actor_play(struct net_actor *server, struct net_actor *peer,
                    struct net_loop *loop, uint32_t watch_ms)
{
    struct net_acceptor acceptor = {.accepted = net_actor_accepted,
                                    .closed = net_actor_closed,
                                    .arg = server};
    struct net_dialer dialer = {
        .joined = on_joined, .closed = net_actor_over, .arg = peer};
    unsigned left = 2;
    char *why = NULL;
    struct net_listener *listener =
        net_listener_open(loop, "127.0.0.1:0", &acceptor, &why);

    cr_assert_not_null(listener, "%s", why);
    server->loop = peer->loop = loop;
    server->left = peer->left = &left;
    net_dial(loop, net_listener_address(listener), net_actor_machine(peer),
             &dialer);
    net_loop_watch(loop, watch_ms);
    net_loop_run(loop);
    net_loop_watch(loop, 0);
    cr_assert(server->closed);
    cr_assert(peer->closed);
}

int net_actor_connect(const struct net_listener *listener)
{
    const char *colon = strrchr(net_listener_address(listener), ':');
    struct sockaddr_in in = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    in.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert_eq(connect(fd, (struct sockaddr *)&in, sizeof in), 0);
    return fd;
}

void net_actor_clear(struct net_actor *actor)
{
    ls_buf_clear(&actor->got);
    ls_buf_clear(&actor->sent);
}
