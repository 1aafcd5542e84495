/*
 * Which ways lead from a certificate to a trusted root? The library builds
 * one and gives up when that is unsound, though a cross-signed or renewed
 * authority may stand beside it. Private to this folder.
 */
#ifndef LYNCSIM_PKI_TRUST_PATHS_H
#define LYNCSIM_PKI_TRUST_PATHS_H

#include <stdbool.h>

#include <openssl/x509.h>

/* Called with what stands between leaf and root, in order; true ends the
 * walk. */
typedef bool(trust_path_fn)(STACK_OF(X509) * between, void *arg);

/* Walk over every way, up to a bound; whether one ended the walk. Signatures
 * are not looked at, so a way may turn out to be none. */
bool trust_paths_walk(X509 *leaf, STACK_OF(X509) * roots,
                      STACK_OF(X509) * others, trust_path_fn *take, void *arg);

#endif
