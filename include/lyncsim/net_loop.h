/*
 * Who carries the bytes? Sockets, timers and signals on libuv, driving
 * machines that know nothing of them. The only folder that sees <uv.h>.
 */
#ifndef LYNCSIM_NET_LOOP_H
#define LYNCSIM_NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/err.h"
#include "lyncsim/wire.h"

struct net_loop;
struct net_listener;

/* The machines' clock: lab time in scenarios, real time otherwise. */
typedef uint64_t(net_clock_fn)(void *arg);

/* What a listener asks of its owner, at the border that libuv forces. */
struct net_acceptor {
    /* A connection came in; peer and local are "address:port". The machine
     * that serves it; its self NULL turns it away. */
    struct wire_machine (*accepted)(void *arg, const char *peer,
                                    const char *local);
    /* Its stream has closed for good: free what self is. */
    void (*closed)(void *arg, void *self);
    /* Bytes have moved: what the machines have written down can be taken. */
    void (*moved)(void *arg);
    void *arg;
};

struct net_loop *net_loop_new(net_clock_fn *clock, void *arg);
/* Everything must be closed; asserted. */
void net_loop_free(struct net_loop *loop);

/* Listen on "address:port"; port 0 is allowed. NULL and a sentence in *why
 * (owned by the caller) when it cannot be. Closed by net_loop_stop. */
struct net_listener *net_listener_open(struct net_loop *loop,
                                       const char *address,
                                       const struct net_acceptor *acceptor,
                                       char **why);
/* The real address; borrowed. */
const char *net_listener_address(const struct net_listener *listener);
uint16_t net_listener_port(const struct net_listener *listener);

/* Connect to "address:port" and drive machine; on_closed is told when its
 * stream is gone for good. */
void net_dial(struct net_loop *loop, const char *address,
              struct wire_machine machine,
              void (*on_closed)(void *arg, void *self), void *arg);

/* Run until nothing is left or net_loop_stop; SIGINT and SIGTERM stop it in
 * order when asked to. */
void net_loop_run(struct net_loop *loop);
/* Close listeners, let streams end, at most grace_ms of real time. */
void net_loop_stop(struct net_loop *loop, uint32_t grace_ms);

#endif
