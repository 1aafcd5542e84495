#include "lyncsim/buf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

void ls_buf_init(struct ls_buf *buf, size_t cap_bytes)
{
    *buf = (struct ls_buf){.cap = cap_bytes};
}

void ls_buf_clear(struct ls_buf *buf)
{
    free(buf->at);
    ls_buf_init(buf, buf->cap);
}

void ls_buf_wipe(struct ls_buf *buf)
{
    if (buf->length > 0)
        explicit_bzero(buf->at, buf->length);
    ls_buf_clear(buf);
}

void ls_buf_reset(struct ls_buf *buf)
{
    buf->length = 0;
}

enum ls_err ls_buf_grow(struct ls_buf *buf, size_t count)
{
    size_t needed;

    if (__builtin_add_overflow(buf->length, count, &needed) ||
        needed == SIZE_MAX || (buf->cap && needed > buf->cap))
        return LS_ELIMIT;
    needed++;
    if (needed > buf->capacity) {
        size_t capacity = buf->capacity ? buf->capacity : 128;

        while (capacity < needed)
            capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
        buf->at = ls_realloc_array(buf->at, capacity, 1);
        buf->capacity = capacity;
    }
    return LS_OK;
}

/* 64 bits have no more digits, in either base. */
#define DIGITS_MAX 20

static enum ls_err add_number(struct ls_buf *buf, uint64_t number,
                              unsigned base, unsigned width, const char *digits)
{
    char text[DIGITS_MAX];
    size_t at = sizeof text;

    assert(width <= sizeof text);
    do {
        text[--at] = digits[number % base];
        number /= base;
    } while (number > 0);
    while (sizeof text - at < width)
        text[--at] = digits[0];
    return ls_buf_add(buf, ls_str_from_bytes(text + at, sizeof text - at));
}

enum ls_err ls_buf_add_decimal(struct ls_buf *buf, uint64_t number)
{
    return add_number(buf, number, 10, 1, LS_HEX_UPPER);
}

enum ls_err ls_buf_add_hex(struct ls_buf *buf, uint64_t number, unsigned width,
                           const char *digits)
{
    return add_number(buf, number, 16, width, digits);
}

enum ls_err ls_buf_printf(struct ls_buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    enum ls_err err = ls_buf_vprintf(buf, format, args);
    va_end(args);
    return err;
}

enum ls_err ls_buf_vprintf(struct ls_buf *buf, const char *format, va_list args)
{
    size_t room;
    va_list again;

    /* The first text of many a buffer is its only one, and is to be written
     * once. What a cap forbids is found below. */
    if (buf->at == NULL && ls_buf_reserve(buf, 0) != LS_OK)
        return LS_ELIMIT;
    room = buf->capacity - buf->length;

    va_copy(again, args);
    int length = vsnprintf(buf->at + buf->length, room, format, args);
    assert(length >= 0);
    enum ls_err err = ls_buf_reserve(buf, (size_t)length);
    /* It fits at the first try more often than not. */
    if (err == LS_OK && (size_t)length >= room)
        vsnprintf(buf->at + buf->length, (size_t)length + 1, format, again);
    if (err == LS_OK)
        buf->length += (size_t)length;
    else if (room > 0)
        buf->at[buf->length] = '\0';
    va_end(again);
    return err;
}

/* How many bytes at the front may appear as they are: a whole character that
 * is neither unsafe nor special here. */
static size_t plain_length(struct ls_str bytes)
{
    size_t length = ls_str_utf8_length(bytes);

    if (bytes.at[0] == '"' || bytes.at[0] == '\\' ||
        ls_str_is_unsafe(ls_str_first(bytes, length)))
        return 0;
    return length;
}

/* The same for a run of ASCII, which nearly everything is. */
static size_t plain_run(struct ls_str bytes)
{
    size_t count = 0;

    while (count < bytes.length && bytes.at[count] >= 0x20 &&
           bytes.at[count] < 0x7F && bytes.at[count] != '"' &&
           bytes.at[count] != '\\')
        count++;
    return count;
}

enum ls_err ls_buf_add_escaped(struct ls_buf *buf, struct ls_str bytes)
{
    size_t length_before = buf->length;

    while (bytes.length) {
        size_t run = plain_run(bytes);
        size_t plain = run ? run : plain_length(bytes);
        size_t taken = plain ? plain : ls_str_utf8_length(bytes);
        enum ls_err err = LS_OK;

        /* A whole character is escaped, so that what is left is UTF-8. */
        taken = taken ? taken : 1;
        if (plain)
            err = ls_buf_add(buf, ls_str_first(bytes, plain));
        for (size_t i = 0; !plain && i < taken && !err; i++)
            err = ls_buf_printf(buf, "\\x%02X", (unsigned char)bytes.at[i]);
        if (err) {
            buf->length = length_before;
            return err;
        }
        bytes = ls_str_skip(bytes, taken);
    }
    return LS_OK;
}

enum ls_err ls_buf_add_sentence(struct ls_buf *buf, struct ls_str sentence)
{
    enum ls_err err = LS_OK;

    while (sentence.length && !err) {
        size_t length = ls_str_utf8_length(sentence);
        struct ls_str character = ls_str_first(sentence, length ? length : 1);

        if (character.at[0] == '"' || character.at[0] == '\\')
            err = ls_buf_add(buf, character);
        else
            err = ls_buf_add_escaped(buf, character);
        sentence = ls_str_skip(sentence, character.length);
    }
    return err;
}

void ls_buf_consume(struct ls_buf *buf, size_t count)
{
    assert(count <= buf->length);
    if (count == 0)
        return;
    memmove(buf->at, buf->at + count, buf->length - count);
    buf->length -= count;
}

char *ls_buf_take(struct ls_buf *buf)
{
    char *text = buf->at ? buf->at : ls_alloc(1);

    text[buf->length] = '\0';
    ls_buf_init(buf, buf->cap);
    return text;
}
