#include "lyncsim/text_decoder.h"

#include <string.h>

#define REPLACEMENT 0xFFFDu

static enum ls_err add_character(struct ls_buf *out, uint32_t code)
{
    char bytes[4];
    size_t count = 0;

    if (code < 0x80) {
        bytes[count++] = (char)code;
    } else if (code < 0x800) {
        bytes[count++] = (char)(0xC0 | (code >> 6));
        bytes[count++] = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        bytes[count++] = (char)(0xE0 | (code >> 12));
        bytes[count++] = (char)(0x80 | ((code >> 6) & 0x3F));
        bytes[count++] = (char)(0x80 | (code & 0x3F));
    } else {
        bytes[count++] = (char)(0xF0 | (code >> 18));
        bytes[count++] = (char)(0x80 | ((code >> 12) & 0x3F));
        bytes[count++] = (char)(0x80 | ((code >> 6) & 0x3F));
        bytes[count++] = (char)(0x80 | (code & 0x3F));
    }
    return ls_buf_add(out, ls_str_from_bytes(bytes, count));
}

/* The 16-bit unit at bytes, in the byte order of the text. */
static uint32_t unit_at(const struct text_decoder *decoder,
                        const unsigned char *bytes)
{
    if (decoder->encoding == TEXT_UTF16_LE)
        return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
    return (uint32_t)bytes[1] | (uint32_t)bytes[0] << 8;
}

static bool is_high(uint32_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(uint32_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

/* One byte of UTF-16. Held are at most a high surrogate and half a unit. */
static enum ls_err feed_utf16(struct text_decoder *decoder, unsigned char byte,
                              struct ls_buf *out)
{
    enum ls_err err = LS_OK;

    decoder->held[decoder->held_count++] = byte;
    if (decoder->held_count == 1 || decoder->held_count == 3)
        return LS_OK;
    uint32_t first = unit_at(decoder, decoder->held);
    if (decoder->held_count == 2) {
        if (is_high(first))
            return LS_OK;
        decoder->held_count = 0;
        return add_character(out, is_low(first) ? REPLACEMENT : first);
    }
    uint32_t second = unit_at(decoder, decoder->held + 2);
    decoder->held_count = 0;
    if (is_low(second))
        return add_character(out, 0x10000 + ((first - 0xD800) << 10) +
                                      (second - 0xDC00));
    err = add_character(out, REPLACEMENT);
    if (is_high(second)) {
        memmove(decoder->held, decoder->held + 2, 2);
        decoder->held_count = 2;
        return err;
    }
    return err ? err : add_character(out, second);
}

static const struct {
    unsigned char bytes[3];
    size_t count;
    enum text_encoding encoding;
} marks[] = {
    {{0xEF, 0xBB, 0xBF}, 3, TEXT_UTF8},
    {{0xFF, 0xFE}, 2, TEXT_UTF16_LE},
    {{0xFE, 0xFF}, 2, TEXT_UTF16_BE},
};

/* Decide by the first bytes, which are held; false while more are needed.
 * *length is what the byte order mark takes. */
static bool decide(struct text_decoder *decoder, bool is_eof, size_t *length)
{
    const unsigned char *held = decoder->held;
    size_t count = decoder->held_count;

    *length = 0;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t shared = count < marks[i].count ? count : marks[i].count;

        if (memcmp(held, marks[i].bytes, shared) != 0)
            continue;
        if (shared < marks[i].count && !is_eof)
            return false;
        if (shared < marks[i].count)
            continue;
        decoder->encoding = marks[i].encoding;
        *length = marks[i].count;
        return true;
    }
    if (count < 2 && !is_eof)
        return false;
    decoder->encoding = TEXT_UTF8;
    if (count >= 2 && held[0] && !held[1])
        decoder->encoding = TEXT_UTF16_LE;
    if (count >= 2 && !held[0] && held[1])
        decoder->encoding = TEXT_UTF16_BE;
    return true;
}

static enum ls_err feed_decided(struct text_decoder *decoder,
                                struct ls_str bytes, struct ls_buf *out)
{
    enum ls_err err = LS_OK;

    if (decoder->encoding == TEXT_UTF8)
        return ls_buf_add(out, bytes);
    for (size_t i = 0; i < bytes.length && !err; i++)
        err = feed_utf16(decoder, (unsigned char)bytes.at[i], out);
    return err;
}

/* Pass on what was held until the encoding was known. */
static enum ls_err release(struct text_decoder *decoder, size_t skip,
                           struct ls_buf *out)
{
    unsigned char held[sizeof decoder->held];
    size_t count = decoder->held_count;

    memcpy(held, decoder->held, sizeof held);
    decoder->held_count = 0;
    return feed_decided(decoder, ls_str_from_bytes(held + skip, count - skip),
                        out);
}

enum ls_err text_decoder_feed(struct text_decoder *decoder, struct ls_str bytes,
                              struct ls_buf *out)
{
    while (decoder->encoding == TEXT_UNDECIDED && bytes.length) {
        size_t length;

        decoder->held[decoder->held_count++] = (unsigned char)bytes.at[0];
        bytes = ls_str_skip(bytes, 1);
        if (!decide(decoder, false, &length))
            continue;
        enum ls_err err = release(decoder, length, out);
        if (err)
            return err;
    }
    return feed_decided(decoder, bytes, out);
}

enum ls_err text_decoder_feed_eof(struct text_decoder *decoder,
                                  struct ls_buf *out)
{
    size_t length;
    enum ls_err err = LS_OK;

    if (decoder->encoding == TEXT_UNDECIDED) {
        decide(decoder, true, &length);
        err = release(decoder, length, out);
    }
    if (!err && decoder->held_count)
        err = add_character(out, REPLACEMENT);
    decoder->held_count = 0;
    return err;
}
