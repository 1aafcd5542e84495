/*
 * Which ASCII bytes belong together? A set of them as bits, to be asked for
 * every byte of every message.
 */
#ifndef LYNCSIM_BYTE_SET_H
#define LYNCSIM_BYTE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/str.h"

struct byte_set {
    union {
        struct {
            uint64_t low;  /* 0x00 to 0x3F */
            uint64_t high; /* 0x40 to 0x7F */
        };
        uint64_t words[4]; /* those beyond ASCII are empty */
    };
};

/* For static sets: the bits of one byte, and of all from one to another. */
#define BYTE_SET_OF(byte) (UINT64_C(1) << ((byte)&0x3F))
#define BYTE_SET_FROM_TO(first, last)                                          \
    ((BYTE_SET_OF(last) - BYTE_SET_OF(first)) | BYTE_SET_OF(last))
#define BYTE_SET_DIGITS BYTE_SET_FROM_TO('0', '9') /* low */
#define BYTE_SET_LETTERS                           /* high */                  \
    (BYTE_SET_FROM_TO('A', 'Z') | BYTE_SET_FROM_TO('a', 'z'))

static inline bool byte_set_has(const struct byte_set *set, char byte)
{
    unsigned char index = (unsigned char)byte;

    return set->words[index >> 6] >> (index & 0x3F) & 1;
}

/* How many bytes at the front are in the set. */
static inline size_t byte_set_span(const struct byte_set *set,
                                   struct ls_str text)
{
    size_t length = 0;

    while (length < text.length && byte_set_has(set, text.at[length]))
        length++;
    return length;
}

#endif
