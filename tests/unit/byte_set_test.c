#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/byte_set.h"

Test(byte_set, has_what_was_put_in_and_nothing_else)
{
    static const struct byte_set set = {
        .low = BYTE_SET_OF('\0') | BYTE_SET_DIGITS | BYTE_SET_OF('?'),
        .high = BYTE_SET_LETTERS | BYTE_SET_OF('@') | BYTE_SET_OF('~'),
    };
    static const char members[] = "0123456789?ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz@~";

    for (int i = 0; i < 256; i++) {
        bool is_member = i < 0x80 && strchr(members, i) != NULL;

        cr_expect_eq(byte_set_has(&set, (char)i), is_member, "%02X", i);
    }
}

Test(byte_set, spans_up_to_the_first_stranger)
{
    static const struct byte_set set = {.low = BYTE_SET_FROM_TO(' ', '?')};

    cr_expect_eq(byte_set_span(&set, ls_str_from("12 34a5")), 5u);
    cr_expect_eq(byte_set_span(&set, ls_str_from("1234")), 4u);
    cr_expect_eq(byte_set_span(&set, ls_str_from("\xFF")), 0u);
    cr_expect_eq(byte_set_span(&set, (struct ls_str){0}), 0u);
}
