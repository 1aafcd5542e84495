/*
 * What finds things by bytes that a peer chose, and cannot be made slow by
 * bytes chosen well? A keyed hash, and tables of uthash that use it: include
 * this in the place of <uthash.h>. The key is another one in each process;
 * nothing that is shown may depend on it. (Tables list in order of arrival.)
 */
#ifndef LYNCSIM_HASH_H
#define LYNCSIM_HASH_H

#ifdef UTHASH_H
#error "uthash.h is there already, with a hash of its own"
#endif

#include <stdint.h>

#include "lyncsim/str.h"

#define HASH_FUNCTION(key, length, result)                                     \
    ((result) = (unsigned)ls_hash_digest(ls_str_from_bytes((key), (length))))

#include <uthash.h>

struct ls_hash_key {
    uint64_t words[2];
};

/* Under the key of this process. */
uint64_t ls_hash_digest(struct ls_str bytes);
/* Under a given one. */
uint64_t ls_hash_digest_with(const struct ls_hash_key *key,
                             struct ls_str bytes);

#endif
