/*
 * What a REGISTER is answered; who is then known is the registrar's.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

#include "support/sip_talk.h"

static struct sip_talk talk;

static void setup(void)
{
    sip_talk_init(&talk, SFB_2015);
}

static void teardown(void)
{
    sip_talk_clear(&talk);
}

TestSuite(registration, .init = setup, .fini = teardown);

Test(registration, refuses_a_registration_that_is_too_brief)
{
    static const struct {
        const char *label;
        const char *contact;
        const char *status;
    } rows[] = {
        {"parameter", "<sip:c>;expires=9\r\n",
         "SIP/2.0 423 Interval Too Brief\r\n"},
        {"header", "<sip:c>\r\nExpires: 1\r\n", "SIP/2.0 423 "},
        {"the second", "<sip:c>;expires=90, <sip:d>;expires=9\r\n",
         "SIP/2.0 423 "},
        {"the least", "<sip:c>;expires=10\r\n", "SIP/2.0 200 "},
        {"sign-out", "<sip:c>;expires=0\r\n", "SIP/2.0 200 "},
        {"no number", "<sip:c>;expires=soon\r\n", "SIP/2.0 200 "},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = ls_strf("REGISTER sip:contoso.com SIP/2.0\r\n"
                             "Via: SIP/2.0/TLS 192.0.2.7;branch=z9hG4bKr%zu\r\n"
                             "From: <sip:kim@contoso.com>;tag=1\r\n"
                             "To: <sip:kim@contoso.com>\r\nCall-ID: k%zu\r\n"
                             "CSeq: 1 REGISTER\r\nContact: %s"
                             "Content-Length: 0\r\n\r\n",
                             i, i, rows[i].contact);
        char *answer = sip_talk_ask_text(&talk, &talk.server, text);

        cr_expect(ls_str_starts_with(ls_str_from(answer), rows[i].status),
                  "%s: %s", rows[i].label, answer);
        cr_expect_eq(strstr(answer, "\r\nMin-Expires: 10\r\n") != NULL,
                     strstr(answer, " 423 ") != NULL, "%s", rows[i].label);
        free(answer);
        free(text);
    }
}
