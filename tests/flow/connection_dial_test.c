/*
 * The other direction: what is for a user of an application goes over a
 * connection that the Front End opens.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/cas_port.h"
#include "lyncsim/next_hop.h"
#include "lyncsim/sip_router.h"

#include "support/dial_scene.h"

static struct dial_scene scene;

static void setup(void)
{
    dial_scene_begin(&scene, APPLICATION_OWN, 0);
}

static void teardown(void)
{
    dial_scene_end(&scene);
}

TestSuite(connection_dial, .init = setup, .fini = teardown);

/* One that says yes, whole or in pieces. */
static void expect_answer_through(enum lab_peer peer, size_t piece_bytes)
{
    struct cas_port_settings settings = {
        .tls = lab_port_tls(scene.lab, peer, dial_scene_version, true)};
    struct cas_port *port;
    struct wire_machine machines[2];
    struct wire_action action;
    bool moved = true;

    id_source_init_seeded(&settings.ids, ls_str_from("port"));
    port = cas_port_new(&settings, LAB_NOW_MS);
    machines[0] = connection_machine(scene.dialled);
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
    dial_scene_expect_mail(&scene, DIAL_SCENE_ANN,
                           "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS "
                           "192.0.2.9;branch=z9hG4bK1;");
    cas_port_free(port);
}

Test(connection_dial, carries_a_message_and_its_answer)
{
    dial_scene_send(&scene, 1, "sip:bob@contoso.com");
    dial_scene_dial(&scene);
    dial_scene_join(&scene);
    expect_answer_through(LAB_KNOWN, 0);
}

Test(connection_dial, is_the_same_a_byte_at_a_time)
{
    dial_scene_send(&scene, 1, "sip:bob@contoso.com");
    dial_scene_dial(&scene);
    dial_scene_join(&scene);
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
        dial_scene_send(&scene, (unsigned)i + 1, uris[i]);
        if (i == 0)
            dial_scene_dial(&scene);
    }
    cr_expect_eq(sip_router_pending_count(front_end_router(scene.front_end)),
                 3u);
    cr_expect_eq(next_hops_count(front_end_next_hops(scene.front_end)), 1u);
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
        char *answer = dial_scene_answer(&scene, (unsigned)i + 1, uris[i]);

        cr_expect(strstr(answer, "SIP/2.0 404 "), "%s", uris[i]);
        free(answer);
    }
    cr_expect_not(front_end_next_dial(scene.front_end, &target, &id));
}

Test(connection_dial, is_named_once_for_all_that_wait)
{
    struct next_hop_target target;
    uint64_t id;

    for (unsigned i = 1; i <= 3; i++)
        dial_scene_send(&scene, i, "sip:bob@contoso.com");
    dial_scene_dial(&scene);
    cr_expect_not(front_end_next_dial(scene.front_end, &target, &id));
}

Test(connection_dial, has_room_for_so_many_that_wait_and_no_more)
{
    char *answer;

    for (unsigned i = 1; i <= NEXT_HOP_WAITING_MAX; i++)
        dial_scene_send(&scene, i, "sip:bob@contoso.com");
    answer = dial_scene_answer(&scene, NEXT_HOP_WAITING_MAX + 1,
                               "sip:bob@contoso.com");
    cr_expect(strstr(answer, "SIP/2.0 503 "));
    cr_expect(strstr(answer, "ms-diagnostics: 1007;"));
    free(answer);
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
    struct sip_caller port = dial_scene_bob;
    struct sip_caller other = dial_scene_bob;
    char *text = dial_scene_ask(&scene, &dial_scene_ann, invite);
    char *via;
    char *ok;

    free(text);
    dial_scene_dial(&scene);
    port.connection_id = scene.dialled_id;
    front_end_add_connection(scene.front_end, scene.dialled_id, NULL,
                             LAB_KNOWN_NAME);
    text = dial_scene_mail(&scene, scene.dialled_id);
    via = ls_str_dup(
        ls_str_first(ls_str_from(strstr(text, "Via:")),
                     ls_str_find(ls_str_from(strstr(text, "Via:")), '\r')));
    ok = ls_strf("SIP/2.0 200 OK\r\n%s\r\n"
                 "From: <sip:ann@contoso.com>;tag=a\r\n"
                 "To: <sip:bob@contoso.com>;tag=b\r\nCall-ID: call\r\n"
                 "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
                 via);
    free(text);
    free(dial_scene_ask(&scene, &port, ok));
    dial_scene_expect_mail(&scene, DIAL_SCENE_ANN, "SIP/2.0 200 OK\r\n");

    other.connection_id = 99;
    other.fqdn = "stranger.contoso.com";
    text = dial_scene_ask(&scene, &other, bye);
    cr_expect(strstr(text, "SIP/2.0 481 "));
    free(text);
    text = dial_scene_ask(&scene, &dial_scene_bob, bye);
    cr_expect_str_empty(text);
    free(text);
    dial_scene_expect_mail(&scene, DIAL_SCENE_ANN,
                           "BYE sip:192.0.2.9 SIP/2.0\r\n");
    free(via);
    free(ok);
}

static void setup_same(void)
{
    dial_scene_begin(&scene, APPLICATION_SAME, 0);
}

TestSuite(application_way, .init = setup_same, .fini = teardown);

Test(application_way, same_goes_over_the_application_s_own_connection)
{
    struct next_hop_target target;
    uint64_t id;

    dial_scene_send(&scene, 1, "sip:bob@contoso.com");
    cr_expect_not(front_end_next_dial(scene.front_end, &target, &id));
    dial_scene_expect_mail(&scene, DIAL_SCENE_BOB,
                           "MESSAGE sip:cas.contoso.com:49732");
}

Test(application_way, same_dials_where_no_user_is_meant)
{
    dial_scene_send(&scene, 1, "sip:cas.contoso.com");
    dial_scene_dial(&scene);
}
