/*
 * The other direction: what is for a user of an application goes over a
 * connection that the Front End opens, and whoever asked hears why it did not.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/cas_port.h"
#include "lyncsim/next_hop.h"
#include "lyncsim/registrar.h"
#include "lyncsim/sip_outbox.h"
#include "lyncsim/sip_router.h"

#include "support/lab.h"
#include "support/raw_client.h"

static const struct tls_versions version = {TLS_1_2, TLS_1_2};

#define ANN_CONNECTION 1u
#define BOB_CONNECTION 2u

static struct lab *lab;
static struct front_end *front_end;
static struct connection *dialled;
static uint64_t dialled_id;
static const struct sip_caller ann = {
    .connection_id = ANN_CONNECTION,
    .is_trusted = true,
    .treat_as_authenticated = true,
    .address = "192.0.2.9",
    .port = 50000,
};
static const struct sip_caller bob = {
    .connection_id = BOB_CONNECTION,
    .is_trusted = true,
    .treat_as_authenticated = true,
    .fqdn = LAB_KNOWN_NAME,
    .address = "192.0.2.7",
    .port = 49732,
};

/* Bob is signed in over a connection that the application has opened. */
static void begin(enum application_way way, enum product_version product)
{
    struct front_end_settings settings;
    struct binding binding = {
        .user = (char *)"sip:bob@contoso.com",
        .contact = (char *)"sip:cas.contoso.com:49732;transport=tls",
        .connection_id = BOB_CONNECTION,
        .expires_ms = UINT64_MAX,
    };

    lab = lab_new();
    settings = lab_front_end_settings(lab, version);
    settings.dial_tls = lab_dial_tls(lab, version);
    settings.way = way;
    settings.version = product;
    settings.connect_timeout_ms = CONNECT_TIMEOUT_MS;
    front_end = front_end_new(&settings);
    front_end_add_connection(front_end, BOB_CONNECTION, NULL, LAB_KNOWN_NAME);
    registrar_add(front_end_registrar(front_end), &binding);
    dialled = NULL;
}

static void setup(void)
{
    begin(APPLICATION_OWN, LYNC_2010);
}

static void teardown(void)
{
    connection_free(dialled);
    front_end_forget_connection(front_end, BOB_CONNECTION, LAB_NOW_MS);
    front_end_free(front_end);
    lab_free(lab);
}

TestSuite(connection_dial, .init = setup, .fini = teardown);

/* What is said at once to who asks; owned by the caller. */
static char *ask(const struct sip_caller *caller, const char *text)
{
    struct sip_message *message = NULL;
    struct ls_buf out = {0};
    const char *reason;
    int status;

    cr_assert_eq(
        sip_message_parse(ls_str_from(text), &message, &status, &reason),
        LS_OK);
    front_end_answer(front_end, caller, message, LAB_NOW_MS, &out);
    sip_message_free(message);
    return ls_buf_take(&out);
}

static char *send_message(unsigned number, const char *uri)
{
    char *text = ls_strf("MESSAGE %s SIP/2.0\r\n"
                         "Via: SIP/2.0/TLS 192.0.2.9;branch=z9hG4bK%u\r\n"
                         "From: <sip:ann@contoso.com>;tag=a\r\nTo: <%s>\r\n"
                         "Call-ID: talk\r\nCSeq: %u MESSAGE\r\n"
                         "Content-Length: 5\r\n\r\nhello",
                         uri, number, uri, number);
    char *answer = ask(&ann, text);

    free(text);
    return answer;
}

static void expect_silence(char *answer)
{
    cr_expect_str_empty(answer);
    free(answer);
}

static char *mail(uint64_t connection_id)
{
    struct ls_buf out = {0};

    sip_outbox_take(front_end_outbox(front_end), connection_id, &out);
    return ls_buf_take(&out);
}

static void expect_mail(uint64_t connection_id, const char *part)
{
    char *text = mail(connection_id);

    cr_expect(strstr(text, part), "\"%s\" is not in \"%s\"", part, text);
    free(text);
}

static void dial(void)
{
    struct next_hop_target target;

    cr_assert(front_end_next_dial(front_end, &target, &dialled_id));
    cr_expect_str_eq(target.fqdn, LAB_KNOWN_NAME);
    cr_expect_eq(target.port, LAB_KNOWN_PORT);
    connection_free(dialled);
    dialled =
        connection_new_dialled(front_end, &target, dialled_id, LAB_NOW_MS);
}

static void join(void)
{
    connection_joined(dialled, "192.0.2.7:5075", "192.0.2.1:60000", LAB_NOW_MS);
}

/* One that says yes, whole or in pieces. */
static void expect_answer_through(enum lab_peer peer, size_t piece_bytes)
{
    struct cas_port_settings settings = {
        .tls = lab_port_tls(lab, peer, version, true)};
    struct cas_port *port;
    struct wire_machine machines[2];
    struct wire_action action;
    bool moved = true;

    id_source_init_seeded(&settings.ids, ls_str_from("port"));
    port = cas_port_new(&settings, LAB_NOW_MS);
    machines[0] = connection_machine(dialled);
    machines[1] = cas_port_machine(port);
    while (moved) {
        moved = false;
        for (size_t i = 0; i < 2; i++)
            while (machines[i].ops->next(machines[i].self, &action)) {
                struct wire_machine *other = &machines[1 - i];

                cr_assert_eq(action.kind, WIRE_SEND);
                moved = true;
                for (size_t at = 0; at < action.bytes.length;) {
                    struct ls_str piece = ls_str_skip(action.bytes, at);

                    if (piece_bytes && piece.length > piece_bytes)
                        piece.length = piece_bytes;
                    other->ops->feed(other->self, piece, LAB_NOW_MS);
                    at += piece.length;
                }
            }
    }
    cr_expect_eq(cas_port_request_count(port), 1u);
    cr_expect_null(cas_port_fault(port));
    expect_mail(ANN_CONNECTION, "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS "
                                "192.0.2.9;branch=z9hG4bK1;");
    cas_port_free(port);
}

Test(connection_dial, carries_a_message_and_its_answer)
{
    expect_silence(send_message(1, "sip:bob@contoso.com"));
    dial();
    join();
    expect_answer_through(LAB_KNOWN, 0);
}

Test(connection_dial, is_the_same_a_byte_at_a_time)
{
    expect_silence(send_message(1, "sip:bob@contoso.com"));
    dial();
    join();
    expect_answer_through(LAB_KNOWN, 1);
}

Test(connection_dial, reaches_an_application_by_its_own_names)
{
    static const char *const uris[] = {
        "sip:cas.contoso.com",
        "sip:anybody@CAS.contoso.com:5075;transport=tls",
        "sip:cas.contoso.com@contoso.com;gruu;opaque=srvr:owa:yDUhQWqi81",
    };

    for (size_t i = 0; i < sizeof uris / sizeof uris[0]; i++) {
        expect_silence(send_message((unsigned)i + 1, uris[i]));
        if (i == 0)
            dial();
    }
    cr_expect_eq(sip_router_pending_count(front_end_router(front_end)), 3u);
    cr_expect_eq(next_hops_count(front_end_next_hops(front_end)), 1u);
}

Test(connection_dial, is_not_made_for_anybody_else)
{
    static const char *const uris[] = {
        "sip:nobody@contoso.com",
        "sip:stranger.contoso.com:5075",
        "sip:x@contoso.com;gruu;opaque=srvr:other:yDUhQWqi81",
        "sip:x@contoso.com;gruu;opaque=user:owa:yDUhQWqi81",
    };
    struct next_hop_target target;
    uint64_t id;

    for (size_t i = 0; i < sizeof uris / sizeof uris[0]; i++) {
        char *answer = send_message((unsigned)i + 1, uris[i]);

        cr_expect(strstr(answer, "SIP/2.0 404 "), "%s", uris[i]);
        free(answer);
    }
    cr_expect_not(front_end_next_dial(front_end, &target, &id));
}

Test(connection_dial, is_named_once_for_all_that_wait)
{
    struct next_hop_target target;
    uint64_t id;

    for (unsigned i = 1; i <= 3; i++)
        expect_silence(send_message(i, "sip:bob@contoso.com"));
    dial();
    cr_expect_not(front_end_next_dial(front_end, &target, &id));
}

Test(connection_dial, has_room_for_so_many_that_wait_and_no_more)
{
    char *answer;

    for (unsigned i = 1; i <= NEXT_HOP_WAITING_MAX; i++)
        expect_silence(send_message(i, "sip:bob@contoso.com"));
    answer = send_message(NEXT_HOP_WAITING_MAX + 1, "sip:bob@contoso.com");
    cr_expect(strstr(answer, "SIP/2.0 503 "));
    cr_expect(strstr(answer, "ms-diagnostics: 1007;"));
    free(answer);
}

static void expect_refusal(const char *label, const char *diagnostics)
{
    char *text = mail(ANN_CONNECTION);

    cr_expect(strstr(text, "SIP/2.0 504 Server Time-out\r\n"), "%s: %s", label,
              text);
    cr_expect(strstr(text, diagnostics), "%s: %s", label, text);
    free(text);
    cr_expect_eq(sip_router_pending_count(front_end_router(front_end)), 0u);
    cr_expect_eq(next_hops_count(front_end_next_hops(front_end)), 0u);
}

Test(connection_dial, that_finds_nobody_is_answered_504)
{
    static const struct {
        const char *label;
        enum wire_end end;
        const char *detail;
        const char *diagnostics;
    } rows[] = {
        {"refused", WIRE_END_FAILED, "connection refused",
         "WinsockFailureCode=\"10061(WSAECONNREFUSED)\""},
        {"no way", WIRE_END_FAILED, "network is unreachable",
         "WinsockFailureCode=\"10051(WSAENETUNREACH)\""},
        {"reset", WIRE_END_RESET, "ECONNRESET",
         "WinsockFailureCode=\"10054(WSAECONNRESET)\";"
         "WinsockFailureDescription=\"The peer forced closure of the "
         "connection\""},
        {"the system gave up", WIRE_END_FAILED, "connection timed out",
         "WinsockFailureCode=\"10060(WSAETIMEDOUT)\""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wire_machine machine;

        expect_silence(send_message((unsigned)i + 1, "sip:bob@contoso.com"));
        dial();
        machine = connection_machine(dialled);
        machine.ops->feed_end(machine.self, rows[i].end, rows[i].detail,
                              LAB_NOW_MS);
        expect_refusal(rows[i].label, rows[i].diagnostics);
        cr_expect_eq(connection_state(dialled), CONNECTION_CLOSED);
    }
}

Test(connection_dial, that_nobody_answers_ends_in_time)
{
    struct wire_machine machine;

    expect_silence(send_message(1, "sip:bob@contoso.com"));
    dial();
    machine = connection_machine(dialled);
    cr_expect_eq(machine.ops->deadline_ms(machine.self),
                 LAB_NOW_MS + CONNECT_TIMEOUT_MS);
    machine.ops->tick(machine.self, LAB_NOW_MS + CONNECT_TIMEOUT_MS);
    expect_refusal("blocked", "ms-diagnostics: 1007;reason=\"Temporarily "
                              "cannot route\";WinsockFailureCode=\""
                              "10060(WSAETIMEDOUT)\"");
}

Test(connection_dial, that_hangs_in_the_handshake_ends_in_time)
{
    struct wire_machine machine;

    expect_silence(send_message(1, "sip:bob@contoso.com"));
    dial();
    join();
    machine = connection_machine(dialled);
    cr_expect_eq(machine.ops->deadline_ms(machine.self),
                 LAB_NOW_MS + HANDSHAKE_TIMEOUT_MS);
    machine.ops->tick(machine.self, LAB_NOW_MS + HANDSHAKE_TIMEOUT_MS);
    expect_refusal("hanging", "10060(WSAETIMEDOUT)");
    cr_expect_eq(connection_verdict(dialled)->reason, TRUST_HANDSHAKE_TIMEOUT);
}

Test(connection_dial, that_meets_a_wrong_certificate_says_which_fault)
{
    static const struct {
        const char *label;
        enum lab_peer peer;
        bool trusts;
        enum trust_check_id reason;
        const char *diagnostics;
    } rows[] = {
        {"another name", LAB_UNKNOWN, true, TRUST_NAME_MISMATCH,
         "ms-diagnostics: 1010;reason=\"Certificate trust with next-hop server "
         "could not be established\";ErrorType=\"The peer certificate does not "
         "contain a matching FQDN\";tls-target=\"cas.contoso.com\";PeerServer="
         "\"stranger.contoso.com\";HRESULT=\"0x80090322("
         "SEC_E_WRONG_PRINCIPAL)\";source=\"fe.contoso.com\"\r\n"},
        {"expired", LAB_EXPIRED, true, TRUST_EXPIRED, "SEC_E_CERT_EXPIRED"},
        {"another root", LAB_STRANGER, true, TRUST_UNTRUSTED_ROOT,
         "SEC_E_UNTRUSTED_ROOT"},
        {"does not trust us", LAB_KNOWN, false, TRUST_PEER_REFUSED_US,
         "SEC_E_CERT_UNKNOWN"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct raw_client port;

        expect_silence(send_message((unsigned)i + 1, "sip:bob@contoso.com"));
        dial();
        join();
        raw_client_begin(
            &port, lab_port_tls(lab, rows[i].peer, version, rows[i].trusts),
            connection_machine(dialled), LAB_NOW_MS);
        raw_client_run(&port);
        cr_expect_eq(port.heard.length, 0u, "%s", rows[i].label);
        cr_expect_eq(connection_verdict(dialled)->reason, rows[i].reason, "%s",
                     rows[i].label);
        expect_refusal(rows[i].label, rows[i].diagnostics);
        raw_client_end(&port);
    }
}

Test(connection_dial, that_is_answered_by_something_else_fails)
{
    static const struct {
        const char *label;
        const char *bytes;
    } rows[] = {
        {"clear text", "SIP/2.0 200 OK\r\n\r\n"},
        {"nothing", ""},
        {"noise", "\x16\x03\x01\x7F\xFF noise noise noise"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wire_machine machine;

        expect_silence(send_message((unsigned)i + 1, "sip:bob@contoso.com"));
        dial();
        join();
        machine = connection_machine(dialled);
        machine.ops->feed(machine.self, ls_str_from(rows[i].bytes), LAB_NOW_MS);
        machine.ops->feed_end(machine.self, WIRE_END_EOF, NULL, LAB_NOW_MS);
        expect_refusal(rows[i].label, "10054(WSAECONNRESET)");
    }
}

Test(connection_dial, writes_down_what_could_not_be_routed)
{
    struct wire_machine machine;
    struct trace_event event;
    size_t diagnostics = 0, connections = 0;

    expect_silence(send_message(1, "sip:bob@contoso.com"));
    dial();
    machine = connection_machine(dialled);
    machine.ops->feed_end(machine.self, WIRE_END_FAILED, "connection refused",
                          LAB_NOW_MS);
    while (trace_journal_take(lab_journal(lab), &event)) {
        if (event.kind == TRACE_DIAGNOSTIC) {
            diagnostics++;
            cr_expect_str_eq(event.start_line,
                             "MESSAGE sip:bob@contoso.com SIP/2.0");
            cr_expect_str_eq(event.result_code, "0x8007274d WSAECONNREFUSED");
            cr_expect_str_eq(event.peer, "cas.contoso.com:5075");
        }
        if (event.kind == TRACE_CONNECTION) {
            connections++;
            cr_expect(event.is_dialled);
            cr_expect_not(event.is_of_tls);
        }
        trace_event_clear(&event);
    }
    cr_expect_eq(diagnostics, 1u);
    cr_expect_eq(connections, 1u);
}

Test(connection_dial, that_is_called_off_leaves_nobody_waiting)
{
    expect_silence(send_message(1, "sip:bob@contoso.com"));
    dial();
    connection_drain(dialled, LAB_NOW_MS);
    expect_mail(ANN_CONNECTION, "SIP/2.0 504 ");
    cr_expect_eq(next_hops_count(front_end_next_hops(front_end)), 0u);
}

/* The application hangs up on its own dialog over either of its connections;
 * nobody else can. */
Test(connection_dial, lets_an_application_speak_over_its_own_connection)
{
    static const char invite[] =
        "INVITE sip:bob@contoso.com SIP/2.0\r\n"
        "Via: SIP/2.0/TLS 192.0.2.9;branch=z9hG4bK1\r\n"
        "From: <sip:ann@contoso.com>;tag=a\r\nTo: <sip:bob@contoso.com>\r\n"
        "Call-ID: call\r\nCSeq: 1 INVITE\r\nContact: <sip:192.0.2.9>\r\n"
        "Content-Length: 0\r\n\r\n";
    static const char bye[] =
        "BYE sip:192.0.2.9 SIP/2.0\r\n"
        "Via: SIP/2.0/TLS 192.0.2.7;branch=z9hG4bK2\r\n"
        "From: <sip:bob@contoso.com>;tag=b\r\n"
        "To: <sip:ann@contoso.com>;tag=a\r\nCall-ID: call\r\n"
        "CSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n";
    struct sip_caller port = bob;
    struct sip_caller other = bob;
    char *text = ask(&ann, invite);
    char *via;
    char *ok;

    free(text);
    dial();
    port.connection_id = dialled_id;
    front_end_add_connection(front_end, dialled_id, NULL, LAB_KNOWN_NAME);
    text = mail(dialled_id);
    via = ls_str_dup(
        ls_str_first(ls_str_from(strstr(text, "Via:")),
                     ls_str_find(ls_str_from(strstr(text, "Via:")), '\r')));
    ok = ls_strf("SIP/2.0 200 OK\r\n%s\r\n"
                 "From: <sip:ann@contoso.com>;tag=a\r\n"
                 "To: <sip:bob@contoso.com>;tag=b\r\nCall-ID: call\r\n"
                 "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
                 via);
    free(text);
    free(ask(&port, ok));
    expect_mail(ANN_CONNECTION, "SIP/2.0 200 OK\r\n");

    other.connection_id = 99;
    other.fqdn = "stranger.contoso.com";
    text = ask(&other, bye);
    cr_expect(strstr(text, "SIP/2.0 481 "));
    free(text);
    expect_silence(ask(&bob, bye));
    expect_mail(ANN_CONNECTION, "BYE sip:192.0.2.9 SIP/2.0\r\n");
    free(via);
    free(ok);
}

TestSuite(application_way, .fini = teardown);

Test(application_way, same_goes_over_the_application_s_own_connection)
{
    struct next_hop_target target;
    uint64_t id;

    begin(APPLICATION_SAME, LYNC_2010);
    expect_silence(send_message(1, "sip:bob@contoso.com"));
    cr_expect_not(front_end_next_dial(front_end, &target, &id));
    expect_mail(BOB_CONNECTION, "MESSAGE sip:cas.contoso.com:49732");
}

Test(application_way, same_dials_where_no_user_is_meant)
{
    begin(APPLICATION_SAME, LYNC_2010);
    expect_silence(send_message(1, "sip:cas.contoso.com"));
    dial();
}
