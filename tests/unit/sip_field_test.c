#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_field.h"

Test(sip_field, cuts_lists_at_commas_that_part)
{
    struct ls_str rest =
        ls_str_from("\"a, \\\"b\" <sip:c,d@e>;x=\"1,2\" , <sip:f@g> ,, h");
    static const char *const expected[] = {"\"a, \\\"b\" <sip:c,d@e>;x=\"1,2\"",
                                           "<sip:f@g>", "", "h"};
    struct ls_str element;

    for (size_t i = 0; i < LS_COUNT(expected); i++) {
        cr_assert(sip_field_cut(&rest, &element));
        cr_expect(ls_str_equal_text(element, expected[i]), "[%.*s]",
                  LS_STR_ARG(element));
    }
    cr_expect_not(sip_field_cut(&rest, &element));
}

Test(sip_field, parts_addresses)
{
    static const struct {
        const char *value, *display, *uri, *params;
    } rows[] = {
        {"sip:a@b", "", "sip:a@b", ""},
        {"sip:a@b;tag=1", "", "sip:a@b", ";tag=1"},
        {"<sip:a@b;lr>;tag=1", "", "sip:a@b;lr", ";tag=1"},
        {"A. Bell <sip:a@b>", "A. Bell", "sip:a@b", ""},
        {"\"x <y> \\\"z\"<sip:a@b>;e", "\"x <y> \\\"z\"", "sip:a@b", ";e"},
        {"<sip:a@b> ;tag=2", "", "sip:a@b", ";tag=2"},
        {"isbn:2983792873", "", "isbn:2983792873", ""},
        {"<sip:a@b?Route=c>", "", "sip:a@b?Route=c", ""},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct sip_address address;

        cr_expect(sip_field_address(ls_str_from(rows[i].value), &address), "%s",
                  rows[i].value);
        cr_expect(ls_str_equal_text(address.display, rows[i].display), "%s",
                  rows[i].value);
        cr_expect(ls_str_equal_text(address.uri, rows[i].uri), "%s",
                  rows[i].value);
        cr_expect(ls_str_equal_text(address.params, rows[i].params), "%s",
                  rows[i].value);
    }
}

Test(sip_field, refuses_what_is_no_address)
{
    static const char *const rows[] = {
        "",
        "<>",
        "alan@jasomi.com",
        "<sip:a@b",
        "< sip:a@b >",
        "<sip:a b@c>",
        "sip:a@b>",
        "\"Mr. J. User <sip:a@b>",
        "\"a\" b \"c\" <sip:a@b>",
        "Bell, Alexander <sip:a@b>",
        "sip:a@b?Route=%3Csip:c%3E",
        "<sip:a@b> tag=1",
        "<:a@b>",
        "<1sip:a@b>",
        "<sip:a\x7F@b>",
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct sip_address address;

        cr_expect_not(sip_field_address(ls_str_from(rows[i]), &address), "%s",
                      rows[i]);
    }
}

Test(sip_field, finds_parameters)
{
    struct ls_str params = ls_str_from(
        ";a;B = c ;instance=\"<urn:uuid:1;2>\";a=late;gruu=\"sip:x;y\"");
    struct ls_str value;

    cr_expect(sip_field_param(params, "a", &value));
    cr_expect(ls_str_is_empty(value));
    cr_expect(sip_field_param(params, "b", &value));
    cr_expect(ls_str_equal_text(value, "c"));
    cr_expect(sip_field_param(params, "instance", &value));
    cr_expect(ls_str_equal_text(value, "<urn:uuid:1;2>"));
    cr_expect_not(sip_field_param(params, "2>", &value));
    cr_expect_not(sip_field_param(params, "y\"", &value));
}

Test(sip_field, parts_sip_uris)
{
    struct sip_uri uri;

    cr_assert(sip_field_uri(
        ls_str_from("sip:a;b?c@[2001:db8::1]:5061;lr;x=y?Subject=z"), &uri));
    cr_expect(ls_str_equal_text(uri.user, "a;b?c"));
    cr_expect(ls_str_equal_text(uri.host, "[2001:db8::1]"));
    cr_expect(ls_str_equal_text(uri.port, "5061"));
    cr_expect(ls_str_equal_text(uri.params, ";lr;x=y"));
    cr_expect(ls_str_equal_text(uri.headers, "Subject=z"));
    cr_expect_not(sip_field_uri(ls_str_from("tel:+1"), &uri));
    cr_expect_not(sip_field_uri(ls_str_from("sip:"), &uri));
    cr_expect_not(sip_field_uri(ls_str_from("sip:a@"), &uri));
}

Test(sip_field, writes_one_address_of_record_for_all_spellings)
{
    static const struct {
        const char *uri, *aor;
    } rows[] = {
        {"sip:test@deitterick.com", "sip:test@deitterick.com"},
        {"SIP:Test@Deitterick.COM:5061;transport=tls",
         "sip:test@deitterick.com"},
        {"sips:test@deitterick.com", "sip:test@deitterick.com"},
        {"sip:%75se%72@example.com", "sip:user@example.com"},
        {"sip:a@b;opaque=user:epid:x;gruu", "sip:a@b"},
        {"sip:null-%00-null@b", "sip:null-%00-null@b"},
        {"sip:a%3ab@c", "sip:a%3ab@c"},
        {"sip:a%zz%4@c", "sip:a%zz%4@c"},
        {"sip:example.com", "sip:example.com"},
        {"tel:+1-201-555-0123", "tel:+1-201-555-0123"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_buf out = {0};

        sip_field_add_aor(&out, ls_str_from(rows[i].uri));
        char *aor = ls_buf_take(&out);
        cr_expect_str_eq(aor, rows[i].aor);
        free(aor);
    }
}

Test(sip_field, finds_tokens_in_lists)
{
    struct ls_str value = ls_str_from("gruu-10, Adhoclist ,x");

    cr_expect(sip_field_has_token(value, "adhoclist"));
    cr_expect_not(sip_field_has_token(value, "gruu"));
    cr_expect_not(sip_field_has_token((struct ls_str){0}, "x"));
}
