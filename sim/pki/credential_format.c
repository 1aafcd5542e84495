/*
 * Certificates and keys as files: PEM, DER, PKCS#12 of either age.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/credential.h"

#include "old_ways.h"
#include "openssl_reason.h"

static char *take_text(BIO *memory)
{
    char *bytes = NULL;
    long length = BIO_get_mem_data(memory, &bytes);
    char *text = ls_str_dup(ls_str_from_bytes(bytes, (size_t)length));

    BIO_free(memory);
    return text;
}

char *credential_format_pem(const struct credential *credential)
{
    BIO *memory = BIO_new(BIO_s_mem());
    STACK_OF(X509) *chain = credential_chain(credential);

    PEM_write_bio_X509(memory, credential_leaf(credential));
    for (int i = 0; chain != NULL && i < sk_X509_num(chain); i++)
        PEM_write_bio_X509(memory, sk_X509_value(chain, i));
    return take_text(memory);
}

char *credential_format_key_pem(const struct credential *credential)
{
    BIO *memory;

    if (credential_key(credential) == NULL)
        return NULL;
    memory = BIO_new(BIO_s_secmem());
    PEM_write_bio_PrivateKey(memory, credential_key(credential), NULL, NULL, 0,
                             NULL, NULL);
    return take_text(memory);
}

char *credential_format_der(const struct credential *credential, size_t *length)
{
    unsigned char *der = NULL;
    int count = i2d_X509(credential_leaf(credential), &der);
    char *bytes;

    *length = count > 0 ? (size_t)count : 0;
    bytes = ls_str_dup(ls_str_from_bytes(der, *length));
    OPENSSL_free(der);
    return bytes;
}

static char *pkcs12_bytes(const struct credential *credential,
                          const char *password, bool is_old, size_t *length)
{
    /* 0 is what the library does today: AES-256 and SHA-256. */
    PKCS12 *file =
        PKCS12_create(password, NULL, credential_key(credential),
                      credential_leaf(credential), credential_chain(credential),
                      is_old ? NID_pbe_WithSHA1And3_Key_TripleDES_CBC : 0,
                      is_old ? NID_pbe_WithSHA1And40BitRC2_CBC : 0, 0, 0, 0);
    unsigned char *der = NULL;
    char *bytes = NULL;
    int count;

    /* Windows of the time knows no other digest. */
    if (file != NULL && is_old &&
        PKCS12_set_mac(file, password, -1, NULL, 0, 2048, EVP_sha1()) != 1) {
        PKCS12_free(file);
        file = NULL;
    }
    count = file != NULL ? i2d_PKCS12(file, &der) : 0;
    if (count > 0) {
        *length = (size_t)count;
        bytes = ls_str_dup(ls_str_from_bytes(der, *length));
    }
    OPENSSL_free(der);
    PKCS12_free(file);
    return bytes;
}

char *credential_format_pkcs12(const struct credential *credential,
                               const char *password, bool is_old,
                               size_t *length, char **why)
{
    struct old_ways ways;
    char *bytes;

    if (is_old)
        old_ways_open(&ways);
    bytes = pkcs12_bytes(credential, password, is_old, length);
    if (bytes == NULL)
        *why = openssl_reason("the PKCS#12 file cannot be made");
    if (is_old) {
        old_ways_leave(&ways);
        old_ways_close(&ways);
    }
    return bytes;
}
