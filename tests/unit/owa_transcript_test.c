/*
 * A day of a user of OWA, as its server says it over one connection, and all
 * that the Front End says to it and to the server of a colleague: header by
 * header, for each version in tests/golden/owa-VERSION.transcript.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "support/golden.h"
#include "support/sip_talk.h"

#define USER "sip:test@deitterick.com"
#define OTHER "sip:other@deitterick.com"
#define NOBODY "sip:nobody@deitterick.com"

struct question {
    const char *method;
    const char *uri;
    const char *from; /* a header's value, as to */
    const char *to;
    const char *headers;
    const char *body;
};

#define TEST "<" USER ">;tag=3e49177a52;epid=c8ca638a15"
#define SELF "<" USER ">"
#define CONTACT                                                                \
    "Contact: <sip:mail.deitterick.com:5199;transport=tls>;"                   \
    "+sip.instance=\"<urn:uuid:34d859db-6585-5f91-a3b4-de853c15347d>\"\r\n"
#define PIGGYBACK                                                              \
    "Supported: com.microsoft.autoextend, ms-benotify, "                       \
    "ms-piggyback-first-notify\r\nProxy-Require: ms-benotify\r\n"

static const struct question questions[] = {
    {"REGISTER", "sip:deitterick.com", TEST, SELF,
     CONTACT "Event: registration\r\nms-keep-alive: UAC;hop-hop=yes\r\n"
             "Supported: gruu-10, adhoclist, msrtc-event-categories\r\n",
     ""},
    {"SUBSCRIBE", USER, TEST, SELF,
     "Event: vnd-microsoft-roaming-self\r\n" PIGGYBACK, ""},
    {"SUBSCRIBE", USER, TEST, SELF,
     "Event: vnd-microsoft-roaming-contacts\r\n" PIGGYBACK, ""},
    {"SUBSCRIBE", USER, TEST, SELF,
     "Event: vnd-microsoft-provisioning-v2\r\n" PIGGYBACK, ""},
    {"SERVICE", USER, TEST, SELF,
     "Content-Type: application/msrtc-category-publish+xml\r\n",
     "<publish xmlns=\"http://schemas.microsoft.com/2006/09/sip/rich-presence"
     "\"><publications uri=\"" USER "\"><publication categoryName=\"state\" "
     "instance=\"0\" container=\"200\" version=\"0\" expireType=\"endpoint\">"
     "<state xmlns=\"http://schemas.microsoft.com/2006/09/sip/state\">"
     "<availability>3500</availability></state></publication></publications>"
     "</publish>"},
    {"SUBSCRIBE", USER, TEST, SELF,
     "Event: presence\r\nContent-Type: "
     "application/msrtc-adrl-categorylist+xml\r\n" PIGGYBACK,
     "<batchSub xmlns=\"http://schemas.microsoft.com/2006/01/sip/"
     "batch-subscribe\" uri=\"" USER "\" name=\"\"><action name=\"subscribe\" "
     "id=\"1\"><adhocList><resource uri=\"" USER "\"/><resource uri=\"" OTHER
     "\"/></adhocList></action></batchSub>"},
    {"INVITE", NOBODY, TEST, "<" NOBODY ">",
     "Contact: <sip:mail.deitterick.com:5199;transport=tls>\r\n", ""},
    {"INVITE", OTHER, TEST, "<" OTHER ">",
     "Contact: <sip:mail.deitterick.com:5199;transport=tls>\r\n", ""},
    {"ACK", OTHER, TEST, "<" OTHER ">;tag=b", "", ""},
    {"MESSAGE", OTHER, TEST, "<" OTHER ">;tag=b",
     "Content-Type: text/plain; charset=UTF-8\r\n", "Lunch?"},
    {"BYE", OTHER, TEST, "<" OTHER ">;tag=b", "", ""},
    {"BYE", OTHER, TEST, "<" OTHER ">;tag=gone", "", ""},
    {"REGISTER", "sip:deitterick.com", TEST, SELF, CONTACT "Expires: 0\r\n",
     ""},
};

/* What is said in one dialog has its Call-ID, and an ACK its INVITE's
 * number. */
static char *write_question(const struct question *question, unsigned number)
{
    bool is_of_call = strstr(question->to, ";tag=b") != NULL ||
                      (strcmp(question->method, "INVITE") == 0 &&
                       strcmp(question->uri, OTHER) == 0);
    bool is_ack = strcmp(question->method, "ACK") == 0;

    return ls_strf("%s %s SIP/2.0\r\n"
                   "VIA: SIP/2.0/TLS 192.0.2.7:49732;branch=z9hG4bK%08x\r\n"
                   "MAX-FORWARDS: 70\r\nFROM: %s\r\nTO: %s\r\n"
                   "CALL-ID: %032x\r\nCSEQ: %u %s\r\n"
                   "USER-AGENT: RTCC/4.0.0.0\r\n%s"
                   "CONTENT-LENGTH: %zu\r\n\r\n%s",
                   question->method, question->uri, number, question->from,
                   question->to, is_of_call ? 0xCA11u : number,
                   is_ack ? number - 1 : number, question->method,
                   question->headers, strlen(question->body), question->body);
}

static void add_mail(struct ls_buf *transcript, struct sip_talk *talk)
{
    char *mail = sip_talk_mail(talk, &talk->server);

    if (*mail)
        ls_buf_printf(transcript, "<-- %s\n", mail);
    free(mail);
}

/* What comes for the colleague, and what his server answers. */
static void play_colleague(struct ls_buf *transcript, struct sip_talk *talk)
{
    char *mail = sip_talk_mail(talk, &talk->other);
    bool is_invite = strncmp(mail, "INVITE ", 7) == 0;
    char *answer;

    if (*mail)
        ls_buf_printf(transcript, "to the colleague <-- %s\n", mail);
    if (*mail && strncmp(mail, "ACK ", 4) != 0) {
        answer = sip_talk_answer_to(mail, "SIP/2.0 200 OK\r\n",
                                    is_invite ? ";tag=b" : "");
        ls_buf_printf(transcript, "from the colleague --> %s\n", answer);
        free(sip_talk_ask_text(talk, &talk->other, answer));
        free(answer);
    }
    free(mail);
}

static void play(enum product_version version, struct ls_buf *transcript)
{
    struct sip_talk talk;

    sip_talk_init(&talk, version);
    free(sip_talk_ask_text(
        &talk, &talk.other,
        "REGISTER sip:deitterick.com SIP/2.0\r\n"
        "Via: SIP/2.0/TLS 192.0.2.8:49733;branch=z9hG4bKo\r\n"
        "From: <" OTHER ">;tag=o\r\nTo: <" OTHER ">\r\nCall-ID: o\r\n"
        "CSeq: 1 REGISTER\r\nContact: <sip:192.0.2.8:49733>\r\n"
        "Content-Length: 0\r\n\r\n"));
    for (size_t i = 0; i < LS_COUNT(questions); i++) {
        char *question = write_question(&questions[i], (unsigned)i + 1);
        char *answer = sip_talk_ask_text(&talk, &talk.server, question);

        ls_buf_printf(transcript, "--> %s\n", question);
        if (*answer)
            ls_buf_printf(transcript, "<-- %s\n", answer);
        add_mail(transcript, &talk);
        play_colleague(transcript, &talk);
        add_mail(transcript, &talk);
        free(question);
        free(answer);
    }
    sip_talk_clear(&talk);
}

Test(owa_transcript, is_what_it_was)
{
    for (int version = LYNC_2010; version <= SFB_2019; version++) {
        const char *name = product_version_text((enum product_version)version);
        char *file = ls_strf("owa-%s.transcript", name);
        struct ls_buf transcript = {0};

        play((enum product_version)version, &transcript);
        golden_expect(file, ls_buf_str(&transcript));
        ls_buf_clear(&transcript);
        free(file);
    }
}

#define FROM_2013 (1 << LYNC_2013 | 1 << SFB_2015 | 1 << SFB_2019)
#define ALWAYS (1 << LYNC_2010 | FROM_2013)

/* What real messages have been seen to hold; "2013" stands for what those of
 * Lync 2013 and of Skype for Business 2015 have, of which 2019 is assumed. */
Test(owa_transcript, has_the_dialect_of_its_version)
{
    static const struct {
        const char *text;
        int versions; /* a bit for each that has it */
    } rows[] = {
        {"\r\nServer: RTC/4.0\r\n", 1 << LYNC_2010},
        {"\r\nServer: RTC/5.0\r\n", 1 << LYNC_2013},
        {"\r\nServer: RTC/6.0\r\n", 1 << SFB_2015},
        {"\r\nServer: RTC/7.0\r\n", 1 << SFB_2019},
        {"SIP/2.0 200 OK\r\nms-keep-alive: UAS; tcp=no; hop-hop=yes; "
         "end-end=no; timeout=300\r\nFrom: ",
         ALWAYS},
        {";ms-received-port=49732;ms-received-cid=2500\r\nContact: "
         "<sip:mail.deitterick.com:5199;transport=tls;ms-received-cid=2500>;"
         "expires=7200;+sip.instance=\"<urn:uuid:34d859db-6585-5f91-a3b4-"
         "de853c15347d>\";gruu=\"sip:test@deitterick.com;opaque=user:epid:"
         "21nYNIVlkV-jtN6FPBU0fQAA;gruu\"\r\nExpires: 7200\r\n"
         "presence-state: register-action=\"added\"\r\nAllow-Events: ",
         ALWAYS},
        {"\r\nSupported: adhoclist\r\nServer: ", ALWAYS},
        {"\r\nSupported: msrtc-event-categories\r\nContent-Length: 0\r\n",
         1 << LYNC_2010},
        {"\r\nSupported: ms-keepalive-deregister\r\n", FROM_2013},
        {"\r\nSupported: ms-userservices-state-notification\r\n", FROM_2013},
        {"\r\nRecord-Route: <sip:fe.contoso.com:5061;transport=tls;opaque="
         "state:F:Ci.R2500;lr>\r\n",
         1 << LYNC_2010},
        {"\r\nRecord-Route: <sip:fe.contoso.com:5061;transport=tls;ms-fe="
         "fe.contoso.com;opaque=state:F:Ci.R2500;lr;ms-route-sig=",
         FROM_2013},
        {">;ms-rrsig=", FROM_2013},
        {";branched=FALSE\r\n", 1 << LYNC_2010},
        {";branched=FALSE;ms-internal-info=\"", FROM_2013},
        {"\r\nms-diagnostics: 1003;reason=\"User does not exist\";source=\""
         "fe.contoso.com\"\r\n",
         ALWAYS},
    };

    for (int version = LYNC_2010; version <= SFB_2019; version++) {
        struct ls_buf transcript = {0};

        play((enum product_version)version, &transcript);
        for (size_t i = 0; i < LS_COUNT(rows); i++)
            cr_expect_eq(strstr(transcript.at, rows[i].text) != NULL,
                         (rows[i].versions >> version & 1) != 0, "%s: %s",
                         product_version_text((enum product_version)version),
                         rows[i].text);
        ls_buf_clear(&transcript);
    }
}
