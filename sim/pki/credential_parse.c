/*
 * Certificates and keys as customers bring them. Each way this can fail has a
 * sentence of its own, because "cannot load certificate" has cost
 * administrators whole evenings.
 */
#include <assert.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"
#include "lyncsim/credential.h"

#include "credential_bag.h"

/* No certificate with its chain is larger, and it bounds what is read. */
#define FILE_MAX_BYTES (16u * 1024 * 1024)

static char *sentence_for_nothing(const struct credential_bag *bag,
                                  struct ls_str text)
{
    char *line_fault;

    if (ls_str_is_empty(ls_str_trim(text)))
        return ls_strdup("the file is empty");
    if (bag->key != NULL || bag->key_fault != NULL)
        return ls_strdup("the file holds a private key and no certificate");
    if (bag->has_request)
        return ls_strdup("this is a certificate request: what the authority "
                         "makes of it is the certificate");
    line_fault = credential_text_line_fault(text);
    if (line_fault != NULL)
        return line_fault;
    if (credential_text_is_pem(text))
        return ls_strdup("there is no certificate among the PEM blocks of "
                         "the file");
    return ls_strdup("this is not a certificate: neither PEM nor DER, "
                     "PKCS#12 or PKCS#7");
}

/* Whether another certificate of the bag was issued by x509. */
static bool is_issuer_in(const struct credential_bag *bag, X509 *x509)
{
    for (int i = 0; i < credential_bag_count(bag); i++) {
        X509 *other = sk_X509_value(bag->certificates, i);

        if (X509_cmp(other, x509) != 0 &&
            X509_check_issued(x509, other) == X509_V_OK)
            return true;
    }
    return false;
}

/* In a set the leaf is the one that issued none of the others. */
static void put_leaf_first(struct credential_bag *bag)
{
    for (int i = 0; i < credential_bag_count(bag); i++) {
        X509 *x509 = sk_X509_value(bag->certificates, i);

        if (is_issuer_in(bag, x509))
            continue;
        sk_X509_delete(bag->certificates, i);
        sk_X509_unshift(bag->certificates, x509);
        return;
    }
}

static bool check_key(const struct credential_bag *bag, EVP_PKEY *key,
                      char **why)
{
    int match = -1;

    for (int i = 0; match < 0 && i < credential_bag_count(bag); i++)
        if (X509_check_private_key(sk_X509_value(bag->certificates, i), key))
            match = i;
    ERR_clear_error();
    if (match == 0)
        return true;
    if (match > 0)
        *why = ls_strf("the private key belongs to certificate %d of the "
                       "file; the certificate it is for must stand first",
                       match + 1);
    else
        *why = ls_strdup("the private key does not belong to the "
                         "certificate");
    return false;
}

static struct credential *assemble(struct credential_bag *bag)
{
    X509 *leaf = sk_X509_shift(bag->certificates);
    struct credential *credential =
        credential_new(leaf, bag->certificates, bag->key);

    if (bag->key == NULL) {
        credential_set_key_fault(credential, bag->key_fault);
        bag->key_fault = NULL;
    }
    X509_free(leaf);
    return credential;
}

static bool read_all(struct credential_bag *bag, struct ls_str certificate,
                     struct ls_str key, const char *password, char **why)
{
    if (certificate.length > FILE_MAX_BYTES || key.length > FILE_MAX_BYTES) {
        *why = ls_strdup("the file is larger than 16 MB: no certificate is");
        return false;
    }
    if (!(credential_text_is_pem(certificate)
              ? credential_bag_read_pem(bag, certificate, password, why)
              : credential_bag_read_der(bag, certificate, password, why)))
        return false;
    if (credential_bag_count(bag) == 0) {
        *why = sentence_for_nothing(bag, certificate);
        return false;
    }
    if (bag->is_unordered)
        put_leaf_first(bag);
    if (!ls_str_is_empty(key)) {
        EVP_PKEY_free(bag->key);
        bag->key = credential_key_read(key, password, why);
        if (bag->key == NULL)
            return false;
    }
    return bag->key == NULL || check_key(bag, bag->key, why);
}

struct credential *credential_parse(struct ls_str certificate,
                                    struct ls_str key, const char *password,
                                    char **why)
{
    struct credential_bag bag = {0};
    struct credential *credential = NULL;

    *why = NULL;
    ERR_clear_error();
    if (read_all(&bag, certificate, key, password, why))
        credential = assemble(&bag);
    assert((credential == NULL) == (*why != NULL));
    credential_bag_clear(&bag);
    ERR_clear_error();
    return credential;
}
