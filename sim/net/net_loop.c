/*
 * The loop: what is open in it, and how it all ends.
 */
#include "lyncsim/net_loop.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lyncsim/alloc.h"

#include "net_internal.h"

/* More than a burst of connections that wait for our next turn. */
#define BACKLOG 512
/* Descriptors that no connection gets: for reading certificates and table
 * again, and whatever libraries open in passing. */
#define SPARE_DESCRIPTORS 16
/* Clocks that are read one after the other differ; what is more was set. */
#define CLOCK_STEP_MS 500

static uint64_t real_now_ms(void)
{
    struct timeval now;

    gettimeofday(&now, NULL);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_usec / 1000;
}

static uint64_t steady_now_ms(void)
{
    return uv_hrtime() / 1000000;
}

uint64_t net_loop_now_ms(const struct net_loop *loop)
{
    if (loop->clock != NULL)
        return loop->clock(loop->clock_arg);
    return loop->started_ms + steady_now_ms() - loop->started_hr_ms;
}

int64_t net_loop_clock_step_ms(const struct net_loop *loop)
{
    int64_t step_ms = (int64_t)(real_now_ms() - net_loop_now_ms(loop));
    bool is_step = step_ms > CLOCK_STEP_MS || step_ms < -CLOCK_STEP_MS;

    return loop->clock == NULL && is_step ? step_ms : 0;
}

void net_loop_limit_in_flight(struct net_loop *loop, size_t bytes)
{
    loop->in_flight_bytes = bytes;
}

static void on_turn(uv_prepare_t *handle)
{
    struct net_loop *loop = NET_CONTAINER_OF(handle, struct net_loop, turn);

    loop->turned(loop->turned_arg);
}

void net_loop_on_turn(struct net_loop *loop, void (*callback)(void *arg),
                      void *arg)
{
    loop->turned = callback;
    loop->turned_arg = arg;
    uv_prepare_start(&loop->turn, on_turn);
}

struct net_loop *net_loop_new(net_clock_fn *clock, void *arg)
{
    struct net_loop *loop = ls_alloc(sizeof *loop);

    if (uv_loop_init(&loop->uv) != 0) {
        free(loop);
        return NULL;
    }
    loop->clock = clock;
    loop->clock_arg = arg;
    loop->started_ms = real_now_ms();
    loop->started_hr_ms = steady_now_ms();
    loop->in_flight_bytes = NET_IN_FLIGHT_BYTES;
    uv_timer_init(&loop->uv, &loop->watch);
    uv_unref((uv_handle_t *)&loop->watch);
    uv_prepare_init(&loop->uv, &loop->turn);
    uv_unref((uv_handle_t *)&loop->turn);
    uv_timer_init(&loop->uv, &loop->trim);
    uv_unref((uv_handle_t *)&loop->trim);
    uv_timer_init(&loop->uv, &loop->beat);
    uv_unref((uv_handle_t *)&loop->beat);
    return loop;
}

void net_loop_wake(struct net_loop *loop, const void *self)
{
    struct net_seat *seat = net_seats_find(&loop->seats, self);

    if (seat != NULL)
        net_stream_wake(seat);
}

void net_loop_run(struct net_loop *loop)
{
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void net_loop_turn(struct net_loop *loop)
{
    uv_run(&loop->uv, UV_RUN_ONCE);
}

void net_loop_leave(struct net_loop *loop)
{
    uv_stop(&loop->uv);
}

static void cut_all(struct net_loop *loop, enum wire_end end, const char *why)
{
    struct net_stream *next;

    for (struct net_stream *stream = loop->streams; stream; stream = next) {
        next = net_stream_next(stream);
        net_stream_cut(stream, end, why);
    }
}

static void on_bell(uv_async_t *handle)
{
    struct net_bell *bell = NET_CONTAINER_OF(handle, struct net_bell, handle);

    bell->rung(bell->arg);
}

struct net_bell *net_loop_bell(struct net_loop *loop, bool keeps,
                               void (*callback)(void *arg), void *arg)
{
    struct net_bell *bell = ls_alloc(sizeof *bell);

    bell->rung = callback;
    bell->arg = arg;
    bell->next = loop->bells;
    loop->bells = bell;
    uv_async_init(&loop->uv, &bell->handle, on_bell);
    if (!keeps)
        uv_unref((uv_handle_t *)&bell->handle);
    return bell;
}

void net_bell_ring(struct net_bell *bell)
{
    uv_async_send(&bell->handle);
}

static void on_bell_closed(uv_handle_t *handle)
{
    free(NET_CONTAINER_OF(handle, struct net_bell, handle));
}

static void close_bells(struct net_loop *loop)
{
    while (loop->bells != NULL) {
        struct net_bell *bell = loop->bells;

        loop->bells = bell->next;
        uv_close((uv_handle_t *)&bell->handle, on_bell_closed);
    }
}

static void on_beat(uv_timer_t *timer)
{
    struct net_loop *loop = NET_CONTAINER_OF(timer, struct net_loop, beat);

    loop->beaten(loop->beaten_arg);
}

void net_loop_every(struct net_loop *loop, uint32_t ms,
                    void (*callback)(void *arg), void *arg)
{
    loop->beaten = callback;
    loop->beaten_arg = arg;
    uv_timer_start(&loop->beat, on_beat, ms, ms);
}

void net_loop_hold(struct net_loop *loop, bool holds)
{
    loop->is_held = holds;
    for (struct net_stream *stream = loop->streams; stream != NULL;
         stream = net_stream_next(stream))
        net_stream_hold(stream);
}

void net_loop_free(struct net_loop *loop)
{
    int status;

    if (loop == NULL)
        return;
    net_loop_stop(loop, 0);
    cut_all(loop, WIRE_END_FAILED, "the program ends");
    uv_close((uv_handle_t *)&loop->watch, NULL);
    uv_close((uv_handle_t *)&loop->turn, NULL);
    uv_close((uv_handle_t *)&loop->trim, NULL);
    uv_close((uv_handle_t *)&loop->beat, NULL);
    close_bells(loop);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    status = uv_loop_close(&loop->uv);
    assert(status == 0);
    (void)status;
    net_seats_clear(&loop->seats);
    free(loop);
}

static void on_watch(uv_timer_t *timer)
{
    struct net_loop *loop = NET_CONTAINER_OF(timer, struct net_loop, watch);

    loop->timed_out = true;
    cut_all(loop, WIRE_END_TIMEOUT, "the watchdog cut the connection");
}

void net_loop_watch(struct net_loop *loop, uint32_t ms)
{
    uv_timer_stop(&loop->watch);
    if (ms == 0)
        return;
    loop->timed_out = false;
    uv_timer_start(&loop->watch, on_watch, ms, 0);
}

bool net_loop_timed_out(const struct net_loop *loop)
{
    return loop->timed_out;
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct net_signal *signal =
        NET_CONTAINER_OF(handle, struct net_signal, handle);

    signal->on_signal(signal->arg, number);
}

void net_loop_on_signal(struct net_loop *loop, int number,
                        void (*callback)(void *arg, int number), void *arg)
{
    struct net_signal *signal = ls_alloc(sizeof *signal);

    signal->on_signal = callback;
    signal->arg = arg;
    signal->next = loop->signals;
    loop->signals = signal;
    uv_signal_init(&loop->uv, &signal->handle);
    uv_signal_start(&signal->handle, on_signal, number);
    uv_unref((uv_handle_t *)&signal->handle);
}

static void on_signal_closed(uv_handle_t *handle)
{
    free(NET_CONTAINER_OF(handle, struct net_signal, handle));
}

static void on_listener_closed(uv_handle_t *handle)
{
    free(NET_CONTAINER_OF(handle, struct net_listener, handle));
}

static void close_entrances(struct net_loop *loop)
{
    while (loop->listeners != NULL) {
        struct net_listener *listener = loop->listeners;

        loop->listeners = listener->next;
        uv_close((uv_handle_t *)&listener->handle, on_listener_closed);
    }
    while (loop->signals != NULL) {
        struct net_signal *signal = loop->signals;

        loop->signals = signal->next;
        uv_close((uv_handle_t *)&signal->handle, on_signal_closed);
    }
}

void net_loop_stop(struct net_loop *loop, uint32_t grace_ms)
{
    struct net_stream *next;

    close_entrances(loop);
    for (struct net_stream *stream = loop->streams; stream; stream = next) {
        next = net_stream_next(stream);
        net_stream_drain(stream);
    }
    uv_timer_start(&loop->watch, on_watch, grace_ms, 0);
}

/* The lowest free number is what a new descriptor gets: so it tells how many
 * there are, and turning away before the last costs nobody a silent end. */
static bool is_crowded(const uv_tcp_t *handle)
{
    struct rlimit limit;
    uv_os_fd_t fd;

    return uv_fileno((const uv_handle_t *)handle, &fd) == 0 &&
           getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
           limit.rlim_cur != RLIM_INFINITY &&
           (rlim_t)fd + SPARE_DESCRIPTORS >= limit.rlim_cur;
}

static void accept_stream(struct net_listener *listener,
                          struct net_stream *stream)
{
    const struct net_acceptor *acceptor = &listener->acceptor;
    struct net_owner owner = {.acceptor = *acceptor};
    char peer[NET_ADDRESS_MAX], local[NET_ADDRESS_MAX];
    struct net_guest guest;
    uv_tcp_t *handle = net_stream_handle(stream);

    if (!net_address_of_ends(handle, peer, local)) {
        net_stream_close(stream);
        return;
    }
    if (acceptor->crowded != NULL && is_crowded(handle)) {
        acceptor->crowded(acceptor->arg, peer, local);
        net_stream_close(stream);
        return;
    }
    guest = acceptor->accepted(acceptor->arg, peer, local);
    owner.guest = guest.owner;
    if (guest.machine.self == NULL)
        net_stream_close(stream);
    else
        net_stream_drive(stream, guest.machine, &owner);
}

static void on_connection(uv_stream_t *server, int status)
{
    struct net_listener *listener =
        NET_CONTAINER_OF(server, struct net_listener, handle);
    struct net_stream *stream;

    /* Out of file descriptors: libuv has turned the connection away. */
    if (status < 0)
        return;
    stream = net_stream_new(listener->loop);
    if (uv_accept(server, (uv_stream_t *)net_stream_handle(stream)) == 0)
        accept_stream(listener, stream);
    else
        net_stream_close(stream);
}

/* The system deals connections out among all that listen so. */
static int set_shared(const uv_tcp_t *handle)
{
    uv_os_fd_t fd;
    int on = 1;
    int status = uv_fileno((const uv_handle_t *)handle, &fd);

    if (status == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
        status = -errno;
    return status;
}

static int bind_and_listen(struct net_listener *listener,
                           const struct sockaddr_storage *address)
{
    struct sockaddr_storage real;
    int size = sizeof real;
    int status =
        uv_tcp_bind(&listener->handle, (const struct sockaddr *)address, 0);

    if (status == 0)
        status =
            uv_listen((uv_stream_t *)&listener->handle, BACKLOG, on_connection);
    if (status == 0)
        status = uv_tcp_getsockname(&listener->handle, (struct sockaddr *)&real,
                                    &size);
    if (status != 0)
        return status;
    net_address_format(&real, listener->address);
    listener->is_local = net_address_is_local(&real);
    return 0;
}

/* Whoever shares cannot see that a stranger does: so one who does not share
 * tries first. */
static int find_free(const struct sockaddr_storage *address)
{
    socklen_t size = address->ss_family == AF_INET6
                         ? sizeof(struct sockaddr_in6)
                         : sizeof(struct sockaddr_in);
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1, status = 0;

    if (fd < 0)
        return -errno;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)address, size) != 0)
        status = -errno;
    close(fd);
    return status;
}

enum sharing { ALONE, FIRST, ANOTHER };

static int start_listening(struct net_listener *listener,
                           const struct sockaddr_storage *address,
                           enum sharing sharing)
{
    int status = sharing == FIRST ? find_free(address) : 0;

    if (status == 0 && sharing != ALONE)
        status = uv_tcp_init_ex(&listener->loop->uv, &listener->handle,
                                address->ss_family);
    /* One without a socket, so that there is always a handle to close. */
    if (status != 0 || sharing == ALONE)
        uv_tcp_init(&listener->loop->uv, &listener->handle);
    else
        status = set_shared(&listener->handle);
    return status == 0 ? bind_and_listen(listener, address) : status;
}

static struct net_listener *open_listener(struct net_loop *loop,
                                          const char *address,
                                          const struct net_acceptor *acceptor,
                                          enum sharing sharing, char **why)
{
    struct net_listener *listener;
    struct net_addresses real;
    int status;

    if (!net_address_resolve(&loop->uv, address, true, &real, why))
        return NULL;
    listener = ls_alloc(sizeof *listener);
    listener->loop = loop;
    listener->acceptor = *acceptor;
    status = start_listening(listener, &real.items[0], sharing);
    if (status != 0) {
        *why = ls_strf("cannot listen on %s: %s", address, uv_strerror(status));
        uv_close((uv_handle_t *)&listener->handle, on_listener_closed);
        return NULL;
    }
    listener->next = loop->listeners;
    loop->listeners = listener;
    return listener;
}

struct net_listener *net_listener_open(struct net_loop *loop,
                                       const char *address,
                                       const struct net_acceptor *acceptor,
                                       char **why)
{
    return open_listener(loop, address, acceptor, ALONE, why);
}

struct net_listener *net_listener_share(struct net_loop *loop,
                                        const char *address,
                                        const struct net_acceptor *acceptor,
                                        bool is_first, char **why)
{
    return open_listener(loop, address, acceptor, is_first ? FIRST : ANOTHER,
                         why);
}

const char *net_listener_address(const struct net_listener *listener)
{
    return listener->address;
}

bool net_listener_is_local(const struct net_listener *listener)
{
    return listener->is_local;
}

void net_dial(struct net_loop *loop, const char *address,
              struct wire_machine machine, const struct net_dialer *dialer)
{
    struct net_owner owner = {.dialer = *dialer};

    net_stream_connect(net_stream_new(loop), address, machine, &owner);
}
