/*
 * A certificate with its chain and key, held together.
 */
#include "lyncsim/credential.h"

#include <assert.h>
#include <stdlib.h>

#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "credential_bag.h"

struct credential {
    X509 *leaf;
    STACK_OF(X509) * chain;
    EVP_PKEY *key;
    char *key_fault; /* or NULL */
    struct ls_buf staple;
    struct certificate_facts facts;
};

struct credential *credential_new(X509 *leaf, STACK_OF(X509) * chain,
                                  EVP_PKEY *key)
{
    struct credential *credential = ls_alloc(sizeof *credential);
    enum ls_err err;

    X509_up_ref(leaf);
    credential->leaf = leaf;
    if (chain != NULL && sk_X509_num(chain) > 0)
        credential->chain = X509_chain_up_ref(chain);
    if (key != NULL)
        EVP_PKEY_up_ref(key);
    credential->key = key;
    err = certificate_facts_read(&credential->facts, leaf);
    /* The facts say themselves that they do not hold every name. */
    assert(err == LS_OK || err == LS_ELIMIT);
    return credential;
}

struct credential *credential_with_chain(const struct credential *credential,
                                         const struct credential *const *others,
                                         size_t count)
{
    STACK_OF(X509) *chain = sk_X509_new_null();
    struct credential *copy;

    for (size_t i = 0; i < count; i++)
        sk_X509_push(chain, others[i]->leaf);
    copy = credential_new(credential->leaf, chain, credential->key);
    sk_X509_free(chain); /* the copy has references of its own */
    credential_set_staple(copy, credential_staple(credential));
    return copy;
}

void credential_free(struct credential *credential)
{
    if (credential == NULL)
        return;
    certificate_facts_clear(&credential->facts);
    EVP_PKEY_free(credential->key);
    free(credential->key_fault);
    ls_buf_clear(&credential->staple);
    sk_X509_pop_free(credential->chain, X509_free);
    X509_free(credential->leaf);
    free(credential);
}

X509 *credential_leaf(const struct credential *credential)
{
    return credential->leaf;
}

STACK_OF(X509) * credential_chain(const struct credential *credential)
{
    return credential->chain;
}

EVP_PKEY *credential_key(const struct credential *credential)
{
    return credential->key;
}

size_t credential_chain_count(const struct credential *credential)
{
    return credential->chain != NULL ? (size_t)sk_X509_num(credential->chain)
                                     : 0;
}

const char *credential_key_fault(const struct credential *credential)
{
    if (credential->key != NULL)
        return NULL;
    return credential->key_fault != NULL ? credential->key_fault
                                         : "no private key was given";
}

void credential_set_key_fault(struct credential *credential, char *sentence)
{
    free(credential->key_fault);
    credential->key_fault = sentence;
}

const struct certificate_facts *
credential_facts(const struct credential *credential)
{
    return &credential->facts;
}

struct ls_str credential_staple(const struct credential *credential)
{
    return ls_buf_str(&credential->staple);
}

void credential_set_staple(struct credential *credential, struct ls_str bytes)
{
    ls_buf_reset(&credential->staple);
    ls_buf_add(&credential->staple, bytes);
}
