/*
 * One TCP connection that drives one machine: bytes in, actions out, the
 * deadline. Nothing is decided here.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <utlist.h>

#include "lyncsim/alloc.h"

#include "net_stream_internal.h"

/* A peer that does not take our last bytes is not waited for any longer. */
#define LAST_BYTES_MS 2000

/* Noticed so much later, a deadline has passed while this process did not run
 * or was busy. */
#define LATE_MS 100

/* A write and the bytes it owns. */
struct net_write {
    uv_write_t request;
    char bytes[];
};

static void run_machine(struct net_stream *stream);

struct net_stream *net_stream_new(struct net_loop *loop)
{
    struct net_stream *stream = ls_alloc(sizeof *stream);

    stream->loop = loop;
    uv_tcp_init(&loop->uv, &stream->tcp);
    uv_timer_init(&loop->uv, &stream->deadline);
    stream->open_handles = 2;
    loop->live_count++;
    DL_PREPEND2(loop->streams, stream, previous, next);
    return stream;
}

uv_tcp_t *net_stream_handle(struct net_stream *stream)
{
    return &stream->tcp;
}

struct net_stream *net_stream_next(const struct net_stream *stream)
{
    return stream->next;
}

static void on_handle_closed(struct net_stream *stream)
{
    const struct net_acceptor *acceptor = &stream->owner.acceptor;
    const struct net_dialer *dialer = &stream->owner.dialer;
    struct net_loop *loop = stream->loop;

    if (--stream->open_handles > 0)
        return;
    DL_DELETE2(loop->streams, stream, previous, next);
    net_seats_remove(&loop->seats, &stream->seat);
    loop->live_count--;
    loop->closed_count++;
    if (stream->owner.guest != NULL && acceptor->closed != NULL)
        acceptor->closed(acceptor->arg, stream->owner.guest);
    if (dialer->closed != NULL)
        dialer->closed(dialer->arg);
    free(stream->route);
    free(stream);
    net_memory_give_back(loop);
}

static void on_tcp_closed(uv_handle_t *handle)
{
    on_handle_closed(net_stream_of(handle));
}

static void on_timer_closed(uv_handle_t *handle)
{
    on_handle_closed(NET_CONTAINER_OF(handle, struct net_stream, deadline));
}

void net_stream_close(struct net_stream *stream)
{
    if (stream->is_closing)
        return;
    stream->is_closing = true;
    uv_close((uv_handle_t *)&stream->tcp, on_tcp_closed);
    uv_close((uv_handle_t *)&stream->deadline, on_timer_closed);
}

/* uv_tcp_close_reset() refuses where a FIN is under way; close() with a
 * linger of nothing sends the RST in either case. */
static void reset(struct net_stream *stream)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    uv_os_fd_t fd;

    if (uv_fileno((uv_handle_t *)&stream->tcp, &fd) == 0)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    net_stream_close(stream);
}

static void end_machine(struct net_stream *stream, enum wire_end end,
                        const char *detail)
{
    if (stream->has_ended || stream->machine.ops == NULL)
        return;
    stream->has_ended = true;
    stream->machine.ops->feed_end(stream->machine.self, end, detail,
                                  net_loop_now_ms(stream->loop));
}

void net_stream_cut(struct net_stream *stream, enum wire_end end,
                    const char *detail)
{
    if (stream->is_closing)
        return;
    end_machine(stream, end, detail);
    run_machine(stream);
    net_stream_close(stream);
}

void net_stream_drain(struct net_stream *stream)
{
    const struct net_acceptor *acceptor = &stream->owner.acceptor;
    const struct net_dialer *dialer = &stream->owner.dialer;

    if (stream->owner.guest != NULL && acceptor->drain != NULL) {
        acceptor->drain(acceptor->arg, stream->owner.guest);
        run_machine(stream);
    } else if (dialer->drain != NULL) {
        dialer->drain(dialer->arg);
        run_machine(stream);
    } else {
        net_stream_cut(stream, WIRE_END_FAILED, "the program ends");
    }
}

void net_stream_wake(struct net_seat *seat)
{
    struct net_stream *stream = NET_CONTAINER_OF(seat, struct net_stream, seat);

    if (stream->is_connected && !stream->is_closing)
        run_machine(stream);
}

/* One buffer serves all: what was read is fed before the next is read. Who
 * has filled it waits for the next turn with what is left, for libuv would
 * read on, thirty-two times, while all others wait. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct net_stream *stream = net_stream_of(handle);
    struct net_loop *loop = stream->loop;

    (void)suggested;
    if (stream->had_its_turn)
        *buffer = uv_buf_init(NULL, 0);
    else
        *buffer = uv_buf_init(loop->read_bytes, sizeof loop->read_bytes);
}

/* An RST that comes with the last bytes: libuv reads those, sees the hang-up
 * and calls it an EOF. Whoever wrote meanwhile has met the error, or else the
 * socket still holds it; after a FIN it would be EPIPE. */
static bool is_reset(const struct net_stream *stream)
{
    uv_os_fd_t fd;
    int error = 0;
    socklen_t length = sizeof error;

    if (stream->met_reset ||
        uv_fileno((const uv_handle_t *)&stream->tcp, &fd) != 0)
        return stream->met_reset;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 &&
           error == ECONNRESET;
}

static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer)
{
    struct net_stream *stream = net_stream_of(handle);

    stream->had_its_turn = count == NET_READ_BYTES;
    if (count == UV_ENOBUFS)
        return;
    if (count == UV_EOF && is_reset(stream))
        count = UV_ECONNRESET;

    if (count > 0) {
        struct ls_str bytes = ls_str_from_bytes(buffer->base, (size_t)count);

        stream->loop->read_count += bytes.length;
        stream->machine.ops->feed(stream->machine.self, bytes,
                                  net_loop_now_ms(stream->loop));
        run_machine(stream);
    } else if (count == UV_EOF) {
        uv_read_stop(handle);
        end_machine(stream, WIRE_END_EOF, "EOF");
        run_machine(stream);
    } else if (count < 0) {
        bool reset = count == UV_ECONNRESET || count == UV_EPIPE;

        net_stream_cut(stream, reset ? WIRE_END_RESET : WIRE_END_FAILED,
                       uv_err_name((int)count));
    }
}

static void on_written(uv_write_t *request, int status)
{
    struct net_stream *stream = net_stream_of(request->handle);

    free(NET_CONTAINER_OF(request, struct net_write, request));
    if (stream->is_closing)
        return;
    if (status < 0) {
        /* What the peer sent before its RST may still be readable, and says
         * more: reading reports the end. */
        if (stream->is_held || stream->closes_when_written)
            net_stream_cut(stream, WIRE_END_RESET, uv_err_name(status));
        return;
    }
    run_machine(stream);
}

static void send_bytes(struct net_stream *stream, struct ls_str bytes)
{
    uv_stream_t *handle = (uv_stream_t *)&stream->tcp;
    uv_buf_t buffer = uv_buf_init((char *)bytes.at, (unsigned)bytes.length);
    int sent = uv_try_write(handle, &buffer, 1);
    struct net_write *write;

    stream->met_reset = sent == UV_ECONNRESET;
    if (sent > 0)
        bytes = ls_str_skip(bytes, (size_t)sent);
    if (bytes.length == 0 || stream->met_reset)
        return;
    write = ls_alloc(sizeof *write + bytes.length);
    memcpy(write->bytes, bytes.at, bytes.length);
    buffer = uv_buf_init(write->bytes, (unsigned)bytes.length);
    if (uv_write(&write->request, handle, &buffer, 1, on_written) != 0)
        free(write);
}

static void on_shut(uv_shutdown_t *request, int status)
{
    /* A FIN that cannot be sent is one that the peer does not wait for. */
    (void)status;
    free(request);
}

static void shut(struct net_stream *stream)
{
    uv_shutdown_t *request = ls_alloc(sizeof *request);

    if (uv_shutdown(request, (uv_stream_t *)&stream->tcp, on_shut) != 0)
        free(request);
}

static void perform(struct net_stream *stream, const struct wire_action *action)
{
    switch (action->kind) {
    case WIRE_SEND:
        if (stream->is_connected && !stream->is_shut && !stream->met_reset)
            send_bytes(stream, action->bytes);
        break;
    case WIRE_SHUTDOWN:
        if (stream->is_connected && !stream->is_shut)
            shut(stream);
        stream->is_shut = true;
        break;
    case WIRE_CLOSE:
        stream->closes_when_written = true;
        break;
    case WIRE_RESET:
        reset(stream);
        break;
    }
}

static void on_deadline(uv_timer_t *handle)
{
    struct net_stream *stream =
        NET_CONTAINER_OF(handle, struct net_stream, deadline);

    if (stream->closes_when_written)
        net_stream_close(stream);
    if (stream->is_closing || net_dial_goes_on(stream))
        return;
    /* What is not connected yet has nothing to say before its time is up. */
    if (!stream->is_connected &&
        stream->machine.ops->deadline_ms(stream->machine.self) >
            net_loop_now_ms(stream->loop))
        net_stream_arm(stream);
    else
        run_machine(stream);
}

/* Whether the machine's time is up. A peer cannot help it when that is noticed
 * late, and what it sent meanwhile may not have been read: once for a deadline
 * it is given as long again as was slept at least. */
static bool is_due(struct net_stream *stream, uint64_t now_ms)
{
    uint64_t at_ms = stream->machine.ops->deadline_ms(stream->machine.self);

    if (at_ms > now_ms || stream->loop->clock != NULL)
        return at_ms <= now_ms;
    if (now_ms - at_ms > LATE_MS && stream->excused_until_ms <= at_ms)
        stream->excused_until_ms = now_ms + (now_ms - at_ms);
    return stream->excused_until_ms <= now_ms;
}

/* Real deadlines only: lab time stands still while the loop runs. */
void net_stream_arm(struct net_stream *stream)
{
    uint64_t now_ms = net_loop_now_ms(stream->loop);
    uint64_t at_ms = stream->machine.ops->deadline_ms(stream->machine.self);
    uint64_t until_ms = net_dial_until_ms(stream);

    if (at_ms < stream->excused_until_ms)
        at_ms = stream->excused_until_ms;

    at_ms = until_ms < at_ms ? until_ms : at_ms;
    if (at_ms == WIRE_NEVER || stream->loop->clock != NULL)
        uv_timer_stop(&stream->deadline);
    else
        uv_timer_start(&stream->deadline, on_deadline,
                       at_ms > now_ms ? at_ms - now_ms : 0, 0);
}

static void hold_or_release(struct net_stream *stream)
{
    const struct net_acceptor *acceptor = &stream->owner.acceptor;
    uv_stream_t *handle = (uv_stream_t *)&stream->tcp;
    size_t waiting = uv_stream_get_write_queue_size(handle);
    size_t high = stream->loop->in_flight_bytes;

    if (stream->has_ended || !stream->is_connected)
        return;
    if (!stream->is_held && waiting > high) {
        stream->is_held = true;
        uv_read_stop(handle);
        if (stream->owner.guest != NULL && acceptor->held != NULL)
            acceptor->held(acceptor->arg, stream->owner.guest);
    } else if (stream->is_held && waiting <= high / 4) {
        stream->is_held = false;
        net_stream_hold(stream);
    }
}

void net_stream_hold(struct net_stream *stream)
{
    uv_stream_t *handle = (uv_stream_t *)&stream->tcp;

    if (!stream->is_connected || stream->has_ended || stream->is_closing)
        return;
    if (stream->loop->is_held || stream->is_held)
        uv_read_stop(handle);
    else
        uv_read_start(handle, on_alloc, on_read);
}

static void close_when_written(struct net_stream *stream)
{
    uv_stream_t *handle = (uv_stream_t *)&stream->tcp;

    if (stream->is_closing)
        return;
    if (uv_stream_get_write_queue_size(handle) == 0)
        net_stream_close(stream);
    else
        uv_timer_start(&stream->deadline, on_deadline, LAST_BYTES_MS, 0);
}

/* A machine has moved lab time on, which nobody else would notice. Bytes that
 * trickle move it thousands of times, so no call is made inside another. */
static void wake_all(struct net_loop *loop)
{
    loop->must_wake = true;
    if (loop->is_waking)
        return;
    loop->is_waking = true;
    while (loop->must_wake) {
        loop->must_wake = false;
        for (struct net_stream *stream = loop->streams; stream != NULL;
             stream = stream->next)
            if (stream->is_connected && !stream->is_closing)
                run_machine(stream);
    }
    loop->is_waking = false;
}

/* Tell it the time where that is due, do what it says, and see when it wants
 * to be called next. */
static void run_machine(struct net_stream *stream)
{
    const struct wire_machine_ops *ops = stream->machine.ops;
    void *self = stream->machine.self;
    uint64_t now_ms = net_loop_now_ms(stream->loop);
    struct wire_action action;

    if (ops == NULL)
        return;
    if (is_due(stream, now_ms))
        ops->tick(self, now_ms);
    while (!stream->is_closing && !stream->closes_when_written &&
           ops->next(self, &action))
        perform(stream, &action);
    if (stream->owner.acceptor.moved != NULL)
        stream->owner.acceptor.moved(stream->owner.acceptor.arg);
    if (stream->owner.dialer.moved != NULL)
        stream->owner.dialer.moved(stream->owner.dialer.arg);
    if (stream->closes_when_written) {
        close_when_written(stream);
    } else if (!stream->is_closing) {
        net_stream_arm(stream);
        hold_or_release(stream);
    }
    if (stream->loop->clock != NULL && net_loop_now_ms(stream->loop) != now_ms)
        wake_all(stream->loop);
}

void net_stream_start(struct net_stream *stream)
{
    stream->is_connected = true;
    uv_tcp_nodelay(&stream->tcp, 1);
    net_stream_hold(stream);
    run_machine(stream);
}

void net_stream_sit_down(struct net_stream *stream, struct wire_machine machine,
                         const struct net_owner *owner)
{
    stream->machine = machine;
    stream->owner = *owner;
    net_seats_add(&stream->loop->seats, &stream->seat, machine.self);
}

void net_stream_drive(struct net_stream *stream, struct wire_machine machine,
                      const struct net_owner *owner)
{
    net_stream_sit_down(stream, machine, owner);
    net_stream_start(stream);
}
