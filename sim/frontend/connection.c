/*
 * The machine is pulled: what was fed is decrypted and answered until the
 * answers reach a cap, and on from there when they have been taken. Whoever
 * cannot write stops taking, and so stops the machine.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/next_hop.h"
#include "lyncsim/sip_router.h"

#include "connection_internal.h"

static const struct front_end_settings *
settings_of(const struct connection *connection)
{
    return front_end_settings(connection->front_end);
}

/* Answers that wait to be taken: beyond this no request is looked at. */
static size_t output_cap(const struct connection *connection)
{
    size_t cap = settings_of(connection)->in_flight_max_bytes;

    return cap > 0 && cap < CONNECTION_IN_FLIGHT_BYTES
               ? cap
               : CONNECTION_IN_FLIGHT_BYTES;
}

/* --- the state and its only writer --------------------------------------- */

static uint64_t deadline_in(const struct connection *connection, uint32_t ms)
{
    return ms ? connection->now_ms + ms : WIRE_NEVER;
}

/* The names it holds stay where they are: the caller's is one of them. */
static void forget_proof(struct connection *connection)
{
    trust_decision_from_verdict(&connection->decision, connection->verdict);
    free(connection->verdict);
    connection->verdict = NULL;
}

static void start_serving(struct connection *connection)
{
    const struct trust_verdict *verdict = connection->verdict;

    if (verdict->outcome == TRUST_ACCEPTED) {
        connection->caller.is_trusted = true;
        connection->caller.fqdn = connection->dialled
                                      ? connection_dial_server(connection)
                                      : verdict->entry.fqdn;
        connection->caller.treat_as_authenticated =
            !verdict->has_entry || verdict->entry.treat_as_authenticated;
        connection->caller.throttle_as_server =
            !verdict->has_entry || verdict->entry.throttle_as_server;
        connection_journal_set_name(&connection->journal,
                                    connection->caller.fqdn);
    }
    if (settings_of(connection)->forgets_proof)
        forget_proof(connection);
    connection->service = sip_service_new(
        connection->front_end, &connection->caller, &connection->journal);
    front_end_add_connection(connection->front_end,
                             connection->caller.connection_id, connection,
                             connection->caller.fqdn);
    next_hops_open(front_end_next_hops(connection->front_end),
                   connection->caller.connection_id);
    connection->deadline_ms =
        deadline_in(connection, settings_of(connection)->idle_timeout_ms);
}

static void flush_answers(struct connection *connection)
{
    enum ls_err err;

    if (connection->answers.length == 0)
        return;
    err = tls_session_write(connection->tls, ls_buf_str(&connection->answers));
    (void)err; /* a session that failed says so when it is read */
    ls_buf_clear(&connection->answers);
}

static void close_in_order(struct connection *connection)
{
    flush_answers(connection);
    tls_session_close(connection->tls);
    tls_wire_end(&connection->wire, WIRE_SHUTDOWN);
    connection->deadline_ms = deadline_in(connection, LINGER_MS);
}

static void drop(struct connection *connection)
{
    tls_wire_end(&connection->wire, WIRE_SHUTDOWN);
    connection->deadline_ms = deadline_in(connection, LINGER_MS);
}

/* Nobody finds it any more. */
static void forget(struct connection *connection)
{
    if (connection->service || connection->dialled)
        front_end_forget_connection(connection->front_end,
                                    connection->caller.connection_id,
                                    connection->now_ms);
    sip_service_free(connection->service);
    connection->service = NULL;
}

static void end(struct connection *connection, enum wire_action_kind kind)
{
    flush_answers(connection);
    tls_wire_end(&connection->wire, kind);
    connection->deadline_ms = WIRE_NEVER;
    forget(connection);
}

static void act(struct connection *connection, enum connection_action action)
{
    switch (action) {
    case CONNECTION_ACT_NOTHING:
        break;
    case CONNECTION_ACT_SHAKE_HANDS:
        connection->deadline_ms = deadline_in(
            connection, settings_of(connection)->handshake_timeout_ms);
        break;
    case CONNECTION_ACT_SERVE:
        start_serving(connection);
        break;
    case CONNECTION_ACT_AWAIT_REQUEST:
        connection->deadline_ms = deadline_in(
            connection, settings_of(connection)->handshake_timeout_ms);
        break;
    case CONNECTION_ACT_DROP:
        drop(connection);
        break;
    case CONNECTION_ACT_CLOSE_IN_ORDER:
        close_in_order(connection);
        break;
    case CONNECTION_ACT_CLOSE:
        end(connection, WIRE_CLOSE);
        break;
    case CONNECTION_ACT_RESET:
        end(connection, WIRE_RESET);
        break;
    case CONNECTION_ACTION_COUNT:
        assert(false && "a count is no action");
    }
}

static void note_step(struct connection *connection, enum connection_state from,
                      enum connection_event event)
{
    char *steps;

    if (from == connection->state)
        return;
    steps = ls_strf("%s -> %s", connection_state_text(from),
                    connection_state_text(connection->state));
    connection_journal_add(&connection->journal, TRACE_STATE, steps,
                           connection_event_text(event));
    free(steps);
    if (connection->state == CONNECTION_CLOSED)
        connection_journal_add(&connection->journal, TRACE_CLOSED,
                               connection_event_text(event), NULL);
}

void connection_dispatch(struct connection *connection,
                         enum connection_event event)
{
    enum connection_state from = connection->state;
    struct connection_edge edge = connection_fsm_edge(from, event);

    assert(edge.is_permitted);
    connection->state = edge.next;
    act(connection, edge.action);
    note_step(connection, from, event);
}

/* --- bytes --------------------------------------------------------------- */

/* No decrypted byte goes further than a counter unless it is let in. */
static void take_plaintext(struct connection *connection, struct ls_str plain)
{
    if (connection->service) {
        sip_service_feed(connection->service, plain);
        return;
    }
    assert(connection->state == CONNECTION_WAITING);
    connection->discarded_bytes += plain.length;
    connection_dispatch(connection, connection_refusal_event(connection));
}

static void take_event(struct connection *connection,
                       const struct tls_event *event)
{
    switch (event->kind) {
    case TLS_READY:
        connection_judge_ready(connection);
        break;
    case TLS_PLAINTEXT:
        take_plaintext(connection, event->bytes);
        break;
    case TLS_CLOSE_NOTIFY:
        connection_dispatch(connection, CONNECTION_EV_PEER_CLOSING);
        break;
    case TLS_FAILED:
        connection_judge_failure(connection);
        break;
    }
}

/* False when there is nothing to go on with yet. */
static bool serve(struct connection *connection)
{
    switch (sip_service_run(connection->service, &connection->answers,
                            output_cap(connection), connection->now_ms)) {
    case SIP_SERVICE_IDLE:
        return true;
    case SIP_SERVICE_FULL:
        return false;
    case SIP_SERVICE_BROKEN:
        connection_dispatch(connection, CONNECTION_EV_BROKEN);
        return false;
    }
    return false;
}

/* A connection that drains reads nothing: what comes is dropped as it is. */
static bool is_listening(const struct connection *connection)
{
    return connection->state == CONNECTION_HANDSHAKING ||
           connection->state == CONNECTION_WAITING ||
           connection->state == CONNECTION_SERVING;
}

static void pump(struct connection *connection)
{
    struct tls_event event;

    while (is_listening(connection) &&
           tls_session_output(connection->tls).length <
               output_cap(connection)) {
        if (connection->state == CONNECTION_SERVING && !serve(connection))
            break;
        if (!tls_session_next(connection->tls, &event))
            break;
        take_event(connection, &event);
    }
    flush_answers(connection);
}

/* --- life ---------------------------------------------------------------- */

/* "192.0.2.7:49732", "[2001:db8::1]:49732" */
void connection_set_caller(struct connection *connection, const char *peer)
{
    const char *colon = strrchr(peer, ':');
    struct ls_str address = ls_str_from(peer);

    if (colon) {
        address.length = (size_t)(colon - peer);
        connection->caller.port = (uint16_t)strtoul(colon + 1, NULL, 10);
    }
    if (ls_str_starts_with(address, "[") && ls_str_ends_with(address, "]"))
        address = ls_str_from_bytes(address.at + 1, address.length - 2);
    free(connection->address);
    connection->address = ls_str_dup(address);
    connection->caller.address = connection->address;
}

struct connection *connection_begin(struct front_end *front_end,
                                    const struct tls_context *tls,
                                    const struct trust_policy *policy,
                                    const char *peer, uint64_t connection_id,
                                    uint64_t now_ms)
{
    const struct front_end_settings *settings = front_end_settings(front_end);
    struct connection *connection = ls_alloc(sizeof *connection);
    bool in_handshake = settings->refuse.at == REFUSE_HANDSHAKE;

    connection->front_end = front_end;
    connection->refuse = settings->refuse;
    connection->now_ms = now_ms;
    connection->caller.connection_id = connection_id;
    connection_set_caller(connection, peer);
    connection_journal_init(&connection->journal, settings->journal,
                            connection_id, peer);
    connection->journal.now_ms = now_ms;
    connection->tls = tls_session_new(tls, in_handshake ? policy : NULL,
                                      front_end_calendar_s(front_end, now_ms));
    return connection;
}

struct connection *connection_new(struct front_end *front_end, const char *peer,
                                  const char *local, uint64_t now_ms)
{
    return connection_new_at(front_end, 0, peer, local, now_ms);
}

struct connection *connection_new_at(struct front_end *front_end, size_t door,
                                     const char *peer, const char *local,
                                     uint64_t now_ms)
{
    const struct front_end_settings *settings = front_end_settings(front_end);
    struct connection *connection =
        connection_begin(front_end, front_end_tls(front_end, door),
                         front_end_policy(front_end, door), peer,
                         front_end_next_connection_id(front_end), now_ms);

    connection->door = door;
    connection->state = CONNECTION_HANDSHAKING;
    connection->deadline_ms =
        deadline_in(connection, settings->handshake_timeout_ms);
    connection->local = ls_strdup(local);
    connection->caller.local = connection->local;
    connection_journal_add(&connection->journal, TRACE_OPENED, peer, local);
    return connection;
}

void connection_free(struct connection *connection)
{
    if (!connection)
        return;
    forget(connection);
    connection_dial_free(connection);
    tls_session_free(connection->tls);
    if (connection->verdict)
        trust_verdict_clear(connection->verdict);
    free(connection->verdict);
    trust_decision_clear(&connection->decision);
    connection_journal_clear(&connection->journal);
    ls_buf_clear(&connection->answers);
    free(connection->address);
    free(connection->local);
    free(connection);
}

/* --- the machine --------------------------------------------------------- */

static void set_now(struct connection *connection, uint64_t now_ms)
{
    connection->now_ms = now_ms;
    connection->journal.now_ms = now_ms;
}

static void feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    struct connection *connection = self;

    set_now(connection, now_ms);
    if (!is_listening(connection))
        return;
    if (connection->state == CONNECTION_SERVING)
        connection->deadline_ms =
            deadline_in(connection, settings_of(connection)->idle_timeout_ms);
    tls_session_feed(connection->tls, bytes);
    pump(connection);
}

static void feed_end(void *self, enum wire_end ended, const char *detail,
                     uint64_t now_ms)
{
    struct connection *connection = self;

    set_now(connection, now_ms);
    if (connection->state == CONNECTION_CONNECTING)
        connection_dial_unreached(connection, ended, detail);
    else if (connection->state == CONNECTION_HANDSHAKING)
        connection_judge_end(connection, ended, detail);
    connection_dispatch(connection, ended == WIRE_END_EOF
                                        ? CONNECTION_EV_PEER_CLOSED
                                        : CONNECTION_EV_PEER_GONE);
}

static void tick(void *self, uint64_t now_ms)
{
    struct connection *connection = self;

    set_now(connection, now_ms);
    if (connection->service)
        sip_router_tick(connection->front_end, now_ms);
    if (now_ms < connection->deadline_ms)
        return;
    connection->deadline_ms = WIRE_NEVER;
    if (connection->state == CONNECTION_CONNECTING)
        connection_dial_unreached(connection, WIRE_END_TIMEOUT, NULL);
    else if (connection->state == CONNECTION_HANDSHAKING)
        connection_judge_timeout(connection);
    else if (connection->state == CONNECTION_SERVING)
        connection_journal_add_limit(&connection->journal, LIMIT_IDLE_TIME,
                                     NULL);
    connection_dispatch(connection, CONNECTION_EV_DEADLINE);
}

static bool next(void *self, struct wire_action *action)
{
    struct connection *connection = self;

    tls_wire_taken(&connection->wire, connection->tls);
    pump(connection);
    return tls_wire_next(&connection->wire, connection->tls, action);
}

/* Its own, or that of an answer which its peer waits for. */
static uint64_t deadline_ms(const void *self)
{
    const struct connection *connection = self;
    uint64_t asked_ms = WIRE_NEVER;

    if (connection->service)
        asked_ms =
            sip_router_deadline_ms(front_end_router(connection->front_end),
                                   connection->caller.connection_id);
    return asked_ms < connection->deadline_ms ? asked_ms
                                              : connection->deadline_ms;
}

struct wire_machine connection_machine(struct connection *connection)
{
    static const struct wire_machine_ops ops = {feed, feed_end, tick, next,
                                                deadline_ms};

    return (struct wire_machine){connection, &ops};
}

uint64_t connection_id(const struct connection *connection)
{
    return connection->caller.connection_id;
}

enum connection_state connection_state(const struct connection *connection)
{
    return connection->state;
}

const struct trust_verdict *
connection_verdict(const struct connection *connection)
{
    return connection->verdict;
}

uint64_t connection_discarded_bytes(const struct connection *connection)
{
    return connection->discarded_bytes;
}

void connection_note_limit(struct connection *connection,
                           enum trace_limit limit, uint64_t now_ms)
{
    set_now(connection, now_ms);
    connection_journal_add_limit(&connection->journal, limit, NULL);
}

void connection_drain(struct connection *connection, uint64_t now_ms)
{
    set_now(connection, now_ms);
    connection_dispatch(connection, CONNECTION_EV_DRAIN);
}
