/*
 * Issuing certificates. What a profile says is put together here, signed in
 * mint_key.c and read back from its encoding, so that what is handed out is
 * what a peer will see.
 */
#include "lyncsim/mint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"

#include "credential_bag.h"
#include "mint_extensions.h"
#include "mint_internal.h"
#include "mint_subject.h"
#include "openssl_reason.h"

#define SERIAL_BYTES 16
#define SERIAL_BYTES_MAX 64

struct mint {
    char *seed; /* or NULL */
    struct mint_source source;
};

struct mint *mint_new(const struct ls_str *seed)
{
    struct mint *mint = ls_alloc(sizeof *mint);

    if (seed != NULL) {
        mint->seed = ls_str_dup(*seed);
        mint->source.has_seed = true;
        mint->source.seed = ls_str_from_bytes(mint->seed, seed->length);
    }
    return mint;
}

void mint_free(struct mint *mint)
{
    if (mint == NULL)
        return;
    mint_source_clear(&mint->source);
    free(mint->seed);
    free(mint);
}

struct mint_label mint_label_of(struct mint *mint, const char *purpose,
                                struct ls_str name)
{
    return (struct mint_label){
        .source = &mint->source, .purpose = purpose, .name = name};
}

static const char *const digests[] = {
    "sha256", "sha1",     "sha224",   "sha384",   "sha512",
    "md5",    "md5-sha1", "sha3-256", "sha3-384", "sha3-512",
};

static const char *digest_name(struct ls_str digest)
{
    if (ls_str_is_empty(digest))
        return digests[0];
    for (size_t i = 0; i < LS_COUNT(digests); i++)
        if (ls_str_equal_nocase(digest, ls_str_from(digests[i])))
            return digests[i];
    return NULL;
}

bool mint_digest_is_known(struct ls_str digest)
{
    return digest_name(digest) != NULL;
}

static bool set_serial(struct mint *mint, X509 *x509,
                       const struct certificate_profile *profile, char **why)
{
    unsigned char bytes[SERIAL_BYTES];
    struct mint_label label =
        mint_label_of(mint, "serial", ls_str_from(profile->name));
    char *text = ls_str_dup(profile->serial);
    BIGNUM *number = NULL;
    bool is_done;

    if (!ls_str_is_empty(profile->serial)) {
        is_done = profile->serial.length <= 2 * SERIAL_BYTES_MAX &&
                  BN_hex2bn(&number, text) == (int)strlen(text);
        if (!is_done)
            *why = ls_strf("the serial \"%s\" is no hex number", text);
    } else {
        mint_random_bytes(&label, bytes, sizeof bytes);
        /* Positive, and always of the same length. */
        bytes[0] = (unsigned char)((bytes[0] & 0x7F) | 0x40);
        number = BN_bin2bn(bytes, sizeof bytes, NULL);
        is_done = number != NULL;
    }
    if (is_done)
        BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
    BN_free(number);
    free(text);
    return is_done;
}

/* The library would write five. */
static bool is_in_four_digit_years(int64_t seconds)
{
    return seconds >= -INT64_C(62167219200) && seconds <= INT64_C(253402300799);
}

static bool set_validity(X509 *x509, const struct certificate_profile *profile,
                         char **why)
{
    if (is_in_four_digit_years(profile->not_before_s) &&
        is_in_four_digit_years(profile->not_after_s) &&
        ASN1_TIME_set(X509_getm_notBefore(x509), profile->not_before_s) &&
        ASN1_TIME_set(X509_getm_notAfter(x509), profile->not_after_s))
        return true;
    *why = openssl_reason("the validity is outside the years 0 to 9999");
    return false;
}

/* Everything but the signature. issuer NULL: itself. */
static bool fill(struct mint *mint, X509 *x509, EVP_PKEY *key,
                 const struct certificate_profile *profile, X509 *issuer,
                 char **why)
{
    X509_NAME *subject = X509_NAME_new();
    bool is_done;

    X509_set_version(x509,
                     profile->is_version_1 ? X509_VERSION_1 : X509_VERSION_3);
    is_done = mint_fill_subject(subject, profile->subject,
                                profile->subject_count, why) &&
              X509_set_subject_name(x509, subject) == 1 &&
              X509_set_pubkey(x509, key) == 1;
    X509_NAME_free(subject);
    if (is_done && issuer == NULL)
        issuer = x509;
    return is_done &&
           X509_set_issuer_name(x509, X509_get_subject_name(issuer)) == 1 &&
           set_serial(mint, x509, profile, why) &&
           set_validity(x509, profile, why) &&
           (profile->is_version_1 ||
            mint_add_extensions(x509, profile, issuer, why));
}

bool mint_key_brings_its_digest(const EVP_PKEY *key)
{
    int id = EVP_PKEY_get_base_id(key);

    return id == EVP_PKEY_ED25519 || id == EVP_PKEY_ED448;
}

static bool sign(struct mint *mint, X509 *x509, EVP_PKEY *key,
                 const struct certificate_profile *profile, char **why)
{
    struct mint_label label =
        mint_label_of(mint, "signature", ls_str_from(profile->name));
    const char *digest = digest_name(profile->digest);
    unsigned char *tbs = NULL;
    int length;
    bool is_done;

    if (digest == NULL) {
        *why = ls_strf("there is no digest \"%.*s\": sha256, sha384, sha512, "
                       "sha1, md5",
                       LS_STR_ARG(profile->digest));
        return false;
    }
    /* Two certificates of one name must not share a nonce. */
    length = i2d_re_X509_tbs(x509, &tbs);
    if (length > 0)
        label.detail = ls_str_from_bytes(tbs, (size_t)length);
    is_done = mint_sign(&label, x509, key,
                        mint_key_brings_its_digest(key) ? NULL : digest,
                        profile->use_pss && EVP_PKEY_is_a(key, "RSA"), why);
    OPENSSL_free(tbs);
    return is_done;
}

static STACK_OF(X509) * chain_below(const struct credential *issuer)
{
    STACK_OF(X509) *chain = sk_X509_new_null();
    STACK_OF(X509) * above;

    if (issuer == NULL || credential_facts(issuer)->is_self_issued)
        return chain;
    X509_add_cert(chain, credential_leaf(issuer), X509_ADD_FLAG_UP_REF);
    above = credential_chain(issuer);
    for (int i = 0; above != NULL && i < sk_X509_num(above); i++)
        X509_add_cert(chain, sk_X509_value(above, i), X509_ADD_FLAG_UP_REF);
    return chain;
}

static EVP_PKEY *key_of(struct mint *mint,
                        const struct certificate_profile *profile, char **why)
{
    struct mint_label label = mint_label_of(mint, "key",
                                            ls_str_is_empty(profile->key_name)
                                                ? ls_str_from(profile->name)
                                                : profile->key_name);

    return mint_key_new(&label, profile->key, why);
}

/* A key that passes for the certificate's, having its public half, and signs
 * with another private one: what a mixed-up key store does to a handshake. */
static EVP_PKEY *foreign_key(EVP_PKEY *own, EVP_PKEY *other, char **why)
{
    OSSL_PARAM *public_half = NULL;
    OSSL_PARAM *private_half = NULL;
    OSSL_PARAM *both = NULL;
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    BIGNUM *scalar = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;

    if (!EVP_PKEY_is_a(own, "EC"))
        *why = ls_strdup("a foreign key can be had with EC keys only");
    else if (EVP_PKEY_todata(own, EVP_PKEY_PUBLIC_KEY, &public_half) == 1 &&
             EVP_PKEY_get_bn_param(other, OSSL_PKEY_PARAM_PRIV_KEY, &scalar) &&
             OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, scalar))
        private_half = OSSL_PARAM_BLD_to_param(builder);
    if (private_half != NULL)
        both = OSSL_PARAM_merge(public_half, private_half);
    if (both != NULL && EVP_PKEY_fromdata_init(maker) == 1)
        EVP_PKEY_fromdata(maker, &key, EVP_PKEY_KEYPAIR, both);
    OSSL_PARAM_free(public_half);
    if (private_half != NULL)
        OPENSSL_cleanse(private_half[0].data, private_half[0].data_size);
    OSSL_PARAM_free(private_half);
    OPENSSL_free(both);
    OSSL_PARAM_BLD_free(builder);
    BN_clear_free(scalar);
    EVP_PKEY_CTX_free(maker);
    return key;
}

/* The key the credential is to hold; key itself where it is the right one. */
static EVP_PKEY *shown_key(struct mint *mint,
                           const struct certificate_profile *profile,
                           EVP_PKEY *key, char **why)
{
    struct mint_label label =
        mint_label_of(mint, "foreign key", ls_str_from(profile->name));
    EVP_PKEY *other;
    EVP_PKEY *shown = NULL;

    if (!profile->has_foreign_key) {
        EVP_PKEY_up_ref(key);
        return key;
    }
    other = mint_key_new(&label, profile->key, why);
    if (other != NULL)
        shown = foreign_key(key, other, why);
    EVP_PKEY_free(other);
    return shown;
}

struct credential *mint_issue(struct mint *mint,
                              const struct certificate_profile *profile,
                              const struct credential *issuer, char **why)
{
    struct credential *credential = NULL;
    X509 *draft = X509_new();
    X509 *issued = NULL;
    STACK_OF(X509) *chain = NULL;
    X509 *above = issuer != NULL ? credential_leaf(issuer) : NULL;
    EVP_PKEY *key;
    EVP_PKEY *shown = NULL;
    EVP_PKEY *signer;

    *why = NULL;
    assert(profile->name != NULL);
    key = key_of(mint, profile, why);
    signer = issuer != NULL ? credential_key(issuer) : key;
    if (key == NULL)
        goto done;
    if (signer == NULL) {
        *why = ls_strdup("the issuer's private key is missing");
        goto done;
    }
    if (!fill(mint, draft, key, profile, above, why) ||
        !sign(mint, draft, signer, profile, why))
        goto done;
    issued = credential_reread(draft);
    shown = shown_key(mint, profile, key, why);
    if (issued == NULL || shown == NULL)
        goto done;
    chain = chain_below(issuer);
    credential = credential_new(issued, chain, shown);
done:
    if (credential == NULL && *why == NULL)
        *why = openssl_reason("the certificate cannot be made");
    sk_X509_pop_free(chain, X509_free);
    X509_free(issued);
    X509_free(draft);
    EVP_PKEY_free(shown);
    EVP_PKEY_free(key);
    return credential;
}
