#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/fqdn.h"

static struct ls_str str(const char *text)
{
    return ls_str_from(text);
}

struct pair_row {
    const char *a;
    const char *b;
    bool expected;
};

static void expect_pairs(bool (*relate)(struct ls_str a, struct ls_str b),
                         const struct pair_row *rows, size_t count,
                         bool is_symmetric)
{
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(relate(str(rows[i].a), str(rows[i].b)), rows[i].expected,
                     "%s and %s", rows[i].a, rows[i].b);
        if (is_symmetric)
            cr_expect_eq(relate(str(rows[i].b), str(rows[i].a)),
                         rows[i].expected, "%s and %s", rows[i].b, rows[i].a);
    }
}

Test(fqdn, comes_apart_at_its_dots)
{
    static const struct {
        const char *name;
        const char *host;
        const char *parent;
        size_t labels;
    } rows[] = {
        {"mail.a.com", "mail", "a.com", 3},
        {"com", "com", "", 1},
        {"", "", "", 0},
        {"a.", "a", "", 2},
        {".a", "", "a", 2},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_str name = str(rows[i].name);

        cr_expect(ls_str_equal_text(fqdn_host(name), rows[i].host));
        cr_expect(ls_str_equal_text(fqdn_parent(name), rows[i].parent));
        cr_expect_eq(fqdn_label_count(name), rows[i].labels, "%s",
                     rows[i].name);
    }
    cr_expect(ls_str_equal_text(fqdn_without_dot(str("a.com.")), "a.com"));
    cr_expect(ls_str_equal_text(fqdn_without_dot(str(".")), "."));
}

Test(fqdn, may_be_an_address)
{
    cr_expect(fqdn_is_address(str("192.168.0.240")));
    cr_expect(fqdn_is_address(str("fe80::1")));
    cr_expect_not(fqdn_is_address(str("192.168.0.240.example.com")));
    cr_expect_not(fqdn_is_address(str("mail")));
    cr_expect_not(fqdn_is_address(str("")));
}

#define TEN "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN

Test(fqdn, is_a_servers_where_one_can_be_called_so)
{
    static const struct {
        const char *name;
        bool is_so;
    } rows[] = {
        {"mail.contoso.com", true},
        {"mail.contoso.com.", true},
        {"MAIL_1", true},
        {"mail.b\xc3\xbc"
         "cher.example",
         true},
        {"10.contoso.com", true},
        {SIXTY "123.contoso.com", true},
        {SIXTY "1234.contoso.com", false},
        {SIXTY "." SIXTY "." SIXTY "." SIXTY "." SIXTY, false},
        {"", false},
        {".", false},
        {"mail..contoso.com", false},
        {".contoso.com", false},
        {"mail contoso.com", false},
        {"mail\t.contoso.com", false},
        {"*.contoso.com", false},
        {"m*l.contoso.com", false},
        {"192.168.0.1", false},
        {"192.168.0.1.", false},
        {"2001:db8::1", false},
        {"\xff.contoso.com", false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_eq(fqdn_is_server(str(rows[i].name)), rows[i].is_so, "\"%s\"",
                     rows[i].name);
    cr_expect_not(fqdn_is_server(ls_str_from_bytes("a\0b", 3)));
}

Test(fqdn, is_registrable_where_somebody_can_own_it)
{
    static const struct {
        const char *name;
        bool expected;
    } rows[] = {
        {"contoso.com", true},   {"com", false},         {"co.uk", false},
        {"contoso.co.uk", true}, {"com.au", false},      {"contoso.de", true},
        {"contoso.local", true}, {"192.168.0.1", false}, {"", false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_eq(fqdn_is_registrable(str(rows[i].name)), rows[i].expected,
                     "%s", rows[i].name);
}

Test(fqdn, wildcard_covers_one_label)
{
    static const struct pair_row rows[] = {
        {"*.contoso.com", "owa.contoso.com", true},
        {"*.CONTOSO.com", "owa.contoso.com", true},
        {"*.contoso.com", "a.b.contoso.com", false},
        {"*.contoso.com", "contoso.com", false},
        {"*.contoso.com", ".contoso.com", false},
        {"*.com", "contoso.com", false},
        {"*.co.uk", "contoso.co.uk", false},
        {"o*.contoso.com", "owa.contoso.com", false},
        {"owa.*.com", "owa.contoso.com", false},
        {"owa.contoso.com", "owa.contoso.com", false},
        {"*", "owa", false},
    };

    expect_pairs(fqdn_wildcard_covers, rows, LS_COUNT(rows), false);
}

Test(fqdn, has_another_suffix_of_the_same_owner)
{
    static const struct pair_row rows[] = {
        {"mail.contoso.com", "mail.contoso.local", true},
        {"mail.contoso.com", "mail.corp.contoso.com", true},
        {"mail.contoso.com", "mail.ad.contoso.local", true},
        {"mail.contoso.co.uk", "mail.contoso.internal", true},
        {"mail.a.com", "mail.b.com", false},
        {"mail.contoso.com", "mail.contoso.net", false},
        {"mail.contoso.local", "mail.fabrikam.local", false},
        {"mail.contoso.com", "mail.fabrikam.local", false},
        {"mail.co.uk", "mail.contoso.co.uk", false},
        {"mail.com", "mail.contoso.com", false},
        {"mail.contoso.com", "owa.contoso.local", false},
        {"mail.contoso.com", "mail.contoso.com", false},
        {"mail", "mail.contoso.com", false},
        {".contoso.com", ".contoso.local", false},
    };

    expect_pairs(fqdn_is_other_suffix, rows, LS_COUNT(rows), true);
}

/* A certificate of 100 kB, as TLS lets through, has room for such a name. */
Test(fqdn, has_an_owner_however_many_labels_there_are, .timeout = 20)
{
    struct ls_buf name = {0};

    ls_buf_add_text(&name, "mail.");
    for (int i = 0; i < 200000; i++)
        ls_buf_add_text(&name, "a.");
    ls_buf_add_text(&name, "contoso.com");

    cr_expect(
        fqdn_is_other_suffix(ls_buf_str(&name), str("mail.contoso.local")));
    cr_expect_not(
        fqdn_is_other_suffix(ls_buf_str(&name), str("mail.fabrikam.local")));
    ls_buf_clear(&name);
}

Test(fqdn, typo_is_one_slip_in_a_long_label)
{
    static const struct pair_row rows[] = {
        {"mail.contoso.com", "mail.contso.com", true},
        {"mail.contoso.com", "mail.contosso.com", true},
        {"mail.contoso.com", "mail.contsoo.com", true},
        {"mail.contoso.com", "mail.kontoso.com", true},
        {"lyncpool.a.com", "lynkpool.a.com", true},
        {"mail.a.com", "mail.b.com", false},
        {"mail.a.com", "main.a.com", false},
        {"cas1.contoso.com", "cas2.contoso.com", false},
        {"mailbox1.contoso.com", "mailbox2.contoso.com", false},
        {"mailbox1.contoso.com", "mailbox.contoso.com", false},
        {"mail.contoso.com", "mail.cotnsso.com", false},
        {"mailbox.contoso.com", "mailbot.contosi.com", false},
        {"mail.contoso.com", "mail.contoso.con", false},
        {"mail.contoso.com", "mail.contoso.com", false},
        {"mail.contoso.com", "mail.lab.contoso.com", false},
        {"mail.fabrikam.com", "mail.contoso.com", false},
        {"192.168.100.1", "192.168.101.1", false},
    };

    expect_pairs(fqdn_is_typo, rows, LS_COUNT(rows), true);
}

Test(fqdn, has_one_ascii_form)
{
    static const struct {
        const char *name;
        const char *ascii;
    } rows[] = {
        {"mail.b\xc3\xbc"
         "cher.example",
         "mail.xn--bcher-kva.example"},
        {"mail.xn--bcher-kva.example", "mail.xn--bcher-kva.example"},
        {"MAIL.contoso.com", "mail.contoso.com"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *ascii = fqdn_to_ascii(str(rows[i].name));

        cr_assert_not_null(ascii, "%s", rows[i].name);
        cr_expect_str_eq(ascii, rows[i].ascii);
        free(ascii);
    }
    cr_expect_null(fqdn_to_ascii(str("\xff.example")));
    cr_expect_null(fqdn_to_ascii(ls_str_from_bytes("a\0b", 3)));
    cr_expect(fqdn_is_international(str("mail.XN--bcher-kva.example")));
    cr_expect_not(fqdn_is_international(str("mailxn--.example")));
}
