/*
 * Revocation lists, so that a lab can revoke what it has issued.
 */
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"
#include "lyncsim/mint.h"

#include "mint_internal.h"
#include "mint_key.h"
#include "openssl_reason.h"

static void set_times(X509_CRL *crl, int64_t this_update_s,
                      int64_t next_update_s)
{
    ASN1_TIME *time = ASN1_TIME_new();

    ASN1_TIME_set(time, this_update_s);
    X509_CRL_set1_lastUpdate(crl, time);
    ASN1_TIME_set(time, next_update_s);
    X509_CRL_set1_nextUpdate(crl, time);
    ASN1_TIME_free(time);
}

static void revoke(X509_CRL *crl, const X509 *x509, int64_t at_s)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_TIME *time = ASN1_TIME_set(NULL, at_s);

    X509_REVOKED_set_serialNumber(entry,
                                  (ASN1_INTEGER *)X509_get0_serialNumber(x509));
    X509_REVOKED_set_revocationDate(entry, time);
    X509_CRL_add0_revoked(crl, entry);
    ASN1_TIME_free(time);
}

static void add_number_and_issuer(X509_CRL *crl, X509 *issuer)
{
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();

    ASN1_INTEGER_set(number, 1);
    X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, X509V3_ADD_APPEND);
    if (X509_get0_subject_key_id(issuer) != NULL) {
        authority->keyid =
            ASN1_OCTET_STRING_dup(X509_get0_subject_key_id(issuer));
        X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier, authority, 0,
                              X509V3_ADD_APPEND);
    }
    ASN1_INTEGER_free(number);
    AUTHORITY_KEYID_free(authority);
}

X509_CRL *mint_issue_crl(struct mint *mint, const struct credential *issuer,
                         const struct mint_crl_profile *profile, char **why)
{
    X509 *above = credential_leaf(issuer);
    EVP_PKEY *key = credential_key(issuer);
    X509_CRL *crl;
    struct mint_label label = mint_label_of(
        mint, "crl", ls_str_from(credential_facts(issuer)->subject));

    *why = NULL;
    if (key == NULL) {
        *why = ls_strdup("the issuer's private key is missing");
        return NULL;
    }
    crl = X509_CRL_new();
    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(above));
    set_times(crl, profile->this_update_s, profile->next_update_s);
    for (size_t i = 0; i < profile->revoked_count; i++)
        revoke(crl, credential_leaf(profile->revoked[i]),
               profile->this_update_s);
    X509_CRL_sort(crl);
    add_number_and_issuer(crl, above);
    if (mint_sign_crl(&label, crl, key,
                      mint_key_brings_its_digest(key) ? NULL : "sha256", why))
        return crl;
    X509_CRL_free(crl);
    return NULL;
}

void mint_free_crl(X509_CRL *crl)
{
    X509_CRL_free(crl);
}
