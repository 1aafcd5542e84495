/*
 * Where do the keys and the randomness of issued certificates come from?
 * Private to this folder.
 */
#ifndef LYNCSIM_PKI_MINT_KEY_H
#define LYNCSIM_PKI_MINT_KEY_H

#include <stdbool.h>

#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>

#include "lyncsim/str.h"

/* Where a mint draws from; zero-initialised it is the system. */
struct mint_source {
    bool has_seed;
    struct ls_str seed;    /* borrowed */
    OSSL_LIB_CTX *context; /* made when first needed */
};

void mint_source_clear(struct mint_source *source);

/* What is drawn, and for whom: the same seed and label give the same bytes. */
struct mint_label {
    struct mint_source *source;
    const char *purpose;
    struct ls_str name;
    struct ls_str detail;
    bool draws_much; /* primes will be searched for */
};

/* A key of the named kind ("p256"), owned by the caller; NULL and a sentence
 * in *why when there is no such kind or the library cannot make it. */
EVP_PKEY *mint_key_new(const struct mint_label *label, struct ls_str kind,
                       char **why);

/* Bytes for serials. */
void mint_random_bytes(const struct mint_label *label, unsigned char *out,
                       size_t length);

/* Sign x509 with key; digest NULL for keys that bring their own. */
bool mint_sign(const struct mint_label *label, X509 *x509, EVP_PKEY *key,
               const char *digest, bool use_pss, char **why);

/* The same for a revocation list. */
bool mint_sign_crl(const struct mint_label *label, X509_CRL *crl, EVP_PKEY *key,
                   const char *digest, char **why);

/* The same for an OCSP response, by signer, which is sent along. */
bool mint_sign_staple(const struct mint_label *label, OCSP_BASICRESP *response,
                      X509 *signer, EVP_PKEY *key, char **why);

#endif
