/*
 * A growing byte buffer with a ceiling. Everything whose size a stranger
 * chooses goes through one, so that memory is bounded by the cap.
 */
#ifndef LYNCSIM_BUF_H
#define LYNCSIM_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "lyncsim/err.h"
#include "lyncsim/str.h"

/* Zero-initialised is valid: an empty buffer without a ceiling. */
struct ls_buf {
    char *at;
    size_t length;
    size_t capacity;
    size_t cap; /* 0: none */
};

void ls_buf_init(struct ls_buf *buf, size_t cap_bytes);
/* Free what it holds; it is empty and usable afterwards, with the same cap. */
void ls_buf_clear(struct ls_buf *buf);
/* The same, and nothing of it is left in freed memory. */
void ls_buf_wipe(struct ls_buf *buf);
/* Forget the content and keep the memory. */
void ls_buf_reset(struct ls_buf *buf);

/* Make room for count more bytes and a NUL behind them; LS_ELIMIT when the
 * cap would be passed. */
enum ls_err ls_buf_grow(struct ls_buf *buf, size_t count);
static inline enum ls_err ls_buf_reserve(struct ls_buf *buf, size_t count)
{
    if (buf->cap == 0 && count < buf->capacity - buf->length)
        return LS_OK;
    return ls_buf_grow(buf, count);
}

/* All of these append the whole or nothing; LS_ELIMIT when the cap would be
 * passed. A buffer without a cap never fails, so its result may be ignored.
 * The first three make most of what is written, and are part of their callers
 * for that. */
static inline enum ls_err ls_buf_add(struct ls_buf *buf, struct ls_str bytes)
{
    enum ls_err err = ls_buf_reserve(buf, bytes.length);

    if (err)
        return err;
    if (bytes.length)
        memcpy(buf->at + buf->length, bytes.at, bytes.length);
    buf->length += bytes.length;
    buf->at[buf->length] = '\0';
    return LS_OK;
}

static inline enum ls_err ls_buf_add_text(struct ls_buf *buf, const char *text)
{
    return ls_buf_add(buf, ls_str_from(text));
}

static inline enum ls_err ls_buf_add_byte(struct ls_buf *buf, char byte)
{
    return ls_buf_add(buf, (struct ls_str){&byte, 1});
}

/* A number in decimal; in hexadecimal of these digits, at least width. */
enum ls_err ls_buf_add_decimal(struct ls_buf *buf, uint64_t number);
#define LS_HEX_UPPER "0123456789ABCDEF"
#define LS_HEX_LOWER "0123456789abcdef"
enum ls_err ls_buf_add_hex(struct ls_buf *buf, uint64_t number, unsigned width,
                           const char *digits);
enum ls_err ls_buf_printf(struct ls_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
enum ls_err ls_buf_vprintf(struct ls_buf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
/* Append with control bytes, quotes, backslashes and what is not UTF-8 as
 * \xNN: what a peer chose can neither forge a line nor move a cursor. */
enum ls_err ls_buf_add_escaped(struct ls_buf *buf, struct ls_str bytes);
/* The same for a sentence that may quote what is foreign: quotes and
 * backslashes stand as they are. On an error its beginning may be there. */
enum ls_err ls_buf_add_sentence(struct ls_buf *buf, struct ls_str sentence);

/* Drop count bytes from the front. */
void ls_buf_consume(struct ls_buf *buf, size_t count);

/* The content; valid until the next call on buf. */
static inline struct ls_str ls_buf_str(const struct ls_buf *buf)
{
    return ls_str_from_bytes(buf->at, buf->length);
}

/* The content as a NUL-terminated text, owned by the caller; buf is empty
 * afterwards. */
char *ls_buf_take(struct ls_buf *buf);

#endif
