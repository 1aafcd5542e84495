/*
 * A handshake for the sake of what is seen in it.
 */
#include "lyncsim/certificate_probe.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/tls_session.h"

struct certificate_probe {
    struct tls_session *tls;
    char *fault;
    uint64_t deadline_ms;
    size_t lent_count; /* of the output, since the last call of next */
    bool is_closing;
    bool is_gone;
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

/* What came first stands. */
static void give_up(struct certificate_probe *probe, const char *why)
{
    if (probe->fault == NULL && !probe->is_closing)
        probe->fault = ls_strdup(why);
    probe->is_closing = true;
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
    probe->deadline_ms = WIRE_NEVER;
}

static void tick(void *self, uint64_t now_ms)
{
    struct certificate_probe *probe = self;

    if (now_ms < probe->deadline_ms)
        return;
    give_up(probe, "the server did not answer in time");
    probe->deadline_ms = WIRE_NEVER;
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
            probe->is_closing = true;
        }
    }
}

static bool next(void *self, struct wire_action *action)
{
    struct certificate_probe *probe = self;
    struct ls_str output;

    tls_session_output_taken(probe->tls, probe->lent_count);
    probe->lent_count = 0;
    if (probe->is_gone)
        return false;
    look(probe);
    output = tls_session_output(probe->tls);
    if (output.length > 0) {
        *action = (struct wire_action){WIRE_SEND, output};
        probe->lent_count = output.length;
        return true;
    }
    if (!probe->is_closing)
        return false;
    probe->is_gone = true;
    probe->deadline_ms = WIRE_NEVER;
    *action = (struct wire_action){.kind = WIRE_CLOSE};
    return true;
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
