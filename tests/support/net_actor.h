/*
 * A machine made of a script, for what drives machines over real sockets.
 */
#ifndef TESTS_SUPPORT_NET_ACTOR_H
#define TESTS_SUPPORT_NET_ACTOR_H

#include "lyncsim/buf.h"
#include "lyncsim/net_loop.h"

/* What it does first, and what when bytes or the end come. s sends a word, f a
 * FIN, c closes, r resets. */
struct net_actor {
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

/* Do that next; NULL: go on. */
void net_actor_act(struct net_actor *actor, const char *script);
struct wire_machine net_actor_machine(struct net_actor *actor);
void net_actor_clear(struct net_actor *actor);

/* For who accepts and dials. An acceptor serves the actor its arg is, or turns
 * away with NULL; who is closed last of those that are left leaves the loop. */
struct net_guest net_actor_accepted(void *arg, const char *peer,
                                    const char *local);
void net_actor_closed(void *arg, void *owner);
void net_actor_over(void *arg);

/* A socket of nobody here, connected by the system alone: the listener's loop
 * need not turn. */
int net_actor_connect(const struct net_listener *listener);

/* Join the two, and run until both are closed. */
void net_actor_play(struct net_actor *server, struct net_actor *peer,
                    struct net_loop *loop, uint32_t watch_ms);

#endif
