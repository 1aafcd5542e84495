/*
 * A handshake for the sake of what is seen in it.
 */
#include "lyncsim/certificate_probe.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/tls_wire.h"

struct certificate_probe {
    struct tls_session *tls;
    char *fault;
    uint64_t deadline_ms;
    struct tls_wire wire;
    bool is_closing;
};

struct certificate_probe *
certificate_probe_new(const struct tls_context *context, uint64_t now_ms,
                      uint32_t timeout_ms)
{
    struct certificate_probe *probe = ls_alloc(sizeof *probe);

    probe->tls = tls_session_new(context, NULL, (int64_t)(now_ms / 1000));
    probe->deadline_ms = now_ms + timeout_ms;
    return probe;
}

void certificate_probe_free(struct certificate_probe *probe)
{
    if (probe == NULL)
        return;
    tls_session_free(probe->tls);
    free(probe->fault);
    free(probe);
}

const struct credential *
certificate_probe_shown(const struct certificate_probe *probe)
{
    return tls_session_shown(probe->tls);
}

const char *certificate_probe_fault(const struct certificate_probe *probe)
{
    return probe->fault;
}

static void close_wire(struct certificate_probe *probe)
{
    probe->is_closing = true;
    probe->deadline_ms = WIRE_NEVER;
    tls_wire_end(&probe->wire, WIRE_CLOSE);
}

/* What came first stands. */
static void give_up(struct certificate_probe *probe, const char *why)
{
    if (probe->is_closing)
        return;
    probe->fault = ls_strdup(why);
    close_wire(probe);
}

static void feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    struct certificate_probe *probe = self;

    (void)now_ms;
    if (!probe->is_closing)
        tls_session_feed(probe->tls, bytes);
}

static void feed_end(void *self, enum wire_end end, const char *detail,
                     uint64_t now_ms)
{
    struct certificate_probe *probe = self;

    (void)now_ms;
    if (end == WIRE_END_EOF && !probe->is_closing)
        give_up(probe, "the server closed the connection in the handshake");
    else
        give_up(probe, detail != NULL ? detail : "the connection broke");
}

static void tick(void *self, uint64_t now_ms)
{
    struct certificate_probe *probe = self;

    if (now_ms >= probe->deadline_ms)
        give_up(probe, "the server did not answer in time");
}

/* Look at what the handshake has come to. */
static void look(struct certificate_probe *probe)
{
    struct tls_event event;

    while (!probe->is_closing && tls_session_next(probe->tls, &event)) {
        if (event.kind == TLS_FAILED) {
            give_up(probe, tls_session_failure(probe->tls)->text);
        } else if (event.kind == TLS_READY) {
            tls_session_close(probe->tls);
            close_wire(probe);
        }
    }
}

static bool next(void *self, struct wire_action *action)
{
    struct certificate_probe *probe = self;

    tls_wire_taken(&probe->wire, probe->tls);
    look(probe);
    return tls_wire_next(&probe->wire, probe->tls, action);
}

static uint64_t deadline_ms(const void *self)
{
    const struct certificate_probe *probe = self;

    return probe->deadline_ms;
}

struct wire_machine certificate_probe_machine(struct certificate_probe *probe)
{
    static const struct wire_machine_ops ops = {feed, feed_end, tick, next,
                                                deadline_ms};

    return (struct wire_machine){probe, &ops};
}
