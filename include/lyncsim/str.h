/*
 * A view of bytes: where they start and how many there are. It never owns
 * what it shows, may hold NUL bytes, and need not end with one.
 */
#ifndef LYNCSIM_STR_H
#define LYNCSIM_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

/* What follows is called for every few bytes of every message, and is small:
 * it stands here so that it becomes part of its callers. */

/* A view of a C string; NULL gives the empty view. */
static inline struct ls_str ls_str_from(const char *text)
{
    return text ? (struct ls_str){text, strlen(text)} : (struct ls_str){"", 0};
}

static inline struct ls_str ls_str_from_bytes(const void *at, size_t length)
{
    return length ? (struct ls_str){(const char *)at, length}
                  : (struct ls_str){"", 0};
}

static inline bool ls_str_is_empty(struct ls_str str)
{
    return str.length == 0;
}

/* The view without its first count bytes, or its first count bytes only. */
static inline struct ls_str ls_str_skip(struct ls_str str, size_t count)
{
    return count < str.length
               ? (struct ls_str){str.at + count, str.length - count}
               : (struct ls_str){"", 0};
}

static inline struct ls_str ls_str_first(struct ls_str str, size_t count)
{
    return (struct ls_str){str.at, count < str.length ? count : str.length};
}

static inline bool ls_str_equal(struct ls_str a, struct ls_str b)
{
    return a.length == b.length &&
           (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

static inline bool ls_str_equal_text(struct ls_str a, const char *text)
{
    return ls_str_equal(a, ls_str_from(text));
}

static inline bool ls_str_starts_with(struct ls_str str, const char *prefix)
{
    size_t length = strlen(prefix);

    /* Of a known length, so that a literal is compared without a call. */
    return str.length >= length &&
           (length == 0 || memcmp(str.at, prefix, length) == 0);
}

/* Index of the first such byte, or str.length if there is none. */
static inline size_t ls_str_find(struct ls_str str, char byte)
{
    const char *found =
        str.length ? (const char *)memchr(str.at, byte, str.length) : NULL;

    return found ? (size_t)(found - str.at) : str.length;
}

/* Take what stands before the next separator off the front of *rest, and the
 * separator with it. False when nothing is left. */
static inline bool ls_str_cut(struct ls_str *rest, char separator,
                              struct ls_str *piece)
{
    if (rest->length == 0)
        return false;
    *piece = ls_str_first(*rest, ls_str_find(*rest, separator));
    *rest = ls_str_skip(*rest, piece->length + 1);
    return true;
}

static inline bool ls_str_is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Without blanks, tabs, CR and LF at both ends. */
static inline struct ls_str ls_str_trim(struct ls_str str)
{
    while (str.length && ls_str_is_blank(str.at[0]))
        str = ls_str_skip(str, 1);
    while (str.length && ls_str_is_blank(str.at[str.length - 1]))
        str.length--;
    return str;
}

/* A-Z as a-z; the locale must not decide whether two host names are the same.
 */
static inline char ls_byte_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* For two of one length that are not spelled alike. */
bool ls_str_equal_folded(struct ls_str a, struct ls_str b);

/* Equal, with A-Z and a-z alike; other bytes compare exactly. */
static inline bool ls_str_equal_nocase(struct ls_str a, struct ls_str b)
{
    return a.length == b.length &&
           (ls_str_equal(a, b) || ls_str_equal_folded(a, b));
}

bool ls_str_ends_with(struct ls_str str, const char *suffix);
/* Copy the bytes, A-Z as a-z; to has room for as many, and may be where they
 * are. */
void ls_str_copy_lower(char *to, struct ls_str from);

/* 0 to 15 for 0-9, a-f and A-F; -1 for every other byte. */
int ls_str_hex_digit(char byte);

/* A decimal number of digits only; false on anything else or overflow. */
bool ls_str_to_u64(struct ls_str str, uint64_t *number);

/* A number that differs for different bytes, save by rare chance or intent. */
uint64_t ls_str_digest(struct ls_str str);

/* How many bytes the UTF-8 character at the front takes; 0 when there is none
 * (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF). */
size_t ls_str_utf8_length(struct ls_str str);
/* Whether a character, one that ls_str_utf8_length() found, must not stand in a
 * line or reach a screen as it is: a control character (C0, DEL, C1), a line
 * or paragraph separator, a mark that turns the direction of writing, a byte
 * order mark, or one that is none (U+FFFE, U+FFFF). */
bool ls_str_is_unsafe(struct ls_str character);
/* How many characters they are; a byte that is not UTF-8 counts as one. */
size_t ls_str_utf8_count(struct ls_str str);
/* True when the bytes are valid UTF-8. */
bool ls_str_is_utf8(struct ls_str str);

#endif
