/*
 * What does an issued certificate say beside subject, key and dates? Private
 * to this folder.
 */
#ifndef LYNCSIM_PKI_MINT_EXTENSIONS_H
#define LYNCSIM_PKI_MINT_EXTENSIONS_H

#include <openssl/x509.h>

#include "lyncsim/mint.h"

/* Append every extension of profile; the subject's key must be set. False
 * and a sentence in *why when one cannot be made. */
bool mint_add_extensions(X509 *x509, const struct certificate_profile *profile,
                         X509 *issuer, char **why);

#endif
