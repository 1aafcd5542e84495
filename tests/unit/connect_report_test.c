/* Is it told which addresses of a server were tried, and which one answered? */
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/connect_report.h"

static const struct connect_try tries[] = {
    {(char *)"[2001:db8::1]:5061", (char *)"connection refused"},
    {(char *)"192.0.2.7:5061", (char *)"network is unreachable"},
};

static void print(size_t try_count, const char *reached, bool as_json,
                  struct ls_buf *out)
{
    struct cas_result result = {
        .outcome = reached != NULL ? PEER_CONNECTED : PEER_UNREACHABLE,
        .alert = -1,
    };
    struct connect_report report = {
        .server = "lync.contoso.com:5061",
        .tries = tries,
        .try_count = try_count,
        .reached = reached,
        .result = &result,
    };
    struct story_style style = {0};

    if (as_json)
        connect_report_json(&report, out);
    else
        connect_report_text(&report, &style, out);
    ls_buf_add_byte(out, '\0');
}

Test(connect_report, tells_every_address_that_was_tried)
{
    static const struct {
        const char *label;
        size_t try_count;
        const char *reached;
        const char *has, *lacks;
    } rows[] = {
        {"the only one fails", 1, NULL, "unreachable", "tried"},
        {"all fail", 2, NULL,
         "   tried        [2001:db8::1]:5061: connection refused\n"
         "                192.0.2.7:5061: network is unreachable\n",
         "reached  "},
        {"the second answers", 1, "192.0.2.7:5061",
         "   tried        [2001:db8::1]:5061: connection refused\n"
         "   reached      192.0.2.7:5061\n",
         "unreachable"},
        {"the first answers", 0, "192.0.2.7:5061", "connected", "reached"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_buf out = {0};

        print(rows[i].try_count, rows[i].reached, false, &out);
        cr_expect_not_null(strstr(out.at, rows[i].has), "%s:\n%s",
                           rows[i].label, out.at);
        cr_expect_null(strstr(out.at, rows[i].lacks), "%s:\n%s", rows[i].label,
                       out.at);
        ls_buf_clear(&out);
    }
}

Test(connect_report, lists_them_in_json)
{
    struct ls_buf out = {0};

    print(1, "192.0.2.7:5061", true, &out);
    cr_expect_not_null(strstr(out.at, "\"address\":\"192.0.2.7:5061\""), "%s",
                       out.at);
    cr_expect_not_null(
        strstr(out.at, "\"unreached\":[{\"address\":\"[2001:db8::1]:5061\","
                       "\"why\":\"connection refused\"}]"),
        "%s", out.at);
    ls_buf_reset(&out);
    print(0, NULL, true, &out);
    cr_expect_not_null(strstr(out.at, "\"address\":null"), "%s", out.at);
    cr_expect_not_null(strstr(out.at, "\"unreached\":[]"), "%s", out.at);
    ls_buf_clear(&out);
}

Test(connect_report, tells_an_answer_that_is_no_sip)
{
    static const struct {
        const char *label;
        const char *detail;
        bool is_asked;
        const char *has;
    } rows[] = {
        {"an answer", NULL, true, "took the certificate and answered."},
        {"no SIP, from who asked", "no SIP", true,
         "took the certificate, and what it"},
        {"no SIP, from who did not", "no SIP", false,
         "What the server answered cannot be"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct cas_result result = {.outcome = PEER_CONNECTED,
                                    .alert = -1,
                                    .detail = (char *)rows[i].detail};
        struct certificate_facts own = {0};
        struct connect_report report = {.server = "lync.contoso.com:5061",
                                        .own = &own,
                                        .result = &result,
                                        .was_asked = rows[i].is_asked};
        struct story_style style = {0};
        struct ls_buf out = {0};

        connect_report_text(&report, &style, &out);
        ls_buf_add_byte(&out, '\0');
        cr_expect_not_null(strstr(out.at, rows[i].has), "%s:\n%s",
                           rows[i].label, out.at);
        ls_buf_clear(&out);
    }
}
