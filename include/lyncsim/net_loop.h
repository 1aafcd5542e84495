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

/* The machines' clock where it is not the real one: lab time. It moves by
 * itself never, so no deadline ever comes due between two calls. */
typedef uint64_t(net_clock_fn)(void *arg);

/* Who serves a connection that came in. */
struct net_guest {
    struct wire_machine machine; /* its self NULL turns the peer away */
    void *owner;                 /* what drain and closed are told */
};

/* What a listener asks of its owner, at the border that libuv forces. */
struct net_acceptor {
    /* A connection came in; peer and local are "address:port". */
    struct net_guest (*accepted)(void *arg, const char *peer,
                                 const char *local);
    /* Bytes have moved: what the machines have written down can be taken. */
    void (*moved)(void *arg);
    /* The loop stops: ask the machine to end in order. NULL: it is cut. */
    void (*drain)(void *arg, void *owner);
    /* Its stream has closed for good: free what owner is. Not called for one
     * that was turned away. */
    void (*closed)(void *arg, void *owner);
    void *arg;
    /* One came in and was closed at once, as there are no file descriptors to
     * spare. Or NULL. */
    void (*crowded)(void *arg, const char *peer, const char *local);
    /* A peer is not read from until it has read what waits for it. Or NULL. */
    void (*held)(void *arg, void *owner);
};

/* clock NULL: real time. Owned by the caller. NULL where the system has no
 * descriptors left for it. */
struct net_loop *net_loop_new(net_clock_fn *clock, void *arg);
/* Whatever is still open is cut first; nothing can be left over, which is
 * asserted. */
void net_loop_free(struct net_loop *loop);
/* Milliseconds since 1970 on the machines' clock. The real one goes on
 * steadily from when the loop was made, whatever becomes of the system's. */
uint64_t net_loop_now_ms(const struct net_loop *loop);
/* By how much somebody has set the system's clock since then. */
int64_t net_loop_clock_step_ms(const struct net_loop *loop);
/* Unsent output of a stream above which no more is read from it. */
void net_loop_limit_in_flight(struct net_loop *loop, size_t bytes);

/* Whether text is written as "host:port", "host" and "port" being anything
 * that can be looked up; nothing is. */
bool net_address_is_written(const char *text);

/* Listen on "address:port"; port 0 is allowed. NULL and a sentence in *why
 * (owned by the caller) when it cannot be. acceptor is copied, its arg
 * borrowed. Closed by net_loop_stop. */
struct net_listener *net_listener_open(struct net_loop *loop,
                                       const char *address,
                                       const struct net_acceptor *acceptor,
                                       char **why);
/* The same where several loops listen on one address, among whom the system
 * deals out connections. is_first: nobody else may be there yet. */
struct net_listener *net_listener_share(struct net_loop *loop,
                                        const char *address,
                                        const struct net_acceptor *acceptor,
                                        bool is_first, char **why);
/* The real "address:port"; borrowed. */
const char *net_listener_address(const struct net_listener *listener);
/* Whether only this machine can reach it. */
bool net_listener_is_local(const struct net_listener *listener);

struct net_dialer {
    /* The socket is connected; peer and local are "address:port". Or NULL. */
    void (*joined)(void *arg, const char *local, const char *remote);
    /* Its stream is gone for good. */
    void (*closed)(void *arg);
    void *arg;
    /* As an acceptor's; or NULL. */
    void (*moved)(void *arg);
    void (*drain)(void *arg);
    /* That "address:port" of the name cannot be reached; another one may be.
     * Or NULL. */
    void (*failed)(void *arg, const char *remote, const char *why);
};

/* Connect to "host:port", to each address of the name until one answers, and
 * drive machine; one that does not answer costs its share of the time until
 * the machine's deadline. A connection that cannot be is
 * fed to it as WIRE_END_FAILED. dialer is copied, its arg borrowed. */
void net_dial(struct net_loop *loop, const char *address,
              struct wire_machine machine, const struct net_dialer *dialer);

/* The machine whose self this is has something to do though no byte of its
 * own has come: another one left it a message. May be called from any
 * callback; a machine that is not driven here is none of ours. */
void net_loop_wake(struct net_loop *loop, const void *self);

/* Wait for something to come, take it, and return. */
void net_loop_turn(struct net_loop *loop);
/* Run until nothing is left to do, or net_loop_leave. */
void net_loop_run(struct net_loop *loop);
/* net_loop_run returns soon; everything stays open. */
void net_loop_leave(struct net_loop *loop);

/* After ms of real time every stream is ended as WIRE_END_TIMEOUT and cut;
 * 0 calls it off. */
void net_loop_watch(struct net_loop *loop, uint32_t ms);
/* Whether the watch has bitten since it was last set. */
bool net_loop_timed_out(const struct net_loop *loop);

/* Call callback each time before the loop waits for something to happen: what
 * one turn of it brought can be written at once. */
void net_loop_on_turn(struct net_loop *loop, void (*callback)(void *arg),
                      void *arg);
struct net_bell;

/* Call callback in the loop soon after the bell was rung, once or several
 * times. The loop does not end while a bell keeps it. Closed with the loop. */
struct net_bell *net_loop_bell(struct net_loop *loop, bool keeps,
                               void (*callback)(void *arg), void *arg);
/* The one function that any thread may call. */
void net_bell_ring(struct net_bell *bell);
/* Call callback in the loop every so many milliseconds; once for a loop. */
void net_loop_every(struct net_loop *loop, uint32_t ms,
                    void (*callback)(void *arg), void *arg);
/* Read from no stream until it is called off. */
void net_loop_hold(struct net_loop *loop, bool holds);
/* Call callback in the loop when the process gets that signal. */
void net_loop_on_signal(struct net_loop *loop, int number,
                        void (*callback)(void *arg, int number), void *arg);
/* Close listeners and signals, let streams end in order, and cut what is
 * still there after grace_ms of real time. May be called again with less. */
void net_loop_stop(struct net_loop *loop, uint32_t grace_ms);

#endif
