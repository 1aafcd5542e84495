/*
 * What is hardly ever there is looked for in nearly every byte: is it among
 * these sixteen? Blocks of bytes that are compared at once.
 */
#ifndef LYNCSIM_BYTE_BLOCK_H
#define LYNCSIM_BYTE_BLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lyncsim/str.h"

/* Compared with a byte, each of the sixteen becomes -1 where that is true and
 * 0 elsewhere. Signed, so that bytes beyond ASCII are below the blank. */
typedef signed char byte_block __attribute__((vector_size(16)));

/* The sixteen bytes from there on. */
static inline byte_block byte_block_at(const char *at)
{
    byte_block block;

    memcpy(&block, at, sizeof block);
    return block;
}

/* Whether all of them are 0. */
static inline bool byte_block_is_zero(byte_block block)
{
    uint64_t words[2];

    memcpy(words, &block, sizeof words);
    return (words[0] | words[1]) == 0;
}

/* Whether find leaves all bytes of text 0; it does so for blanks. */
static inline __attribute__((always_inline)) bool
byte_block_finds_none(byte_block (*find)(byte_block block), struct ls_str text)
{
    const size_t step = sizeof(byte_block);
    char alone[sizeof(byte_block)];
    byte_block found;

    if (text.length < step) {
        memset(alone, ' ', sizeof alone);
        if (text.length > 0)
            memcpy(alone, text.at, text.length);
        return byte_block_is_zero(find(byte_block_at(alone)));
    }
    /* Some bytes may be looked at twice. */
    found = find(byte_block_at(text.at + text.length - step));
    for (size_t i = 0; i + step < text.length; i += step)
        found |= find(byte_block_at(text.at + i));
    return byte_block_is_zero(found);
}

#endif
