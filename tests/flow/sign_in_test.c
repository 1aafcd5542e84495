/*
 * A user of OWA signs in, or reads why not.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "support/meeting.h"
#include "support/raw_client.h"

Test(sign_in, is_available_over_a_trusted_connection)
{
    struct lab *lab = lab_new();

    for (unsigned i = 0; i < 4; i++) {
        enum tls_version version = i < 2 ? TLS_1_2 : TLS_1_3;
        struct meeting_plan plan = {
            .task = CAS_SIGN_IN,
            .versions = {version, version},
            .piece_bytes = i % 2,
        };
        const struct cas_result *result;
        struct meeting meeting;

        meeting_begin(&meeting, lab, &plan);
        wire_pair_run(&meeting.pair);

        result = cas_peer_result(meeting.peer);
        cr_expect_eq(result->outcome, PEER_CONNECTED, "%s", result->detail);
        cr_expect(result->signed_in);
        cr_expect_str_eq(result->owa, "available");
        cr_expect_eq(result->status, 200);
        cr_expect_eq(result->alert, -1);
        cr_expect_str_eq(result->tls, tls_version_text(plan.versions.low));
        meeting_end(&meeting);
    }
    lab_free(lab);
}

Test(sign_in, asks_what_owa_asks_in_its_order)
{
    static const char *const starts[] = {
        "--> REGISTER sip:contoso.com SIP/2.0\r\n",
        "--> SUBSCRIBE sip:test@contoso.com SIP/2.0\r\n",
        "Event: vnd-microsoft-roaming-self\r\n",
        "Event: vnd-microsoft-roaming-contacts\r\n",
        "Event: vnd-microsoft-provisioning-v2\r\n",
    };
    struct lab *lab = lab_new();
    struct meeting_plan plan = {.task = CAS_SIGN_IN};
    struct meeting meeting;
    struct ls_str talk;

    meeting_begin(&meeting, lab, &plan);
    wire_pair_run(&meeting.pair);

    talk = cas_peer_transcript(meeting.peer);
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        const char *found =
            memmem(talk.at, talk.length, starts[i], strlen(starts[i]));

        cr_assert_not_null(found, "%s", starts[i]);
        talk = ls_str_skip(talk, (size_t)(found - talk.at));
    }
    meeting_end(&meeting);
    lab_free(lab);
}

Test(sign_in, is_not_available_to_whom_the_front_end_does_not_know)
{
    static const struct {
        const char *label;
        enum lab_peer peer;
        bool distrusts;
    } rows[] = {
        {"unknown", LAB_UNKNOWN, false},
        {"expired", LAB_EXPIRED, false},
        {"no certificate, so challenged", LAB_NONE, false},
        {"distrusts us", LAB_KNOWN, true},
    };
    struct lab *lab = lab_new();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct meeting_plan plan = {.task = CAS_SIGN_IN,
                                    .peer = rows[i].peer,
                                    .distrusts = rows[i].distrusts};
        const struct cas_result *result;
        struct meeting meeting;

        meeting_begin(&meeting, lab, &plan);
        wire_pair_run(&meeting.pair);

        result = cas_peer_result(meeting.peer);
        cr_expect_not(result->signed_in, "%s", rows[i].label);
        cr_expect_str_eq(result->owa,
                         "Instant Messaging isn't available right now. The "
                         "Contact List will appear when the service becomes "
                         "available.");
        meeting_end(&meeting);
    }
    lab_free(lab);
}

Test(sign_in, is_challenged_without_a_certificate)
{
    struct lab *lab = lab_new();
    struct meeting_plan plan = {.task = CAS_SIGN_IN, .peer = LAB_NONE};
    struct meeting meeting;

    meeting_begin(&meeting, lab, &plan);
    wire_pair_run(&meeting.pair);

    cr_expect_eq(cas_peer_result(meeting.peer)->outcome, PEER_CONNECTED);
    cr_expect_eq(cas_peer_result(meeting.peer)->status, 401);
    meeting_end(&meeting);
    lab_free(lab);
}

Test(sign_in, says_what_became_of_a_connection_that_never_was)
{
    static const struct {
        enum wire_end end;
        enum peer_outcome outcome;
    } rows[] = {
        {WIRE_END_FAILED, PEER_UNREACHABLE},
        {WIRE_END_TIMEOUT, PEER_TIMEOUT},
        {WIRE_END_RESET, PEER_RESET},
        {WIRE_END_EOF, PEER_CLOSED_IN_HANDSHAKE},
    };
    struct lab *lab = lab_new();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct meeting_plan plan = {.task = CAS_SIGN_IN};
        struct wire_machine machine;
        struct meeting meeting;

        meeting_begin(&meeting, lab, &plan);
        machine = meeting.pair.peer.machine;
        machine.ops->feed_end(machine.self, rows[i].end, "ECONNREFUSED",
                              LAB_NOW_MS);

        cr_expect_eq(cas_peer_result(meeting.peer)->outcome, rows[i].outcome);
        cr_expect_str_eq(cas_peer_result(meeting.peer)->detail, "ECONNREFUSED");
        cr_expect_eq(wire_drain(machine, NULL), WIRE_CLOSE);
        meeting_end(&meeting);
    }
    lab_free(lab);
}

Test(sign_in, gives_up_on_a_server_that_says_nothing)
{
    struct lab *lab = lab_new();
    struct meeting_plan plan = {.task = CAS_SIGN_IN};
    struct wire_machine machine;
    struct meeting meeting;

    meeting_begin(&meeting, lab, &plan);
    machine = meeting.pair.peer.machine;
    wire_drain(machine, NULL);
    cr_assert_eq(machine.ops->deadline_ms(machine.self), LAB_NOW_MS + 60000);
    machine.ops->tick(machine.self, LAB_NOW_MS + 60000);

    cr_expect_eq(cas_peer_result(meeting.peer)->outcome, PEER_TIMEOUT);
    cr_expect_eq(wire_drain(machine, NULL), WIRE_CLOSE);
    meeting_end(&meeting);
    lab_free(lab);
}

static char *request_of(const char *method, const char *to_tag, unsigned number,
                        const char *body)
{
    return ls_strf("%s sip:test@contoso.com SIP/2.0\r\n"
                   "Via: SIP/2.0/TLS h;branch=z9hG4bK%u\r\n"
                   "From: <sip:bob@contoso.com>;tag=1\r\n"
                   "To: <sip:test@contoso.com>%s\r\nCall-ID: call\r\n"
                   "CSeq: %u %s\r\nContact: <sip:bob@h>\r\n"
                   "Content-Length: %zu\r\n\r\n%s",
                   method, number, to_tag, number, method, strlen(body), body);
}

static void say(struct raw_client *server, char *text)
{
    ls_buf_reset(&server->heard);
    raw_client_say(server, ls_str_from(text));
    free(text);
}

/* "connect" may meet any server. */
Test(sign_in, keeps_only_so_much_of_what_a_server_sends)
{
    enum { MESSAGE_BYTES = 1000 * 1000, MESSAGES = 80 };
    struct lab *lab = lab_new();
    struct meeting_plan plan = {.task = CAS_SIGN_IN};
    char *body = ls_alloc(MESSAGE_BYTES + 1);
    struct raw_client server;
    struct meeting meeting;
    unsigned taken = 0;
    char *to_tag;

    meeting_begin(&meeting, lab, &plan);
    raw_client_begin(
        &server, lab_server_tls(lab, (struct tls_versions){TLS_1_2, TLS_1_2}),
        cas_peer_machine(meeting.peer), LAB_NOW_MS);
    raw_client_run(&server);
    say(&server, request_of("INVITE", "", 1, ""));
    cr_assert_not_null(strstr(server.heard.at, "SIP/2.0 200 OK\r\n"));
    to_tag = strstr(strstr(server.heard.at, "\r\nTo: "), ";tag=");
    to_tag = ls_str_dup(ls_str_from_bytes(to_tag, strcspn(to_tag, "\r")));
    memset(body, 'x', MESSAGE_BYTES);
    for (unsigned i = 0; i < MESSAGES; i++) {
        say(&server, request_of("MESSAGE", to_tag, i + 2, body));
        taken += strstr(server.heard.at, "SIP/2.0 200 OK\r\n") != NULL;
    }
    cr_expect_gt(taken, 60u);
    cr_expect_lt(taken, 70u);
    cr_expect_eq(cas_peer_result(meeting.peer)->received.count, taken);
    say(&server, request_of("INVITE", "", MESSAGES + 2, body));
    cr_expect_not_null(
        strstr(server.heard.at, "SIP/2.0 503 Service Unavailable\r\n"));
    free(to_tag);
    free(body);
    raw_client_end(&server);
    meeting_end(&meeting);
    lab_free(lab);
}
