#include <string.h>

#include <criterion/criterion.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/str.h"
#include "lyncsim/tls_library.h"

#define DER_BYTES 4096

/* A kind of key as a certificate may have it, with what makes one of it. */
struct kind {
    const char *name;
    const char *group;
    size_t bits; /* of the key, where there is no group */
};

static EVP_PKEY *new_dsa_key(void)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
    EVP_PKEY *parameters = NULL, *key = NULL;

    cr_assert_eq(EVP_PKEY_paramgen_init(context), 1);
    cr_assert_eq(EVP_PKEY_paramgen(context, &parameters), 1);
    EVP_PKEY_CTX_free(context);
    context = EVP_PKEY_CTX_new_from_pkey(NULL, parameters, NULL);
    cr_assert_eq(EVP_PKEY_keygen_init(context), 1);
    cr_assert_eq(EVP_PKEY_keygen(context, &key), 1);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(parameters);
    return key;
}

static EVP_PKEY *new_key(const struct kind *kind)
{
    EVP_PKEY_CTX *context;
    OSSL_PARAM settings[] = {OSSL_PARAM_END, OSSL_PARAM_END};
    size_t bits = kind->bits;
    EVP_PKEY *key = NULL;

    if (strcmp(kind->name, "DSA") == 0)
        return new_dsa_key();
    if (kind->group)
        settings[0] = OSSL_PARAM_construct_utf8_string(
            OSSL_PKEY_PARAM_GROUP_NAME, (char *)kind->group, 0);
    else if (bits > 0)
        settings[0] =
            OSSL_PARAM_construct_size_t(OSSL_PKEY_PARAM_RSA_BITS, &bits);
    context = EVP_PKEY_CTX_new_from_name(NULL, kind->name, NULL);
    cr_assert_not_null(context, "%s", kind->name);
    cr_assert_eq(EVP_PKEY_keygen_init(context), 1);
    cr_assert_eq(EVP_PKEY_CTX_set_params(context, settings), 1, "%s",
                 kind->name);
    cr_assert_eq(EVP_PKEY_keygen(context, &key), 1, "%s", kind->name);
    EVP_PKEY_CTX_free(context);
    return key;
}

/* How long it is. */
static size_t put_certificate(unsigned char *der, EVP_PKEY *key)
{
    EVP_PKEY *issuer = EVP_EC_gen("P-256");
    X509 *x509 = X509_new();
    int length;

    cr_assert_eq(X509_set_pubkey(x509, key), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), 0);
    X509_gmtime_adj(X509_getm_notAfter(x509), 1);
    cr_assert_gt(X509_sign(x509, issuer, EVP_sha256()), 0);
    length = i2d_X509(x509, NULL);
    cr_assert(length > 0 && length <= DER_BYTES);
    i2d_X509(x509, &der);
    X509_free(x509);
    EVP_PKEY_free(issuer);
    return (size_t)length;
}

/* As the TLS library reads what it is shown. */
static X509 *read_certificate(OSSL_LIB_CTX *context, const unsigned char *der,
                              size_t length)
{
    X509 *x509 = X509_new_ex(context, NULL);

    cr_assert_not_null(d2i_X509(&x509, &der, (long)length));
    return x509;
}

Test(tls_library, reads_every_kind_of_key_that_tls_knows)
{
    static const struct kind kinds[] = {
        {.name = "RSA", .bits = 1024},
        {.name = "RSA-PSS", .bits = 1024},
        {.name = "EC", .group = "P-256"},
        {.name = "EC", .group = "secp256k1"},
        {.name = "EC", .group = "brainpoolP512r1"},
        {.name = "ED25519"},
        {.name = "ED448"},
        {.name = "X25519"},
        {.name = "X448"},
        {.name = "DSA"},
        {.name = "DH", .group = "ffdhe2048"},
        {.name = "DHX", .group = "dh_2048_256"},
    };
    OSSL_LIB_CTX *context = tls_library();

    cr_assert_not_null(context);
    for (size_t i = 0; i < LS_COUNT(kinds); i++) {
        unsigned char der[DER_BYTES];
        EVP_PKEY *key = new_key(&kinds[i]);
        size_t length = put_certificate(der, key);
        X509 *x509 = read_certificate(context, der, length);
        EVP_PKEY *public = X509_get0_pubkey(x509);

        cr_assert_not_null(public, "%s %s", kinds[i].name, kinds[i].group);
        cr_expect_eq(EVP_PKEY_eq(public, key), 1, "%s", kinds[i].name);
        cr_expect_str_eq(EVP_PKEY_get0_type_name(public), kinds[i].name);
        X509_free(x509);
        EVP_PKEY_free(key);
    }
}

/* What its curve is anybody may write there. */
Test(tls_library, reads_no_key_that_brings_its_own_curve)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    unsigned char der[DER_BYTES];
    size_t length;
    X509 *x509;

    cr_assert_eq(EVP_PKEY_set_utf8_string_param(
                     key, OSSL_PKEY_PARAM_EC_ENCODING, "explicit"),
                 1);
    length = put_certificate(der, key);
    x509 = read_certificate(NULL, der, length);
    cr_expect_not_null(X509_get0_pubkey(x509));
    X509_free(x509);
    x509 = read_certificate(tls_library(), der, length);
    cr_expect_null(X509_get0_pubkey(x509));
    X509_free(x509);
    EVP_PKEY_free(key);
}

/* Names of all suites of a context that says no to none, in its order. */
static void add_suites(struct ls_buf *names, OSSL_LIB_CTX *context)
{
    SSL_CTX *ssl = SSL_CTX_new_ex(context, NULL, TLS_server_method());
    STACK_OF(SSL_CIPHER) * suites;

    cr_assert_not_null(ssl);
    SSL_CTX_set_security_level(ssl, 0);
    cr_assert_eq(SSL_CTX_set_ciphersuites(
                     ssl, "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
                          ":TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:"
                          "TLS_AES_128_CCM_8_SHA256"),
                 1);
    cr_assert_eq(SSL_CTX_set_cipher_list(ssl, "ALL:COMPLEMENTOFALL"), 1);
    suites = SSL_CTX_get_ciphers(ssl);
    for (int i = 0; i < sk_SSL_CIPHER_num(suites); i++) {
        ls_buf_add_text(names,
                        SSL_CIPHER_get_name(sk_SSL_CIPHER_value(suites, i)));
        ls_buf_add_byte(names, ' ');
    }
    SSL_CTX_free(ssl);
}

Test(tls_library, has_every_suite_that_openssl_has)
{
    struct ls_buf all = {0}, ours = {0};

    add_suites(&all, NULL);
    add_suites(&ours, tls_library());

    cr_expect_gt(all.length, (size_t)1000);
    cr_expect(ls_str_equal(ls_buf_str(&ours), ls_buf_str(&all)), "%.*s",
              (int)ours.length, ours.at);
    ls_buf_clear(&all);
    ls_buf_clear(&ours);
}

Test(tls_library, leaves_out_what_tls_has_no_use_for)
{
    OSSL_LIB_CTX *context = tls_library();
    EVP_CIPHER *wrap = EVP_CIPHER_fetch(context, "AES-128-WRAP", NULL);
    EVP_CIPHER *gcm = EVP_CIPHER_fetch(context, "id-aes128-GCM", NULL);

    cr_expect_null(wrap);
    cr_expect_not_null(gcm);
    EVP_CIPHER_free(gcm);
}

Test(tls_library, has_random_bytes_of_its_own)
{
    unsigned char one[32] = {0}, other[32] = {0};

    cr_assert_eq(RAND_bytes_ex(tls_library(), one, sizeof one, 0), 1);
    cr_assert_eq(RAND_bytes_ex(tls_library(), other, sizeof other, 0), 1);
    cr_expect_neq(memcmp(one, other, sizeof one), 0);
}

Test(tls_library, steps_back_where_there_are_other_providers)
{
    OSSL_PROVIDER *standard = OSSL_PROVIDER_load(NULL, "default");
    OSSL_PROVIDER *other = OSSL_PROVIDER_load(NULL, "base");

    cr_assert(standard && other);

    cr_expect_null(tls_library());
    OSSL_PROVIDER_unload(other);
    OSSL_PROVIDER_unload(standard);
}

Test(tls_library, steps_back_where_fips_is_asked_for)
{
    cr_assert_eq(EVP_default_properties_enable_fips(NULL, 1), 1);

    cr_expect_null(tls_library());
}
