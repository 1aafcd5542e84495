/*
 * Two trusted servers, each with a user signed in: Ann over server, Bob over
 * other. What one says and the other hears.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_message.h"
#include "lyncsim/sip_router.h"

#include "support/sip_talk.h"

static struct sip_talk talk;

static void forget(char *text)
{
    free(text);
}

static void sign_in(const struct sip_caller *caller, const char *user)
{
    char *text = ls_strf("REGISTER sip:contoso.com SIP/2.0\r\n"
                         "Via: SIP/2.0/TLS %s\r\nFrom: <sip:%s>;tag=1\r\n"
                         "To: <sip:%s>\r\nCall-ID: r\r\nCSeq: 1 REGISTER\r\n"
                         "Contact: <sip:%s:5061;transport=tls>\r\n\r\n",
                         caller->address, user, user, caller->address);

    forget(sip_talk_ask_text(&talk, caller, text));
    free(text);
}

static void setup(void)
{
    sip_talk_init(&talk, SFB_2015);
    sign_in(&talk.server, "ann@contoso.com");
    sign_in(&talk.other, "bob@contoso.com");
}

static void teardown(void)
{
    sip_talk_clear(&talk);
}

TestSuite(sip_router, .init = setup, .fini = teardown);

/* A request of Ann's to Bob. */
static char *request_of(const char *method, const char *to_tag, unsigned cseq,
                        const char *more)
{
    return ls_strf("%s sip:Bob@contoso.com SIP/2.0\r\n"
                   "Via: SIP/2.0/TLS 192.0.2.7:49732;branch=z9hG4bK%u\r\n"
                   "Max-Forwards: 70\r\nFrom: <sip:ann@contoso.com>;tag=a\r\n"
                   "To: <sip:bob@contoso.com>%s\r\nCall-ID: talk\r\n"
                   "CSeq: %u %s\r\nmS-Conversation-ID: x\r\n%s",
                   method, cseq, to_tag, cseq, method,
                   *more ? more : "Content-Length: 0\r\n\r\n");
}

static char *ask(const char *method, const char *to_tag, unsigned cseq,
                 const char *more)
{
    char *text = request_of(method, to_tag, cseq, more);
    char *answer = sip_talk_ask_text(&talk, &talk.server, text);

    free(text);
    return answer;
}

/* Answer what the other one was sent, as its own stack would. */
static void answer_as_other(const char *received, const char *status)
{
    struct sip_message *message;
    struct ls_buf out = {0};
    const char *reason;
    int code;

    cr_assert_eq(
        sip_message_parse(ls_str_from(received), &message, &code, &reason),
        LS_OK, "%s: %s", reason, received);
    ls_buf_printf(&out, "SIP/2.0 %s\r\n", status);
    for (size_t i = 0; i < sip_message_header_count(message); i++) {
        const struct sip_header *header = sip_message_header_at(message, i);
        bool is_to = ls_str_equal_text(header->name, "To");

        if (is_to || ls_str_equal_text(header->name, "Via") ||
            ls_str_equal_text(header->name, "From") ||
            ls_str_equal_text(header->name, "Call-ID") ||
            ls_str_equal_text(header->name, "CSeq") ||
            ls_str_equal_text(header->name, "Record-Route"))
            ls_buf_printf(&out, "%.*s: %.*s%s\r\n", LS_STR_ARG(header->name),
                          LS_STR_ARG(header->value),
                          is_to && ls_str_is_empty(sip_message_to_tag(message))
                              ? ";tag=b"
                              : "");
    }
    ls_buf_add_text(&out, "Content-Length: 0\r\n\r\n");
    forget(sip_talk_ask(&talk, &talk.other, ls_buf_str(&out)));
    ls_buf_clear(&out);
    sip_message_free(message);
}

static void expect_mail(const struct sip_caller *caller, const char *start,
                        const char *part)
{
    char *mail = sip_talk_mail(&talk, caller);

    cr_expect_eq(strncmp(mail, start, strlen(start)), 0, "[%s] not at [%s]",
                 start, mail);
    cr_expect(strstr(mail, part), "[%s] not in [%s]", part, mail);
    free(mail);
}

static void expect_no_mail(const struct sip_caller *caller)
{
    char *mail = sip_talk_mail(&talk, caller);

    cr_expect_str_eq(mail, "");
    free(mail);
}

/* Ann calls, Bob takes it, Ann acknowledges. */
static void make_dialog(void)
{
    forget(ask("INVITE", "", 1, ""));
    char *invite = sip_talk_mail(&talk, &talk.other);
    answer_as_other(invite, "200 OK");
    free(invite);
    forget(sip_talk_mail(&talk, &talk.server));
    forget(ask("ACK", ";tag=b", 1, ""));
    forget(sip_talk_mail(&talk, &talk.other));
}

Test(sip_router, carries_a_message_and_its_answer)
{
    char *answer = ask("MESSAGE", "", 1,
                       "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n"
                       "hi");
    char *mail = sip_talk_mail(&talk, &talk.other);

    cr_expect_str_eq(answer, "");
    cr_expect(strstr(mail, "MESSAGE sip:192.0.2.8:5061;transport=tls SIP/2.0"
                           "\r\nVia: SIP/2.0/TLS fe.contoso.com:5061;branch="
                           "z9hG4bK"),
              "%s", mail);
    cr_expect(strstr(mail, ";branched=FALSE;ms-internal-info=\""));
    cr_expect(strstr(mail, "\"\r\nVia: SIP/2.0/TLS "
                           "192.0.2.7:49732;branch=z9hG4bK1;ms-received-port="
                           "49732;ms-received-cid=2500\r\n"
                           "Max-Forwards: 69\r\n"
                           "From: <sip:ann@contoso.com>;tag=a\r\n"),
              "%s", mail);
    cr_expect(strstr(mail, "\r\nmS-Conversation-ID: x\r\n"), "%s", mail);
    cr_expect(strstr(mail, "\r\nContent-Length: 2\r\n\r\nhi"), "%s", mail);
    answer_as_other(mail, "200 Fine");
    expect_mail(&talk.server,
                "SIP/2.0 200 Fine\r\nVia: SIP/2.0/TLS 192.0.2.7:49732;"
                "branch=z9hG4bK1;",
                "To: <sip:bob@contoso.com>;tag=b\r\n");
    cr_expect_eq(sip_router_pending_count(front_end_router(talk.front_end)),
                 0u);
    free(answer);
    free(mail);
}

/* Ann says so much to Bob, who says nothing, over connections of hers. */
static unsigned ask_many(uint64_t connection_id, unsigned first, unsigned count)
{
    struct sip_caller caller = talk.server;
    unsigned refused = 0;

    caller.connection_id = connection_id;
    for (unsigned i = first; i < first + count; i++) {
        char *text = request_of("MESSAGE", "", i, "");
        char *answer = sip_talk_ask_text(&talk, &caller, text);

        refused += strncmp(answer, "SIP/2.0 503 ", 12) == 0;
        free(answer);
        free(text);
        free(sip_talk_mail(&talk, &talk.other));
    }
    return refused;
}

Test(sip_router, leaves_room_for_what_others_ask)
{
    struct sip_router *router = front_end_router(talk.front_end);

    cr_expect_eq(ask_many(1, 1, SIP_ROUTER_CONNECTION_MAX), 0u);
    cr_expect_eq(sip_talk_limit_count(&talk, LIMIT_PENDING), 0u);
    cr_expect_eq(ask_many(1, 5000, 2), 2u);
    cr_expect_eq(sip_talk_limit_count(&talk, LIMIT_PENDING), 2u);
    cr_expect_eq(ask_many(2, 1, 1), 0u);
    talk.now_ms += SIP_ROUTER_WAIT_MS;
    cr_expect_eq(sip_router_deadline_ms(router, 1), talk.now_ms);
    sip_router_tick(talk.front_end, talk.now_ms);
    cr_expect_eq(sip_router_pending_count(router), 0u);
    cr_expect_eq(sip_router_deadline_ms(router, 1), UINT64_MAX);
    cr_expect_eq(ask_many(1, 6000, 2), 0u);
}

Test(sip_router, leaves_room_however_many_ask_for_all_of_it)
{
    for (uint64_t id = 1; id <= 5; id++)
        cr_expect_lt(ask_many(id, 1, SIP_ROUTER_CONNECTION_MAX),
                     (unsigned)SIP_ROUTER_CONNECTION_MAX, "%u", (unsigned)id);
    cr_expect_eq(ask_many(6, 1, 1), 0u);
}

Test(sip_router, bounds_the_memory_of_what_waits)
{
    char *more = ls_strf("Content-Type: text/plain\r\nContent-Length: 1000000"
                         "\r\n\r\n%01000000d",
                         0);
    size_t count = SIP_ROUTER_PENDING_MAX_BYTES / 2 / 1000000;

    for (unsigned i = 1; i <= count + 1; i++) {
        char *answer = ask("MESSAGE", "", i, more);

        cr_expect_eq(strncmp(answer, "SIP/2.0 503 ", 12) == 0, i > count,
                     "%u: %s", i, answer);
        free(answer);
        forget(sip_talk_mail(&talk, &talk.other));
    }
    talk.now_ms += SIP_ROUTER_WAIT_MS;
    sip_router_tick(talk.front_end, talk.now_ms);
    forget(sip_talk_mail(&talk, &talk.server));
    forget(ask("MESSAGE", "", 100, more));
    cr_expect_eq(sip_router_pending_count(front_end_router(talk.front_end)),
                 1u);
    free(more);
}

Test(sip_router, answers_a_retransmission_as_the_other_side_did)
{
    char *first = ask("MESSAGE", "", 1, "");
    char *mail = sip_talk_mail(&talk, &talk.other);
    char *second = ask("MESSAGE", "", 1, "");

    cr_expect_str_eq(second, "", "while there is no answer");
    expect_no_mail(&talk.other);
    answer_as_other(mail, "200 OK");
    char *answer = sip_talk_mail(&talk, &talk.server);
    char *third = ask("MESSAGE", "", 1, "");
    cr_expect_str_eq(answer, third);
    expect_no_mail(&talk.other);
    free(first);
    free(second);
    free(third);
    free(answer);
    free(mail);
}

Test(sip_router, tries_an_invite_and_makes_a_dialog)
{
    char *answer = ask("INVITE", "", 1, "");

    cr_expect_eq(strncmp(answer, "SIP/2.0 100 Trying\r\n", 20), 0);
    char *invite = sip_talk_mail(&talk, &talk.other);
    cr_expect(strstr(invite,
                     "\r\nRecord-Route: <sip:fe.contoso.com:5061;"
                     "transport=tls;ms-fe=fe.contoso.com;opaque=state:F:"
                     "Ci.R2500;lr;ms-route-sig="));
    answer_as_other(invite, "180 Ringing");
    expect_mail(&talk.server, "SIP/2.0 180 Ringing", "Record-Route");
    answer_as_other(invite, "200 OK");
    expect_mail(&talk.server, "SIP/2.0 200 OK", ";tag=b");
    forget(ask("ACK", ";tag=b", 1, ""));
    expect_mail(&talk.other, "ACK sip:", "CSeq: 1 ACK");
    free(answer);
    free(invite);
}

Test(sip_router, carries_messages_of_a_dialog_both_ways)
{
    static const char *const methods[] = {"MESSAGE", "INFO",   "UPDATE",
                                          "PRACK",   "NOTIFY", "INVITE"};

    make_dialog();
    for (unsigned i = 0; i < LS_COUNT(methods); i++) {
        forget(ask(methods[i], ";tag=b", 2 + i, ""));
        expect_mail(&talk.other, methods[i], "Max-Forwards: 69");
    }
    char *mail = sip_talk_ask_text(
        &talk, &talk.other,
        "MESSAGE sip:192.0.2.7 SIP/2.0\r\nVia: SIP/2.0/TLS 192.0.2.8\r\n"
        "Route: <sip:fe.contoso.com:5061;transport=tls;opaque=state:F:Ci.R2500;"
        "lr>, <sip:next.contoso.com;lr>\r\n"
        "From: <sip:bob@contoso.com>;tag=b\r\nCall-ID: talk\r\n"
        "To: <sip:ann@contoso.com>;tag=a\r\nCSeq: 1 MESSAGE\r\n\r\n");
    expect_mail(&talk.server, "MESSAGE sip:192.0.2.7 ",
                "\r\nRoute: <sip:next.contoso.com;lr>\r\n");
    free(mail);
}

Test(sip_router, ends_a_dialog_with_bye)
{
    make_dialog();
    forget(ask("BYE", ";tag=b", 2, ""));
    char *bye = sip_talk_mail(&talk, &talk.other);
    answer_as_other(bye, "200 OK");
    expect_mail(&talk.server, "SIP/2.0 200 OK", "CSeq: 2 BYE");
    char *answer = ask("MESSAGE", ";tag=b", 3, "");
    cr_expect(strstr(answer, "SIP/2.0 481 "), "%s", answer);
    cr_expect(strstr(answer, "\r\nms-diagnostics: 1004;reason=\"Route set is "
                             "no longer valid\";source=\"fe.contoso.com\""),
              "%s", answer);
    free(answer);
    free(bye);
}

Test(sip_router, acknowledges_a_refusal_itself)
{
    forget(ask("INVITE", "", 1, ""));
    char *invite = sip_talk_mail(&talk, &talk.other);
    answer_as_other(invite, "486 Busy Here");
    expect_mail(&talk.server, "SIP/2.0 486 Busy Here", ";tag=b");
    expect_mail(&talk.other, "ACK sip:192.0.2.8:5061;transport=tls SIP/2.0",
                "To: <sip:bob@contoso.com>;tag=b\r\n");
    forget(ask("ACK", ";tag=b", 1, ""));
    expect_no_mail(&talk.other);
    free(invite);
}

Test(sip_router, calls_an_invite_off)
{
    forget(ask("INVITE", "", 1, ""));
    char *invite = sip_talk_mail(&talk, &talk.other);
    char *answer = ask("CANCEL", "", 1, "");

    cr_expect(strstr(answer, "SIP/2.0 200 OK\r\n"), "%s", answer);
    char *cancel = sip_talk_mail(&talk, &talk.other);
    cr_expect(strstr(cancel, "CANCEL sip:192.0.2.8:5061;transport=tls "));
    answer_as_other(cancel, "200 OK");
    expect_no_mail(&talk.server);
    answer_as_other(invite, "487 Request Terminated");
    expect_mail(&talk.server, "SIP/2.0 487 ", "CSeq: 1 INVITE");
    expect_mail(&talk.other, "ACK ", "CSeq: 1 ACK");
    free(invite);
    free(answer);
    free(cancel);
}

Test(sip_router, has_nothing_to_call_off_for_a_stray_cancel)
{
    char *answer = ask("CANCEL", "", 1, "");

    cr_expect(strstr(answer, "SIP/2.0 481 "), "%s", answer);
    expect_no_mail(&talk.other);
    free(answer);
}

Test(sip_router, knows_nobody_who_is_not_signed_in)
{
    char *answer = sip_talk_ask_text(
        &talk, &talk.server,
        "INVITE sip:eve@contoso.com SIP/2.0\r\nVia: SIP/2.0/TLS h\r\n"
        "From: <sip:ann@contoso.com>;tag=a\r\nTo: <sip:eve@contoso.com>\r\n"
        "Call-ID: x\r\nCSeq: 1 INVITE\r\n\r\n");

    cr_expect(strstr(answer, "SIP/2.0 404 Not Found\r\n"), "%s", answer);
    cr_expect(strstr(answer, "ms-diagnostics: 1003;"), "%s", answer);
    free(answer);
}

Test(sip_router, sends_nothing_on_that_has_used_up_its_hops)
{
    char *answer = sip_talk_ask_text(
        &talk, &talk.server,
        "INVITE sip:bob@contoso.com SIP/2.0\r\nVia: SIP/2.0/TLS h\r\n"
        "From: <sip:ann@contoso.com>;tag=a\r\nTo: <sip:bob@contoso.com>\r\n"
        "Call-ID: x\r\nCSeq: 1 INVITE\r\nMax-Forwards: 0\r\n\r\n");

    cr_expect(strstr(answer, "SIP/2.0 483 Too Many Hops\r\n"), "%s", answer);
    expect_no_mail(&talk.other);
    free(answer);
}

Test(sip_router, takes_answers_only_from_who_was_asked)
{
    forget(ask("MESSAGE", "", 1, ""));
    char *mail = sip_talk_mail(&talk, &talk.other);
    struct sip_caller other = talk.other;

    talk.other = talk.client;
    answer_as_other(mail, "200 OK");
    talk.other = other;
    expect_no_mail(&talk.server);
    answer_as_other("A sip:b SIP/2.0\r\nVia: SIP/2.0/TLS h;branch=z9hG4bKx\r\n"
                    "From: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: y\r\n"
                    "CSeq: 1 A\r\n\r\n",
                    "200 OK");
    expect_no_mail(&talk.server);
    free(mail);
}

Test(sip_router, lets_nobody_into_the_dialog_of_others)
{
    make_dialog();
    char *answer = sip_talk_ask_text(
        &talk, &talk.other,
        "BYE sip:192.0.2.8 SIP/2.0\r\nVia: SIP/2.0/TLS h\r\n"
        "From: <sip:ann@contoso.com>;tag=a\r\nCall-ID: talk\r\n"
        "To: <sip:bob@contoso.com>;tag=b\r\nCSeq: 9 BYE\r\n\r\n");

    cr_expect(strstr(answer, "SIP/2.0 481 "), "%s", answer);
    expect_no_mail(&talk.other);
    free(answer);
}

Test(sip_router, answers_481_to_what_needs_a_dialog_and_names_none)
{
    static const char *const methods[] = {"BYE", "INFO", "PRACK", "UPDATE"};

    make_dialog();
    for (size_t i = 0; i < LS_COUNT(methods); i++) {
        char *answer = ask(methods[i], "", (unsigned)i + 2, "");

        cr_expect(strstr(answer, "SIP/2.0 481 "), "%s: %s", methods[i], answer);
        expect_no_mail(&talk.other);
        free(answer);
    }
    forget(ask("BYE", ";tag=b", 9, ""));
    expect_mail(&talk.other, "BYE sip:", "CSeq: 9 BYE");
}

Test(sip_router, answers_when_the_other_side_is_lost)
{
    forget(ask("MESSAGE", "", 1, ""));
    forget(sip_talk_mail(&talk, &talk.other));
    front_end_forget_connection(talk.front_end, talk.other.connection_id,
                                talk.now_ms);
    expect_mail(&talk.server, "SIP/2.0 504 Server Time-out\r\n",
                "\r\nms-diagnostics: 1006;");
    char *answer = ask("MESSAGE", "", 2, "");
    cr_expect(strstr(answer, "SIP/2.0 404 "), "%s", answer);
    free(answer);
}

Test(sip_router, calls_off_what_a_lost_side_had_begun)
{
    forget(ask("INVITE", "", 1, ""));
    forget(sip_talk_mail(&talk, &talk.other));
    front_end_forget_connection(talk.front_end, talk.server.connection_id,
                                talk.now_ms);
    expect_mail(&talk.other, "CANCEL ", "CSeq: 1 CANCEL");
    expect_no_mail(&talk.server);
    cr_expect_eq(sip_router_pending_count(front_end_router(talk.front_end)),
                 0u);
}

Test(sip_router, answers_who_has_waited_too_long)
{
    struct sip_router *router = front_end_router(talk.front_end);

    cr_expect_eq(sip_router_deadline_ms(router, 0x2500), UINT64_MAX);
    forget(ask("MESSAGE", "", 1, ""));
    forget(sip_talk_mail(&talk, &talk.other));
    uint64_t deadline_ms = sip_router_deadline_ms(router, 0x2500);
    cr_expect_eq(deadline_ms, talk.now_ms + SIP_ROUTER_WAIT_MS);
    cr_expect_eq(sip_router_deadline_ms(router, 0x2700), UINT64_MAX);
    sip_router_tick(talk.front_end, deadline_ms - 1);
    expect_no_mail(&talk.server);
    sip_router_tick(talk.front_end, deadline_ms);
    expect_mail(&talk.server, "SIP/2.0 504 ", "ms-diagnostics: 1007;");
}

Test(sip_router, carries_talk_between_two_users_of_one_connection)
{
    sign_in(&talk.server, "bob@contoso.com");
    forget(ask("MESSAGE", "", 1, ""));
    char *mail = sip_talk_mail(&talk, &talk.server);
    struct sip_caller other = talk.other;

    cr_expect(strstr(mail, "MESSAGE sip:192.0.2.7:5061"), "%s", mail);
    talk.other = talk.server;
    answer_as_other(mail, "200 OK");
    talk.other = other;
    expect_mail(&talk.server, "SIP/2.0 200 OK", ";tag=b");
    free(mail);
}
