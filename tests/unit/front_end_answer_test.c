#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/registrar.h"
#include "lyncsim/sip_transaction.h"

#include "support/sip_talk.h"

#define PARTIES                                                                \
    "From: \"User\"<sip:user@cosmo.local>;tag=3e49177a52;epid=c8ca638a15\r\n"  \
    "To: <sip:user@cosmo.local>\r\n"                                           \
    "Call-ID: 4037df9284354df39065195bd57a4b14\r\n"

#define REGISTER                                                               \
    "REGISTER sip:cosmo.local SIP/2.0\r\n"                                     \
    "Via: SIP/2.0/TLS 192.0.2.7:49732\r\n"                                     \
    "Max-Forwards: 70\r\n" PARTIES "CSeq: 3 REGISTER\r\n"
#define CONTACT                                                                \
    "Contact: <sip:192.0.2.7:49732;transport=tls;ms-opaque=fad3dfab32>;"       \
    "methods=\"INVITE, MESSAGE\";"                                             \
    "+sip.instance=\"<urn:uuid:34d859db-6585-5f91-a3b4-de853c15347d>\"\r\n"
#define END "Content-Length: 0\r\n\r\n"

static struct sip_talk talk;

static void setup(void)
{
    sip_talk_init(&talk, LYNC_2010);
}

static void teardown(void)
{
    sip_talk_clear(&talk);
}

TestSuite(front_end_answer, .init = setup, .fini = teardown);

/* Each is a request of its own, though many share a CSeq; with what follows
 * its answer. */
static char *ask(const struct sip_caller *caller, const char *request)
{
    sip_transactions_remove_connection(front_end_transactions(talk.front_end),
                                       caller->connection_id);

    char *answer = sip_talk_ask_text(&talk, caller, request);
    char *mail = sip_talk_mail(&talk, caller);
    char *both = ls_strf("%s%s", answer, mail);
    free(answer);
    free(mail);
    return both;
}

static void expect_answer(const struct sip_caller *caller, const char *request,
                          const char *expected)
{
    char *answer = ask(caller, request);

    cr_expect_str_eq(answer, expected, "%s", answer);
    free(answer);
}

static void expect_in_answer(const struct sip_caller *caller,
                             const char *request, const char *part)
{
    char *answer = ask(caller, request);

    cr_expect(strstr(answer, part), "%s\nin answer to\n%s\nnot in\n%s", part,
              request, answer);
    free(answer);
}

static void expect_not_in_answer(const struct sip_caller *caller,
                                 const char *request, const char *part)
{
    char *answer = ask(caller, request);

    cr_expect_not(strstr(answer, part), "%s in\n%s", part, answer);
    free(answer);
}

/* The recorded answer of a 2007 R2 server, header by header. */
Test(front_end_answer, signs_a_trusted_servers_user_in_without_challenge)
{
    expect_answer(
        &talk.server,
        REGISTER CONTACT "Supported: gruu-10, adhoclist\r\n"
                         "ms-keep-alive: UAC;hop-hop=yes\r\n" END,
        "SIP/2.0 200 OK\r\n"
        "ms-keep-alive: UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300\r\n"
        "From: \"User\"<sip:user@cosmo.local>;tag=3e49177a52;epid=c8ca638a15"
        "\r\n"
        "To: <sip:user@cosmo.local>;tag=B5DA6DD23FAD453C865A0E3546C94053\r\n"
        "Call-ID: 4037df9284354df39065195bd57a4b14\r\n"
        "CSeq: 3 REGISTER\r\n"
        "Via: SIP/2.0/TLS 192.0.2.7:49732;ms-received-port=49732;"
        "ms-received-cid=2500\r\n"
        "Contact: <sip:192.0.2.7:49732;transport=tls;ms-opaque=fad3dfab32;"
        "ms-received-cid=2500>;expires=7200;"
        "+sip.instance=\"<urn:uuid:34d859db-6585-5f91-a3b4-de853c15347d>\";"
        "gruu=\"sip:user@cosmo.local;"
        "opaque=user:epid:21nYNIVlkV-jtN6FPBU0fQAA;gruu\"\r\n"
        "Expires: 7200\r\n"
        "presence-state: register-action=\"added\"\r\n"
        "Allow-Events: vnd-microsoft-provisioning,"
        "vnd-microsoft-roaming-contacts,vnd-microsoft-roaming-ACL,presence,"
        "presence.wpending,vnd-microsoft-roaming-self,"
        "vnd-microsoft-provisioning-v2\r\n"
        "Supported: adhoclist\r\n"
        "Server: RTC/4.0\r\n"
        "Supported: msrtc-event-categories\r\n"
        "Content-Length: 0\r\n"
        "\r\n");
    cr_expect_eq(registrar_count(front_end_registrar(talk.front_end)), 1u);
}

Test(front_end_answer, says_which_product_it_is)
{
    static const struct {
        enum product_version version;
        const char *server;
    } rows[] = {
        {LYNC_2010, "\r\nServer: RTC/4.0\r\n"},
        {LYNC_2013, "\r\nServer: RTC/5.0\r\n"},
        {SFB_2015, "\r\nServer: RTC/6.0\r\n"},
        {SFB_2019, "\r\nServer: RTC/7.0\r\n"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        teardown();
        sip_talk_init(&talk, rows[i].version);
        expect_in_answer(&talk.server, REGISTER CONTACT END, rows[i].server);
    }
    expect_in_answer(&talk.server, REGISTER CONTACT END,
                     "Supported: ms-keepalive-deregister\r\n");
}

Test(front_end_answer, tells_a_refresh_from_a_sign_in)
{
    expect_in_answer(&talk.server, REGISTER CONTACT END, "=\"added\"");
    expect_in_answer(&talk.server, REGISTER CONTACT END, "=\"refreshed\"");
}

Test(front_end_answer, grants_no_more_than_asked_and_no_more_than_it_gives)
{
    static const struct {
        const char *headers;
        const char *granted;
    } rows[] = {
        {CONTACT, "\r\nExpires: 7200\r\n"},
        {CONTACT "Expires: 600\r\n", ">;expires=600;"},
        {CONTACT "Expires: 7201\r\n", "\r\nExpires: 7200\r\n"},
        {CONTACT "Expires: soon\r\n", "\r\nExpires: 7200\r\n"},
        {CONTACT "Expires: 99999999999999999999999\r\n",
         "\r\nExpires: 7200\r\n"},
        {"Contact: <sip:c>;expires=300\r\nExpires: 600\r\n",
         "<sip:c;ms-received-cid=2500>;expires=300\r\n"},
        {"m: sip:c;expires=60, <sip:d>;expires=90\r\n", "\r\nExpires: 90\r\n"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *request = ls_strf("%s%s%s", REGISTER, rows[i].headers, END);

        expect_in_answer(&talk.server, request, rows[i].granted);
        free(request);
    }
}

Test(front_end_answer, signs_users_out)
{
    struct registrar *registrar = front_end_registrar(talk.front_end);

    expect_in_answer(&talk.server, REGISTER CONTACT END, "200 OK");
    expect_in_answer(&talk.server, REGISTER CONTACT "Expires: 0\r\n" END,
                     "\r\nExpires: 0\r\n");
    cr_expect_eq(registrar_count(registrar), 0u);

    expect_in_answer(&talk.server, REGISTER CONTACT END, "200 OK");
    expect_not_in_answer(
        &talk.server, REGISTER "Contact: *\r\nExpires: 0\r\n" END, "Contact:");
    cr_expect_eq(registrar_count(registrar), 0u);
}

Test(front_end_answer, says_who_is_signed_in_when_asked)
{
    expect_in_answer(&talk.server, REGISTER CONTACT "Expires: 600\r\n" END,
                     "200 OK");
    talk.now_ms += 100 * 1000;
    expect_in_answer(&talk.server, REGISTER END,
                     "Contact: <sip:192.0.2.7:49732;transport=tls;"
                     "ms-opaque=fad3dfab32;ms-received-cid=2500>;"
                     "expires=500\r\n");
    talk.now_ms += 500 * 1000;
    expect_not_in_answer(&talk.server, REGISTER END, "Contact:");
}

Test(front_end_answer, refuses_registrations_that_make_no_sense)
{
    static const char *const rows[] = {
        REGISTER "Contact: *\r\n" END,
        REGISTER "Contact: *\r\nExpires: 5\r\n" END,
        REGISTER CONTACT "Contact: *\r\nExpires: 0\r\n" END,
        REGISTER "Contact: sip:a@b?Route=c\r\n" END,
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        expect_in_answer(&talk.server, rows[i], "SIP/2.0 400 ");
}

Test(front_end_answer, challenges_a_client_with_three_schemes)
{
    char *answer = sip_talk_ask_text(&talk, &talk.client, REGISTER CONTACT END);

    cr_expect(
        strstr(
            answer,
            "SIP/2.0 401 Unauthorized\r\n"
            "Date: Tue, 20 Dec 2011 20:45:01 GMT\r\n"
            "WWW-Authenticate: NTLM realm=\"SIP Communications Service\", "
            "targetname=\"fe.contoso.com\", version=4\r\n"
            "WWW-Authenticate: Kerberos realm=\"SIP Communications Service\", "
            "targetname=\"sip/fe.contoso.com\", version=4\r\n"
            "WWW-Authenticate: TLS-DSK realm=\"SIP Communications Service\", "
            "targetname=\"fe.contoso.com\", version=4, sts-uri=\"https://"
            "fe.contoso.com:443/CertProv/CertProvisioningService.svc\"\r\n"
            "From: "),
        "%s", answer);
    cr_expect(strstr(answer, "Via: SIP/2.0/TLS 192.0.2.7:49732;"
                             "received=192.0.2.9;ms-received-port=50000;"
                             "ms-received-cid=2600\r\n"
                             "Server: RTC/4.0\r\n"
                             "Content-Length: 0\r\n\r\n"),
              "%s", answer);
    cr_expect_eq(registrar_count(front_end_registrar(talk.front_end)), 0u);
    free(answer);
}

Test(front_end_answer, challenges_everything_a_client_asks_but_ack_and_cancel)
{
    static const struct {
        const char *method;
        const char *answer;
    } rows[] = {
        {"OPTIONS", "SIP/2.0 401 "}, {"SUBSCRIBE", "SIP/2.0 401 "},
        {"CANCEL", "SIP/2.0 481 "},  {"INVITE", "SIP/2.0 407 "},
        {"MESSAGE", "SIP/2.0 407 "}, {"ACK", ""},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *request = ls_strf("%s sip:b@c SIP/2.0\r\nVia: SIP/2.0/TLS h\r\n"
                                "%sCSeq: 1 %s\r\n%s",
                                rows[i].method, PARTIES, rows[i].method, END);
        char *answer = sip_talk_ask_text(&talk, &talk.client, request);

        cr_expect_eq(strncmp(answer, rows[i].answer, strlen(rows[i].answer)), 0,
                     "%s", answer);
        cr_expect_eq(*answer == '\0', *rows[i].answer == '\0', "%s",
                     rows[i].method);
        free(request);
        free(answer);
    }
}

Test(front_end_answer, challenges_a_server_that_is_not_treated_as_authenticated)
{
    talk.server.treat_as_authenticated = false;
    expect_in_answer(&talk.server, REGISTER CONTACT END, "SIP/2.0 401 ");
}

#define REQUEST(method, headers)                                               \
    method " sip:fe.contoso.com SIP/2.0\r\n"                                   \
           "Via: SIP/2.0/TLS cas.contoso.com:49732;branch=z9hG4bK1, "          \
           "SIP/2.0/TLS inner\r\nVia: SIP/2.0/TLS inmost\r\n" PARTIES          \
           "CSeq: 1 " method "\r\n" headers END

Test(front_end_answer, answers_options)
{
    expect_in_answer(&talk.server, REQUEST("OPTIONS", ""), "SIP/2.0 200 OK");
    expect_in_answer(&talk.server, REQUEST("OPTIONS", ""), "\r\nAllow: ");
}

Test(front_end_answer, echoes_every_via_and_marks_the_topmost)
{
    expect_in_answer(&talk.server, REQUEST("OPTIONS", ""),
                     "\r\nVia: SIP/2.0/TLS cas.contoso.com:49732;"
                     "branch=z9hG4bK1;received=192.0.2.7;"
                     "ms-received-port=49732;ms-received-cid=2500, "
                     "SIP/2.0/TLS inner\r\nVia: SIP/2.0/TLS inmost\r\n");
}

Test(front_end_answer, answers_unknown_methods_with_those_it_knows)
{
    expect_in_answer(&talk.server, REQUEST("BREW", ""),
                     "SIP/2.0 405 Method Not Allowed\r\n");
    expect_in_answer(&talk.server, REQUEST("BREW", ""), "\r\nAllow: INVITE, ");
    expect_in_answer(&talk.server, REQUEST("register", ""), "SIP/2.0 405 ");
}

Test(front_end_answer, refuses_extensions_nobody_knows)
{
    expect_in_answer(&talk.server,
                     REQUEST("OPTIONS", "Require: 100rel, nothing\r\n"
                                        "Proxy-Require: noProxy\r\n"),
                     "SIP/2.0 420 Bad Extension\r\n");
    expect_in_answer(&talk.server,
                     REQUEST("OPTIONS", "Require: 100rel, nothing\r\n"
                                        "Proxy-Require: noProxy\r\n"),
                     "\r\nUnsupported: nothing, noProxy\r\n");
    expect_in_answer(&talk.server,
                     REQUEST("OPTIONS", "Proxy-Require: ms-benotify\r\n"),
                     "SIP/2.0 200 ");
}

Test(front_end_answer, never_answers_ack_or_a_response)
{
    expect_answer(&talk.server, REQUEST("ACK", ""), "");
    expect_answer(&talk.server, REQUEST("BENOTIFY", ""), "");
    expect_answer(&talk.server,
                  "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS h\r\n" PARTIES
                  "CSeq: 1 INVITE\r\n" END,
                  "");
}

Test(front_end_answer, tells_what_is_wrong_with_a_bad_request)
{
    expect_in_answer(&talk.server,
                     "OPTIONS sip:b@c SIP/2.0\r\nVia: SIP/2.0/TLS h\r\n"
                     "CSeq: 1 OPTIONS\r\n" END,
                     "SIP/2.0 400 Missing From Header\r\n");
    expect_in_answer(&talk.server,
                     "OPTIONS sip:b@c SIP/9.0\r\nVia: SIP/2.0/TLS h\r\n" PARTIES
                     "CSeq: 1 OPTIONS\r\n" END,
                     "SIP/2.0 505 Version Not Supported\r\n");
}

Test(front_end_answer, tells_nothing_about_a_bad_ack_or_response)
{
    expect_answer(&talk.server, "ACK sip:b@c SIP/2.0\r\nCSeq: 1 ACK\r\n" END,
                  "");
    expect_answer(&talk.server, "SIP/2.0 20 OK\r\nCSeq: 1 A\r\n" END, "");
}

#define SUBSCRIBE(event, headers)                                              \
    "SUBSCRIBE sip:user@cosmo.local SIP/2.0\r\n"                               \
    "Via: SIP/2.0/TLS 192.0.2.7:49732;branch=z9hG4bK1\r\n" PARTIES             \
    "CSeq: 1 SUBSCRIBE\r\nContact: <sip:u@192.0.2.7>\r\nEvent: " event         \
    "\r\n" headers END

Test(front_end_answer, puts_the_first_notify_into_the_answer)
{
    static const struct {
        const char *request;
        const char *content_type;
    } rows[] = {
        {SUBSCRIBE("vnd-microsoft-roaming-self",
                   "Supported: ms-piggyback-first-notify\r\n"),
         "\r\nContent-Type: application/vnd-microsoft-roaming-self+xml\r\n"},
        {SUBSCRIBE("vnd-microsoft-roaming-contacts",
                   "Supported: ms-piggyback-first-notify\r\n"),
         "\r\nContent-Type: application/vnd-microsoft-roaming-contacts+xml"
         "\r\n"},
        {SUBSCRIBE("vnd-microsoft-provisioning-v2",
                   "k: ms-benotify, ms-piggyback-first-notify\r\n"),
         "\r\nContent-Type: application/"
         "vnd-microsoft-roaming-provisioning-v2+xml\r\n"},
        {SUBSCRIBE("Presence",
                   "k: ms-benotify\r\nk: ms-piggyback-first-notify\r\n"),
         "\r\nContent-Type: application/msrtc-event-categories+xml\r\n"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        expect_in_answer(&talk.server, rows[i].request, rows[i].content_type);
        expect_in_answer(&talk.server, rows[i].request,
                         "\r\nms-piggyback-cseq: 1\r\n");
        expect_not_in_answer(&talk.server, rows[i].request, "NOTIFY sip:");
    }
}

Test(front_end_answer, sends_the_first_notify_apart_to_who_cannot_take_it_so)
{
    expect_in_answer(&talk.server, SUBSCRIBE("presence", ""),
                     "\r\n\r\nNOTIFY sip:u@192.0.2.7 SIP/2.0\r\nVia: ");
    expect_in_answer(&talk.server,
                     SUBSCRIBE("presence", "Proxy-Require: ms-benotify\r\n"),
                     "\r\n\r\nBENOTIFY sip:u@192.0.2.7 SIP/2.0\r\nVia: ");
}

Test(front_end_answer, refuses_events_nobody_knows)
{
    expect_in_answer(&talk.server, SUBSCRIBE("dialog", ""),
                     "SIP/2.0 489 Bad Event\r\n");
    expect_in_answer(&talk.server, SUBSCRIBE("dialog", ""),
                     "\r\nAllow-Events: vnd-microsoft-roaming-self,");
    expect_in_answer(&talk.server, REQUEST("SUBSCRIBE", ""), "SIP/2.0 489 ");
}

Test(front_end_answer, ends_a_subscription)
{
    expect_in_answer(&talk.server, SUBSCRIBE("presence", "Expires: 0\r\n"),
                     "\r\nsubscription-state: terminated;expires=0\r\n");
}

Test(front_end_answer, tells_that_nobody_is_there)
{
    expect_in_answer(&talk.server, REQUEST("MESSAGE", ""),
                     "SIP/2.0 404 Not Found\r\n");
    expect_in_answer(&talk.server, REQUEST("INVITE", ""),
                     "\r\nms-diagnostics: 1003;reason=\"User does not exist\";"
                     "source=\"fe.contoso.com\"\r\n");
    expect_in_answer(&talk.server, REQUEST("CANCEL", ""),
                     "SIP/2.0 481 Call Leg/Transaction Does Not Exist\r\n");
}

Test(front_end_answer, lets_no_peer_write_lines_into_an_answer)
{
    expect_not_in_answer(
        &talk.server,
        "OPTIONS sip:b@c SIP/2.0\r\nVia: SIP/2.0/TLS h\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\n"
        "CSeq: 1 OPTIONS\r\nRequire: a\r\n Evil: yes\r\n" END,
        "\r\nEvil");
}

Test(front_end_answer, answers_a_retransmission_from_memory)
{
    char *first = sip_talk_ask_text(&talk, &talk.server, REGISTER CONTACT END);

    talk.now_ms += SIP_TRANSACTION_KEPT_MS - 1;
    char *second = sip_talk_ask_text(&talk, &talk.server, REGISTER CONTACT END);
    cr_expect_str_eq(first, second);
    free(first);
    free(second);
}

Test(front_end_answer, takes_a_request_that_says_something_else_as_new)
{
    char *first = sip_talk_ask_text(&talk, &talk.server, REGISTER CONTACT END);
    char *second = sip_talk_ask_text(&talk, &talk.server,
                                     REGISTER CONTACT "Expires: 0\r\n" END);

    cr_expect(strstr(second, "\r\nExpires: 0\r\n"), "%s", second);
    free(first);
    free(second);
}

Test(front_end_answer, keeps_the_route_of_a_dialog_it_takes_part_in)
{
    expect_in_answer(&talk.server,
                     SUBSCRIBE("presence", "Record-Route: <sip:p1;lr>\r\n"
                                           "Record-Route: <sip:p2;lr>\r\n"),
                     "\r\nRecord-Route: <sip:p1;lr>\r\n"
                     "Record-Route: <sip:p2;lr>\r\nContact: ");
}

Test(front_end_answer, registers_no_more_contacts_than_a_user_can_have)
{
    struct ls_buf request = {0};

    ls_buf_add_text(&request, REGISTER "Contact: <sip:0>");
    for (unsigned i = 1; i <= REGISTRAR_ENDPOINTS_MAX; i++)
        ls_buf_printf(&request, ", <sip:%u>", i);
    ls_buf_add_text(&request, "\r\n" END);
    expect_in_answer(&talk.server, request.at,
                     "SIP/2.0 400 Too Many Contacts\r\n");
    cr_expect_eq(registrar_count(front_end_registrar(talk.front_end)), 0u);
    ls_buf_clear(&request);
}
