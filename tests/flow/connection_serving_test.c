/*
 * A peer that has been let in: its requests are answered, gathered, bounded
 * and limited, and it is closed in order.
 */
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "support/meeting.h"
#include "support/raw_client.h"

static const struct tls_versions version = {TLS_1_3, TLS_1_3};

struct served {
    struct lab *lab;
    struct front_end *front_end;
    struct connection *connection;
    struct wire_machine machine;
    struct raw_client client;
};

static void serve(struct served *served, uint32_t idle_timeout_ms,
                  uint32_t requests_per_second)
{
    struct front_end_settings settings;

    served->lab = lab_new();
    settings = lab_front_end_settings(served->lab, version);
    settings.idle_timeout_ms = idle_timeout_ms;
    settings.requests_per_second = requests_per_second;
    served->front_end = front_end_new(&settings);
    served->connection = connection_new(served->front_end, LAB_PEER_ADDRESS,
                                        "192.0.2.1:5061", LAB_NOW_MS);
    served->machine = connection_machine(served->connection);
    raw_client_begin(&served->client,
                     lab_peer_tls(served->lab, LAB_KNOWN, version, true),
                     served->machine, LAB_NOW_MS);
    raw_client_run(&served->client);
    cr_assert_eq(connection_state(served->connection), CONNECTION_SERVING);
}

static void end(struct served *served)
{
    raw_client_end(&served->client);
    connection_free(served->connection);
    front_end_free(served->front_end);
    lab_free(served->lab);
}

static void add_options(struct ls_buf *out, unsigned cseq)
{
    ls_buf_printf(out,
                  "OPTIONS sip:fe.contoso.com SIP/2.0\r\n"
                  "Via: SIP/2.0/TLS 192.0.2.7:49732;branch=z9hG4bK%u\r\n"
                  "Max-Forwards: 70\r\n"
                  "From: <sip:" LAB_KNOWN_NAME ">;tag=1;epid=01\r\n"
                  "To: <sip:fe.contoso.com>\r\n"
                  "Call-ID: %08x\r\n"
                  "CSeq: %u OPTIONS\r\n"
                  "Content-Length: 0\r\n\r\n",
                  cseq, cseq, cseq);
}

static size_t count_of(struct ls_str text, const char *what)
{
    size_t count = 0;

    for (const char *at;
         (at = memmem(text.at, text.length, what, strlen(what)));) {
        count++;
        text = ls_str_skip(text, (size_t)(at - text.at) + 1);
    }
    return count;
}

static void say_options(struct served *served, unsigned count)
{
    struct ls_buf requests = {0};

    for (unsigned i = 0; i < count; i++)
        add_options(&requests, i + 1);
    raw_client_say(&served->client, ls_buf_str(&requests));
    ls_buf_clear(&requests);
}

Test(connection_serving, answers_pipelined_requests_in_one_write)
{
    struct served served;
    size_t before;

    serve(&served, 0, 0);
    before = served.client.send_count;
    say_options(&served, 8);

    cr_expect_eq(count_of(ls_buf_str(&served.client.heard), "SIP/2.0 200"), 8u);
    cr_expect_eq(served.client.send_count - before, 1u);
    cr_expect_eq(lab_count_events(served.lab, TRACE_MESSAGE), 16u);
    end(&served);
}

Test(connection_serving, answers_the_same_byte_by_byte)
{
    struct served whole, bytewise;

    serve(&whole, 0, 0);
    say_options(&whole, 3);
    serve(&bytewise, 0, 0);
    bytewise.client.piece_bytes = 1;
    say_options(&bytewise, 3);

    cr_expect(ls_str_equal(ls_buf_str(&whole.client.heard),
                           ls_buf_str(&bytewise.client.heard)));
    end(&whole);
    end(&bytewise);
}

Test(connection_serving, answers_a_keep_alive_with_one_line_end)
{
    struct served served;

    serve(&served, 0, 0);
    raw_client_say(&served.client, ls_str_from("\r\n\r\n"));

    cr_expect(ls_str_equal_text(ls_buf_str(&served.client.heard), "\r\n"));
    cr_expect_eq(lab_count_events(served.lab, TRACE_MESSAGE), 0u);
    end(&served);
}

Test(connection_serving, stops_while_its_answers_are_not_taken)
{
    struct served served;
    struct ls_buf requests = {0};
    struct wire_action action;
    size_t answered;

    serve(&served, 0, 0);
    for (unsigned i = 0; i < 2000; i++)
        add_options(&requests, i + 1);
    cr_assert_eq(
        tls_session_write(served.client.session, ls_buf_str(&requests)), LS_OK);
    wire_feed(served.machine, tls_session_output(served.client.session), 0,
              LAB_NOW_MS);

    /* Nothing was taken: only what fits under the cap has been answered. */
    answered = lab_count_events(served.lab, TRACE_MESSAGE) / 2;
    cr_expect_gt(answered, 0u);
    cr_expect_lt(answered, 1500u);
    /* Every take makes room for more, until all is done. */
    while (served.machine.ops->next(served.machine.self, &action))
        answered += lab_count_events(served.lab, TRACE_MESSAGE) / 2;
    cr_expect_eq(answered, 2000u);
    ls_buf_clear(&requests);
    end(&served);
}

/* Who sends what cannot be taken is not let off for that. */
Test(connection_serving, limits_malformed_requests_as_well)
{
    static const struct {
        const char *label;
        const char *end; /* of the line before the last */
        const char *max_forwards;
    } rows[] = {
        {"refused by the parser", "\r\n", "x"},
        {"refused by the framer", "\n", "70"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_buf requests = {0};
        struct served served;

        for (unsigned k = 1; k <= 5; k++)
            ls_buf_printf(&requests,
                          "OPTIONS sip:fe.contoso.com SIP/2.0\r\n"
                          "Via: SIP/2.0/TLS 192.0.2.7;branch=z9hG4bK%u\r\n"
                          "From: <sip:" LAB_KNOWN_NAME ">;tag=1\r\n"
                          "To: <sip:fe.contoso.com>\r\nCall-ID: c%u\r\n"
                          "CSeq: %u OPTIONS\r\nMax-Forwards: %s%s"
                          "Content-Length: 0\r\n\r\n",
                          k, k, k, rows[i].max_forwards, rows[i].end);
        serve(&served, 0, 3);
        raw_client_say(&served.client, ls_buf_str(&requests));
        cr_expect_eq(count_of(ls_buf_str(&served.client.heard), "SIP/2.0 400"),
                     3u, "%s", rows[i].label);
        cr_expect_eq(count_of(ls_buf_str(&served.client.heard), "SIP/2.0 503"),
                     2u, "%s", rows[i].label);
        ls_buf_clear(&requests);
        end(&served);
    }
}

Test(connection_serving, limits_the_requests_of_one_second)
{
    struct served served;
    struct ls_str heard;

    serve(&served, 0, 5);
    say_options(&served, 8);
    heard = ls_buf_str(&served.client.heard);
    cr_expect_eq(count_of(heard, "SIP/2.0 200"), 5u);
    cr_expect_eq(count_of(heard, "SIP/2.0 503"), 3u);
    cr_expect_eq(lab_count_events(served.lab, TRACE_LIMIT), 1u);

    served.client.now_ms += 1000;
    say_options(&served, 2);
    cr_expect_eq(count_of(ls_buf_str(&served.client.heard), "SIP/2.0 200"), 7u);
    cr_expect_eq(lab_count_events(served.lab, TRACE_LIMIT), 0u);
    end(&served);
}

Test(connection_serving, closes_in_order_who_says_nothing_for_too_long)
{
    struct served served;

    serve(&served, 60000, 0);
    served.client.now_ms += 30000;
    say_options(&served, 1);
    cr_assert_eq(served.machine.ops->deadline_ms(served.machine.self),
                 LAB_NOW_MS + 90000);
    served.machine.ops->tick(served.machine.self, LAB_NOW_MS + 90000);
    raw_client_run(&served.client);

    cr_expect_eq(connection_state(served.connection), CONNECTION_DRAINING);
    cr_expect(served.client.is_closed);
    cr_expect_eq(served.client.last, WIRE_SHUTDOWN);
    cr_expect_eq(lab_count_events(served.lab, TRACE_LIMIT), 1u);
    end(&served);
}

Test(connection_serving, closes_in_order_when_the_server_stops)
{
    struct served served;

    serve(&served, 0, 0);
    connection_drain(served.connection, LAB_NOW_MS);
    connection_drain(served.connection, LAB_NOW_MS);
    raw_client_run(&served.client);

    cr_expect(served.client.is_closed);
    cr_expect_eq(served.client.last, WIRE_SHUTDOWN);
    served.machine.ops->feed_end(served.machine.self, WIRE_END_EOF, NULL,
                                 LAB_NOW_MS);
    raw_client_run(&served.client);
    cr_expect_eq(served.client.last, WIRE_CLOSE);
    end(&served);
}

Test(connection_serving, answers_a_close_in_kind)
{
    struct served served;

    serve(&served, 0, 0);
    tls_session_close(served.client.session);
    raw_client_run(&served.client);

    cr_expect(served.client.is_closed);
    cr_expect_eq(served.client.last, WIRE_SHUTDOWN);
    cr_expect_eq(connection_state(served.connection), CONNECTION_DRAINING);
    end(&served);
}

Test(connection_serving, closes_on_a_stream_that_is_out_of_step)
{
    struct served served;
    struct ls_buf flood = {0};

    serve(&served, 0, 0);
    while (flood.length < 200000)
        ls_buf_add_text(&flood, "this is no SIP and has no end ");
    raw_client_say(&served.client, ls_buf_str(&flood));

    cr_expect_eq(connection_state(served.connection), CONNECTION_DRAINING);
    cr_expect(served.client.is_closed);
    cr_expect_eq(served.client.last, WIRE_SHUTDOWN);
    ls_buf_clear(&flood);
    end(&served);
}

Test(connection_serving, survives_a_record_damaged_under_way)
{
    struct served served;

    serve(&served, 0, 0);
    wire_feed(served.machine,
              ls_str_from_bytes("\x17\x03\x03\x00\x20"
                                "0123456789abcdef0123456789abcdef",
                                37),
              0, LAB_NOW_MS);
    raw_client_run(&served.client);

    cr_expect_eq(connection_state(served.connection), CONNECTION_DRAINING);
    cr_expect(served.client.is_failed, "it is told by an alert");
    cr_expect_eq(served.client.last, WIRE_SHUTDOWN);
    end(&served);
}

Test(connection_serving, ignores_whatever_comes_after_the_end)
{
    struct served served;

    serve(&served, 0, 0);
    served.machine.ops->feed_end(served.machine.self, WIRE_END_RESET, NULL,
                                 LAB_NOW_MS);
    cr_expect_eq(wire_drain(served.machine, NULL), WIRE_CLOSE);
    wire_feed(served.machine, ls_str_from("late"), 0, LAB_NOW_MS);
    served.machine.ops->feed_end(served.machine.self, WIRE_END_EOF, NULL,
                                 LAB_NOW_MS);
    served.machine.ops->tick(served.machine.self, UINT64_MAX - 1);

    cr_expect_eq(connection_state(served.connection), CONNECTION_CLOSED);
    cr_expect_eq(served.machine.ops->deadline_ms(served.machine.self),
                 WIRE_NEVER);
    cr_expect_eq(wire_drain(served.machine, NULL), WIRE_SEND);
    end(&served);
}

Test(connection_serving, holds_two_connections_apart)
{
    struct lab *lab = lab_new();
    struct meeting_plan plan = {.task = CAS_SIGN_IN};
    struct meeting first, second;

    meeting_begin(&first, lab, &plan);
    meeting_begin(&second, lab, &plan);
    wire_pair_run(&first.pair);
    wire_pair_run(&second.pair);

    cr_expect(cas_peer_result(first.peer)->signed_in);
    cr_expect(cas_peer_result(second.peer)->signed_in);
    meeting_end(&first);
    meeting_end(&second);
    lab_free(lab);
}

/* What of kind stands in the journal, the others thrown away. */
static bool take_diagnostic(struct lab *lab, struct trace_event *event)
{
    while (trace_journal_take(lab_journal(lab), event)) {
        if (event->kind == TRACE_DIAGNOSTIC)
            return true;
        trace_event_clear(event);
    }
    return false;
}

Test(connection_serving, writes_a_diagnostic_about_what_it_cannot_process)
{
    struct trace_event event;
    struct served served;

    serve(&served, 0, 0);
    raw_client_say(&served.client,
                   ls_str_from("OPTIONS sip:b@c SIP/2.0\r\n"
                               "Via: SIP/2.0/TLS h\r\nCall-ID: x\r\n"
                               "CSeq: 1 OPTIONS\r\n\r\n"));
    cr_assert(take_diagnostic(served.lab, &event));
    cr_expect_str_eq(event.text, "The message cannot be processed: "
                                 "Missing From Header");
    cr_expect_str_eq(event.start_line, "OPTIONS sip:b@c SIP/2.0");
    cr_expect_str_eq(event.call_id, "x");
    cr_expect_str_eq(event.cseq, "1 OPTIONS");
    cr_expect_str_eq(event.peer, LAB_KNOWN_NAME ":49732");
    cr_expect_null(event.result_code);
    trace_event_clear(&event);
    raw_client_say(&served.client,
                   ls_str_from("A\r\nContent-Length: x\r\n\r\n"));
    cr_assert(take_diagnostic(served.lab, &event));
    cr_expect_str_eq(event.text, "The message cannot be processed: "
                                 "Malformed Content-Length");
    trace_event_clear(&event);
    end(&served);
}

Test(connection_serving, writes_a_diagnostic_about_routes_of_a_client)
{
    static const char request[] =
        "OPTIONS sip:b@c SIP/2.0\r\nVia: SIP/2.0/TLS h\r\nCall-ID: x\r\n"
        "From: <sip:a@c>;tag=1\r\nTo: <sip:b@c>\r\nCSeq: 1 OPTIONS\r\n"
        "Route: <sip:elsewhere.contoso.com;lr>\r\n\r\n";
    struct lab *lab = lab_new();
    struct front_end_settings settings = lab_front_end_settings(lab, version);
    struct front_end *front_end = front_end_new(&settings);
    struct connection *connection = connection_new(
        front_end, LAB_PEER_ADDRESS, "192.0.2.1:5061", LAB_NOW_MS);
    struct raw_client client;
    struct trace_event event;

    raw_client_begin(&client, lab_peer_tls(lab, LAB_NONE, version, true),
                     connection_machine(connection), LAB_NOW_MS);
    raw_client_run(&client);
    raw_client_say(&client, ls_str_from(request));
    cr_assert(take_diagnostic(lab, &event));
    cr_expect_str_eq(event.result_code, "0xc3e93c5e SIPPROXY_E_ROUTING");
    cr_expect(event.is_warning);
    cr_expect_eq(strncmp(event.text, "Cannot process Route headers", 28), 0);
    trace_event_clear(&event);
    raw_client_end(&client);
    connection_free(connection);
    front_end_free(front_end);
    lab_free(lab);
}
