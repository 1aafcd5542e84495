#include "lyncsim/str.h"

#include <string.h>

bool ls_str_equal_folded(struct ls_str a, struct ls_str b)
{
    for (size_t i = 0; i < a.length; i++)
        if (ls_byte_lower(a.at[i]) != ls_byte_lower(b.at[i]))
            return false;
    return true;
}

bool ls_str_ends_with(struct ls_str str, const char *suffix)
{
    size_t length = strlen(suffix);

    return str.length >= length &&
           ls_str_equal_text(ls_str_skip(str, str.length - length), suffix);
}

void ls_str_copy_lower(char *to, struct ls_str from)
{
    for (size_t i = 0; i < from.length; i++)
        to[i] = ls_byte_lower(from.at[i]);
}

int ls_str_hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

bool ls_str_to_u64(struct ls_str str, uint64_t *number)
{
    uint64_t sum = 0;

    if (str.length == 0)
        return false;
    for (size_t i = 0; i < str.length; i++) {
        if (str.at[i] < '0' || str.at[i] > '9')
            return false;
        if (__builtin_mul_overflow(sum, 10u, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)(str.at[i] - '0'), &sum))
            return false;
    }
    *number = sum;
    return true;
}

/* FNV-1a by words: a byte at a time it would cost as much as all else that is
 * done for a message. */
uint64_t ls_str_digest(struct ls_str str)
{
    uint64_t sum = 0xCBF29CE484222325u ^ str.length;
    uint64_t word;

    for (; str.length >= sizeof word; str = ls_str_skip(str, sizeof word)) {
        memcpy(&word, str.at, sizeof word);
        sum = (sum ^ word) * 0x100000001B3u;
        sum ^= sum >> 32;
    }
    word = 0;
    if (str.length)
        memcpy(&word, str.at, str.length);
    sum = (sum ^ word) * 0x100000001B3u;
    return sum ^ sum >> 32;
}

/* RFC 3629 section 4: how long a sequence is by its first byte, and what its
 * second byte may be; all further bytes are 80..BF. */
static const struct {
    unsigned char first, last;
    unsigned char second_low, second_high;
    unsigned char length;
} utf8_rows[] = {
    {0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
};

size_t ls_str_utf8_length(struct ls_str str)
{
    const unsigned char *at = (const unsigned char *)str.at;

    for (size_t i = 0;
         str.length && i < sizeof(utf8_rows) / sizeof(utf8_rows[0]); i++) {
        if (at[0] < utf8_rows[i].first || at[0] > utf8_rows[i].last)
            continue;
        size_t length = utf8_rows[i].length;
        if (length > str.length)
            return 0;
        if (length > 1 && (at[1] < utf8_rows[i].second_low ||
                           at[1] > utf8_rows[i].second_high))
            return 0;
        for (size_t k = 2; k < length; k++)
            if (at[k] < 0x80 || at[k] > 0xBF)
                return 0;
        return length;
    }
    return 0;
}

bool ls_str_is_unsafe(struct ls_str character)
{
    static const char *const unsafe[] = {
        "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAB",
        "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6",
        "\xE2\x81\xA7", "\xE2\x81\xA8", "\xE2\x81\xA9", "\xE2\x80\x8E",
        "\xE2\x80\x8F", "\xD8\x9C",     "\xEF\xBB\xBF", "\xEF\xBF\xBE",
        "\xEF\xBF\xBF",
    };
    const unsigned char *at = (const unsigned char *)character.at;

    if (character.length == 1)
        return at[0] < 0x20 || at[0] == 0x7F;
    if (character.length == 2 && at[0] == 0xC2)
        return at[1] < 0xA0;
    for (size_t i = 0; i < sizeof unsafe / sizeof unsafe[0]; i++)
        if (ls_str_equal_text(character, unsafe[i]))
            return true;
    return false;
}

size_t ls_str_utf8_count(struct ls_str str)
{
    size_t count = 0;

    for (; str.length; count++) {
        size_t length = ls_str_utf8_length(str);

        str = ls_str_skip(str, length ? length : 1);
    }
    return count;
}

bool ls_str_is_utf8(struct ls_str str)
{
    while (str.length) {
        size_t length = ls_str_utf8_length(str);

        if (length == 0)
            return false;
        str = ls_str_skip(str, length);
    }
    return true;
}
