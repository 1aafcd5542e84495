/*
 * Is a certificate's key, digest or use enough for a peer? The one place that
 * says what is weak, for verdicts and findings alike; what follows from it is
 * theirs.
 */
#ifndef LYNCSIM_CERTIFICATE_STRENGTH_H
#define LYNCSIM_CERTIFICATE_STRENGTH_H

#include <stdbool.h>

#include "lyncsim/certificate_facts.h"

/* The bits below which such a key is weak; 0: it never is. */
unsigned key_least_bits(enum key_algorithm algorithm);
bool key_is_weak(enum key_algorithm algorithm, unsigned bits);

/* digest as in certificate_facts; NULL, where there is none, is not weak. */
bool digest_is_weak(const char *digest);

/* Which of USAGE_SERVER_AUTH and USAGE_CLIENT_AUTH an extended key usage
 * allows, which may be missing. */
unsigned usage_of_peers(bool has_usage, unsigned usage);

#endif
