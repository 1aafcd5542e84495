/*
 * One user, several endpoints: what is for one of them, by its GRUU.
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

TestSuite(sip_gruu, .init = setup, .fini = teardown);

static void sign_in_endpoint(const struct sip_caller *caller, const char *uuid)
{
    char *text = ls_strf(
        "REGISTER sip:contoso.com SIP/2.0\r\nVia: SIP/2.0/TLS %s\r\n"
        "From: <sip:eve@contoso.com>;tag=1;epid=%.8s\r\n"
        "To: <sip:eve@contoso.com>\r\nCall-ID: %s\r\nCSeq: 1 REGISTER\r\n"
        "Supported: gruu-10\r\nContact: <sip:%s:5061>;+sip.instance=\""
        "<urn:uuid:%s>\"\r\nContent-Length: 0\r\n\r\n",
        caller->address, uuid, uuid, caller->address, uuid);
    char *answer = sip_talk_ask_text(&talk, caller, text);

    cr_assert(strstr(answer, ";gruu=\"sip:eve@contoso.com;opaque=user:epid:"));
    free(answer);
    free(text);
}

static char *ask_eve(const char *opaque)
{
    char *text =
        ls_strf("MESSAGE sip:eve@contoso.com;opaque=%s;gruu SIP/2.0\r\n"
                "Via: SIP/2.0/TLS 192.0.2.7:49732;branch=z9hG4bK%s\r\n"
                "From: <sip:ann@contoso.com>;tag=a\r\n"
                "To: <sip:eve@contoso.com>\r\nCall-ID: talk\r\n"
                "CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n",
                opaque, opaque + 10);
    char *answer = sip_talk_ask_text(&talk, &talk.server, text);

    free(text);
    return answer;
}

Test(sip_gruu, sends_what_is_for_a_gruu_to_that_endpoint_alone)
{
    char *heard;
    char *answer;

    /* The GUID and the opaque part of a recorded answer. */
    sign_in_endpoint(&talk.other, "34d859db-6585-5f91-a3b4-de853c15347d");
    sign_in_endpoint(&talk.server, "11111111-2222-3333-4444-555555555555");
    answer = ask_eve("user:epid:21nYNIVlkV-jtN6FPBU0fQAA");
    cr_expect_str_empty(answer);
    free(answer);
    heard = sip_talk_mail(&talk, &talk.other);
    cr_expect(strstr(heard, "MESSAGE sip:192.0.2.8:5061 SIP/2.0\r\n"));
    free(heard);
    heard = sip_talk_mail(&talk, &talk.server);
    cr_expect_str_empty(heard);
    free(heard);
}

Test(sip_gruu, answers_480_where_the_user_is_and_the_endpoint_is_not)
{
    char *answer;

    sign_in_endpoint(&talk.other, "34d859db-6585-5f91-a3b4-de853c15347d");
    answer = ask_eve("user:epid:AAAAAAAAAAAAAAAAAAAAAAAA");
    cr_expect(strstr(answer, "SIP/2.0 480 Temporarily Unavailable\r\n"));
    cr_expect_not(strstr(answer, "ms-diagnostics: 1003"));
    free(answer);
}

Test(sip_gruu, answers_404_where_the_user_is_not)
{
    char *answer = ask_eve("user:epid:21nYNIVlkV-jtN6FPBU0fQAA");

    cr_expect(strstr(answer, "SIP/2.0 404 Not Found\r\n"));
    cr_expect(strstr(answer, "ms-diagnostics: 1003;"));
    free(answer);
}
