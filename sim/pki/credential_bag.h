/*
 * What was found in a file, before it is known what it is for? Shared by the
 * readers of the formats; private to this folder.
 */
#ifndef LYNCSIM_PKI_CREDENTIAL_BAG_H
#define LYNCSIM_PKI_CREDENTIAL_BAG_H

#include <stdbool.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "lyncsim/credential.h"
#include "lyncsim/str.h"

struct credential_bag {
    STACK_OF(X509) * certificates; /* in the order of the file; or NULL */
    EVP_PKEY *key;                 /* or NULL */
    char *key_fault;   /* why a key that is there could not be had, or NULL */
    bool is_unordered; /* the format keeps a set: the leaf is to be found */
    bool has_request;  /* a certificate request was among it */
};

void credential_bag_clear(struct credential_bag *bag);
/* x509 is taken. */
void credential_bag_add(struct credential_bag *bag, X509 *x509);
int credential_bag_count(const struct credential_bag *bag);

/* The readers: false and a sentence in *why, which is the caller's, when what
 * is there is damaged or locked. Finding nothing is no failure. password may
 * be NULL. */
bool credential_bag_read_pem(struct credential_bag *bag, struct ls_str text,
                             const char *password, char **why);
bool credential_bag_read_der(struct credential_bag *bag, struct ls_str bytes,
                             const char *password, char **why);
bool credential_bag_read_pkcs7(struct credential_bag *bag, struct ls_str der);

/* A private key, PEM or DER, encrypted or not; NULL and a sentence. */
EVP_PKEY *credential_key_read(struct ls_str text, const char *password,
                              char **why);

/* Why the credential holds no key; sentence is taken. */
void credential_set_key_fault(struct credential *credential, char *sentence);

/* The same certificate read back from its own encoding, in the default library
 * context; the caller's. NULL when it cannot be encoded. */
X509 *credential_reread(X509 *x509);
/* Whether the bytes look like PEM. */
bool credential_text_is_pem(struct ls_str text);
/* Why nothing is found in PEM whose first block begins and goes on in one
 * line, as it does where a variable carried it; or NULL. The caller's to free.
 */
char *credential_text_line_fault(struct ls_str text);

#endif
