/*
 * A view of bytes: where they start and how many there are. It never owns
 * what it shows, may hold NUL bytes, and need not end with one.
 */
#ifndef LYNCSIM_STR_H
#define LYNCSIM_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ls_str {
    const char *at;
    size_t length;
};

/* A view of a string literal, usable in static tables. */
#define LS_STR(literal)                                                        \
    {                                                                          \
        (literal), sizeof(literal) - 1                                         \
    }

/* Arguments for a printf "%.*s". */
#define LS_STR_ARG(str) (int)(str).length, (str).at

/* A view of a C string; NULL gives the empty view. */
struct ls_str ls_str_from(const char *text);
struct ls_str ls_str_from_bytes(const void *at, size_t length);

bool ls_str_is_empty(struct ls_str str);
bool ls_str_equal(struct ls_str a, struct ls_str b);
/* The same, with A-Z and a-z alike; other bytes compare exactly. */
bool ls_str_equal_nocase(struct ls_str a, struct ls_str b);
bool ls_str_equal_text(struct ls_str a, const char *text);
bool ls_str_starts_with(struct ls_str str, const char *prefix);
bool ls_str_ends_with(struct ls_str str, const char *suffix);

/* Index of the first such byte, or str.length if there is none. */
size_t ls_str_find(struct ls_str str, char byte);

/* The view without its first count bytes, or its first count bytes only. */
struct ls_str ls_str_skip(struct ls_str str, size_t count);
struct ls_str ls_str_first(struct ls_str str, size_t count);
/* Without blanks, tabs, CR and LF at both ends. */
struct ls_str ls_str_trim(struct ls_str str);

/* Take what stands before the next separator off the front of *rest, and the
 * separator with it. False when nothing is left. */
bool ls_str_cut(struct ls_str *rest, char separator, struct ls_str *piece);

/* A decimal number of digits only; false on anything else or overflow. */
bool ls_str_to_u64(struct ls_str str, uint64_t *number);

/* How many bytes the UTF-8 character at the front takes; 0 when there is none
 * (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF). */
size_t ls_str_utf8_length(struct ls_str str);
/* How many characters they are; a byte that is not UTF-8 counts as one. */
size_t ls_str_utf8_count(struct ls_str str);
/* True when the bytes are valid UTF-8. */
bool ls_str_is_utf8(struct ls_str str);

#endif
