/*
 * How is a subject encoded in the string types that were asked for? Private
 * to this folder.
 */
#ifndef LYNCSIM_PKI_MINT_SUBJECT_H
#define LYNCSIM_PKI_MINT_SUBJECT_H

#include <openssl/x509.h>

#include "lyncsim/mint.h"

/* Append the attributes; false and a sentence in *why when one cannot be. */
bool mint_fill_subject(X509_NAME *name,
                       const struct profile_attribute *attributes, size_t count,
                       char **why);

#endif
