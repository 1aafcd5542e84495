/*
 * A connection that the Front End opens and that does not come about: whoever
 * asked hears why, and the place is left alone for a while.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/next_hop.h"
#include "lyncsim/sip_router.h"

#include "support/dial_scene.h"
#include "support/raw_client.h"

static struct dial_scene scene;

static void setup(void)
{
    dial_scene_begin(&scene, APPLICATION_OWN, 0);
}

static void teardown(void)
{
    dial_scene_end(&scene);
}

TestSuite(connection_dial_failure, .init = setup, .fini = teardown);

static void expect_refusal(const char *label, const char *diagnostics)
{
    char *text = dial_scene_mail(&scene, DIAL_SCENE_ANN);

    cr_expect(strstr(text, "SIP/2.0 504 Server Time-out\r\n"), "%s: %s", label,
              text);
    cr_expect(strstr(text, diagnostics), "%s: %s", label, text);
    free(text);
    cr_expect_eq(sip_router_pending_count(front_end_router(scene.front_end)),
                 0u);
    cr_expect_eq(next_hops_count(front_end_next_hops(scene.front_end)), 0u);
}

Test(connection_dial_failure, that_finds_nobody_is_answered_504)
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

        dial_scene_send(&scene, (unsigned)i + 1, "sip:bob@contoso.com");
        dial_scene_dial(&scene);
        machine = connection_machine(scene.dialled);
        machine.ops->feed_end(machine.self, rows[i].end, rows[i].detail,
                              LAB_NOW_MS);
        expect_refusal(rows[i].label, rows[i].diagnostics);
        cr_expect_eq(connection_state(scene.dialled), CONNECTION_CLOSED);
    }
}

Test(connection_dial_failure, that_nobody_answers_ends_in_time)
{
    struct wire_machine machine;

    dial_scene_send(&scene, 1, "sip:bob@contoso.com");
    dial_scene_dial(&scene);
    machine = connection_machine(scene.dialled);
    cr_expect_eq(machine.ops->deadline_ms(machine.self),
                 LAB_NOW_MS + CONNECT_TIMEOUT_MS);
    machine.ops->tick(machine.self, LAB_NOW_MS + CONNECT_TIMEOUT_MS);
    expect_refusal("blocked", "ms-diagnostics: 1007;reason=\"Temporarily "
                              "cannot route\";WinsockFailureCode=\""
                              "10060(WSAETIMEDOUT)\"");
}

Test(connection_dial_failure, that_hangs_in_the_handshake_ends_in_time)
{
    struct wire_machine machine;

    dial_scene_send(&scene, 1, "sip:bob@contoso.com");
    dial_scene_dial(&scene);
    dial_scene_join(&scene);
    machine = connection_machine(scene.dialled);
    cr_expect_eq(machine.ops->deadline_ms(machine.self),
                 LAB_NOW_MS + HANDSHAKE_TIMEOUT_MS);
    machine.ops->tick(machine.self, LAB_NOW_MS + HANDSHAKE_TIMEOUT_MS);
    expect_refusal("hanging", "10060(WSAETIMEDOUT)");
    cr_expect_eq(connection_verdict(scene.dialled)->reason,
                 TRUST_HANDSHAKE_TIMEOUT);
}

Test(connection_dial_failure, that_meets_a_wrong_certificate_says_which_fault)
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

        dial_scene_send(&scene, (unsigned)i + 1, "sip:bob@contoso.com");
        dial_scene_dial(&scene);
        dial_scene_join(&scene);
        raw_client_begin(&port,
                         lab_port_tls(scene.lab, rows[i].peer,
                                      dial_scene_version, rows[i].trusts),
                         connection_machine(scene.dialled), LAB_NOW_MS);
        raw_client_run(&port);
        cr_expect_eq(port.heard.length, 0u, "%s", rows[i].label);
        cr_expect_eq(connection_verdict(scene.dialled)->reason, rows[i].reason,
                     "%s", rows[i].label);
        expect_refusal(rows[i].label, rows[i].diagnostics);
        raw_client_end(&port);
    }
}

Test(connection_dial_failure, that_is_answered_by_something_else_fails)
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

        dial_scene_send(&scene, (unsigned)i + 1, "sip:bob@contoso.com");
        dial_scene_dial(&scene);
        dial_scene_join(&scene);
        machine = connection_machine(scene.dialled);
        machine.ops->feed(machine.self, ls_str_from(rows[i].bytes), LAB_NOW_MS);
        machine.ops->feed_end(machine.self, WIRE_END_EOF, NULL, LAB_NOW_MS);
        expect_refusal(rows[i].label, "10054(WSAECONNRESET)");
    }
}

Test(connection_dial_failure, writes_down_what_could_not_be_routed)
{
    struct wire_machine machine;
    struct trace_event event;
    size_t diagnostics = 0, connections = 0;

    dial_scene_send(&scene, 1, "sip:bob@contoso.com");
    dial_scene_dial(&scene);
    machine = connection_machine(scene.dialled);
    machine.ops->feed_end(machine.self, WIRE_END_FAILED, "connection refused",
                          LAB_NOW_MS);
    while (trace_journal_take(lab_journal(scene.lab), &event)) {
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

Test(connection_dial_failure, that_is_called_off_leaves_nobody_waiting)
{
    dial_scene_send(&scene, 1, "sip:bob@contoso.com");
    dial_scene_dial(&scene);
    connection_drain(scene.dialled, LAB_NOW_MS);
    dial_scene_expect_mail(&scene, DIAL_SCENE_ANN, "SIP/2.0 504 ");
    cr_expect_eq(next_hops_count(front_end_next_hops(scene.front_end)), 0u);
}

#define REST_MS 1000

static void setup_rest(void)
{
    dial_scene_begin(&scene, APPLICATION_OWN, REST_MS);
}

TestSuite(dial_rest, .init = setup_rest, .fini = teardown);

/* A dial that is refused; the waiting request hears of it. */
static void dial_in_vain(void)
{
    struct wire_machine machine;

    dial_scene_dial(&scene);
    machine = connection_machine(scene.dialled);
    machine.ops->feed_end(machine.self, WIRE_END_FAILED, "connection refused",
                          scene.now_ms);
    dial_scene_expect_mail(&scene, DIAL_SCENE_ANN, "SIP/2.0 504 ");
}

Test(dial_rest, answers_at_once_what_was_found_out)
{
    struct next_hop_target target;
    uint64_t id;
    char *answer;

    dial_scene_send(&scene, 1, "sip:bob@contoso.com");
    dial_in_vain();
    scene.now_ms += REST_MS - 1;
    for (unsigned i = 2; i < 100; i++) {
        answer = dial_scene_answer(&scene, i, "sip:bob@contoso.com");
        cr_expect(strstr(answer, "SIP/2.0 504 Server Time-out\r\n"));
        cr_expect(strstr(answer, "ms-diagnostics: 1007;"));
        cr_expect(strstr(answer, "10061(WSAECONNREFUSED)"));
        free(answer);
    }
    cr_expect_not(front_end_next_dial(scene.front_end, &target, &id));
}

Test(dial_rest, doubles_up_to_a_limit)
{
    static const uint32_t rests_ms[] = {1000, 2000, 4000, 8000, 8000};
    unsigned number = 1;

    for (size_t i = 0; i < LS_COUNT(rests_ms); i++) {
        dial_scene_send(&scene, number++, "sip:bob@contoso.com");
        dial_in_vain();
        scene.now_ms += rests_ms[i] - 1;
        free(dial_scene_answer(&scene, number++, "sip:bob@contoso.com"));
        cr_expect_eq(
            sip_router_pending_count(front_end_router(scene.front_end)), 0u,
            "rest %zu is too short", i);
        scene.now_ms++;
    }
}

Test(dial_rest, begins_anew_after_a_connection)
{
    struct next_hops *hops = next_hops_new(REST_MS);
    const struct next_hop_target target = {"a.com", "a.com", 5061};
    const struct next_hop_failure failure = {1007, ";a=\"b\""};
    struct next_hop_failure told;

    for (uint64_t id = 1; id <= 3; id++) {
        cr_expect_eq(next_hops_join(hops, &target, id), id);
        next_hops_rest(hops, id, &failure, 0);
    }
    cr_expect(next_hops_is_resting(hops, &target, 3999, &told));
    cr_expect_str_eq(told.more, failure.more);
    cr_expect_eq(next_hops_join(hops, &target, 4), 4u);
    next_hops_open(hops, 4);
    cr_expect_not(next_hops_is_resting(hops, &target, 0, &told));
    next_hops_remove(hops, 4);
    cr_expect_eq(next_hops_join(hops, &target, 5), 5u);
    next_hops_rest(hops, 5, &failure, 0);
    cr_expect(next_hops_is_resting(hops, &target, 999, &told));
    cr_expect_not(next_hops_is_resting(hops, &target, 1000, &told));
    next_hops_free(hops);
}

Test(dial_rest, gives_way_to_a_place_that_is_wanted)
{
    struct next_hops *hops = next_hops_new(REST_MS);
    const struct next_hop_failure failure = {1007, ""};
    struct next_hop_target target = {"a.com", "a.com", 0};

    for (uint16_t port = 1; port <= NEXT_HOPS_MAX; port++) {
        target.port = port;
        cr_expect_eq(next_hops_join(hops, &target, port), port);
    }
    target.port = NEXT_HOPS_MAX + 1;
    cr_expect_eq(next_hops_join(hops, &target, target.port), 0u);
    next_hops_rest(hops, 7, &failure, 0);
    cr_expect_eq(next_hops_join(hops, &target, target.port), target.port);
    cr_expect_eq(next_hops_count(hops), (size_t)NEXT_HOPS_MAX);
    next_hops_free(hops);
}
