#include <signal.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

Test(buf, is_empty_when_zeroed)
{
    struct ls_buf buf = {0};

    cr_expect(ls_str_is_empty(ls_buf_str(&buf)));
    ls_buf_consume(&buf, 0);
    ls_buf_clear(&buf);
}

Test(buf, keeps_what_is_added_in_order)
{
    struct ls_buf buf = {0};

    ls_buf_add_text(&buf, "SIP");
    ls_buf_add_byte(&buf, '/');
    ls_buf_printf(&buf, "%u.%u", 2u, 0u);
    ls_buf_add(&buf, ls_str_from_bytes("\0x", 2));

    cr_expect(
        ls_str_equal(ls_buf_str(&buf), ls_str_from_bytes("SIP/2.0\0x", 9)));
    ls_buf_clear(&buf);
}

Test(buf, grows_byte_by_byte_as_it_does_in_one)
{
    struct ls_buf buf = {0};

    for (unsigned i = 0; i < 5000; i++)
        ls_buf_add_byte(&buf, (char)('a' + i % 26));

    cr_assert_eq(buf.length, 5000u);
    for (unsigned i = 0; i < 5000; i++)
        cr_assert_eq(buf.at[i], (char)('a' + i % 26));
    ls_buf_clear(&buf);
}

Test(buf, adds_the_whole_or_nothing_at_its_cap)
{
    struct ls_buf buf;

    ls_buf_init(&buf, 4);
    cr_expect_eq(ls_buf_add_text(&buf, "abc"), LS_OK);
    cr_expect_eq(ls_buf_add_text(&buf, "de"), LS_ELIMIT);
    cr_expect_eq(ls_buf_printf(&buf, "%d", 42), LS_ELIMIT);
    cr_expect_eq(ls_buf_add_escaped(&buf, ls_str_from("\n")), LS_ELIMIT);
    cr_expect_eq(ls_buf_add_byte(&buf, 'd'), LS_OK);
    cr_expect_eq(ls_buf_add_byte(&buf, 'e'), LS_ELIMIT);

    cr_expect(ls_str_equal_text(ls_buf_str(&buf), "abcd"));
    ls_buf_clear(&buf);
    cr_expect_eq(buf.cap, 4u);
}

Test(buf, takes_an_escaped_text_whole_or_not_at_all)
{
    struct ls_buf buf;

    ls_buf_init(&buf, 6);
    ls_buf_add_byte(&buf, '<');
    cr_expect_eq(ls_buf_add_escaped(&buf, ls_str_from("ab\x01")), LS_ELIMIT);

    cr_expect(ls_str_equal_text(ls_buf_str(&buf), "<"));
    ls_buf_clear(&buf);
}

Test(buf, drops_from_its_front)
{
    struct ls_buf buf = {0};

    ls_buf_add_text(&buf, "first second");
    ls_buf_consume(&buf, 6);
    cr_expect(ls_str_equal_text(ls_buf_str(&buf), "second"));
    ls_buf_consume(&buf, 6);
    cr_expect(ls_str_is_empty(ls_buf_str(&buf)));
    ls_buf_clear(&buf);
}

Test(buf, refuses_to_drop_more_than_it_has, .signal = SIGABRT)
{
    struct ls_buf buf = {0};

    ls_buf_consume(&buf, 1);
}

Test(buf, hands_its_content_over)
{
    struct ls_buf buf = {0};

    ls_buf_add_text(&buf, "mine");
    char *text = ls_buf_take(&buf);
    char *empty = ls_buf_take(&buf);

    cr_expect_str_eq(text, "mine");
    cr_expect_str_eq(empty, "");
    cr_expect_eq(buf.length, 0u);
    free(text);
    free(empty);
}

Test(buf, escapes_what_could_forge_a_line_or_move_a_cursor)
{
    static const struct {
        const char *label;
        const char *bytes;
        const char *escaped;
    } rows[] = {
        {"plain", "mail.contoso.com", "mail.contoso.com"},
        {"UTF-8",
         "b\xC3\xBC"
         "cher.de",
         "b\xC3\xBC"
         "cher.de"},
        {"a line end", "a\r\nb", "a\\x0D\\x0Ab"},
        {"a quote", "a\"b", "a\\x22b"},
        {"a backslash", "a\\x41", "a\\x5Cx41"},
        {"an escape", "\x1B[2J", "\\x1B[2J"},
        {"delete", "\x7F", "\\x7F"},
        {"C1 next line", "a\xC2\x85z", "a\\xC2\\x85z"},
        {"a no-break space stays", "\xC2\xA0", "\xC2\xA0"},
        {"line separator", "\xE2\x80\xA8", "\\xE2\\x80\\xA8"},
        {"right to left",
         "\xE2\x80\xAE"
         "moc",
         "\\xE2\\x80\\xAEmoc"},
        {"Latin-1",
         "b\xFC"
         "cher",
         "b\\xFCcher"},
        {"cut UTF-8", "\xE2\x82", "\\xE2\\x82"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_buf buf = {0};

        ls_buf_add_escaped(&buf, ls_str_from(rows[i].bytes));
        cr_expect(ls_str_equal_text(ls_buf_str(&buf), rows[i].escaped), "%s",
                  rows[i].label);
        ls_buf_clear(&buf);
    }
}

Test(buf, escapes_a_nul)
{
    struct ls_buf buf = {0};

    ls_buf_add_escaped(&buf, ls_str_from_bytes("cas\0.evil", 9));
    cr_expect(ls_str_equal_text(ls_buf_str(&buf), "cas\\x00.evil"));
    ls_buf_clear(&buf);
}

Test(buf, writes_numbers)
{
    struct ls_buf buf = {0};

    ls_buf_add_decimal(&buf, 0);
    ls_buf_add_byte(&buf, ' ');
    ls_buf_add_decimal(&buf, UINT64_MAX);
    ls_buf_add_byte(&buf, ' ');
    ls_buf_add_hex(&buf, 0x3CA, 8, LS_HEX_LOWER);
    ls_buf_add_byte(&buf, ' ');
    ls_buf_add_hex(&buf, UINT64_MAX, 1, LS_HEX_UPPER);
    cr_expect(ls_str_equal_text(
        ls_buf_str(&buf), "0 18446744073709551615 000003ca FFFFFFFFFFFFFFFF"));
    ls_buf_clear(&buf);
}

Test(buf, reserves_no_more_than_the_cap)
{
    struct ls_buf buf;

    ls_buf_init(&buf, 8);
    cr_expect_eq(ls_buf_reserve(&buf, 8), LS_OK);
    cr_expect_eq(ls_buf_add_decimal(&buf, 123456789), LS_ELIMIT);
    cr_expect_eq(ls_buf_add_decimal(&buf, 12345678), LS_OK);
    cr_expect_eq(ls_buf_reserve(&buf, 1), LS_ELIMIT);
    cr_expect(ls_str_equal_text(ls_buf_str(&buf), "12345678"));
    ls_buf_clear(&buf);
}
