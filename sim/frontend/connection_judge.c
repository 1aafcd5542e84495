/*
 * How does the handshake of a connection end? Each way has its verdict, and
 * each verdict its event.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"

#include "connection_internal.h"

static void note_verdict(struct connection *connection)
{
    connection_journal_add_verdict(&connection->journal, connection->verdict);
    tls_session_trim(connection->tls);
    if (connection->dialled && connection->verdict->outcome == TRUST_REFUSED)
        connection_dial_refused(connection);
}

/* How TLS ended that was no success. */
struct tls_end {
    enum trust_transport transport;
    enum trust_obstacle obstacle;
    const char *detail;
};

static void judge(struct connection *connection, const struct tls_end *end)
{
    const struct trust_target *target = connection_dial_target(connection);
    bool is_nameless = target && end->transport == TRUST_TRANSPORT_SOUND &&
                       !tls_session_peer(connection->tls);
    const struct trust_evidence evidence = {
        .transport = is_nameless ? TRUST_TRANSPORT_PROTOCOL : end->transport,
        .transport_detail =
            is_nameless ? "the server showed no certificate" : end->detail,
        .obstacle = is_nameless ? OBSTACLE_CERTIFICATE : end->obstacle,
        .leaf = tls_session_peer(connection->tls),
        .chain = tls_session_chain(connection->tls),
        .tls_version = tls_session_version(connection->tls),
        .at_s = front_end_calendar_s(connection->front_end, connection->now_ms),
        .target = target,
    };

    connection->verdict = ls_alloc(sizeof *connection->verdict);
    trust_verdict_decide(
        connection->verdict,
        front_end_policy(connection->front_end, connection->door), &evidence);
    note_verdict(connection);
}

/* The one that was made in the certificate-verify callback, if there is. */
static bool adopt_verdict(struct connection *connection)
{
    const struct trust_verdict *made = tls_session_verdict(connection->tls);

    if (!made)
        return false;
    connection->verdict = ls_alloc(sizeof *connection->verdict);
    trust_verdict_copy(connection->verdict, made);
    note_verdict(connection);
    return true;
}

enum connection_event
connection_refusal_event(const struct connection *connection)
{
    return connection->refuse.how == REFUSE_RESET ? CONNECTION_EV_REFUSE_RESET
                                                  : CONNECTION_EV_REFUSE_CLOSE;
}

void connection_judge_ready(struct connection *connection)
{
    char *how = ls_strf("%s %s", tls_session_version(connection->tls),
                        tls_session_cipher(connection->tls));

    connection_journal_add(&connection->journal, TRACE_HANDSHAKE, how, NULL);
    free(how);
    if (!adopt_verdict(connection))
        judge(connection,
              &(struct tls_end){.transport = TRUST_TRANSPORT_SOUND});
    if (connection->verdict->outcome != TRUST_REFUSED)
        connection_dispatch(connection, CONNECTION_EV_LET_IN);
    else if (connection->refuse.at == REFUSE_FIRST_REQUEST)
        connection_dispatch(connection, CONNECTION_EV_REFUSE_LATER);
    else
        connection_dispatch(connection, connection_refusal_event(connection));
}

/* We refused inside the handshake. The library has written its alert, which
 * is not sent where the setting wants silence. */
static void refuse_in_handshake(struct connection *connection)
{
    if (connection->refuse.how != REFUSE_ALERT)
        tls_wire_drop(&connection->wire, connection->tls);
    connection_dispatch(connection, connection_refusal_event(connection));
}

void connection_judge_failure(struct connection *connection)
{
    const struct tls_failure *failure = tls_session_failure(connection->tls);
    const struct trust_verdict *made = tls_session_verdict(connection->tls);

    if (failure->flooded)
        connection_journal_add_limit(&connection->journal, LIMIT_KEY_UPDATES,
                                     NULL);
    if (connection->state != CONNECTION_HANDSHAKING) {
        connection_dispatch(connection, CONNECTION_EV_TLS_FAILED);
        return;
    }
    if (made && made->outcome == TRUST_REFUSED) {
        adopt_verdict(connection);
        refuse_in_handshake(connection);
        return;
    }
    judge(connection, &(struct tls_end){failure->peer_refused_us
                                            ? TRUST_TRANSPORT_PEER_REFUSED_US
                                            : TRUST_TRANSPORT_PROTOCOL,
                                        failure->obstacle, failure->text});
    connection_dispatch(connection, CONNECTION_EV_TLS_FAILED);
}

/* In the handshake the end of the wire is a verdict of its own. */
void connection_judge_end(struct connection *connection, enum wire_end ended,
                          const char *detail)
{
    static const char *const hows[] = {
        [WIRE_END_EOF] = "the peer closed the connection",
        [WIRE_END_RESET] = "the peer reset the connection",
        [WIRE_END_FAILED] = "the connection failed",
        [WIRE_END_TIMEOUT] = "the connection was cut off",
    };
    char *text = ls_strf("%s before the handshake was complete%s%s",
                         hows[ended], detail ? ": " : "", detail ? detail : "");

    judge(connection,
          &(struct tls_end){TRUST_TRANSPORT_PROTOCOL, OBSTACLE_CUT_OFF, text});
    free(text);
}

void connection_judge_timeout(struct connection *connection)
{
    connection_journal_add_limit(&connection->journal, LIMIT_HANDSHAKE_TIME,
                                 NULL);
    judge(connection,
          &(struct tls_end){.transport = TRUST_TRANSPORT_TIMEOUT,
                            .detail = "the handshake was not complete in "
                                      "time"});
}
