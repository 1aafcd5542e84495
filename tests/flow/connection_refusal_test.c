/*
 * The table of refusals on the wire: when and how the Front End refuses, and
 * what the peer sees of it, under TLS 1.2 and 1.3.
 */
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/tls_session.h"

#include "support/meeting.h"
#include "support/raw_client.h"

static const struct refusal_row {
    const char *label;
    struct refusal refuse;
    enum peer_outcome until_1_2;
    enum peer_outcome in_1_3;
    bool is_silent; /* the peer is told nothing */
} rows[] = {
    {"handshake:alert",
     {REFUSE_HANDSHAKE, REFUSE_ALERT},
     PEER_ALERT,
     PEER_ALERT,
     false},
    {"handshake:close",
     {REFUSE_HANDSHAKE, REFUSE_CLOSE},
     PEER_CLOSED_IN_HANDSHAKE,
     PEER_CLOSED_AFTER_HANDSHAKE,
     true},
    {"handshake:reset",
     {REFUSE_HANDSHAKE, REFUSE_RESET},
     PEER_RESET,
     PEER_RESET,
     true},
    {"after-handshake:close",
     {REFUSE_AFTER_HANDSHAKE, REFUSE_CLOSE},
     PEER_CLOSED_AFTER_HANDSHAKE,
     PEER_CLOSED_AFTER_HANDSHAKE,
     true},
    {"after-handshake:reset",
     {REFUSE_AFTER_HANDSHAKE, REFUSE_RESET},
     PEER_RESET,
     PEER_RESET,
     true},
    {"first-request:close",
     {REFUSE_FIRST_REQUEST, REFUSE_CLOSE},
     PEER_CLOSED_AFTER_HANDSHAKE,
     PEER_CLOSED_AFTER_HANDSHAKE,
     true},
    {"first-request:reset",
     {REFUSE_FIRST_REQUEST, REFUSE_RESET},
     PEER_RESET,
     PEER_RESET,
     true},
};

static void expect_row(struct lab *lab, const struct refusal_row *row,
                       enum tls_version version, size_t piece)
{
    struct meeting_plan plan = {
        .peer = LAB_UNKNOWN,
        .has_refusal = true,
        .refuse = row->refuse,
        .versions = {version, version},
        .piece_bytes = piece,
    };
    struct meeting meeting;
    const struct trust_verdict *verdict;
    const struct cas_result *result;

    meeting_begin(&meeting, lab, &plan);
    wire_pair_run(&meeting.pair);

    verdict = connection_verdict(meeting.connection);
    result = cas_peer_result(meeting.peer);
    cr_assert_not_null(verdict, "%s", row->label);
    cr_expect_eq(verdict->outcome, TRUST_REFUSED, "%s", row->label);
    cr_expect_eq(verdict->reason, TRUST_UNKNOWN_SERVER, "%s", row->label);
    cr_expect_str_eq(verdict->identity_name, LAB_UNKNOWN_NAME);
    cr_expect_eq(
        result->outcome, version == TLS_1_3 ? row->in_1_3 : row->until_1_2,
        "%s, %s, pieces of %zu: %s (%s)", row->label, tls_version_text(version),
        piece, peer_outcome_text(result->outcome), result->detail);
    cr_expect_eq(result->alert, row->is_silent ? -1 : 40, "%s: %d", row->label,
                 result->alert);
    cr_expect_eq(connection_state(meeting.connection), CONNECTION_CLOSED, "%s",
                 row->label);
    cr_expect_eq(connection_discarded_bytes(meeting.connection) > 0,
                 row->refuse.at == REFUSE_FIRST_REQUEST, "%s", row->label);
    meeting_end(&meeting);
}

Test(connection_refusal, is_seen_by_the_peer_as_the_table_says)
{
    struct lab *lab = lab_new();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t piece = 0; piece < 2; piece++) {
            expect_row(lab, &rows[i], TLS_1_2, piece);
            expect_row(lab, &rows[i], TLS_1_3, piece);
        }
    lab_free(lab);
}

Test(connection_refusal, is_the_same_under_the_versions_of_the_period)
{
    struct lab *lab = lab_new();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_row(lab, &rows[i], TLS_1_0, 0);
        expect_row(lab, &rows[i], TLS_1_1, 0);
    }
    lab_free(lab);
}

Test(connection_refusal, writes_one_record_and_lets_no_message_through)
{
    struct lab *lab = lab_new();

    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        struct meeting_plan plan = {
            .peer = LAB_UNKNOWN,
            .has_refusal = true,
            .refuse = rows[i / 2].refuse,
            .versions = {TLS_1_2 + i % 2, TLS_1_2 + i % 2},
        };
        size_t records = 0, messages = 0, verdicts = 0;
        struct trace_event event;
        struct meeting meeting;

        meeting_begin(&meeting, lab, &plan);
        wire_pair_run(&meeting.pair);
        while (trace_journal_take(lab_journal(lab), &event)) {
            messages += event.kind == TRACE_MESSAGE;
            verdicts += event.kind == TRACE_VERDICT;
            if (event.kind == TRACE_CONNECTION) {
                records++;
                cr_expect_str_eq(event.fqdn, LAB_UNKNOWN_NAME);
                cr_expect_str_eq(event.peer, LAB_PEER_ADDRESS);
            }
            trace_event_clear(&event);
        }

        cr_expect_eq(records, 1u, "%s", rows[i / 2].label);
        cr_expect_eq(verdicts, 1u, "%s", rows[i / 2].label);
        cr_expect_eq(messages, 0u, "%s", rows[i / 2].label);
        meeting_end(&meeting);
    }
    lab_free(lab);
}

Test(connection_refusal, picks_the_alert_that_fits_the_reason)
{
    static const struct {
        const char *label;
        enum lab_peer peer;
        enum trust_check_id reason;
        int alert;
    } alerts[] = {
        {"unknown", LAB_UNKNOWN, TRUST_UNKNOWN_SERVER, 40},
        {"expired", LAB_EXPIRED, TRUST_EXPIRED, 45},
        {"stranger", LAB_STRANGER, TRUST_UNTRUSTED_ROOT, 48},
    };
    struct lab *lab = lab_new();

    for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++) {
        struct meeting_plan plan = {
            .peer = alerts[i].peer,
            .has_refusal = true,
            .refuse = {REFUSE_HANDSHAKE, REFUSE_ALERT},
        };
        struct meeting meeting;

        meeting_begin(&meeting, lab, &plan);
        wire_pair_run(&meeting.pair);

        cr_expect_eq(connection_verdict(meeting.connection)->reason,
                     alerts[i].reason, "%s", alerts[i].label);
        cr_expect_eq(cas_peer_result(meeting.peer)->alert, alerts[i].alert,
                     "%s: %d", alerts[i].label,
                     cas_peer_result(meeting.peer)->alert);
        meeting_end(&meeting);
    }
    lab_free(lab);
}

Test(connection_refusal, lingers_two_seconds_for_a_peer_that_stays)
{
    struct lab *lab = lab_new();
    struct meeting_plan plan = {.peer = LAB_UNKNOWN};
    struct meeting meeting;
    struct wire_machine machine;

    meeting_begin(&meeting, lab, &plan);
    meeting.pair.peer.is_deaf_to_end = true;
    wire_pair_run(&meeting.pair);
    machine = meeting.pair.front_end.machine;

    cr_assert_eq(connection_state(meeting.connection), CONNECTION_DRAINING);
    cr_expect_eq(machine.ops->deadline_ms(machine.self),
                 LAB_NOW_MS + LINGER_MS);
    wire_feed(machine, ls_str_from("more and more"), 0, LAB_NOW_MS + 1);
    machine.ops->tick(machine.self, LAB_NOW_MS + LINGER_MS - 1);
    cr_expect_eq(connection_state(meeting.connection), CONNECTION_DRAINING);
    machine.ops->tick(machine.self, LAB_NOW_MS + LINGER_MS);
    cr_expect_eq(connection_state(meeting.connection), CONNECTION_CLOSED);
    cr_expect_eq(wire_drain(machine, NULL), WIRE_CLOSE);
    meeting_end(&meeting);
    lab_free(lab);
}

Test(connection_refusal, does_not_wait_for_a_first_request_for_ever)
{
    static const struct tls_versions versions = {TLS_1_2, TLS_1_2};
    struct lab *lab = lab_new();
    struct front_end_settings settings = lab_front_end_settings(lab, versions);
    struct front_end *front_end;
    struct connection *connection;
    struct wire_machine machine;
    struct raw_client client;

    settings.refuse.at = REFUSE_FIRST_REQUEST;
    front_end = front_end_new(&settings);
    connection = connection_new(front_end, LAB_PEER_ADDRESS, "192.0.2.1:5061",
                                LAB_NOW_MS);
    machine = connection_machine(connection);
    raw_client_begin(&client, lab_peer_tls(lab, LAB_UNKNOWN, versions, true),
                     machine, LAB_NOW_MS);
    raw_client_run(&client);

    cr_assert_eq(connection_state(connection), CONNECTION_WAITING);
    machine.ops->tick(machine.self, LAB_NOW_MS + HANDSHAKE_TIMEOUT_MS);
    cr_expect_eq(connection_state(connection), CONNECTION_DRAINING);
    cr_expect_eq(wire_drain(machine, NULL), WIRE_SHUTDOWN);
    raw_client_end(&client);
    connection_free(connection);
    front_end_free(front_end);
    lab_free(lab);
}
