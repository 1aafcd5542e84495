/*
 * What do the parts of the mint share? Private to this folder.
 */
#ifndef LYNCSIM_PKI_MINT_INTERNAL_H
#define LYNCSIM_PKI_MINT_INTERNAL_H

#include "lyncsim/mint.h"

#include "mint_key.h"

/* What is to be drawn for whom, from this mint's source. */
struct mint_label mint_label_of(struct mint *mint, const char *purpose,
                                struct ls_str name);

/* Ed25519 and Ed448 are signed with no digest named. */
bool mint_key_brings_its_digest(const EVP_PKEY *key);

#endif
