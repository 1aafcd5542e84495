/*
 * A day of a user of OWA, as its server says it over one connection, and all
 * that the Front End says to it: tests/golden/owa.transcript, header by
 * header.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "support/golden.h"
#include "support/sip_talk.h"

#define USER "sip:test@deitterick.com"
#define OTHER "sip:other@deitterick.com"

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
    {"INVITE", OTHER, TEST, "<" OTHER ">",
     "Contact: <sip:mail.deitterick.com:5199;transport=tls>\r\n", ""},
    {"BYE", OTHER, TEST, "<" OTHER ">;tag=gone", "", ""},
    {"REGISTER", "sip:deitterick.com", TEST, SELF, CONTACT "Expires: 0\r\n",
     ""},
};

static char *write_question(const struct question *question, unsigned number)
{
    return ls_strf("%s %s SIP/2.0\r\n"
                   "VIA: SIP/2.0/TLS 192.0.2.7:49732;branch=z9hG4bK%08x\r\n"
                   "MAX-FORWARDS: 70\r\nFROM: %s\r\nTO: %s\r\n"
                   "CALL-ID: %032x\r\nCSEQ: %u %s\r\n"
                   "USER-AGENT: RTCC/4.0.0.0\r\n%s"
                   "CONTENT-LENGTH: %zu\r\n\r\n%s",
                   question->method, question->uri, number, question->from,
                   question->to, number, number, question->method,
                   question->headers, strlen(question->body), question->body);
}

Test(owa_transcript, is_what_it_was)
{
    struct ls_buf transcript = {0};
    struct sip_talk talk;

    sip_talk_init(&talk, LYNC_2010);
    for (size_t i = 0; i < LS_COUNT(questions); i++) {
        char *question = write_question(&questions[i], (unsigned)i + 1);
        char *answer = sip_talk_ask_text(&talk, &talk.server, question);
        char *mail = sip_talk_mail(&talk, &talk.server);

        ls_buf_printf(&transcript, "--> %s\n<-- %s\n", question, answer);
        if (*mail)
            ls_buf_printf(&transcript, "<-- %s\n", mail);
        free(question);
        free(answer);
        free(mail);
    }
    golden_expect("owa.transcript", ls_buf_str(&transcript));
    ls_buf_clear(&transcript);
    sip_talk_clear(&talk);
}
