/*
 * Connecting: the addresses of a name one after the other, as long as there is
 * time.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"

#include "net_stream_internal.h"

/* For an address that does not answer, where nobody says how long to wait. */
#define PATIENCE_MS 5000

static void attempt(struct net_stream *stream);

static bool has_more(const struct net_stream *stream)
{
    const struct net_route *route = stream->route;

    return route != NULL && route->tried < route->addresses.count;
}

/* The machine goes over to another stream: a socket can be dialled once. */
static void try_next(struct net_stream *stream)
{
    struct net_stream *next = net_stream_new(stream->loop);

    net_seats_remove(&stream->loop->seats, &stream->seat);
    next->route = stream->route;
    net_stream_sit_down(next, stream->machine, &stream->owner);
    stream->route = NULL;
    stream->machine = (struct wire_machine){0};
    stream->owner = (struct net_owner){0};
    net_stream_close(stream);
    attempt(next);
}

static void tell_failed(const struct net_stream *stream, const char *why)
{
    const struct net_dialer *dialer = &stream->owner.dialer;
    const struct net_route *route = stream->route;
    char address[NET_ADDRESS_MAX];

    if (dialer->failed == NULL)
        return;
    net_address_format(&route->addresses.items[route->tried - 1], address);
    dialer->failed(dialer->arg, address, why);
}

static void fail(struct net_stream *stream, const char *why)
{
    tell_failed(stream, why);
    if (has_more(stream))
        try_next(stream);
    else
        net_stream_cut(stream, WIRE_END_FAILED, why);
}

static void tell_joined(struct net_stream *stream)
{
    const struct net_dialer *dialer = &stream->owner.dialer;
    char local[NET_ADDRESS_MAX] = "", remote[NET_ADDRESS_MAX] = "";

    if (dialer->joined == NULL)
        return;
    net_address_of_ends(&stream->tcp, remote, local);
    dialer->joined(dialer->arg, local, remote);
}

static void on_connected(uv_connect_t *request, int status)
{
    struct net_stream *stream = net_stream_of(request->handle);

    free(request);
    if (stream->is_closing)
        return;
    if (status < 0) {
        fail(stream, uv_strerror(status));
        return;
    }
    tell_joined(stream);
    free(stream->route);
    stream->route = NULL;
    net_stream_start(stream);
}

/* Whoever does not answer costs an equal share of what time there is. */
static uint64_t share_of_time(const struct net_stream *stream)
{
    const struct net_route *route = stream->route;
    uint64_t now_ms = net_loop_now_ms(stream->loop);
    uint64_t end_ms = stream->machine.ops->deadline_ms(stream->machine.self);
    size_t left = route->addresses.count - route->tried;

    if (left == 0)
        return WIRE_NEVER;
    if (end_ms == WIRE_NEVER || end_ms <= now_ms)
        return now_ms + PATIENCE_MS;
    return now_ms + (end_ms - now_ms) / (left + 1);
}

static void attempt(struct net_stream *stream)
{
    struct net_route *route = stream->route;
    const struct sockaddr_storage *to = &route->addresses.items[route->tried++];
    uv_connect_t *request = ls_alloc(sizeof *request);
    int status = uv_tcp_connect(request, &stream->tcp,
                                (const struct sockaddr *)to, on_connected);

    if (status < 0) {
        free(request);
        fail(stream, uv_strerror(status));
        return;
    }
    route->until_ms = share_of_time(stream);
    net_stream_arm(stream); /* the system's own patience is longer */
}

uint64_t net_dial_until_ms(const struct net_stream *stream)
{
    return !stream->is_connected && has_more(stream) ? stream->route->until_ms
                                                     : WIRE_NEVER;
}

bool net_dial_goes_on(struct net_stream *stream)
{
    if (net_dial_until_ms(stream) > net_loop_now_ms(stream->loop))
        return false;
    fail(stream, "no answer in its share of the time");
    return true;
}

void net_stream_connect(struct net_stream *stream, const char *address,
                        struct wire_machine machine,
                        const struct net_owner *owner)
{
    struct net_route *route = ls_alloc(sizeof *route);
    char *why = NULL;

    stream->route = route;
    net_stream_sit_down(stream, machine, owner);
    if (net_address_resolve(&stream->loop->uv, address, false,
                            &route->addresses, &why)) {
        attempt(stream);
        return;
    }
    net_stream_cut(stream, WIRE_END_FAILED, why);
    free(why);
}
