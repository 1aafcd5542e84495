/*
 * What a REGISTER is answered; who is then known is the registrar's.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/registrar.h"

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

static char *ask_for_kim(const char *contact)
{
    static unsigned cseq;
    char *text = ls_strf("REGISTER sip:contoso.com SIP/2.0\r\n"
                         "Via: SIP/2.0/TLS 192.0.2.7;branch=z9hG4bKs%u\r\n"
                         "From: <sip:kim@contoso.com>;tag=1\r\n"
                         "To: <sip:kim@contoso.com>\r\nCall-ID: s\r\n"
                         "CSeq: %u REGISTER\r\nContact: %s\r\n"
                         "Content-Length: 0\r\n\r\n",
                         cseq, cseq + 1, contact);
    char *answer = sip_talk_ask_text(&talk, &talk.server, text);

    cseq++;
    free(text);
    return answer;
}

/* RFC 3261 10.2.2, and 10.3: all of a request is done, or nothing. */
Test(registration, takes_everything_back_for_a_star_alone)
{
    static const struct {
        const char *label;
        const char *contact;
        bool is_done;
    } rows[] = {
        {"without a time", "*", false},
        {"with a time", "*\r\nExpires: 600", false},
        {"with a time of its own", "*;expires=0", false},
        {"before another", "*, <sip:c>\r\nExpires: 0", false},
        {"behind another", "<sip:d>, *\r\nExpires: 0", false},
        {"twice", "*, *\r\nExpires: 0", false},
        {"in a second header", "<sip:d>\r\nContact: *\r\nExpires: 0", false},
        {"and a second header", "*\r\nm: <sip:d>\r\nExpires: 0", false},
        {"alone", "*\r\nExpires: 0", true},
    };
    struct registrar *registrar = front_end_registrar(talk.front_end);

    free(ask_for_kim("<sip:c>"));
    cr_assert_eq(registrar_count(registrar), 1u);
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *answer = ask_for_kim(rows[i].contact);

        cr_expect(ls_str_starts_with(ls_str_from(answer), rows[i].is_done
                                                              ? "SIP/2.0 200 "
                                                              : "SIP/2.0 400 "),
                  "%s: %s", rows[i].label, answer);
        cr_expect_eq(registrar_count(registrar), rows[i].is_done ? 0u : 1u,
                     "%s", rows[i].label);
        free(answer);
    }
}

/* Whether a REGISTER of that user with a contact of 50,000 bytes is taken; it
 * is refused as full otherwise. */
static bool register_large(const struct sip_caller *caller, unsigned user)
{
    char *text = ls_strf("REGISTER sip:contoso.com SIP/2.0\r\n"
                         "Via: SIP/2.0/TLS 192.0.2.7;branch=z9hG4bKr%u\r\n"
                         "From: <sip:%u@contoso.com>;tag=1\r\n"
                         "To: <sip:%u@contoso.com>\r\nCall-ID: k%u\r\n"
                         "CSeq: 1 REGISTER\r\nContact: <sip:%050000u>\r\n"
                         "Content-Length: 0\r\n\r\n",
                         user, user, user, user, user);
    char *answer = sip_talk_ask_text(&talk, caller, text);
    bool is_taken = ls_str_starts_with(ls_str_from(answer), "SIP/2.0 200 ");

    cr_expect(is_taken ||
              ls_str_starts_with(ls_str_from(answer), "SIP/2.0 503 "));

    free(answer);
    free(text);
    return is_taken;
}

Test(registration, keeps_a_share_for_each_connection_and_says_so)
{
    unsigned count = 0;

    while (count < 1000 && register_large(&talk.server, count))
        count++;
    cr_expect_gt(count, 100u);
    cr_expect_leq(count, REGISTRAR_CONNECTION_MAX_BYTES / 50000);
    cr_expect_not(register_large(&talk.server, count + 1));
    cr_expect_eq(sip_talk_limit_count(&talk, LIMIT_BINDINGS), 2u);
    cr_expect(register_large(&talk.other, count + 2));
    cr_expect_eq(sip_talk_limit_count(&talk, LIMIT_BINDINGS), 0u);
}
