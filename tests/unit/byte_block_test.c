#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/byte_block.h"

static inline byte_block find_x_or_foreign(byte_block block)
{
    return (block == 'x') | (block < ' ');
}

Test(byte_block, finds_a_byte_at_every_place_of_every_length)
{
    char text[50];

    for (size_t length = 0; length <= sizeof text; length++) {
        struct ls_str whole = ls_str_from_bytes(text, length);

        memset(text, 'a', sizeof text);
        cr_expect(byte_block_finds_none(find_x_or_foreign, whole), "%zu",
                  length);
        for (size_t i = 0; i < length; i++) {
            text[i] = i % 2 ? 'x' : '\xFF';
            cr_expect_not(byte_block_finds_none(find_x_or_foreign, whole),
                          "%zu of %zu", i, length);
            text[i] = 'a';
        }
    }
}

Test(byte_block, looks_at_nothing_behind_the_text)
{
    cr_expect(byte_block_finds_none(find_x_or_foreign,
                                    ls_str_from_bytes("aaaax", 4)));
    cr_expect(byte_block_finds_none(
        find_x_or_foreign, ls_str_from_bytes("aaaaaaaaaaaaaaaaaaaax", 20)));
}
