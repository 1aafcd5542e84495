#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/text_decoder.h"

#define FFFD "\xEF\xBF\xBD"
#define ROW(label, bytes, text)                                                \
    {                                                                          \
        label, LS_STR(bytes), LS_STR(text)                                     \
    }

static const struct {
    const char *label;
    struct ls_str bytes;
    struct ls_str text;
} rows[] = {
    ROW("nothing", "", ""),
    ROW("one byte", "a", "a"),
    ROW("ASCII", "abc", "abc"),
    ROW("UTF-8", "\xC3\xBC", "\xC3\xBC"),
    ROW("UTF-8 with mark", "\xEF\xBB\xBF<a>", "<a>"),
    ROW("mark alone", "\xEF\xBB\xBF", ""),
    ROW("half a mark", "\xEF\xBB", "\xEF\xBB"),
    ROW("Latin-1 passes", "\xFC\xFC", "\xFC\xFC"),
    ROW("little endian",
        "\xFF\xFE"
        "a\0\xFC\0\xAC\x20",
        "a\xC3\xBC\xE2\x82\xAC"),
    ROW("big endian", "\xFE\xFF\0a\0\xFC\x20\xAC", "a\xC3\xBC\xE2\x82\xAC"),
    ROW("little endian without mark", "a\0b\0", "ab"),
    ROW("big endian without mark", "\0a\0b", "ab"),
    ROW("surrogates", "\xFF\xFE\x3D\xD8\x00\xDE", "\xF0\x9F\x98\x80"),
    ROW("low alone", "\xFF\xFE\x00\xDE\x61\x00", FFFD "a"),
    ROW("high before a letter", "\xFF\xFE\x3D\xD8\x61\x00", FFFD "a"),
    ROW("high before a pair", "\xFF\xFE\x3D\xD8\x3D\xD8\x00\xDE",
        FFFD "\xF0\x9F\x98\x80"),
    ROW("high at the end", "\xFF\xFE\x3D\xD8", FFFD),
    ROW("odd byte at the end", "\xFF\xFE\x61\x00\x62", "a" FFFD),
    ROW("mark alone, UTF-16", "\xFF\xFE", ""),
    ROW("half a mark, UTF-16", "\xFF", "\xFF"),
};

static void expect_decoded(size_t row, size_t step)
{
    struct text_decoder decoder = {0};
    struct ls_buf out = {0};

    for (size_t i = 0; i < rows[row].bytes.length; i += step)
        cr_expect_eq(text_decoder_feed(
                         &decoder,
                         ls_str_first(ls_str_skip(rows[row].bytes, i), step),
                         &out),
                     LS_OK);
    cr_expect_eq(text_decoder_feed_eof(&decoder, &out), LS_OK);
    cr_expect(ls_str_equal(ls_buf_str(&out), rows[row].text), "%s by %zu: %s",
              rows[row].label, step, out.at ? out.at : "");
    ls_buf_clear(&out);
}

Test(text_decoder, reads_what_windows_writes)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++)
        expect_decoded(i, SIZE_MAX / 2);
}

Test(text_decoder, reads_the_same_a_byte_at_a_time)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++)
        expect_decoded(i, 1);
}

Test(text_decoder, stops_at_the_cap_of_the_buffer)
{
    static const struct ls_str utf16 = LS_STR("\xFF\xFE"
                                              "a\0b\0c\0");
    static const struct ls_str utf8 = LS_STR("abc");
    struct text_decoder decoder = {0};
    struct ls_buf out;
    ls_buf_init(&out, 2);

    cr_expect_eq(text_decoder_feed(&decoder, utf16, &out), LS_ELIMIT);
    ls_buf_reset(&out);
    decoder = (struct text_decoder){0};
    cr_expect_eq(text_decoder_feed(&decoder, utf8, &out), LS_ELIMIT);
    ls_buf_clear(&out);
}
