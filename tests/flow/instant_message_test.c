/*
 * Two trusted servers with a connection each: what a user of one says to a
 * user of the other, through two TLS sessions and one Front End.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_router.h"

#include "support/lab.h"
#include "support/raw_client.h"
#include "support/sip_talk.h"

static const struct tls_versions version = {TLS_1_2, TLS_1_2};

struct side {
    struct connection *connection;
    struct raw_client client;
};

static struct lab *lab;
static struct front_end *front_end;
static struct side ann;
static struct side bob;

static void say(struct side *side, const char *text)
{
    ls_buf_reset(&side->client.heard);
    raw_client_say(&side->client, ls_str_from(text));
}

static bool has_heard(const struct side *side, const char *part)
{
    struct ls_str heard = ls_buf_str(&side->client.heard);

    return memmem(heard.at, heard.length, part, strlen(part)) != NULL;
}

static void join(struct side *side, const char *address, const char *user)
{
    char *text = ls_strf("REGISTER sip:contoso.com SIP/2.0\r\n"
                         "Via: SIP/2.0/TLS %s\r\nFrom: <sip:%s>;tag=1\r\n"
                         "To: <sip:%s>\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n"
                         "Contact: <sip:%s>\r\nContent-Length: 0\r\n\r\n",
                         address, user, user, address);

    side->connection =
        connection_new(front_end, address, "192.0.2.1:5061", LAB_NOW_MS);
    raw_client_begin(&side->client, lab_peer_tls(lab, LAB_KNOWN, version, true),
                     connection_machine(side->connection), LAB_NOW_MS);
    raw_client_run(&side->client);
    say(side, text);
    cr_assert(has_heard(side, "SIP/2.0 200 OK\r\n"));
    free(text);
}

/* What whoever drives the machines does after each time bytes have moved. */
static void wake_all(void)
{
    struct connection *waiting;

    while ((waiting = front_end_next_waiting(front_end))) {
        struct side *side = waiting == ann.connection ? &ann : &bob;

        ls_buf_reset(&side->client.heard);
        raw_client_run(&side->client);
    }
}

static void setup(void)
{
    struct front_end_settings settings;

    lab = lab_new();
    settings = lab_front_end_settings(lab, version);
    front_end = front_end_new(&settings);
    join(&ann, "192.0.2.7:49732", "ann@contoso.com");
    join(&bob, "192.0.2.8:49733", "bob@contoso.com");
}

static void teardown(void)
{
    raw_client_end(&ann.client);
    raw_client_end(&bob.client);
    connection_free(ann.connection);
    connection_free(bob.connection);
    front_end_free(front_end);
    lab_free(lab);
}

TestSuite(instant_message, .init = setup, .fini = teardown);

static const char message[] =
    "MESSAGE sip:bob@contoso.com SIP/2.0\r\n"
    "Via: SIP/2.0/TLS 192.0.2.7:49732;branch=z9hG4bK1\r\n"
    "From: <sip:ann@contoso.com>;tag=a\r\nTo: <sip:bob@contoso.com>\r\n"
    "Call-ID: talk\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\n"
    "Content-Length: 5\r\n\r\nhello";

static char *answer_of(const struct side *side)
{
    return sip_talk_answer_to(ls_buf_str(&side->client.heard).at,
                              "SIP/2.0 200 OK\r\n", "");
}

Test(instant_message, goes_from_one_connection_to_the_other_and_back)
{
    say(&ann, message);
    cr_expect_not(has_heard(&ann, "SIP/2.0"));
    wake_all();
    cr_expect(has_heard(&bob, "MESSAGE sip:192.0.2.8:49733 SIP/2.0\r\n"));
    cr_expect(has_heard(&bob, "\r\n\r\nhello"));

    char *answer = answer_of(&bob);
    say(&bob, answer);
    wake_all();
    cr_expect(has_heard(&ann, "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS "
                              "192.0.2.7:49732;branch=z9hG4bK1;"));
    free(answer);
}

Test(instant_message, is_written_down_on_both_connections)
{
    lab_count_events(lab, TRACE_MESSAGE);
    say(&ann, message);
    wake_all();
    cr_expect_eq(lab_count_events(lab, TRACE_MESSAGE), 2u);
}

Test(instant_message, is_answered_when_the_other_connection_is_lost)
{
    struct wire_machine machine = connection_machine(bob.connection);

    say(&ann, message);
    wake_all();
    machine.ops->feed_end(machine.self, WIRE_END_RESET, NULL, LAB_NOW_MS);
    wake_all();
    cr_expect(has_heard(&ann, "SIP/2.0 504 Server Time-out\r\n"));
    say(&ann, message);
    cr_expect(has_heard(&ann, "SIP/2.0 504 Server Time-out\r\n"));
}

Test(instant_message, is_answered_when_its_time_is_up)
{
    struct wire_machine machine = connection_machine(ann.connection);

    say(&ann, message);
    wake_all();
    uint64_t deadline_ms = machine.ops->deadline_ms(machine.self);
    cr_assert_eq(deadline_ms, LAB_NOW_MS + SIP_ROUTER_WAIT_MS);
    machine.ops->tick(machine.self, deadline_ms);
    wake_all();
    cr_expect(has_heard(&ann, "SIP/2.0 504 Server Time-out\r\n"));
    cr_expect_eq(machine.ops->deadline_ms(machine.self), WIRE_NEVER);
}

Test(instant_message, waits_for_nobody_who_has_gone)
{
    struct wire_machine machine = connection_machine(ann.connection);

    say(&ann, message);
    machine.ops->feed_end(machine.self, WIRE_END_RESET, NULL, LAB_NOW_MS);
    cr_expect_eq(sip_router_pending_count(front_end_router(front_end)), 0u);
    wake_all();
    char *answer = answer_of(&bob);
    say(&bob, answer);
    cr_expect_null(front_end_next_waiting(front_end));
    free(answer);
}
