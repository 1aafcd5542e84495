/*
 * Was this RSA key made before? Keys that come from a seed are kept under
 * $XDG_CACHE_HOME/lyncsim/keys, for a search for primes takes a sixth of a
 * second. They are no secrets: who knows the seed has them. Private to this
 * folder.
 */
#ifndef LYNCSIM_PKI_MINT_CACHE_H
#define LYNCSIM_PKI_MINT_CACHE_H

#include <openssl/evp.h>

#include "mint_key.h"

/* NULL when it is not there or not sound; owned by the caller. */
EVP_PKEY *mint_cache_find(const struct mint_label *label, unsigned bits);
/* Keep it if that can be done; if not, it is made again another time. */
void mint_cache_keep(const struct mint_label *label, EVP_PKEY *key);

#endif
