#include "lyncsim/cas_port.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_framer.h"
#include "lyncsim/sip_message.h"
#include "lyncsim/sip_writer.h"
#include "lyncsim/tls_session.h"
#include "lyncsim/tls_wire.h"

#include "peer_transcript.h"

#define TAG_DIGITS 10

struct cas_port {
    struct cas_port_settings settings;
    struct tls_session *tls;
    struct sip_framer *framer;
    struct ls_buf transcript;
    size_t request_count;
    struct tls_wire wire;
    bool is_over; /* nothing more is listened to */
};

/* A FIN first, and the end when the other side has said the same. */
static void stop(struct cas_port *port)
{
    port->is_over = true;
    tls_wire_end(&port->wire, WIRE_SHUTDOWN);
}

/* The To of an answer has a tag (RFC 3261 8.2.6.2). */
static void add_to(struct cas_port *port, struct sip_writer *writer,
                   const struct sip_message *request)
{
    const struct sip_header *to = sip_message_header(request, "To", 0);
    struct ls_buf tag = {0};

    if (!to)
        return;
    if (!ls_str_is_empty(sip_message_to_tag(request))) {
        sip_writer_header(writer, "To", to->value);
        return;
    }
    id_source_add_hex(&port->settings.ids, &tag, TAG_DIGITS);
    sip_writer_headerf(writer, "To", "%.*s;tag=%.*s", LS_STR_ARG(to->value),
                       LS_STR_ARG(ls_buf_str(&tag)));
    ls_buf_clear(&tag);
}

static void answer(struct cas_port *port, const struct sip_message *request)
{
    static const char *const echoed[] = {"Via", "Record-Route", "From",
                                         "Call-ID", "CSeq"};
    int status = port->settings.status ? port->settings.status : 200;
    struct ls_buf out = {0};
    struct sip_writer writer;
    enum ls_err err;

    sip_writer_response(&writer, &out, status, status < 300 ? "OK" : "No");
    for (size_t i = 0; i < LS_COUNT(echoed); i++) {
        const struct sip_header *header;

        for (size_t at = 0;
             (header = sip_message_next_header(request, echoed[i], &at));)
            sip_writer_header(&writer, echoed[i], header->value);
    }
    add_to(port, &writer, request);
    sip_writer_body(&writer, (struct ls_str){0});
    err = tls_session_write(port->tls, ls_buf_str(&out));
    (void)err; /* a session that failed says so when it is read */
    peer_transcript_add(&port->transcript, "--> ", ls_buf_str(&out));
    ls_buf_clear(&out);
}

static bool wants_answer(const struct sip_message *message)
{
    struct ls_str method = sip_message_method(message);

    return sip_message_is_request(message) &&
           !ls_str_equal_text(method, "ACK") &&
           !ls_str_equal_text(method, "BENOTIFY");
}

static void take_message(struct cas_port *port, struct ls_str bytes)
{
    struct sip_message *message = NULL;
    const char *reason;
    int status;

    peer_transcript_add(&port->transcript, "<-- ", bytes);
    if (sip_message_parse(bytes, &message, &status, &reason) != LS_OK) {
        stop(port);
    } else if (wants_answer(message)) {
        port->request_count++;
        answer(port, message);
    }
    sip_message_free(message);
}

static void take_plaintext(struct cas_port *port, struct ls_str plain)
{
    struct sip_frame frame;

    sip_framer_feed(port->framer, plain);
    while (!port->is_over && sip_framer_next(port->framer, &frame)) {
        if (frame.kind == SIP_FRAME_MESSAGE)
            take_message(port, frame.bytes);
        else if (frame.kind != SIP_FRAME_KEEP_ALIVE)
            stop(port);
    }
}

static void pump(struct cas_port *port)
{
    struct tls_event event;

    while (!port->is_over && tls_session_next(port->tls, &event)) {
        if (event.kind == TLS_PLAINTEXT)
            take_plaintext(port, event.bytes);
        else if (event.kind != TLS_READY)
            stop(port);
    }
}

static void feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    struct cas_port *port = self;

    (void)now_ms;
    if (port->is_over)
        return;
    tls_session_feed(port->tls, bytes);
    pump(port);
}

static void feed_end(void *self, enum wire_end ended, const char *detail,
                     uint64_t now_ms)
{
    struct cas_port *port = self;

    (void)ended;
    (void)detail;
    (void)now_ms;
    port->is_over = true;
    tls_wire_end(&port->wire, WIRE_CLOSE);
}

static void tick(void *self, uint64_t now_ms)
{
    (void)self;
    (void)now_ms;
}

static bool next(void *self, struct wire_action *action)
{
    struct cas_port *port = self;

    tls_wire_taken(&port->wire, port->tls);
    pump(port);
    return tls_wire_next(&port->wire, port->tls, action);
}

static uint64_t deadline_ms(const void *self)
{
    (void)self;
    return WIRE_NEVER;
}

struct wire_machine cas_port_machine(struct cas_port *port)
{
    static const struct wire_machine_ops ops = {feed, feed_end, tick, next,
                                                deadline_ms};

    return (struct wire_machine){port, &ops};
}

struct cas_port *cas_port_new(const struct cas_port_settings *settings,
                              uint64_t now_ms)
{
    struct cas_port *port = ls_alloc(sizeof *port);

    port->settings = *settings;
    port->tls = tls_session_new(settings->tls, NULL, (int64_t)(now_ms / 1000));
    port->framer = sip_framer_new();
    return port;
}

void cas_port_free(struct cas_port *port)
{
    if (!port)
        return;
    tls_session_free(port->tls);
    sip_framer_free(port->framer);
    ls_buf_clear(&port->transcript);
    free(port);
}

size_t cas_port_request_count(const struct cas_port *port)
{
    return port->request_count;
}

struct ls_str cas_port_transcript(const struct cas_port *port)
{
    return ls_buf_str(&port->transcript);
}

const char *cas_port_fault(const struct cas_port *port)
{
    const struct tls_failure *failure = tls_session_failure(port->tls);

    return failure ? failure->text : NULL;
}
