#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/certificate_probe.h"
#include "lyncsim/tls_session.h"

#include "support/test_lab.h"

static const uint64_t now_ms = TEST_LAB_NOW_S * UINT64_C(1000);

static struct tls_context *context(enum tls_role role,
                                   const struct credential *credential)
{
    const struct tls_settings settings = {.role = role,
                                          .credential = credential,
                                          .versions = {TLS_1_2, TLS_1_3},
                                          .keeps_shown = true};
    char *why = NULL;
    struct tls_context *made = tls_context_new(&settings, &why);

    cr_assert_not_null(made, "%s", why);
    return made;
}

/* Everything the probe wants to send goes to the server; the kind of the last
 * action. */
static enum wire_action_kind drain(struct wire_machine machine,
                                   struct tls_session *server)
{
    struct wire_action action = {.kind = WIRE_SEND};

    while (machine.ops->next(machine.self, &action))
        if (action.kind == WIRE_SEND && server != NULL)
            tls_session_feed(server, action.bytes);
    return action.kind;
}

static void answer(struct wire_machine machine, struct tls_session *server)
{
    struct tls_event event;
    struct ls_str output;

    while (tls_session_next(server, &event))
        ;
    output = tls_session_output(server);
    machine.ops->feed(machine.self, output, now_ms);
    tls_session_output_taken(server, output.length);
}

Test(certificate_probe, keeps_what_a_server_shows_and_leaves)
{
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *middle = test_lab_authority("CN=Middle", root);
    struct credential *own = test_lab_leaf("CN=fe.contoso.com", NULL, middle);
    struct tls_context *front_end = context(TLS_FRONT_END, own);
    struct tls_context *peer = context(TLS_PEER, NULL);
    struct tls_session *server = tls_session_new(front_end, NULL, 0);
    struct certificate_probe *probe = certificate_probe_new(peer, now_ms, 1000);
    struct wire_machine machine = certificate_probe_machine(probe);
    enum wire_action_kind last = drain(machine, server);

    for (int i = 0; i < 4 && last == WIRE_SEND; i++) {
        answer(machine, server);
        last = drain(machine, server);
    }

    cr_expect_eq(last, WIRE_CLOSE);
    cr_expect_null(certificate_probe_fault(probe));
    cr_assert_not_null(certificate_probe_shown(probe));
    cr_expect_str_eq(credential_facts(certificate_probe_shown(probe))->subject,
                     "CN=fe.contoso.com");
    cr_expect_eq(credential_chain_count(certificate_probe_shown(probe)), 1u);
    certificate_probe_free(probe);
    tls_session_free(server);
    tls_context_free(peer);
    tls_context_free(front_end);
    credential_free(own);
    credential_free(middle);
    credential_free(root);
}

Test(certificate_probe, says_why_nothing_was_shown)
{
    struct tls_context *peer = context(TLS_PEER, NULL);
    static const struct {
        const char *label, *sentence;
    } rows[] = {
        {"plain text", "no TLS"},
        {"end", "closed the connection in the handshake"},
        {"reset", "ECONNRESET"},
        {"silence", "did not answer in time"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct certificate_probe *probe =
            certificate_probe_new(peer, now_ms, 1000);
        struct wire_machine machine = certificate_probe_machine(probe);

        cr_expect_eq(drain(machine, NULL), WIRE_SEND);
        if (i == 0)
            machine.ops->feed(machine.self, ls_str_from("SIP/2.0 400 Bad\r\n"),
                              now_ms);
        else if (i == 3)
            machine.ops->tick(machine.self,
                              machine.ops->deadline_ms(machine.self));
        else
            machine.ops->feed_end(machine.self,
                                  i == 1 ? WIRE_END_EOF : WIRE_END_RESET,
                                  i == 1 ? NULL : "ECONNRESET", now_ms);
        cr_expect_eq(drain(machine, NULL), WIRE_CLOSE, "%s", rows[i].label);
        cr_expect_null(certificate_probe_shown(probe), "%s", rows[i].label);
        cr_assert_not_null(certificate_probe_fault(probe), "%s", rows[i].label);
        cr_expect_not_null(
            strstr(certificate_probe_fault(probe), rows[i].sentence), "%s: %s",
            rows[i].label, certificate_probe_fault(probe));
        certificate_probe_free(probe);
    }
    tls_context_free(peer);
}
