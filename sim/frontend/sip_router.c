#include "lyncsim/sip_router.h"

#include <stdlib.h>

#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/application_route.h"
#include "lyncsim/connection_journal.h"
#include "lyncsim/dial_failure.h"
#include "lyncsim/ms_diagnostics.h"
#include "lyncsim/registrar.h"
#include "lyncsim/sip_dialog.h"
#include "lyncsim/sip_field.h"
#include "lyncsim/sip_forward.h"
#include "lyncsim/sip_transaction.h"

#include "sip_relays.h"

struct sip_router {
    struct sip_relays relays;
    struct sip_dialogs *dialogs;
};

struct sip_router *sip_router_new(void)
{
    struct sip_router *router = ls_alloc(sizeof(*router));

    router->dialogs = sip_dialogs_new();
    return router;
}

void sip_router_free(struct sip_router *router)
{
    if (!router)
        return;
    sip_relays_clear(&router->relays);
    sip_dialogs_free(router->dialogs);
    free(router);
}

static bool is_method(const struct sip_message *message, const char *method)
{
    return ls_str_equal_text(sip_message_method(message), method);
}

/* --- answers to who asked ------------------------------------------------ */

/* Leave an answer for who asked, and remember it for a retransmission. */
static void deliver(struct front_end *front_end, const struct sip_relay *relay,
                    struct ls_str answer, uint64_t now_ms)
{
    front_end_leave(front_end, relay->caller.connection_id, answer, now_ms);
    sip_transactions_answer(front_end_transactions(front_end), relay->key,
                            answer, now_ms);
}

/* Answer in the place of who was asked. */
static void answer_for(struct front_end *front_end,
                       const struct sip_relay *relay, unsigned diagnostic,
                       const char *more, uint64_t now_ms)
{
    struct ls_buf out = {0};
    struct sip_request request = {front_end, &relay->caller, relay->message,
                                  now_ms, &out};

    ms_diagnostic_answer_status(&request, 504, diagnostic, more);
    deliver(front_end, relay, ls_buf_str(&out), now_ms);
    ls_buf_clear(&out);
}

/* Send the ACK or CANCEL of an INVITE after it. */
static void send_companion(struct front_end *front_end,
                           const struct sip_relay *relay, const char *method,
                           const struct sip_message *response, uint64_t now_ms)
{
    struct ls_buf out = {0};
    struct sip_request request = {front_end, &relay->caller, relay->message,
                                  now_ms, NULL};

    sip_forward_companion(&out, &request, method, ls_str_from(relay->uri),
                          relay->branch, response);
    front_end_leave(front_end, relay->target_connection, ls_buf_str(&out),
                    now_ms);
    ls_buf_clear(&out);
}

/* --- requests ------------------------------------------------------------ */

static struct sip_relay *add_relay(const struct sip_request *request,
                                   struct ls_str uri,
                                   uint64_t target_connection)
{
    struct sip_router *router = front_end_router(request->front_end);
    struct sip_relay *relay = ls_alloc(sizeof(*relay));
    struct ls_buf branch = {0};
    const char *reason;
    int status;

    enum ls_err err = sip_message_parse(sip_message_bytes(request->message),
                                        &relay->message, &status, &reason);
    (void)err; /* it has been parsed before */
    sip_forward_add_branch(&branch, request->front_end);
    relay->branch = ls_buf_take(&branch);
    relay->address = ls_strdup(request->caller->address);
    relay->caller = *request->caller;
    relay->caller.address = relay->address;
    relay->caller.fqdn = relay->caller.local = NULL;
    relay->key =
        sip_transaction_key_of(request->caller->connection_id, request->message,
                               sip_message_method(request->message));
    relay->uri = ls_str_dup(uri);
    relay->target_connection = target_connection;
    relay->is_invite = is_method(request->message, "INVITE");
    relay->deadline_ms =
        request->now_ms +
        (relay->is_invite ? SIP_ROUTER_INVITE_WAIT_MS : SIP_ROUTER_WAIT_MS);
    sip_relays_add(&router->relays, relay);
    return relay;
}

static void send_on(const struct sip_request *request, struct ls_str uri,
                    uint64_t target_connection)
{
    struct sip_router *router = front_end_router(request->front_end);
    struct sip_relay *relay;
    struct ls_buf out = {0};

    if (!sip_relays_have_room(&router->relays, request->caller->connection_id,
                              sip_message_bytes(request->message).length)) {
        front_end_note_limit(request->front_end, request->caller->connection_id,
                             LIMIT_PENDING, request->now_ms);
        ms_diagnostic_answer_status(request, 503, 1007, "");
        return;
    }
    relay = add_relay(request, uri, target_connection);
    sip_forward_request(&out, request, uri, relay->branch);
    if (!front_end_leave(request->front_end, target_connection,
                         ls_buf_str(&out), request->now_ms)) {
        sip_relays_remove(&router->relays, relay);
        ms_diagnostic_answer(request, 1007, "");
    } else if (relay->is_invite) {
        sip_answer_plain(request, 100, NULL);
    }
    ls_buf_clear(&out);
}

/* An application speaks over either of its connections: the one that it opened
 * and the one that was opened to it. */
static bool find_dialog(const struct sip_request *request, uint64_t *target)
{
    struct front_end *front_end = request->front_end;
    const struct sip_caller *caller = request->caller;
    const char *server;
    uint64_t from;

    if (!sip_dialogs_find(front_end_router(front_end)->dialogs,
                          request->message, &from, target))
        return false;
    if (from == caller->connection_id)
        return true;
    server = front_end_connection_server(front_end, from);
    return server && caller->fqdn &&
           application_route_is_same(front_end, server, caller->fqdn);
}

/* Over a connection that the Front End opens, and dials first where it is not
 * there. */
static void send_out(const struct sip_request *request, struct ls_str uri,
                     const struct next_hop_target *target)
{
    struct front_end *front_end = request->front_end;
    struct next_hops *hops = front_end_next_hops(front_end);
    struct next_hop_failure failure;
    uint64_t connection_id;

    if (next_hops_is_resting(hops, target, request->now_ms, &failure)) {
        ms_diagnostic_answer_status(request, 504, failure.diagnostic,
                                    failure.more);
        return;
    }
    connection_id =
        next_hops_join(hops, target, front_end_next_connection_id(front_end));
    if (connection_id)
        send_on(request, uri, connection_id);
    else
        ms_diagnostic_answer_status(request, 503, 1007, "");
}

/* The opaque part of the GRUU of one endpoint of a user. */
static bool is_gruu(struct ls_str uri, struct ls_str *opaque)
{
    struct sip_uri parts;
    struct ls_str value;

    return sip_field_uri(uri, &parts) &&
           sip_field_param(parts.params, "gruu", &value) &&
           sip_field_param(parts.params, "opaque", opaque) &&
           ls_str_starts_with(*opaque, "user:");
}

/* The endpoint that a GRUU names and no other; else the one of the user that
 * signed in last. */
static const struct binding *find_binding(const struct sip_request *request,
                                          struct ls_str uri)
{
    struct registrar *registrar = front_end_registrar(request->front_end);
    struct ls_str opaque;

    if (is_gruu(uri, &opaque))
        return registrar_find_opaque(registrar, uri, opaque, request->now_ms);
    return registrar_find(registrar, uri, request->now_ms);
}

/* RFC 5627 4.4: the user is there, and the endpoint is not. */
static void answer_missing(const struct sip_request *request, struct ls_str uri)
{
    if (registrar_find(front_end_registrar(request->front_end), uri,
                       request->now_ms))
        sip_answer_plain(request, 480, NULL);
    else
        ms_diagnostic_answer(request, 1003, "");
}

static void route_to_user(const struct sip_request *request)
{
    struct front_end *front_end = request->front_end;
    const struct front_end_settings *settings = front_end_settings(front_end);
    struct ls_str uri = sip_message_uri(request->message);
    const struct binding *binding = find_binding(request, uri);
    bool dials_users = settings->dial_tls && settings->way == APPLICATION_OWN;
    struct next_hop_target target;

    if (binding && dials_users &&
        application_route_of_user(front_end, binding, &target))
        send_out(request, ls_str_from(binding->contact), &target);
    else if (binding)
        send_on(request, ls_str_from(binding->contact), binding->connection_id);
    else if (settings->dial_tls &&
             application_route_of_uri(front_end, uri, &target))
        send_out(request, uri, &target);
    else
        answer_missing(request, uri);
}

/* Requests that say something about a dialog: one whose To has no tag names
 * none (RFC 3261 15.1, 3262 4, 3311 5.1, 6086 4.2.1). */
static bool needs_dialog(struct ls_str method)
{
    static const char *const methods[] = {"BYE", "INFO", "PRACK", "UPDATE"};

    for (size_t i = 0; i < LS_COUNT(methods); i++)
        if (ls_str_equal_text(method, methods[i]))
            return true;
    return false;
}

void sip_router_request(const struct sip_request *request)
{
    const struct sip_message *message = request->message;
    uint64_t target = 0;

    if (!sip_forward_may_hop(message)) {
        sip_answer_plain(request, 483, NULL);
        return;
    }
    if (!ls_str_is_empty(sip_message_to_tag(message)) ||
        needs_dialog(sip_message_method(message))) {
        if (find_dialog(request, &target))
            send_on(request, sip_message_uri(message), target);
        else
            ms_diagnostic_answer(request, 1004, "");
        return;
    }
    route_to_user(request);
}

void sip_router_acknowledge(const struct sip_request *request)
{
    const struct sip_message *message = request->message;
    struct ls_buf branch = {0};
    struct ls_buf out = {0};
    uint64_t target;

    if (!sip_forward_may_hop(message) || !find_dialog(request, &target))
        return;
    sip_forward_add_branch(&branch, request->front_end);
    sip_forward_request(&out, request, sip_message_uri(message),
                        ls_buf_str(&branch).at);
    front_end_leave(request->front_end, target, ls_buf_str(&out),
                    request->now_ms);
    ls_buf_clear(&branch);
    ls_buf_clear(&out);
}

void sip_router_cancel(const struct sip_request *request)
{
    struct sip_router *router = front_end_router(request->front_end);
    struct sip_transaction_key key =
        sip_transaction_key_of(request->caller->connection_id, request->message,
                               ls_str_from("INVITE"));
    struct ls_str answer;
    struct sip_relay *relay =
        sip_relays_of(&router->relays, request->caller->connection_id);

    while (relay && !sip_transaction_key_equal(relay->key, key))
        relay = relay->next_of_asker;
    if (relay && !relay->is_cancelled) {
        relay->is_cancelled = true;
        send_companion(request->front_end, relay, "CANCEL", NULL,
                       request->now_ms);
    }
    /* RFC 3261 9.2: one that comes too late is answered all the same. */
    if (relay ||
        sip_transactions_find(front_end_transactions(request->front_end), key,
                              NULL, &answer))
        sip_answer_plain(request, 200, NULL);
    else
        sip_answer_plain(request, 481, NULL);
}

/* --- responses ----------------------------------------------------------- */

static void keep_dialogs(struct sip_router *router,
                         const struct sip_relay *relay,
                         const struct sip_message *response)
{
    int status = sip_message_status(response);

    if (ls_str_is_empty(sip_message_to_tag(response)))
        return;
    if (relay->is_invite && status < 300 &&
        ls_str_is_empty(sip_message_to_tag(relay->message)))
        sip_dialogs_add(router->dialogs, response, relay->caller.connection_id,
                        relay->target_connection);
    else if (is_method(relay->message, "BYE") && status >= 200)
        sip_dialogs_remove(router->dialogs, response);
    else if (relay->is_invite && status >= 300 &&
             ls_str_is_empty(sip_message_to_tag(relay->message)))
        sip_dialogs_remove(router->dialogs, response);
}

void sip_router_response(struct front_end *front_end,
                         const struct sip_caller *caller,
                         const struct sip_message *response, uint64_t now_ms)
{
    struct sip_router *router = front_end_router(front_end);
    struct ls_str branch = sip_message_branch(response);
    int status = sip_message_status(response);
    struct sip_relay *relay = sip_relays_find(&router->relays, branch);
    struct ls_buf out = {0};

    /* Only who was asked can answer, and CANCEL was answered here. */
    if (!relay || relay->target_connection != caller->connection_id ||
        !ls_str_equal(sip_message_cseq_method(response),
                      sip_message_method(relay->message)) ||
        status == 100)
        return;
    keep_dialogs(router, relay, response);
    sip_forward_response(&out, response);
    deliver(front_end, relay, ls_buf_str(&out), now_ms);
    ls_buf_clear(&out);
    if (relay->is_invite && status >= 300)
        send_companion(front_end, relay, "ACK", response, now_ms);
    if (status >= 200)
        sip_relays_remove(&router->relays, relay);
}

/* --- time and loss ------------------------------------------------------- */

uint64_t sip_router_deadline_ms(const struct sip_router *router,
                                uint64_t connection_id)
{
    const struct sip_relay *relay =
        sip_relays_of(&router->relays, connection_id);
    uint64_t deadline_ms = UINT64_MAX;

    for (; relay; relay = relay->next_of_asker)
        if (relay->deadline_ms < deadline_ms)
            deadline_ms = relay->deadline_ms;
    return deadline_ms;
}

void sip_router_tick(struct front_end *front_end, uint64_t now_ms)
{
    struct sip_router *router = front_end_router(front_end);
    struct sip_relay *relay;
    struct sip_relay *next;

    DL_FOREACH_SAFE(router->relays.all, relay, next) {
        if (relay->deadline_ms > now_ms)
            continue;
        if (relay->is_invite && !relay->is_cancelled)
            send_companion(front_end, relay, "CANCEL", NULL, now_ms);
        answer_for(front_end, relay, 1007, "", now_ms);
        sip_relays_remove(&router->relays, relay);
    }
}

void sip_router_fail_connection(struct front_end *front_end,
                                uint64_t connection_id,
                                const struct dial_failure *failure,
                                struct connection_journal *journal,
                                uint64_t now_ms)
{
    struct sip_router *router = front_end_router(front_end);
    struct sip_relay *relay;
    struct sip_relay *next;

    DL_FOREACH_SAFE(router->relays.all, relay, next) {
        if (relay->target_connection != connection_id)
            continue;
        connection_journal_add_unrouted(journal, relay->message, failure);
        answer_for(front_end, relay, failure->diagnostic, failure->more,
                   now_ms);
        sip_relays_remove(&router->relays, relay);
    }
}

void sip_router_remove_connection(struct front_end *front_end,
                                  uint64_t connection_id, uint64_t now_ms)
{
    struct sip_router *router = front_end_router(front_end);
    struct sip_relay *relay;
    struct sip_relay *next;

    DL_FOREACH_SAFE(router->relays.all, relay, next) {
        bool was_asked = relay->target_connection == connection_id;
        bool has_asked = relay->caller.connection_id == connection_id;

        if (was_asked && !has_asked)
            answer_for(front_end, relay, 1006, "", now_ms);
        else if (has_asked && !was_asked && relay->is_invite)
            send_companion(front_end, relay, "CANCEL", NULL, now_ms);
        if (was_asked || has_asked)
            sip_relays_remove(&router->relays, relay);
    }
    sip_dialogs_remove_connection(router->dialogs, connection_id);
}

size_t sip_router_pending_count(const struct sip_router *router)
{
    return sip_relays_count(&router->relays);
}

size_t sip_router_dialog_count(const struct sip_router *router)
{
    return sip_dialogs_count(router->dialogs);
}
