/*
 * A growing byte buffer with a ceiling. Everything whose size a stranger
 * chooses goes through one, so that memory is bounded by the cap.
 */
#ifndef LYNCSIM_BUF_H
#define LYNCSIM_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

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
/* Forget the content and keep the memory. */
void ls_buf_reset(struct ls_buf *buf);

/* All of these append the whole or nothing; LS_ELIMIT when the cap would be
 * passed. A buffer without a cap never fails, so its result may be ignored. */
enum ls_err ls_buf_add(struct ls_buf *buf, struct ls_str bytes);
enum ls_err ls_buf_add_text(struct ls_buf *buf, const char *text);
enum ls_err ls_buf_add_byte(struct ls_buf *buf, char byte);
enum ls_err ls_buf_printf(struct ls_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
enum ls_err ls_buf_vprintf(struct ls_buf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
/* Append with control bytes, quotes, backslashes and what is not UTF-8 as
 * \xNN: what a peer chose can neither forge a line nor move a cursor. */
enum ls_err ls_buf_add_escaped(struct ls_buf *buf, struct ls_str bytes);

/* Drop count bytes from the front. */
void ls_buf_consume(struct ls_buf *buf, size_t count);

/* The content; valid until the next call on buf. */
struct ls_str ls_buf_str(const struct ls_buf *buf);
/* The content as a NUL-terminated text, owned by the caller; buf is empty
 * afterwards. */
char *ls_buf_take(struct ls_buf *buf);

#endif
