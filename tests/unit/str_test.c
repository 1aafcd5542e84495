#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/str.h"

Test(str, compares_lengths_before_bytes)
{
    cr_expect(ls_str_equal_text(ls_str_from("pool"), "pool"));
    cr_expect_not(ls_str_equal_text(ls_str_from("pool"), "pools"));
    cr_expect_not(ls_str_equal_text(ls_str_from_bytes("cas\0.evil", 9), "cas"));
    cr_expect(ls_str_equal((struct ls_str){0}, ls_str_from("")));
}

Test(str, compares_letters_of_both_cases_alike)
{
    cr_expect(ls_str_equal_nocase(ls_str_from("Y01.Contoso.COM"),
                                  ls_str_from("y01.contoso.com")));
}

Test(str, compares_nothing_else_alike)
{
    static const struct {
        const char *a, *b;
    } rows[] = {
        {"a", "b"},
        {"[", "{"},
        {"@", "`"},
        {"abc", "ab"},
        {"\xC3\x84", "\xC3\xA4"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_not(
            ls_str_equal_nocase(ls_str_from(rows[i].a), ls_str_from(rows[i].b)),
            "%s %s", rows[i].a, rows[i].b);
}

Test(str, knows_how_it_starts_and_ends)
{
    struct ls_str name = ls_str_from("cas01.contoso.com");

    cr_expect(ls_str_starts_with(name, "cas01."));
    cr_expect(ls_str_ends_with(name, ".com"));
    cr_expect(ls_str_starts_with(name, ""));
    cr_expect_not(ls_str_starts_with(name, "cas02"));
    cr_expect_not(ls_str_ends_with(name, ".net"));
    cr_expect_not(ls_str_ends_with(ls_str_from("com"), ".com"));
    cr_expect_not(ls_str_starts_with((struct ls_str){0}, "c"));
}

Test(str, finds_the_first_of_a_byte_or_the_end)
{
    cr_expect_eq(ls_str_find(ls_str_from("a.b.c"), '.'), 1u);
    cr_expect_eq(ls_str_find(ls_str_from("abc"), '.'), 3u);
    cr_expect_eq(ls_str_find((struct ls_str){0}, '.'), 0u);
}

Test(str, never_skips_past_its_end)
{
    struct ls_str text = ls_str_from("abc");

    cr_expect(ls_str_equal_text(ls_str_skip(text, 1), "bc"));
    cr_expect(ls_str_is_empty(ls_str_skip(text, 3)));
    cr_expect(ls_str_is_empty(ls_str_skip(text, 99)));
    cr_expect(ls_str_equal_text(ls_str_first(text, 99), "abc"));
}

Test(str, trims_blanks_of_every_kind)
{
    cr_expect(
        ls_str_equal_text(ls_str_trim(ls_str_from(" \t a b\r\n")), "a b"));
    cr_expect(ls_str_is_empty(ls_str_trim(ls_str_from(" \r\n\t"))));
    cr_expect(ls_str_is_empty(ls_str_trim((struct ls_str){0})));
}

Test(str, cuts_pieces_until_nothing_is_left)
{
    struct ls_str rest = ls_str_from("a,,b");
    struct ls_str piece;

    cr_expect(ls_str_cut(&rest, ',', &piece));
    cr_expect(ls_str_equal_text(piece, "a"));
    cr_expect(ls_str_cut(&rest, ',', &piece));
    cr_expect(ls_str_is_empty(piece));
    cr_expect(ls_str_cut(&rest, ',', &piece));
    cr_expect(ls_str_equal_text(piece, "b"));
    cr_expect_not(ls_str_cut(&rest, ',', &piece));
}

Test(str, reads_hexadecimal_digits_and_no_other_byte)
{
    static const char digits[] = "0123456789abcdefABCDEF";

    for (int byte = -128; byte < 128; byte++) {
        const char *at = byte ? strchr(digits, byte) : NULL;
        int value = at ? (int)(at - digits) : -1;

        cr_expect_eq(ls_str_hex_digit((char)byte),
                     value < 16 ? value : value - 6, "%d", byte);
    }
}

Test(str, reads_decimal_numbers)
{
    uint64_t number = 0;

    cr_expect(ls_str_to_u64(ls_str_from("0"), &number));
    cr_expect_eq(number, 0u);
    cr_expect(ls_str_to_u64(ls_str_from("18446744073709551615"), &number));
    cr_expect_eq(number, UINT64_MAX);
}

Test(str, refuses_what_is_no_decimal_number)
{
    static const char *const rows[] = {
        "",
        "-1",
        "+1",
        " 1",
        "1 ",
        "0x10",
        "1e3",
        "1.0",
        "18446744073709551616",
        "99999999999999999999999",
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        uint64_t number = 7;

        cr_expect_not(ls_str_to_u64(ls_str_from(rows[i]), &number), "%s",
                      rows[i]);
        cr_expect_eq(number, 7u, "%s", rows[i]);
    }
}

Test(str, takes_utf8_of_every_length)
{
    static const char *const rows[] = {
        "",
        "plain",
        "B\xC3\xBC-",
        "\xE2\x82\xAC",
        "\xED\x9F\xBF",
        "\xF0\x9F\x98\x80",
        "\xF4\x8F\xBF\xBF",
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect(ls_str_is_utf8(ls_str_from(rows[i])), "row %zu", i);
}

Test(str, refuses_what_is_not_utf8)
{
    static const struct {
        const char *label;
        const char *bytes;
    } rows[] = {
        {"Latin-1", "B\xFC"
                    "cher"},
        {"overlong, two bytes", "\xC0\xAF"},
        {"overlong, three bytes", "\xE0\x9F\xBF"},
        {"overlong, four bytes", "\xF0\x8F\xBF\xBF"},
        {"a surrogate", "\xED\xA0\x80"},
        {"above U+10FFFF", "\xF4\x90\x80\x80"},
        {"five bytes", "\xF8\x88\x80\x80\x80"},
        {"a continuation alone", "\x80"},
        {"cut after the first byte", "\xC3"},
        {"cut after the second byte", "\xE2\x82"},
        {"cut after the third byte", "\xF0\x9F\x98"},
        {"a letter inside", "\xE2\x82"
                            "A"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_not(ls_str_is_utf8(ls_str_from(rows[i].bytes)), "%s",
                      rows[i].label);
}

Test(str, tells_bytes_apart_by_their_digests)
{
    static const char bytes[] = "OPTIONS sip:a@b SIP/2.0";
    uint64_t digest = ls_str_digest(ls_str_from(bytes));
    char other[sizeof bytes];

    cr_expect_eq(ls_str_digest(ls_str_from(bytes)), digest);
    for (size_t i = 0; i < sizeof bytes - 1; i++) {
        cr_expect_neq(ls_str_digest(ls_str_from_bytes(bytes, i)), digest);
        memcpy(other, bytes, sizeof other);
        other[i] ^= 1;
        cr_expect_neq(ls_str_digest(ls_str_from(other)), digest, "%zu", i);
    }
    cr_expect_neq(ls_str_digest(ls_str_from_bytes("\0\0", 2)),
                  ls_str_digest(ls_str_from_bytes("\0", 1)));
}

Test(str, copies_letters_in_lower_case)
{
    char bytes[] = "A-Z[\xC3\x84]z";

    ls_str_copy_lower(bytes, ls_str_from(bytes));
    cr_expect_str_eq(bytes, "a-z[\xC3\x84]z");
}
