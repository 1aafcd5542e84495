/*
 * What does a party show of itself? A certificate, the chain it sends along
 * and the private key, made here or loaded from files.
 */
#ifndef LYNCSIM_CREDENTIAL_H
#define LYNCSIM_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/certificate_facts.h"
#include "lyncsim/err.h"
#include "lyncsim/str.h"

struct x509_st;
struct evp_pkey_st;
struct stack_st_X509;

struct credential;

/* Take a reference on each; chain and key may be NULL. Owned by the caller. */
struct credential *credential_new(struct x509_st *leaf,
                                  struct stack_st_X509 *chain,
                                  struct evp_pkey_st *key);
void credential_free(struct credential *credential);

/* The same certificate and key, sent with exactly these others; all are
 * borrowed. Owned by the caller. */
struct credential *credential_with_chain(const struct credential *credential,
                                         const struct credential *const *others,
                                         size_t count);

/* All borrowed, valid as long as the credential; chain and key may be NULL. */
struct x509_st *credential_leaf(const struct credential *credential);
struct stack_st_X509 *credential_chain(const struct credential *credential);
size_t credential_chain_count(const struct credential *credential);
struct evp_pkey_st *credential_key(const struct credential *credential);
/* Why there is no key, for who needs one: "the private key is encrypted and
 * no password was given"; NULL when there is a key. Borrowed. */
const char *credential_key_fault(const struct credential *credential);
const struct certificate_facts *
credential_facts(const struct credential *credential);

/* The OCSP response to staple to it, or an empty view; borrowed. */
struct ls_str credential_staple(const struct credential *credential);
/* Bytes are copied; empty: nothing is stapled. */
void credential_set_staple(struct credential *credential, struct ls_str bytes);

/* Load from bytes: PEM (leaf, then its chain; a key among them is taken),
 * DER, PKCS#12 or PKCS#7. key is PEM or DER, or empty; password may be NULL.
 * A key that no password was given for is no failure where it came with the
 * certificate: see credential_key_fault(). On failure a sentence that says
 * what was wrong, owned by the caller, is in *why. */
struct credential *credential_parse(struct ls_str certificate,
                                    struct ls_str key, const char *password,
                                    char **why);

/* PEM of the certificate, its chain, its key; owned by the caller; key text
 * is NULL where there is none. */
char *credential_format_pem(const struct credential *credential);
char *credential_format_key_pem(const struct credential *credential);
/* DER of the certificate alone; bytes owned by the caller. */
char *credential_format_der(const struct credential *credential,
                            size_t *length);
/* Everything in one file; is_old: as Windows wrote it until about 2018 (RC2,
 * triple DES, SHA-1). NULL and a sentence in *why; owned by the caller. */
char *credential_format_pkcs12(const struct credential *credential,
                               const char *password, bool is_old,
                               size_t *length, char **why);

#endif
