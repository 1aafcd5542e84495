/*
 * What the parts of the loop know of each other.
 */
#ifndef LYNCSIM_NET_INTERNAL_H
#define LYNCSIM_NET_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "lyncsim/net_loop.h"

#define NET_CONTAINER_OF(pointer, type, member)                                \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* "[ffff:…]:65535" and the final NUL. */
#define NET_ADDRESS_MAX 64

#define NET_READ_BYTES 65536

/* Above this much unsent output nothing more is read: a peer that sends and
 * never reads cannot make us hold more than this and one answer. */
#define NET_IN_FLIGHT_BYTES (256u * 1024)

struct net_stream;

/* Which stream drives a machine? Where one sits, by the machine's self; NULL:
 * it drives none. */
struct net_seat {
    const void *self;
    struct net_seat *next;
};

/* Zero-initialised is valid. */
struct net_seats {
    struct net_seat **rows;
    size_t row_count; /* a power of two */
    size_t count;
};

void net_seats_add(struct net_seats *seats, struct net_seat *seat,
                   const void *self);
/* One that drives nothing need not be in it. */
void net_seats_remove(struct net_seats *seats, struct net_seat *seat);
/* NULL when nobody here drives it. */
struct net_seat *net_seats_find(const struct net_seats *seats,
                                const void *self);
void net_seats_clear(struct net_seats *seats);

struct net_signal {
    uv_signal_t handle;
    void (*on_signal)(void *arg, int number);
    void *arg;
    struct net_signal *next;
};

struct net_bell {
    uv_async_t handle;
    void (*rung)(void *arg);
    void *arg;
    struct net_bell *next;
};

struct net_listener {
    uv_tcp_t handle;
    struct net_loop *loop;
    struct net_acceptor acceptor;
    char address[NET_ADDRESS_MAX];
    bool is_local;
    struct net_listener *next;
};

struct net_loop {
    uv_loop_t uv;
    net_clock_fn *clock; /* NULL: real time */
    void *clock_arg;
    struct net_listener *listeners;
    struct net_stream *streams;
    struct net_seats seats; /* of the streams that drive a machine */
    struct net_signal *signals;
    struct net_bell *bells;
    uv_timer_t trim; /* until memory is given back */
    uv_timer_t beat; /* every so many milliseconds */
    void (*beaten)(void *arg);
    void *beaten_arg;
    bool is_held;      /* nothing is read */
    uv_prepare_t turn; /* before the loop waits */
    void (*turned)(void *arg);
    void *turned_arg;
    uv_timer_t watch; /* the watchdog, and the end of the grace */
    bool timed_out;
    bool is_waking, must_wake; /* all streams, for lab time has moved */
    uint64_t started_ms;       /* by the system's clock … */
    uint64_t started_hr_ms;    /* … and by the one that nobody sets */
    size_t in_flight_bytes;
    size_t live_count;   /* of streams */
    size_t closed_count; /* since memory was last given back … */
    size_t read_count;   /* … and bytes that were read */
    char read_bytes[NET_READ_BYTES];
};

/* Who is told about a stream: one that was accepted, or one that dialled. */
struct net_owner {
    struct net_acceptor acceptor;
    void *guest; /* NULL: nobody is told of its end */
    struct net_dialer dialer;
};

/* A stream in the loop's list, not connected yet; it frees itself when its
 * handles have closed. */
struct net_stream *net_stream_new(struct net_loop *loop);
uv_tcp_t *net_stream_handle(struct net_stream *stream);
/* It is connected: from now on machine is driven. */
void net_stream_drive(struct net_stream *stream, struct wire_machine machine,
                      const struct net_owner *owner);
/* Connect, then drive. */
void net_stream_connect(struct net_stream *stream, const char *address,
                        struct wire_machine machine,
                        const struct net_owner *owner);
/* Idempotent; may be called from any callback. */
void net_stream_close(struct net_stream *stream);
/* Tell the machine that it is over, and close. */
void net_stream_cut(struct net_stream *stream, enum wire_end end,
                    const char *detail);
/* Ask the machine to end in order; one that cannot is cut. */
void net_stream_drain(struct net_stream *stream);
/* Read from it or not, as the loop says now. */
void net_stream_hold(struct net_stream *stream);
/* Run the machine of the stream that sits there. */
void net_stream_wake(struct net_seat *seat);
struct net_stream *net_stream_next(const struct net_stream *stream);

/* Look whether it is time to, when a stream has been freed. */
void net_memory_give_back(struct net_loop *loop);

/* A name with more of them is not looked at any further. */
#define NET_ADDRESSES_MAX 16

struct net_addresses {
    struct sockaddr_storage items[NET_ADDRESSES_MAX];
    size_t count;
};

/* Resolve "address:port", "[address]:port" or "host:port", in the order to be
 * tried; for listening the host may be empty or "*". False and a sentence in
 * *why, owned by the caller, when it cannot be. */
bool net_address_resolve(uv_loop_t *uv, const char *text, bool to_listen,
                         struct net_addresses *addresses, char **why);
/* "127.0.0.1:5061", "[::1]:5061". */
void net_address_format(const struct sockaddr_storage *address,
                        char text[NET_ADDRESS_MAX]);
/* Of a connection that is there, though its peer may have reset it since.
 * False when the system does not say. */
bool net_address_of_ends(const uv_tcp_t *handle, char peer[NET_ADDRESS_MAX],
                         char local[NET_ADDRESS_MAX]);
bool net_address_is_local(const struct sockaddr_storage *address);

#endif
