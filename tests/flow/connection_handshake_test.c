/*
 * What becomes of a connection before there is a verdict: who comes through,
 * who does not, and how little it takes to end in order all the same.
 */
#include <string.h>

#include <criterion/criterion.h>

#include "support/meeting.h"

static const struct tls_versions any_version = {TLS_1_0, TLS_1_3};

Test(connection_handshake, has_a_verdict_for_every_kind_of_peer)
{
    static const struct {
        const char *label;
        enum lab_peer peer;
        bool distrusts;
        enum trust_outcome verdict;
        enum trust_check_id reason;
        enum peer_outcome outcome;
    } rows[] = {
        {"known", LAB_KNOWN, false, TRUST_ACCEPTED, TRUST_NONE, PEER_CONNECTED},
        {"none", LAB_NONE, false, TRUST_CLIENT, TRUST_NONE, PEER_CONNECTED},
        {"unknown", LAB_UNKNOWN, false, TRUST_REFUSED, TRUST_UNKNOWN_SERVER,
         PEER_CLOSED_AFTER_HANDSHAKE},
        {"expired", LAB_EXPIRED, false, TRUST_REFUSED, TRUST_EXPIRED,
         PEER_CLOSED_AFTER_HANDSHAKE},
        {"stranger", LAB_STRANGER, false, TRUST_REFUSED, TRUST_UNTRUSTED_ROOT,
         PEER_CLOSED_AFTER_HANDSHAKE},
        {"misfit", LAB_MISFIT, false, TRUST_REFUSED, TRUST_PROTOCOL,
         PEER_ALERT},
        {"distrusts us", LAB_KNOWN, true, TRUST_REFUSED, TRUST_PEER_REFUSED_US,
         PEER_REFUSED_BY_PEER},
    };
    struct lab *lab = lab_new();

    for (size_t i = 0; i < 4 * sizeof rows / sizeof rows[0]; i++) {
        const char *label = rows[i / 4].label;
        struct meeting_plan plan = {
            .peer = rows[i / 4].peer,
            .distrusts = rows[i / 4].distrusts,
            .versions = {TLS_1_2 + i / 2 % 2, TLS_1_2 + i / 2 % 2},
            .piece_bytes = i % 2,
        };
        const struct trust_verdict *verdict;
        const struct cas_result *result;
        struct meeting meeting;

        meeting_begin(&meeting, lab, &plan);
        wire_pair_run(&meeting.pair);

        verdict = connection_verdict(meeting.connection);
        result = cas_peer_result(meeting.peer);
        cr_assert_not_null(verdict, "%s", label);
        cr_expect_eq(verdict->outcome, rows[i / 4].verdict, "%s", label);
        cr_expect_eq(verdict->reason, rows[i / 4].reason, "%s: %s", label,
                     verdict->reason < TRUST_NONE
                         ? trust_check_text(verdict->reason)
                         : "none");
        cr_expect_eq(result->outcome, rows[i / 4].outcome, "%s: %s (%s)", label,
                     peer_outcome_text(result->outcome), result->detail);
        cr_expect_eq(connection_state(meeting.connection), CONNECTION_CLOSED,
                     "%s", label);
        meeting_end(&meeting);
        lab_count_events(lab, TRACE_OPENED);
    }
    lab_free(lab);
}

Test(connection_handshake, tells_both_sides_why_there_is_no_version)
{
    struct lab *lab = lab_new();
    struct meeting_plan plan = {.versions = {TLS_1_3, TLS_1_3}};
    struct front_end_settings settings =
        lab_front_end_settings(lab, (struct tls_versions){TLS_1_0, TLS_1_2});
    struct meeting meeting;
    const struct cas_result *result;

    meeting_begin(&meeting, lab, &plan);
    front_end_set_tls(meeting.front_end, settings.tls);
    connection_free(meeting.connection);
    meeting.connection = connection_new(meeting.front_end, LAB_PEER_ADDRESS,
                                        "192.0.2.1:5061", LAB_NOW_MS);
    meeting.pair.front_end.machine = connection_machine(meeting.connection);
    wire_pair_run(&meeting.pair);

    result = cas_peer_result(meeting.peer);
    cr_expect_eq(connection_verdict(meeting.connection)->reason,
                 TRUST_PROTOCOL);
    cr_expect_eq(result->outcome, PEER_ALERT);
    cr_expect_str_eq(result->alert_text, "protocol version");
    meeting_end(&meeting);
    lab_free(lab);
}

struct stranger {
    struct lab *lab;
    struct front_end *front_end;
    struct connection *connection;
    struct wire_machine machine;
};

static void stranger_begin(struct stranger *stranger)
{
    struct front_end_settings settings;

    stranger->lab = lab_new();
    settings = lab_front_end_settings(stranger->lab, any_version);
    stranger->front_end = front_end_new(&settings);
    stranger->connection = connection_new(stranger->front_end, LAB_PEER_ADDRESS,
                                          "192.0.2.1:5061", LAB_NOW_MS);
    stranger->machine = connection_machine(stranger->connection);
}

static void stranger_end(struct stranger *stranger)
{
    connection_free(stranger->connection);
    front_end_free(stranger->front_end);
    lab_free(stranger->lab);
}

static bool detail_holds(const struct stranger *stranger, const char *words)
{
    const struct trust_verdict *verdict =
        connection_verdict(stranger->connection);

    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++) {
        const struct trust_check *check = &verdict->checks[i];

        if ((check->saw && strstr(check->saw, words)) ||
            (check->why && strstr(check->why, words)))
            return true;
    }
    return false;
}

Test(connection_handshake, times_out_thirty_seconds_after_it_began)
{
    struct stranger stranger;

    stranger_begin(&stranger);
    cr_assert_eq(stranger.machine.ops->deadline_ms(stranger.machine.self),
                 LAB_NOW_MS + HANDSHAKE_TIMEOUT_MS);
    /* A byte now and then does not buy more time. */
    wire_feed(stranger.machine, ls_str_from("\x16\x03\x01"), 1,
              LAB_NOW_MS + 29000);
    stranger.machine.ops->tick(stranger.machine.self,
                               LAB_NOW_MS + HANDSHAKE_TIMEOUT_MS - 1);
    cr_expect_eq(connection_state(stranger.connection), CONNECTION_HANDSHAKING);
    stranger.machine.ops->tick(stranger.machine.self,
                               LAB_NOW_MS + HANDSHAKE_TIMEOUT_MS);

    cr_expect_eq(connection_state(stranger.connection), CONNECTION_CLOSED);
    cr_expect_eq(connection_verdict(stranger.connection)->outcome,
                 TRUST_REFUSED);
    cr_expect_eq(connection_verdict(stranger.connection)->reason,
                 TRUST_HANDSHAKE_TIMEOUT);
    cr_expect_not(connection_verdict(stranger.connection)->has_identity);
    cr_expect_eq(wire_drain(stranger.machine, NULL), WIRE_RESET);
    stranger_end(&stranger);
}

Test(connection_handshake, refuses_what_is_no_tls_with_a_sentence)
{
    static const struct {
        const char *label;
        struct ls_str bytes;
        const char *words;
    } rows[] = {
        {"plain SIP", LS_STR("OPTIONS sip:fe.contoso.com SIP/2.0\r\n\r\n"),
         "no TLS"},
        {"zeros", LS_STR("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "no TLS"},
        {"a record that is none", LS_STR("\x16\x03\x01\xff\xff\x01\x02\x03"),
         ""},
        {"a hello cut short, then nonsense",
         LS_STR("\x16\x03\x01\x00\x04\x01\xff\xff\xff\x17\x03\x01\x00\x01z"),
         ""},
    };

    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        struct stranger stranger;

        stranger_begin(&stranger);
        wire_feed(stranger.machine, rows[i / 2].bytes, i % 2, LAB_NOW_MS);

        cr_assert_not_null(connection_verdict(stranger.connection), "%s",
                           rows[i / 2].label);
        cr_expect_eq(connection_verdict(stranger.connection)->reason,
                     TRUST_PROTOCOL, "%s", rows[i / 2].label);
        cr_expect(detail_holds(&stranger, rows[i / 2].words), "%s",
                  rows[i / 2].label);
        cr_expect_eq(connection_state(stranger.connection), CONNECTION_DRAINING,
                     "%s", rows[i / 2].label);
        cr_expect_eq(wire_drain(stranger.machine, NULL), WIRE_SHUTDOWN, "%s",
                     rows[i / 2].label);
        stranger_end(&stranger);
    }
}

Test(connection_handshake, says_how_the_wire_ended_before_it_was_complete)
{
    static const struct {
        enum wire_end end;
        const char *words;
    } rows[] = {
        {WIRE_END_EOF, "the peer closed the connection before"},
        {WIRE_END_RESET, "the peer reset the connection before"},
        {WIRE_END_FAILED, "the connection failed before"},
        {WIRE_END_TIMEOUT, "the connection was cut off before"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct stranger stranger;

        stranger_begin(&stranger);
        stranger.machine.ops->feed_end(stranger.machine.self, rows[i].end,
                                       "its word for it", LAB_NOW_MS);

        cr_expect_eq(connection_verdict(stranger.connection)->reason,
                     TRUST_PROTOCOL);
        cr_expect(detail_holds(&stranger, rows[i].words), "%s", rows[i].words);
        cr_expect(detail_holds(&stranger, "its word for it"));
        cr_expect_eq(connection_state(stranger.connection), CONNECTION_CLOSED);
        cr_expect_eq(wire_drain(stranger.machine, NULL), WIRE_CLOSE);
        stranger_end(&stranger);
    }
}

Test(connection_handshake, ends_without_a_verdict_when_the_server_stops)
{
    struct stranger stranger;

    stranger_begin(&stranger);
    connection_drain(stranger.connection, LAB_NOW_MS);

    cr_expect_eq(connection_state(stranger.connection), CONNECTION_CLOSED);
    cr_expect_null(connection_verdict(stranger.connection));
    cr_expect_eq(wire_drain(stranger.machine, NULL), WIRE_CLOSE);
    connection_drain(stranger.connection, LAB_NOW_MS);
    stranger_end(&stranger);
}

/* How many bytes the Front End is fed in a whole meeting. */
static size_t whole_length(struct lab *lab, const struct meeting_plan *plan)
{
    struct meeting meeting;
    size_t length;

    meeting_begin(&meeting, lab, plan);
    wire_pair_run(&meeting.pair);
    length = meeting.pair.front_end.fed_bytes;
    meeting_end(&meeting);
    lab_count_events(lab, TRACE_OPENED);
    return length;
}

static void vanish_everywhere(enum tls_version version, enum wire_end how)
{
    struct lab *lab = lab_new();
    struct meeting_plan plan = {.versions = {version, version}};
    size_t length = whole_length(lab, &plan);

    cr_assert_gt(length, 500u);
    for (size_t at = 0; at <= length; at++) {
        struct meeting meeting;

        meeting_begin(&meeting, lab, &plan);
        meeting.pair.vanish_after_bytes = at;
        meeting.pair.vanish_how = how;
        wire_pair_run(&meeting.pair);

        cr_expect_eq(connection_state(meeting.connection), CONNECTION_CLOSED,
                     "after %zu bytes", at);
        cr_expect_not_null(connection_verdict(meeting.connection),
                           "after %zu bytes", at);
        meeting_end(&meeting);
        lab_count_events(lab, TRACE_OPENED);
    }
    lab_free(lab);
}

Test(connection_handshake, survives_a_peer_that_vanishes_at_any_byte,
     .timeout = 100)
{
    vanish_everywhere(TLS_1_2, WIRE_END_EOF);
    vanish_everywhere(TLS_1_3, WIRE_END_RESET);
}

Test(connection_handshake, hears_what_came_along_with_the_finished_flight)
{
    struct lab *lab = lab_new();
    struct meeting_plan plan = {.versions = {TLS_1_3, TLS_1_3}};
    struct meeting meeting;

    /* In TLS 1.3 the peer sends Finished and OPTIONS in one write. */
    meeting_begin(&meeting, lab, &plan);
    wire_pair_run(&meeting.pair);

    cr_expect_eq(cas_peer_result(meeting.peer)->outcome, PEER_CONNECTED);
    cr_expect_eq(cas_peer_result(meeting.peer)->status, 200);
    cr_expect_eq(lab_count_events(lab, TRACE_MESSAGE), 2u);
    meeting_end(&meeting);
    lab_free(lab);
}

Test(connection_handshake, notes_every_step_in_order)
{
    static const enum trace_event_kind kinds[] = {
        TRACE_OPENED, TRACE_HANDSHAKE, TRACE_VERDICT,
        TRACE_STATE,  TRACE_MESSAGE,   TRACE_MESSAGE,
        TRACE_STATE,  TRACE_STATE,     TRACE_CLOSED};
    struct lab *lab = lab_new();
    struct meeting_plan plan = {0};
    struct trace_event event;
    struct meeting meeting;
    size_t count = 0;

    meeting_begin(&meeting, lab, &plan);
    wire_pair_run(&meeting.pair);

    while (trace_journal_take(lab_journal(lab), &event)) {
        cr_assert_lt(count, sizeof kinds / sizeof kinds[0]);
        cr_expect_eq(event.kind, kinds[count], "%zu: %s", count,
                     trace_event_kind_text(event.kind));
        cr_expect_eq(event.connection_id, 0x2500u);
        cr_expect_eq(event.at_ms, (int64_t)LAB_NOW_MS);
        if (event.kind == TRACE_MESSAGE)
            cr_expect_str_eq(event.peer, LAB_KNOWN_NAME ":49732");
        trace_event_clear(&event);
        count++;
    }
    cr_expect_eq(count, sizeof kinds / sizeof kinds[0]);
    meeting_end(&meeting);
    lab_free(lab);
}
