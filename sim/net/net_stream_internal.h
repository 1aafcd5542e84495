/*
 * What dialling knows of a stream.
 */
#ifndef LYNCSIM_NET_STREAM_INTERNAL_H
#define LYNCSIM_NET_STREAM_INTERNAL_H

#include "net_internal.h"

/* The addresses of a name, tried one after the other. */
struct net_route {
    struct net_addresses addresses;
    size_t tried;
    uint64_t until_ms; /* for the one that is being tried; or WIRE_NEVER */
};

struct net_stream {
    uv_tcp_t tcp;
    uv_timer_t deadline;
    struct net_loop *loop;
    struct wire_machine machine;
    struct net_owner owner;
    struct net_stream *next, *previous;
    struct net_seat seat;
    struct net_route *route;   /* where it is dialled; or NULL */
    uint64_t excused_until_ms; /* a deadline that passed while we slept */
    unsigned open_handles;
    bool is_connected;
    bool is_shut;      /* our FIN is on its way */
    bool met_reset;    /* a write was answered by the peer's RST */
    bool has_ended;    /* the machine has been told so */
    bool is_held;      /* reading is stopped until the output has gone */
    bool had_its_turn; /* filled what it was read into */
    bool closes_when_written;
    bool is_closing;
};

static inline struct net_stream *net_stream_of(void *handle)
{
    return NET_CONTAINER_OF(handle, struct net_stream, tcp);
}

/* Have the stream drive machine from when it is connected … */
void net_stream_sit_down(struct net_stream *stream, struct wire_machine machine,
                         const struct net_owner *owner);
/* … which it is now. */
void net_stream_start(struct net_stream *stream);
/* See when it must next be looked after. */
void net_stream_arm(struct net_stream *stream);

/* When the next address is tried; WIRE_NEVER when there is none. */
uint64_t net_dial_until_ms(const struct net_stream *stream);
/* Whether that time has come; another stream has taken over then. */
bool net_dial_goes_on(struct net_stream *stream);

#endif
