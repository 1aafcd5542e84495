/*
 * What is different about a connection that the Front End opens itself: whom
 * it was meant to reach, and what becomes of its messages when it does not.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/dial_failure.h"
#include "lyncsim/sip_router.h"

#include "connection_internal.h"

struct dialled_place {
    char *fqdn;
    char *pool;
    struct next_hop_target target; /* the same, for whoever borrows it */
    struct trust_target trusted;
};

/* From Skype for Business 2015 on the name of the pool alone will do
 * (imaucblog.com, 2015-09-10). */
static bool asks_for_pool(const struct front_end *front_end)
{
    enum product_version version = front_end_settings(front_end)->version;

    return version == SFB_2015 || version == SFB_2019;
}

static struct dialled_place *place_new(const struct front_end *front_end,
                                       const struct next_hop_target *target)
{
    struct dialled_place *place = ls_alloc(sizeof *place);

    place->fqdn = ls_strdup(target->fqdn);
    place->pool = ls_strdup(target->pool);
    place->target =
        (struct next_hop_target){place->fqdn, place->pool, target->port};
    place->trusted = (struct trust_target){place->fqdn, place->pool,
                                           asks_for_pool(front_end)};
    return place;
}

void connection_dial_free(struct connection *connection)
{
    if (!connection->dialled)
        return;
    free(connection->dialled->fqdn);
    free(connection->dialled->pool);
    free(connection->dialled);
    connection->dialled = NULL;
}

struct connection *connection_new_dialled(struct front_end *front_end,
                                          const struct next_hop_target *target,
                                          uint64_t connection_id,
                                          uint64_t now_ms)
{
    const struct front_end_settings *settings = front_end_settings(front_end);
    char *peer = ls_strf("%s:%u", target->fqdn, (unsigned)target->port);
    struct connection *connection = connection_begin(
        front_end, settings->dial_tls, NULL, peer, connection_id, now_ms);

    connection->dialled = place_new(front_end, target);
    connection->state = CONNECTION_CONNECTING;
    connection->refuse = (struct refusal){REFUSE_AFTER_HANDSHAKE, REFUSE_CLOSE};
    connection->deadline_ms = settings->connect_timeout_ms
                                  ? now_ms + settings->connect_timeout_ms
                                  : WIRE_NEVER;
    connection->journal.is_dialled = true;
    connection_journal_add(&connection->journal, TRACE_DIALLED, NULL, NULL);
    free(peer);
    return connection;
}

void connection_joined(struct connection *connection, const char *peer,
                       const char *local, uint64_t now_ms)
{
    if (connection->state != CONNECTION_CONNECTING)
        return;
    connection->now_ms = now_ms;
    connection->journal.now_ms = now_ms;
    connection_set_caller(connection, peer);
    connection_journal_add(&connection->journal, TRACE_OPENED, peer, local);
    connection_dispatch(connection, CONNECTION_EV_JOINED);
}

const struct trust_target *
connection_dial_target(const struct connection *connection)
{
    return connection->dialled ? &connection->dialled->trusted : NULL;
}

const char *connection_dial_server(const struct connection *connection)
{
    return connection->dialled->fqdn;
}

/* What waits for it is answered before it is forgotten. */
static void fail(struct connection *connection, struct dial_failure *failure)
{
    struct front_end *front_end = connection->front_end;
    uint64_t connection_id = connection->caller.connection_id;

    connection_journal_add_dial_failure(&connection->journal, failure);
    sip_router_fail_connection(front_end, connection_id, failure,
                               &connection->journal, connection->now_ms);
    next_hops_rest(
        front_end_next_hops(front_end), connection_id,
        &(struct next_hop_failure){failure->diagnostic, failure->more},
        connection->now_ms);
    front_end_forget_connection(front_end, connection_id, connection->now_ms);
    dial_failure_clear(failure);
}

void connection_dial_unreached(struct connection *connection,
                               enum wire_end ended, const char *detail)
{
    struct dial_failure failure;

    dial_failure_of_connect(&failure, &connection->dialled->target, ended,
                            detail);
    fail(connection, &failure);
}

void connection_dial_refused(struct connection *connection)
{
    const struct dialled_place *place = connection->dialled;
    struct dial_failure failure;

    dial_failure_of_verdict(&failure, &place->target,
                            place->trusted.pool_only ? place->pool
                                                     : place->fqdn,
                            connection->verdict);
    fail(connection, &failure);
}
