/*
 * Ann publishes over one connection; Bob watches her over another.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/presence.h"
#include "lyncsim/watchers.h"

#include "support/sip_talk.h"

static struct sip_talk talk;
static unsigned cseq;

static void setup(void)
{
    sip_talk_init(&talk, LYNC_2010);
    cseq = 0;
}

static void teardown(void)
{
    sip_talk_clear(&talk);
}

TestSuite(publication, .init = setup, .fini = teardown);

static char *ask(const struct sip_caller *caller, const char *method,
                 const char *from, const char *to, const char *headers,
                 const char *body)
{
    char *text = ls_strf("%s sip:x SIP/2.0\r\nVia: SIP/2.0/TLS h\r\n"
                         "From: <%s>;tag=1\r\nTo: <%s>\r\nCall-ID: %s\r\n"
                         "CSeq: %u %s\r\nContact: <sip:%s>\r\n%s"
                         "Content-Length: %zu\r\n\r\n%s",
                         method, from, to, to, ++cseq, method, caller->address,
                         headers, strlen(body), body);
    char *answer = sip_talk_ask_text(&talk, caller, text);

    free(text);
    return answer;
}

#define PUBLICATION(attributes, content)                                       \
    "<publication categoryName=\"state\" instance=\"0\" container=\"200\" "    \
    "expireType=\"endpoint\" " attributes ">" content "</publication>"
#define AVAILABLE "<state><availability>3500</availability></state>"

static char *publish_as(const char *from, const char *uri, const char *list)
{
    char *body = ls_strf("<publish xmlns=\"http://schemas.microsoft.com/2006/"
                         "09/sip/rich-presence\"><publications uri=\"%s\">%s"
                         "</publications></publish>",
                         uri, list);
    char *answer =
        ask(&talk.server, "SERVICE", from, from,
            "Content-Type: application/msrtc-category-publish+xml\r\n", body);

    free(body);
    return answer;
}

static char *publish(const char *list)
{
    return publish_as("sip:ann@contoso.com", "sip:ann@contoso.com", list);
}

static void expect_part(char *text, const char *part)
{
    cr_expect(strstr(text, part), "[%s] not in [%s]", part, text);
    free(text);
}

static void watch(const char *headers, const char *body)
{
    free(ask(&talk.other, "SUBSCRIBE", "sip:bob@contoso.com",
             "sip:ann@contoso.com", headers, body));
    free(sip_talk_mail(&talk, &talk.other));
}

#define BENOTIFIED                                                             \
    "Event: presence\r\nSupported: ms-benotify, ms-piggyback-first-notify\r\n"

Test(publication, is_kept_with_its_version)
{
    expect_part(publish(PUBLICATION("version=\"0\"", AVAILABLE)),
                "SIP/2.0 200 OK\r\n");
    expect_part(publish(PUBLICATION("version=\"1\"", AVAILABLE)),
                "<category name=\"state\" instance=\"0\" publishTime=\""
                "2011-12-20T20:45:01.704Z\" container=\"200\" version=\"2\" "
                "expireType=\"endpoint\">" AVAILABLE "</category>");
}

Test(publication, is_told_to_who_watches)
{
    watch(BENOTIFIED, "");
    free(publish(PUBLICATION("version=\"0\"", AVAILABLE)));

    char *mail = sip_talk_mail(&talk, &talk.other);
    cr_expect_eq(strncmp(mail, "BENOTIFY sip:192.0.2.8 SIP/2.0\r\n", 32), 0,
                 "%s", mail);
    cr_expect(strstr(mail, "\r\nCSeq: 2 BENOTIFY\r\n"), "%s", mail);
    cr_expect(strstr(mail, "\r\nTo: <sip:bob@contoso.com>;tag=1\r\n"));
    expect_part(
        mail,
        "uri=\"sip:ann@contoso.com\"><category name=\"state\" "
        "instance=\"0\" publishTime=\"2011-12-20T20:45:01.704Z\">" AVAILABLE
        "</category></categories>");
}

Test(publication, is_told_to_its_own_other_endpoints_with_versions)
{
    free(ask(&talk.other, "SUBSCRIBE", "sip:ann@contoso.com",
             "sip:ann@contoso.com", "Event: vnd-microsoft-roaming-self\r\n",
             ""));
    free(sip_talk_mail(&talk, &talk.other));
    free(publish(PUBLICATION("version=\"0\"", AVAILABLE)));
    expect_part(sip_talk_mail(&talk, &talk.other), " version=\"1\" ");
}

Test(publication, is_in_the_first_notify_of_who_comes_later)
{
    free(publish(PUBLICATION("version=\"0\"", AVAILABLE)));
    expect_part(ask(&talk.other, "SUBSCRIBE", "sip:bob@contoso.com",
                    "sip:Ann@contoso.com", BENOTIFIED, ""),
                AVAILABLE);
}

Test(publication, reaches_a_batch_with_a_part_for_each_user)
{
    static const char batch[] =
        "<batchSub><action name=\"subscribe\"><adhocList>"
        "<resource uri=\"sip:ann@contoso.com\"/>"
        "<resource uri=\"sip:eve@contoso.com\"/>"
        "</adhocList></action></batchSub>";

    char *answer = ask(&talk.other, "SUBSCRIBE", "sip:bob@contoso.com",
                       "sip:bob@contoso.com", BENOTIFIED, batch);
    cr_expect(strstr(answer, "\r\nContent-Type: multipart/related;type="
                             "\"application/rlmi+xml\";start=resourceList;"),
              "%s", answer);
    cr_expect(strstr(answer, "<resource uri=\"sip:eve@contoso.com\"/>"));
    expect_part(answer, "uri=\"sip:ann@contoso.com\"></categories>");
    free(publish(PUBLICATION("version=\"0\"", AVAILABLE)));
    expect_part(sip_talk_mail(&talk, &talk.other),
                "\r\nContent-Type: application/msrtc-event-categories+xml\r\n");
}

Test(publication, shows_a_colleague_what_is_meant_for_him)
{
    free(publish(
        "<publication categoryName=\"note\" container=\"1\">self</publication>"
        "<publication categoryName=\"note\" container=\"100\">far</publication>"
        "<publication categoryName=\"note\" container=\"200\">near"
        "</publication>"
        "<publication categoryName=\"note\" container=\"400\">dear"
        "</publication>"));

    char *answer = ask(&talk.other, "SUBSCRIBE", "sip:bob@contoso.com",
                       "sip:ann@contoso.com", BENOTIFIED, "");
    cr_expect(strstr(answer, ">near</category></categories>"), "%s", answer);
    cr_expect_not(strstr(answer, ">self<"));
    cr_expect_not(strstr(answer, ">far<"));
    cr_expect_not(strstr(answer, ">dear<"));
    free(answer);
}

Test(publication, is_refused_with_a_wrong_version_and_none_of_it_kept)
{
    free(publish(PUBLICATION("version=\"0\"", AVAILABLE)));
    watch(BENOTIFIED, "");

    char *answer = publish(
        "<publication categoryName=\"note\">x</publication>" PUBLICATION(
            "version=\"0\"", AVAILABLE));
    cr_expect(strstr(answer, "SIP/2.0 409 Conflict\r\n"), "%s", answer);
    cr_expect(strstr(answer, "<Faultcode>Client.BadCall.WrongDelta</Faultcode>"
                             "<details><operation index=\"1\" version=\"0\" "
                             "curVersion=\"1\"/></details>"),
              "%s", answer);
    free(answer);
    char *mail = sip_talk_mail(&talk, &talk.other);
    cr_expect_str_eq(mail, "");
    free(mail);
    expect_part(publish("<publication categoryName=\"note\">x</publication>"),
                "SIP/2.0 200 OK");
}

Test(publication, is_refused_for_another_user)
{
    char *answer = publish_as("sip:bob@contoso.com", "sip:ann@contoso.com",
                              PUBLICATION("version=\"0\"", AVAILABLE));

    cr_expect(strstr(answer, "SIP/2.0 403 Forbidden\r\n"), "%s", answer);
    cr_expect(strstr(answer, "\r\nms-diagnostics: 4268;"), "%s", answer);
    expect_part(answer, "<Faultcode>Client.Delegate.Operation.NotAuthorized"
                        "</Faultcode>");
}

Test(publication, is_refused_when_it_could_break_the_document_of_others)
{
    static const char *const rows[] = {
        "",
        "<publication>x</publication>",
        "<publication categoryName=\"a&quot;b\">x</publication>",
        "<publication categoryName=\"a\" version=\"-1\">x</publication>",
        ("<publication categoryName=\"a\" container=\"99999999999\">x"
         "</publication>"),
        "<publication categoryName=\"a\" expireType=\"a'b\">x</publication>",
        "<publication categoryName=\"a\"></category></publication>",
        "<publication categoryName=\"a\"><b></publication>",
        "<publication categoryName=\"a\"><!--</publication>",
        "<publication categoryName=\"a\">\xFF</publication>",
        "<publication categoryName=\"a\">",
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        expect_part(publish(rows[i]), "SIP/2.0 400 Bad Request\r\n");
}

Test(publication, goes_with_its_connection_but_for_what_is_static)
{
    free(publish(PUBLICATION(
        "version=\"0\"",
        AVAILABLE) "<publication categoryName=\"note\" expireType=\"static\">x"
                   "</publication>"));
    watch(BENOTIFIED, "");
    front_end_forget_connection(talk.front_end, talk.server.connection_id,
                                talk.now_ms);

    char *mail = sip_talk_mail(&talk, &talk.other);
    cr_expect_not(strstr(mail, "\"state\""), "%s", mail);
    expect_part(mail, "<category name=\"note\"");
}

Test(publication, can_be_taken_back)
{
    free(publish(PUBLICATION("version=\"0\"", AVAILABLE)));
    expect_part(publish(PUBLICATION("version=\"1\" expires=\"0\"", "")),
                "uri=\"sip:ann@contoso.com\"></categories>");
}

Test(publication, tells_nobody_whose_subscription_has_ended)
{
    struct watchers *watchers = front_end_watchers(talk.front_end);

    watch(BENOTIFIED "Expires: 60\r\n", "");
    cr_expect_eq(watchers_count(watchers), 1u);
    talk.now_ms += 60 * 1000;
    free(publish(PUBLICATION("version=\"0\"", AVAILABLE)));
    char *mail = sip_talk_mail(&talk, &talk.other);
    cr_expect_str_eq(mail, "");
    free(mail);
    watch(BENOTIFIED "Expires: 0\r\n", "");
    cr_expect_eq(watchers_count(watchers), 0u);
    watch(BENOTIFIED, "");
    front_end_forget_connection(talk.front_end, talk.other.connection_id,
                                talk.now_ms);
    cr_expect_eq(watchers_count(watchers), 0u);
}

Test(publication, takes_no_service_of_another_kind)
{
    expect_part(ask(&talk.server, "SERVICE", "sip:a@b", "sip:a@b",
                    "Content-Type: text/plain\r\n", "x"),
                "SIP/2.0 415 Unsupported Media Type\r\n");
    expect_part(ask(&talk.server, "SERVICE", "sip:a@b", "sip:a@b",
                    "Content-Type: application/SOAP+xml\r\n", "<x/>"),
                "SIP/2.0 200 OK\r\n");
    expect_part(ask(&talk.client, "SERVICE", "sip:a@b", "sip:a@b",
                    "Content-Type: application/SOAP+xml\r\n", "<x/>"),
                "SIP/2.0 401 Unauthorized\r\n");
}

Test(publication, is_bounded)
{
    for (int i = 0; i <= PRESENCE_CATEGORIES_MAX; i++) {
        char *one = ls_strf("<publication categoryName=\"note\" "
                            "instance=\"%d\">x</publication>",
                            i);

        expect_part(publish(one), i < PRESENCE_CATEGORIES_MAX ? "SIP/2.0 200 OK"
                                                              : "SIP/2.0 503 ");
        free(one);
    }
}

static char *publish_bytes(const char *user, int count)
{
    char *one = ls_strf("<publication categoryName=\"note\">%0*d"
                        "</publication>",
                        count, 0);
    char *answer = publish_as(user, user, one);

    free(one);
    return answer;
}

Test(publication, keeps_no_more_of_a_user_than_goes_into_a_message)
{
    expect_part(publish_bytes("sip:ann@contoso.com", PRESENCE_USER_MAX_BYTES),
                "SIP/2.0 503 ");
    cr_expect_eq(sip_talk_limit_count(&talk, LIMIT_STATE), 1u);
    expect_part(
        publish_bytes("sip:ann@contoso.com", PRESENCE_USER_MAX_BYTES / 2),
        "SIP/2.0 200 OK");
    cr_expect_eq(sip_talk_limit_count(&talk, LIMIT_STATE), 0u);
}

/* An answer about so many users: each named twice, in a body of its own. */
static char *watch_all(unsigned count)
{
    struct ls_buf body = {0};
    char *answer;

    ls_buf_add_text(&body, "<batchSub><action><adhocList>");
    for (unsigned i = 0; i < 2 * count; i++)
        ls_buf_printf(&body, "<resource uri=\"sip:%u@contoso.com\"/>",
                      i % count);
    ls_buf_add_text(&body, "</adhocList></action></batchSub>");
    answer = ask(&talk.other, "SUBSCRIBE", "sip:bob@contoso.com",
                 "sip:bob@contoso.com", BENOTIFIED, body.at);
    ls_buf_clear(&body);
    return answer;
}

static unsigned count_of(const char *text, const char *part)
{
    unsigned count = 0;

    for (const char *at = text; (at = strstr(at, part)); at++)
        count++;
    return count;
}

Test(publication, is_told_once_to_who_names_its_user_twice)
{
    free(publish_as("sip:1@contoso.com", "sip:1@contoso.com",
                    PUBLICATION("version=\"0\"", AVAILABLE)));
    char *answer = watch_all(2);

    cr_expect_eq(count_of(answer, "<categories "), 2u, "%s", answer);
    cr_expect_eq(count_of(answer, "<resource "), 2u);
    free(answer);
    free(publish_as("sip:1@contoso.com", "sip:1@contoso.com",
                    PUBLICATION("version=\"1\"", AVAILABLE)));
    answer = sip_talk_mail(&talk, &talk.other);
    cr_expect_eq(count_of(answer, "BENOTIFY sip:"), 1u);
    free(answer);
}

Test(publication, of_many_is_told_as_far_as_one_message_holds)
{
    const size_t each = PRESENCE_USER_MAX_BYTES / 2;
    char *answer;

    for (unsigned i = 0; i < 10; i++) {
        char *user = ls_strf("sip:%u@contoso.com", i);

        expect_part(publish_bytes(user, (int)each), "SIP/2.0 200 OK");
        free(user);
    }
    cr_expect_eq(sip_talk_limit_count(&talk, LIMIT_STATE), 0u);
    answer = watch_all(10);
    cr_expect_eq(count_of(answer, "<resource "), 7u);
    cr_expect_eq(count_of(answer, "<categories "), 7u);
    cr_expect_lt(strlen(answer), 8 * each);
    cr_expect_eq(sip_talk_limit_count(&talk, LIMIT_STATE), 1u);
    free(answer);
}

/* Versions from first to last; what each is answered is not looked at. */
static void publish_versions(int first, int last)
{
    for (int i = first; i <= last; i++) {
        char *attributes = ls_strf("<publication categoryName=\"state\" "
                                   "version=\"%d\">%010000d</publication>",
                                   i, i);

        free(publish(attributes));
        free(attributes);
    }
}

Test(publication, is_not_told_to_who_does_not_listen_and_that_is_said)
{
    watch(BENOTIFIED, "");
    publish_versions(0, 49);
    cr_expect_eq(sip_talk_limit_count(&talk, LIMIT_MAIL), 1u);

    char *mail = sip_talk_mail(&talk, &talk.other);
    cr_expect_lt(strlen(mail), 280u * 1024);
    cr_expect_gt(count_of(mail, "BENOTIFY sip:"), 20u);
    free(mail);
    publish_versions(50, 50);
    expect_part(sip_talk_mail(&talk, &talk.other), "0000050</category>");
    cr_expect_eq(sip_talk_limit_count(&talk, LIMIT_MAIL), 0u);
}

Test(publication, is_told_to_all_who_watch)
{
    static const char *const users[] = {"sip:ann@contoso.com",
                                        "sip:cid@contoso.com",
                                        "sip:ann@contoso.com;another"};

    for (unsigned i = 0; i < 3; i++) {
        struct sip_caller caller = talk.other;

        caller.connection_id += i;
        free(ask(&caller, "SUBSCRIBE", "sip:bob@contoso.com", users[i],
                 BENOTIFIED, ""));
    }
    publish_versions(0, 0);
    for (unsigned i = 0; i < 3; i++) {
        struct sip_caller caller = talk.other;
        char *mail;

        caller.connection_id += i;
        mail = sip_talk_mail(&talk, &caller);
        cr_expect_eq(count_of(mail, "BENOTIFY sip:"), i == 1 ? 0u : 1u);
        free(mail);
    }
}

Test(publication, is_watched_so_often_over_one_connection_and_that_is_said)
{
    for (unsigned i = 0; i <= WATCHERS_CONNECTION_MAX; i++) {
        char *user = ls_strf("sip:%u@contoso.com", i);

        expect_part(ask(&talk.other, "SUBSCRIBE", "sip:bob@contoso.com", user,
                        BENOTIFIED, ""),
                    i < WATCHERS_CONNECTION_MAX ? "SIP/2.0 200 OK"
                                                : "SIP/2.0 503 ");
        free(user);
    }
    cr_expect_eq(sip_talk_limit_count(&talk, LIMIT_WATCHERS), 1u);
}

Test(publication, is_watched_in_a_dialog_only_by_who_began_it)
{
    expect_part(
        sip_talk_ask_text(&talk, &talk.other,
                          "SUBSCRIBE sip:x SIP/2.0\r\nVia: SIP/2.0/TLS h\r\n"
                          "From: <sip:b@c>;tag=1\r\nTo: <sip:a@c>;tag=2\r\n"
                          "Call-ID: x\r\nCSeq: 1 SUBSCRIBE\r\n"
                          "Event: presence\r\n\r\n"),
        "SIP/2.0 481 ");
}

Test(publication, ends_with_the_sign_out_and_so_does_what_was_watched)
{
    struct watchers *watchers = front_end_watchers(talk.front_end);

    free(publish(PUBLICATION("version=\"0\"", AVAILABLE)));
    free(ask(&talk.server, "SUBSCRIBE", "sip:ann@contoso.com",
             "sip:bob@contoso.com", BENOTIFIED, ""));
    watch(BENOTIFIED, "");
    cr_expect_eq(watchers_count(watchers), 2u);
    free(ask(&talk.server, "REGISTER", "sip:ann@contoso.com",
             "sip:ann@contoso.com", "Expires: 0\r\n", ""));
    cr_expect_eq(watchers_count(watchers), 1u);
    expect_part(sip_talk_mail(&talk, &talk.other),
                "uri=\"sip:ann@contoso.com\"></categories>");
}
