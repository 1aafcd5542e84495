#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_forward.h"

#include "support/sip_talk.h"

static struct sip_message *message_of(const char *text)
{
    struct sip_message *message;
    const char *reason;
    int status;

    cr_assert_eq(
        sip_message_parse(ls_str_from(text), &message, &status, &reason), LS_OK,
        "%s", text);
    return message;
}

#define PARTIES                                                                \
    "f: \"A\" <sip:a@c>;tag=1\r\nTo: <sip:b@c>\r\ni: x\r\nCSeq: 7 INFO\r\n"

Test(sip_forward, changes_what_a_proxy_changes_and_nothing_else)
{
    struct sip_talk talk;
    struct ls_buf out = {0};
    struct sip_message *message =
        message_of("INFO sip:b@c SIP/2.0\r\nv: SIP/2.0/TLS h;branch=z9hG4bK1, "
                   "SIP/2.0/TLS inner\r\nMax-Forwards: 1\r\n"
                   "Route: <sip:" TALK_FQDN ";lr>, <sip:next;lr>\r\n" PARTIES
                   "x-UNKNOWN: a\r\n  b\r\nl: 2\r\n\r\nhi");

    sip_talk_init(&talk, LYNC_2010);
    struct sip_request request = {talk.front_end, &talk.server, message, 0,
                                  NULL};
    cr_expect(sip_forward_may_hop(message));
    sip_forward_request(&out, &request, ls_str_from("sip:there"), "z9hG4bKx");

    char *text = ls_buf_take(&out);
    cr_expect_str_eq(
        text,
        "INFO sip:there SIP/2.0\r\n"
        "Via: SIP/2.0/TLS fe.contoso.com:5061;branch=z9hG4bKx;branched=FALSE"
        "\r\n"
        "Via: SIP/2.0/TLS h;branch=z9hG4bK1;received=192.0.2.7;"
        "ms-received-port=49732;ms-received-cid=2500, SIP/2.0/TLS inner\r\n"
        "Max-Forwards: 0\r\n"
        "Route: <sip:next;lr>\r\n"
        "f: \"A\" <sip:a@c>;tag=1\r\nTo: <sip:b@c>\r\ni: x\r\n"
        "CSeq: 7 INFO\r\n"
        "x-UNKNOWN: a b\r\n"
        "Content-Length: 2\r\n\r\nhi");
    free(text);
    sip_message_free(message);
    sip_talk_clear(&talk);
}

Test(sip_forward, takes_off_the_route_that_led_here)
{
    static const struct {
        const char *route;
        const char *left; /* of it */
    } rows[] = {
        {"<sip:fe.contoso.com:5061;lr>", ""},
        {"<sip:FE.contoso.com;lr>;ms-rrsig=1", ""},
        {"<sip:192.0.2.10:5061;transport=tls;lr>", ""},
        {"<sip:192.0.2.10;lr>, <sip:next;lr>", "Route: <sip:next;lr>\r\n"},
        {"<sip:192.0.2.10:5060;lr>", "Route: <sip:192.0.2.10:5060;lr>\r\n"},
        {"<sip:192.0.2.1;lr>", "Route: <sip:192.0.2.1;lr>\r\n"},
        {"<sip:next;lr>, <sip:fe.contoso.com;lr>",
         "Route: <sip:next;lr>\r\nRoute: <sip:fe.contoso.com;lr>\r\n"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = ls_strf("INFO sip:b@c SIP/2.0\r\nv: SIP/2.0/TLS h\r\n"
                             "Route: %s\r\n" PARTIES "\r\n",
                             rows[i].route);
        char *wanted = ls_strf("Max-Forwards: 69\r\n%sf: ", rows[i].left);
        struct sip_message *message = message_of(text);
        struct ls_buf out = {0};
        struct sip_talk talk;

        sip_talk_init(&talk, LYNC_2010);
        talk.server.local = "192.0.2.10:5061";
        struct sip_request request = {talk.front_end, &talk.server, message,
                                      talk.now_ms, NULL};
        sip_forward_request(&out, &request, ls_str_from("sip:there"),
                            "z9hG4bKx");
        ls_buf_add_byte(&out, '\0');
        cr_expect(strstr(out.at, wanted), "%s: %s", rows[i].route, out.at);
        ls_buf_clear(&out);
        free(text);
        free(wanted);
        sip_message_free(message);
        sip_talk_clear(&talk);
    }
}

Test(sip_forward, does_not_hop_without_end)
{
    static const struct {
        const char *header;
        bool may_hop;
    } rows[] = {
        {"", true},
        {"Max-Forwards: 70\r\n", true},
        {"Max-Forwards: 1\r\n", true},
        {"Max-Forwards: 0\r\n", false},
        {"Max-Forwards: 000\r\n", false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = ls_strf("INFO sip:b@c SIP/2.0\r\nv: SIP/2.0/TLS h\r\n"
                             "%s" PARTIES "\r\n",
                             rows[i].header);
        struct sip_message *message = message_of(text);

        cr_expect_eq(sip_forward_may_hop(message), rows[i].may_hop, "%s",
                     rows[i].header);
        sip_message_free(message);
        free(text);
    }
}

Test(sip_forward, takes_its_own_via_off_a_response)
{
    static const struct {
        const char *vias;
        const char *left;
    } rows[] = {
        {"Via: SIP/2.0/TLS us\r\nv: SIP/2.0/TLS a\r\n", "v: SIP/2.0/TLS a\r\n"},
        {"Via: SIP/2.0/TLS us, SIP/2.0/TLS a,SIP/2.0/TLS b\r\n",
         "Via: SIP/2.0/TLS a,SIP/2.0/TLS b\r\n"},
        {"Via: SIP/2.0/TLS us\r\n", ""},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = ls_strf("SIP/2.0 299 Odd but fine\r\n%s" PARTIES
                             "Content-Length: 2\r\n\r\nhi",
                             rows[i].vias);
        char *wanted = ls_strf("SIP/2.0 299 Odd but fine\r\n%s" PARTIES
                               "Content-Length: 2\r\n\r\nhi",
                               rows[i].left);
        struct sip_message *message = message_of(text);
        struct ls_buf out = {0};

        sip_forward_response(&out, message);
        char *forwarded = ls_buf_take(&out);
        cr_expect_str_eq(forwarded, wanted);
        sip_message_free(message);
        free(forwarded);
        free(wanted);
        free(text);
    }
}

Test(sip_forward, makes_branches_as_the_product_does)
{
    struct sip_talk talk;
    struct ls_buf out = {0};

    sip_talk_init(&talk, LYNC_2010);
    sip_forward_add_branch(&out, talk.front_end);
    cr_expect_eq(out.length, strlen("z9hG4bKEB97EFF1.6C3FC27AAF2E1C33"));
    cr_expect_eq(strncmp(out.at, "z9hG4bK", 7), 0);
    cr_expect_eq(out.at[15], '.');
    ls_buf_clear(&out);
    sip_talk_clear(&talk);
}
