/*
 * SipHash-2-4 of Aumasson and Bernstein ("SipHash: a fast short-input PRF",
 * 2012), which is in the public domain.
 */
#include "lyncsim/hash.h"

#include <assert.h>
#include <string.h>
#include <sys/auxv.h>

static uint64_t rotate_left(uint64_t word, unsigned count)
{
    return word << count | word >> (64 - count);
}

static void mix(uint64_t v[4], unsigned rounds)
{
    while (rounds-- > 0) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate_left(v[1], 13) ^ v[0];
        v[3] = rotate_left(v[3], 16) ^ v[2];
        v[0] = rotate_left(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = rotate_left(v[1], 17) ^ v[2];
        v[3] = rotate_left(v[3], 21) ^ v[0];
        v[2] = rotate_left(v[2], 32);
    }
}

static void add_word(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    mix(v, 2);
    v[0] ^= word;
}

/* Up to eight bytes, the first in the lowest place. */
static uint64_t read_word(struct ls_str bytes)
{
    uint64_t word = 0;

    for (size_t i = 0; i < bytes.length; i++)
        word |= (uint64_t)(unsigned char)bytes.at[i] << 8 * i;
    return word;
}

uint64_t ls_hash_digest_with(const struct ls_hash_key *key, struct ls_str bytes)
{
    uint64_t v[4] = {
        key->words[0] ^ 0x736F6D6570736575u,
        key->words[1] ^ 0x646F72616E646F6Du,
        key->words[0] ^ 0x6C7967656E657261u,
        key->words[1] ^ 0x7465646279746573u,
    };
    uint64_t length = (uint64_t)bytes.length << 56;

    for (; bytes.length >= 8; bytes = ls_str_skip(bytes, 8))
        add_word(v, read_word(ls_str_first(bytes, 8)));
    add_word(v, length | read_word(bytes));
    v[2] ^= 0xFF;
    mix(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The key is made of the random bytes that the kernel gives each process (man
 * 3 getauxval): they are there without a place to keep them in. */
uint64_t ls_hash_digest(struct ls_str bytes)
{
    const void *random = (const void *)getauxval(AT_RANDOM);
    struct ls_hash_key key;

    assert(random);
    memcpy(key.words, random, sizeof key.words);
    return ls_hash_digest_with(&key, bytes);
}
