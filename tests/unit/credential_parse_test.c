#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/credential.h"

#include "support/test_lab.h"

static const struct ls_str none = {0};

static struct credential *leaf_of_three(struct credential **root,
                                        struct credential **middle)
{
    *root = test_lab_authority("CN=Root", NULL);
    *middle = test_lab_authority("CN=Middle", *root);
    return test_lab_leaf("CN=cas.contoso.com", NULL, *middle);
}

static char *text_of(BIO *memory, size_t *length)
{
    char *bytes = NULL;
    char *copy;

    *length = (size_t)BIO_get_mem_data(memory, &bytes);
    copy = ls_str_dup(ls_str_from_bytes(bytes, *length));
    BIO_free(memory);
    return copy;
}

static char *encrypted_key(const struct credential *credential)
{
    BIO *memory = BIO_new(BIO_s_mem());
    size_t length;

    PEM_write_bio_PKCS8PrivateKey(memory, credential_key(credential),
                                  EVP_aes_128_cbc(), "secret", 6, NULL, NULL);
    return text_of(memory, &length);
}

/* nids 0: as OpenSSL does today; -1 for mac_rounds: without a MAC. */
static char *pkcs12_with(const struct credential *credential,
                         const char *password, int nid, int mac_rounds,
                         size_t *length)
{
    OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();
    OSSL_PROVIDER *legacy = OSSL_PROVIDER_load(context, "legacy");
    OSSL_PROVIDER *modern = OSSL_PROVIDER_load(context, "default");
    PKCS12 *file = PKCS12_create_ex(
        password, "name", credential_key(credential),
        credential_leaf(credential), credential_chain(credential), nid, nid, 0,
        mac_rounds, 0, context, NULL);
    BIO *memory = BIO_new(BIO_s_mem());
    char *bytes;

    cr_assert_not_null(file);
    i2d_PKCS12_bio(memory, file);
    bytes = text_of(memory, length);
    PKCS12_free(file);
    OSSL_PROVIDER_unload(legacy);
    OSSL_PROVIDER_unload(modern);
    OSSL_LIB_CTX_free(context);
    return bytes;
}

static char *pkcs12(const struct credential *credential, const char *password,
                    int nid, size_t *length)
{
    return pkcs12_with(credential, password, nid, 0, length);
}

static void expect_the_three(const struct credential *credential, bool with_key,
                             const char *label)
{
    STACK_OF(X509) *chain = credential_chain(credential);

    cr_expect_str_eq(credential_facts(credential)->subject,
                     "CN=cas.contoso.com", "%s", label);
    cr_assert_not_null(chain, "%s", label);
    cr_expect_eq(sk_X509_num(chain), 1, "%s", label);
    cr_expect_eq(credential_key(credential) != NULL, with_key, "%s", label);
    cr_expect_eq(credential_key_fault(credential) == NULL, with_key, "%s",
                 label);
}

Test(credential_parse, reads_pem_with_its_chain_and_key)
{
    struct credential *root, *middle;
    struct credential *made = leaf_of_three(&root, &middle);
    char *pem = credential_format_pem(made);
    char *key = credential_format_key_pem(made);
    char *both = ls_strf("Bag Attributes\n%s\nsome text\n%s", key, pem);
    struct credential *read;
    char *why = NULL;

    read = credential_parse(ls_str_from(pem), none, NULL, &why);
    cr_assert_not_null(read, "%s", why);
    expect_the_three(read, false, "certificate alone");
    cr_expect_str_eq(credential_key_fault(read), "no private key was given");
    credential_free(read);

    read = credential_parse(ls_str_from(pem), ls_str_from(key), NULL, &why);
    cr_assert_not_null(read, "%s", why);
    expect_the_three(read, true, "key beside");
    credential_free(read);

    read = credential_parse(ls_str_from(both), none, NULL, &why);
    cr_assert_not_null(read, "%s", why);
    expect_the_three(read, true, "key before");
    credential_free(read);

    free(both);
    free(key);
    free(pem);
    credential_free(made);
    credential_free(middle);
    credential_free(root);
}

Test(credential_parse, reads_der_certificates_and_keys)
{
    struct credential *root, *middle;
    struct credential *made = leaf_of_three(&root, &middle);
    unsigned char *der = NULL;
    unsigned char *key = NULL;
    int length = i2d_X509(credential_leaf(made), &der);
    int key_length = i2d_PrivateKey(credential_key(made), &key);
    char *why = NULL;
    struct credential *read = credential_parse(
        ls_str_from_bytes(der, (size_t)length),
        ls_str_from_bytes(key, (size_t)key_length), NULL, &why);

    cr_assert_not_null(read, "%s", why);
    cr_expect_not_null(credential_key(read));
    cr_expect_null(credential_chain(read));
    credential_free(read);
    OPENSSL_free(der);
    OPENSSL_free(key);
    credential_free(made);
    credential_free(middle);
    credential_free(root);
}

Test(credential_parse, reads_pkcs12_of_either_age)
{
    struct credential *root, *middle;
    struct credential *made = leaf_of_three(&root, &middle);
    static const struct {
        const char *label, *password, *given;
        int nid;
    } rows[] = {
        {"modern", "secret", "secret", 0},
        {"old Windows", "secret", "secret", NID_pbe_WithSHA1And40BitRC2_CBC},
        {"triple DES", "secret", "secret",
         NID_pbe_WithSHA1And3_Key_TripleDES_CBC},
        {"empty password", "", NULL, 0},
        {"empty password, said", "", "", 0},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        size_t length;
        char *bytes = pkcs12(made, rows[i].password, rows[i].nid, &length);
        char *why = NULL;
        struct credential *read = credential_parse(
            ls_str_from_bytes(bytes, length), none, rows[i].given, &why);

        cr_assert_not_null(read, "%s: %s", rows[i].label, why);
        expect_the_three(read, true, rows[i].label);
        credential_free(read);
        free(bytes);
    }
    credential_free(made);
    credential_free(middle);
    credential_free(root);
}

Test(credential_parse, reads_pkcs12_without_a_mac_by_its_password)
{
    struct credential *root, *middle;
    struct credential *made = leaf_of_three(&root, &middle);
    size_t length;
    char *bytes = pkcs12_with(made, "secret", 0, -1, &length);
    struct ls_str file = ls_str_from_bytes(bytes, length);
    static const struct {
        const char *given, *why;
    } rows[] = {
        {"secret", NULL},
        {"wrong", "the password does not open the PKCS#12 file"},
        {NULL, "the PKCS#12 file is protected by a password and none was "
               "given: password-file names one"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *why = NULL;
        struct credential *read =
            credential_parse(file, none, rows[i].given, &why);

        if (rows[i].why == NULL)
            expect_the_three(read, true, "without a MAC");
        else
            cr_expect_str_eq(why, rows[i].why);
        credential_free(read);
        free(why);
    }
    free(bytes);
    credential_free(made);
    credential_free(middle);
    credential_free(root);
}

Test(credential_parse, finds_the_leaf_in_the_set_of_a_pkcs7)
{
    struct credential *root, *middle;
    struct credential *made = leaf_of_three(&root, &middle);
    PKCS7 *message = PKCS7_new();
    unsigned char *der = NULL;
    BIO *memory = BIO_new(BIO_s_mem());
    size_t length;
    char *pem;
    int der_length;

    PKCS7_set_type(message, NID_pkcs7_signed);
    PKCS7_content_new(message, NID_pkcs7_data);
    PKCS7_add_certificate(message, credential_leaf(middle));
    PKCS7_add_certificate(message, credential_leaf(made));
    PEM_write_bio_PKCS7(memory, message);
    pem = text_of(memory, &length);
    der_length = i2d_PKCS7(message, &der);

    for (int i = 0; i < 2; i++) {
        char *why = NULL;
        struct credential *read = credential_parse(
            i == 0 ? ls_str_from(pem)
                   : ls_str_from_bytes(der, (size_t)der_length),
            none, NULL, &why);

        cr_assert_not_null(read, "%s", why);
        expect_the_three(read, false, i == 0 ? "PEM" : "DER");
        credential_free(read);
    }
    PKCS7_free(message);
    OPENSSL_free(der);
    free(pem);
    credential_free(made);
    credential_free(middle);
    credential_free(root);
}

Test(credential_parse, opens_an_encrypted_key_with_its_password)
{
    struct credential *made = test_lab_leaf("CN=a.b", NULL, NULL);
    char *pem = credential_format_pem(made);
    char *key = encrypted_key(made);
    char *both = ls_strf("%s%s", pem, key);
    char *why = NULL;
    struct credential *read;

    read = credential_parse(ls_str_from(pem), ls_str_from(key), "secret", &why);
    cr_assert_not_null(read, "%s", why);
    cr_expect_not_null(credential_key(read));
    credential_free(read);

    read = credential_parse(ls_str_from(both), none, NULL, &why);
    cr_assert_not_null(read, "%s", why);
    cr_expect_null(credential_key(read));
    cr_expect_str_eq(credential_key_fault(read),
                     "the private key is encrypted and no password was "
                     "given");
    credential_free(read);
    free(both);
    free(key);
    free(pem);
    credential_free(made);
}

static char *without_line_ends(const char *pem)
{
    char *copy = ls_strdup(pem);

    for (char *at = copy; *at != '\0'; at++)
        if (*at == '\n')
            *at = ' ';
    return copy;
}

Test(credential_parse, has_a_sentence_for_each_way_to_fail)
{
    struct credential *root, *middle;
    struct credential *made = leaf_of_three(&root, &middle);
    struct credential *other = test_lab_leaf("CN=other", NULL, NULL);
    char *pem = credential_format_pem(made);
    char *key = credential_format_key_pem(made);
    char *foreign = credential_format_key_pem(other);
    char *middle_key = credential_format_key_pem(middle);
    char *locked = encrypted_key(made);
    char *both = ls_strf("%s%s", pem, locked);
    char *cut = ls_str_dup(ls_str_first(ls_str_from(pem), strlen(pem) - 100));
    char *damaged = ls_strdup(pem);
    char *lineless = without_line_ends(pem);
    char *lineless_key = without_line_ends(key);
    size_t pfx_length, old_length;
    char *pfx = pkcs12(made, "secret", 0, &pfx_length);
    char *old =
        pkcs12(made, "secret", NID_pbe_WithSHA1And40BitRC2_CBC, &old_length);
    const struct ls_str modern = ls_str_from_bytes(pfx, pfx_length);
    const struct ls_str windows = ls_str_from_bytes(old, old_length);

    memcpy(strstr(damaged, "\nMI") + 1, "AAAAAAAA", 8);
    const struct {
        const char *label;
        struct ls_str certificate, key;
        const char *password, *sentence;
    } rows[] = {
        {"empty", none, none, NULL, "the file is empty"},
        {"blank", LS_STR(" \n\n"), none, NULL, "the file is empty"},
        {"text", LS_STR("hello, world\n"), none, NULL,
         "this is not a certificate: neither PEM nor DER"},
        {"key only", ls_str_from(key), none, NULL,
         "the file holds a private key and no certificate"},
        {"locked key only", ls_str_from(locked), none, NULL,
         "the file holds a private key and no certificate"},
        {"request",
         LS_STR("-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n"
                "-----END CERTIFICATE REQUEST-----\n"),
         none, NULL, "this is a certificate request"},
        {"other PEM",
         LS_STR("-----BEGIN DH PARAMETERS-----\nMAA=\n"
                "-----END DH PARAMETERS-----\n"),
         none, NULL, "there is no certificate among the PEM blocks"},
        {"without line ends", ls_str_from(lineless), none, NULL,
         "the PEM text has lost its line ends"},
        {"a key without line ends", ls_str_from(pem), ls_str_from(lineless_key),
         NULL, "the PEM text has lost its line ends"},
        {"line ends as letters",
         LS_STR("-----BEGIN CERTIFICATE-----\\nMAA=\\n"
                "-----END CERTIFICATE-----\\n"),
         none, NULL, "the PEM text has lost its line ends"},
        {"cut", ls_str_from(cut), none, NULL, "the PEM text is damaged"},
        {"damaged", ls_str_from(damaged), none, NULL,
         "certificate 1 of the file is damaged"},
        {"foreign key", ls_str_from(pem), ls_str_from(foreign), NULL,
         "the private key does not belong to the certificate"},
        {"issuer's key", ls_str_from(pem), ls_str_from(middle_key), NULL,
         "the private key belongs to certificate 2 of the file"},
        {"certificate as key", ls_str_from(pem), ls_str_from(pem), NULL,
         "there is no private key in the key file"},
        {"nonsense as key", ls_str_from(pem), LS_STR("hello"), NULL,
         "the private key is damaged"},
        {"locked key", ls_str_from(pem), ls_str_from(locked), NULL,
         "the private key is encrypted and no password was given"},
        {"wrong key password", ls_str_from(pem), ls_str_from(locked), "Secret",
         "the password does not open the private key"},
        {"wrong password inside", ls_str_from(both), none, "Secret",
         "the password does not open the private key"},
        {"pfx without password", modern, none, NULL,
         "is protected by a password and none was given: password-file names "
         "one"},
        {"pfx with empty password", modern, none, "",
         "the password does not open the PKCS#12 file"},
        {"pfx with wrong password", modern, none, "Secret",
         "the password does not open the PKCS#12 file"},
        {"old pfx with wrong password", windows, none, "Secret",
         "the password does not open the PKCS#12 file"},
        {"cut pfx", ls_str_first(modern, pfx_length - 9), none, "secret",
         "this is not a certificate"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *why = NULL;

        cr_expect_null(credential_parse(rows[i].certificate, rows[i].key,
                                        rows[i].password, &why),
                       "%s", rows[i].label);
        cr_assert_not_null(why, "%s", rows[i].label);
        cr_expect_not_null(strstr(why, rows[i].sentence), "%s: %s",
                           rows[i].label, why);
        free(why);
    }
    free(old);
    free(pfx);
    free(damaged);
    free(lineless);
    free(lineless_key);
    free(cut);
    free(both);
    free(locked);
    free(middle_key);
    free(foreign);
    free(key);
    free(pem);
    credential_free(other);
    credential_free(made);
    credential_free(middle);
    credential_free(root);
}

Test(credential_parse, survives_every_cut_and_damaged_byte)
{
    struct credential *root, *middle;
    struct credential *made = leaf_of_three(&root, &middle);
    size_t length;
    char *bytes = pkcs12(made, "", 0, &length);

    for (size_t i = 0; i < length; i += 7) {
        struct credential *read;
        char *why = NULL;

        read = credential_parse(ls_str_from_bytes(bytes, i), none, "", &why);
        credential_free(read);
        free(why);
        bytes[i] = (char)~bytes[i];
        read =
            credential_parse(ls_str_from_bytes(bytes, length), none, "", &why);
        cr_expect_neq(read == NULL, why == NULL, "%zu", i);
        credential_free(read);
        free(why);
        bytes[i] = (char)~bytes[i];
    }
    free(bytes);
    credential_free(made);
    credential_free(middle);
    credential_free(root);
}
