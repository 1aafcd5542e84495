#include <criterion/criterion.h>

#include "lyncsim/front_end.h"

Test(front_end, reads_every_refusal_that_makes_sense)
{
    static const struct {
        const char *text;
        struct refusal refusal;
    } rows[] = {
        {"handshake:alert", {REFUSE_HANDSHAKE, REFUSE_ALERT}},
        {"handshake:close", {REFUSE_HANDSHAKE, REFUSE_CLOSE}},
        {"handshake:reset", {REFUSE_HANDSHAKE, REFUSE_RESET}},
        {"after-handshake:close", {REFUSE_AFTER_HANDSHAKE, REFUSE_CLOSE}},
        {"after-handshake:reset", {REFUSE_AFTER_HANDSHAKE, REFUSE_RESET}},
        {"first-request:close", {REFUSE_FIRST_REQUEST, REFUSE_CLOSE}},
        {"first-request:reset", {REFUSE_FIRST_REQUEST, REFUSE_RESET}},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct refusal refusal;

        cr_assert(refusal_parse(ls_str_from(rows[i].text), &refusal), "%s",
                  rows[i].text);
        cr_expect_eq(refusal.at, rows[i].refusal.at, "%s", rows[i].text);
        cr_expect_eq(refusal.how, rows[i].refusal.how, "%s", rows[i].text);
        cr_expect(refusal_is_possible(refusal), "%s", rows[i].text);
    }
}

Test(front_end, refuses_what_is_no_refusal)
{
    static const char *const rows[] = {"",
                                       "handshake",
                                       "handshake:",
                                       "after-handshake:alert",
                                       ":close",
                                       "close",
                                       "later:close",
                                       "first-request:alert",
                                       ":",
                                       "handshake:close:reset",
                                       "Handshake:close"};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct refusal refusal;

        cr_expect_not(refusal_parse(ls_str_from(rows[i]), &refusal), "%s",
                      rows[i]);
    }
}

Test(front_end, names_its_products_and_what_their_server_header_says)
{
    cr_expect_str_eq(product_version_text(LYNC_2010), "lync-2010");
    cr_expect_str_eq(product_version_server(LYNC_2010), "RTC/4.0");
    cr_expect_str_eq(product_version_server(LYNC_2013), "RTC/5.0");
    cr_expect_str_eq(product_version_server(SFB_2015), "RTC/6.0");
    cr_expect_str_eq(product_version_text(SFB_2019), "sfb-2019");
}

Test(front_end, counts_connections_as_the_product_does)
{
    struct front_end_settings settings = {
        .fqdn = "fe.contoso.com",
        .refuse = {REFUSE_AFTER_HANDSHAKE, REFUSE_CLOSE}};
    struct front_end *front_end = front_end_new(&settings);

    cr_expect_eq(front_end_next_connection_id(front_end), 0x2500u);
    cr_expect_eq(front_end_next_connection_id(front_end), 0x2600u);
    front_end_free(front_end);
}
