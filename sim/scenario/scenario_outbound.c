/*
 * Every connection is two machines that are run until neither moves; time
 * that one of them waits for passes at once.
 */
#include "scenario_outbound.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/cas_port.h"
#include "lyncsim/connection.h"
#include "lyncsim/next_hop.h"
#include "lyncsim/sip_framer.h"
#include "lyncsim/sip_message.h"

/* As the accepted ones are shown; RFC 6335 for the port. */
#define FRONT_END_ADDRESS "192.0.2.10:49200"

/* One side of a connection. */
struct side {
    struct wire_machine machine;
    bool is_closed;
};

struct pair {
    struct outbound_end *end; /* whose port it was; NULL: gone, or none */
    struct connection *connection;
    struct cas_port *port; /* NULL where nobody answers */
    struct side front_end, peer;
    struct pair *prev, *next;
};

struct outbound_end {
    struct scenario_outbound *outbound;
    struct outbound_port port; /* its tls is owned here; NULL: no port */
    struct wire_machine inner; /* of the connection that was accepted */
    int64_t *clock_ms;
    struct ls_buf heard; /* the transcripts of ports that have closed */
    struct outbound_end *prev, *next;
};

struct scenario_outbound {
    struct front_end *front_end;
    struct outbound_end *ends;
    struct pair *pairs;
    bool is_running; /* whoever is run asks for nothing to be run */
};

struct scenario_outbound *scenario_outbound_new(struct front_end *front_end)
{
    struct scenario_outbound *outbound = ls_alloc(sizeof *outbound);

    outbound->front_end = front_end;
    return outbound;
}

static void remove_pair(struct scenario_outbound *outbound, struct pair *pair)
{
    DL_DELETE(outbound->pairs, pair);
    if (pair->end && pair->port)
        ls_buf_add(&pair->end->heard, cas_port_transcript(pair->port));
    connection_free(pair->connection);
    cas_port_free(pair->port);
    free(pair);
}

void scenario_outbound_free(struct scenario_outbound *outbound)
{
    if (!outbound)
        return;
    while (outbound->pairs)
        remove_pair(outbound, outbound->pairs);
    free(outbound);
}

struct outbound_end *
scenario_outbound_listen(struct scenario_outbound *outbound,
                         const struct outbound_port *port)
{
    struct outbound_end *end = ls_alloc(sizeof *end);

    end->outbound = outbound;
    end->port = *port;
    DL_APPEND(outbound->ends, end);
    return end;
}

/* --- bytes ---------------------------------------------------------------- */

static void end_side(struct side *side, enum wire_end how, uint64_t now_ms)
{
    if (!side->is_closed)
        side->machine.ops->feed_end(side->machine.self, how, NULL, now_ms);
}

/* Whether it did anything. */
static bool run_side(struct side *side, struct side *other, uint64_t now_ms)
{
    struct wire_action action;
    bool has_moved = false;

    while (!side->is_closed &&
           side->machine.ops->next(side->machine.self, &action)) {
        has_moved = true;
        side->is_closed =
            action.kind == WIRE_CLOSE || action.kind == WIRE_RESET;
        if (action.kind != WIRE_SEND)
            end_side(other,
                     action.kind == WIRE_RESET ? WIRE_END_RESET : WIRE_END_EOF,
                     now_ms);
        else if (!other->is_closed)
            other->machine.ops->feed(other->machine.self, action.bytes, now_ms);
    }
    return has_moved;
}

static bool run_pair(struct scenario_outbound *outbound, struct pair *pair,
                     uint64_t now_ms)
{
    bool has_moved = false;

    while (run_side(&pair->front_end, &pair->peer, now_ms) ||
           (pair->port && run_side(&pair->peer, &pair->front_end, now_ms)))
        has_moved = true;
    if (pair->front_end.is_closed)
        remove_pair(outbound, pair);
    return has_moved;
}

/* --- dialling ------------------------------------------------------------- */

static struct outbound_end *find_end(const struct scenario_outbound *outbound,
                                     const struct next_hop_target *target)
{
    struct outbound_end *any = NULL;
    struct outbound_end *end;

    DL_FOREACH(outbound->ends, end) {
        if (!end->port.tls)
            continue;
        if (end->port.fqdn && ls_str_equal_nocase(ls_str_from(end->port.fqdn),
                                                  ls_str_from(target->fqdn)))
            return end;
        any = end;
    }
    return any;
}

static enum scenario_port port_of(const struct outbound_end *end,
                                  const struct next_hop_target *target)
{
    if (!end)
        return PORT_REFUSED;
    if (end->port.listen->port && end->port.listen->port != target->port)
        return PORT_REFUSED;
    return end->port.listen->how;
}

/* The time that it would wait passes. */
static void wait_in_vain(struct pair *pair, int64_t *clock_ms)
{
    struct wire_machine machine = pair->front_end.machine;
    uint64_t due_ms = machine.ops->deadline_ms(machine.self);
    struct wire_action action;

    while (machine.ops->next(machine.self, &action))
        continue; /* nobody reads it */
    if (due_ms != WIRE_NEVER && due_ms > (uint64_t)*clock_ms)
        *clock_ms = (int64_t)due_ms;
    machine.ops->tick(machine.self, (uint64_t)*clock_ms);
}

static void join(struct pair *pair, const struct next_hop_target *target,
                 uint64_t now_ms)
{
    char *address =
        ls_strf("%s:%u", pair->end->port.address, (unsigned)target->port);

    connection_joined(pair->connection, address, FRONT_END_ADDRESS, now_ms);
    free(address);
}

static void answer(struct pair *pair, uint64_t now_ms)
{
    const struct outbound_port *port = &pair->end->port;
    struct cas_port_settings settings = {
        .tls = port->tls, .status = port->listen->status, .ids = port->ids};

    pair->port = cas_port_new(&settings, now_ms);
    pair->peer.machine = cas_port_machine(pair->port);
}

static void dial(struct scenario_outbound *outbound,
                 const struct next_hop_target *target, uint64_t connection_id,
                 int64_t *clock_ms)
{
    struct pair *pair = ls_alloc(sizeof *pair);
    uint64_t now_ms = (uint64_t)*clock_ms;
    struct wire_machine machine;

    pair->end = find_end(outbound, target);
    pair->connection = connection_new_dialled(outbound->front_end, target,
                                              connection_id, now_ms);
    machine = connection_machine(pair->connection);
    pair->front_end.machine = machine;
    pair->peer.is_closed = true;
    DL_APPEND(outbound->pairs, pair);
    switch (port_of(pair->end, target)) {
    case PORT_ANSWERS:
        pair->peer.is_closed = false;
        join(pair, target, now_ms);
        answer(pair, now_ms);
        break;
    case PORT_REFUSED:
        machine.ops->feed_end(machine.self, WIRE_END_FAILED,
                              "connection refused", now_ms);
        break;
    case PORT_HANGS:
        join(pair, target, now_ms);
        wait_in_vain(pair, clock_ms);
        break;
    case PORT_BLOCKED:
        wait_in_vain(pair, clock_ms);
        break;
    case PORT_COUNT:
        break;
    }
}

/* Until nothing moves any more; whether anything did. */
static bool run_all(struct scenario_outbound *outbound, int64_t *clock_ms)
{
    struct next_hop_target target;
    uint64_t connection_id;
    bool has_moved = false;
    struct pair *pair;
    struct pair *next;

    if (outbound->is_running)
        return false;
    outbound->is_running = true;
    while (front_end_next_dial(outbound->front_end, &target, &connection_id)) {
        dial(outbound, &target, connection_id, clock_ms);
        has_moved = true;
    }
    DL_FOREACH_SAFE(outbound->pairs, pair, next)
        has_moved |= run_pair(outbound, pair, (uint64_t)*clock_ms);
    outbound->is_running = false;
    return has_moved;
}

void scenario_outbound_leave(struct outbound_end *end)
{
    struct pair *pair;
    struct pair *next;

    if (!end)
        return;
    DL_FOREACH_SAFE(end->outbound->pairs, pair, next)
        if (pair->end == end)
            remove_pair(end->outbound, pair);
    DL_DELETE(end->outbound->ends, end);
    tls_context_free(end->port.tls);
    ls_buf_clear(&end->heard);
    free(end);
}

/* --- the machine that asks --------------------------------------------------
 */

static void feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    struct outbound_end *end = self;

    end->inner.ops->feed(end->inner.self, bytes, now_ms);
}

static void feed_end(void *self, enum wire_end how, const char *detail,
                     uint64_t now_ms)
{
    struct outbound_end *end = self;

    end->inner.ops->feed_end(end->inner.self, how, detail, now_ms);
}

static void tick(void *self, uint64_t now_ms)
{
    struct outbound_end *end = self;

    end->inner.ops->tick(end->inner.self, now_ms);
}

static bool next(void *self, struct wire_action *action)
{
    struct outbound_end *end = self;

    if (end->inner.ops->next(end->inner.self, action))
        return true;
    return run_all(end->outbound, end->clock_ms) &&
           end->inner.ops->next(end->inner.self, action);
}

static uint64_t deadline_ms(const void *self)
{
    const struct outbound_end *end = self;

    return end->inner.ops->deadline_ms(end->inner.self);
}

struct wire_machine scenario_outbound_machine(struct outbound_end *end,
                                              struct wire_machine inner,
                                              int64_t *clock_ms)
{
    static const struct wire_machine_ops ops = {feed, feed_end, tick, next,
                                                deadline_ms};

    end->inner = inner;
    end->clock_ms = clock_ms;
    return (struct wire_machine){end, &ops};
}

/* --- what came --------------------------------------------------------------
 */

static void add_received(struct ls_str bytes, struct cas_texts *received)
{
    struct sip_message *message = NULL;
    struct ls_buf to = {0}, from = {0};
    const char *reason;
    int status;

    if (sip_message_parse(bytes, &message, &status, &reason) == LS_OK &&
        sip_message_is_request(message) &&
        ls_str_equal_text(sip_message_method(message), "MESSAGE")) {
        ls_buf_add(&to, sip_message_to_aor(message));
        ls_buf_add(&from, sip_message_from_aor(message));
        cas_texts_add(received,
                      ls_strf("%s from %s: %.*s", to.at + strlen("sip:"),
                              from.at + strlen("sip:"),
                              LS_STR_ARG(sip_message_body(message))));
    }
    ls_buf_clear(&to);
    ls_buf_clear(&from);
    sip_message_free(message);
}

static void read_transcript(struct ls_str text, struct cas_texts *received)
{
    static const char mark[] = "<-- ";
    struct sip_framer *framer;
    struct sip_frame frame;

    /* Both directions stand in it, each message behind its mark; a framer
     * finds where they end. */
    while (text.length > sizeof mark) {
        bool is_incoming = ls_str_starts_with(text, mark);

        text = ls_str_skip(text, sizeof mark - 1);
        framer = sip_framer_new();
        sip_framer_feed(framer, text);
        if (!sip_framer_next(framer, &frame) ||
            frame.kind != SIP_FRAME_MESSAGE) {
            sip_framer_free(framer);
            return;
        }
        if (is_incoming)
            add_received(frame.bytes, received);
        text = ls_str_skip(text, frame.bytes.length);
        sip_framer_free(framer);
    }
}

void scenario_outbound_received(const struct outbound_end *end,
                                struct cas_texts *received)
{
    const struct pair *pair;

    if (!end)
        return;
    read_transcript(ls_buf_str(&end->heard), received);
    DL_FOREACH(end->outbound->pairs, pair)
        if (pair->end == end && pair->port)
            read_transcript(cas_port_transcript(pair->port), received);
}
