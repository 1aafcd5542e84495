/*
 * PEM: blocks named by their first line, text between them ignored, as
 * `openssl s_client -showcerts` and every other tool writes it.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "lyncsim/alloc.h"

#include "credential_bag.h"
#include "openssl_reason.h"

struct password {
    const char *text; /* or NULL */
    bool was_asked;
};

static int on_password(char *buffer, int size, int for_writing, void *arg)
{
    struct password *password = arg;
    size_t length;

    (void)for_writing;
    password->was_asked = true;
    if (password->text == NULL)
        return -1;
    length = strlen(password->text);
    if (length > (size_t)size)
        return -1;
    memcpy(buffer, password->text, length);
    return (int)length;
}

static char *key_sentence(const struct password *password)
{
    ERR_clear_error();
    if (password->was_asked && password->text == NULL)
        return ls_strdup("the private key is encrypted and no password was "
                         "given");
    if (password->was_asked)
        return ls_strdup("the password does not open the private key");
    return ls_strdup("the private key is damaged, or of a kind that cannot "
                     "be read");
}

static EVP_PKEY *read_pem_key(struct ls_str text, struct password *password)
{
    BIO *memory = BIO_new_mem_buf(text.at, (int)text.length);
    EVP_PKEY *key =
        PEM_read_bio_PrivateKey(memory, NULL, on_password, password);

    BIO_free(memory);
    return key;
}

static EVP_PKEY *read_der_key(struct ls_str text, struct password *password)
{
    const unsigned char *at = (const unsigned char *)text.at;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)text.length);
    BIO *memory;

    if (key != NULL)
        return key;
    memory = BIO_new_mem_buf(text.at, (int)text.length);
    key = d2i_PKCS8PrivateKey_bio(memory, NULL, on_password, password);
    BIO_free(memory);
    return key;
}

EVP_PKEY *credential_key_read(struct ls_str text, const char *password,
                              char **why)
{
    struct password lock = {.text = password};
    bool is_pem = credential_text_is_pem(text);
    EVP_PKEY *key;

    ERR_clear_error();
    if (is_pem &&
        memmem(text.at, text.length, "PRIVATE KEY-----", 16) == NULL) {
        *why = ls_strdup("there is no private key in the key file");
        return NULL;
    }
    key = is_pem ? read_pem_key(text, &lock) : read_der_key(text, &lock);
    if (key == NULL && is_pem)
        *why = credential_text_line_fault(text);
    if (key == NULL && *why == NULL)
        *why = key_sentence(&lock);
    ERR_clear_error();
    return key;
}

static bool is_named(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* One block that is no key; false and a sentence when it is damaged. */
static bool read_block(struct credential_bag *bag, const char *name,
                       struct ls_str der, char **why)
{
    static const char *const sets[] = {PEM_STRING_PKCS7,
                                       PEM_STRING_PKCS7_SIGNED, PEM_STRING_CMS};
    static const char *const plain[] = {PEM_STRING_X509, PEM_STRING_X509_OLD,
                                        PEM_STRING_X509_TRUSTED};
    const unsigned char *at = (const unsigned char *)der.at;
    X509 *x509;

    if (is_named(name, sets, LS_COUNT(sets))) {
        if (credential_bag_read_pkcs7(bag, der))
            return true;
        *why = ls_strdup("the PKCS#7 message is damaged or holds no "
                         "certificate");
        return false;
    }
    if (!is_named(name, plain, LS_COUNT(plain)))
        return true; /* parameters, requests, lists: not for us */
    /* With what OpenSSL appends to trusted ones, where there is any. */
    x509 = d2i_X509_AUX(NULL, &at, (long)der.length);
    if (x509 != NULL) {
        credential_bag_add(bag, x509);
        return true;
    }
    *why = ls_strf("certificate %d of the file is damaged: between its BEGIN "
                   "and END lines is no certificate",
                   credential_bag_count(bag) + 1);
    return false;
}

/* Take the next block; *is_end when there was none. */
static bool read_next(struct credential_bag *bag, BIO *memory, bool *has_key,
                      bool *is_end, char **why)
{
    char *name = NULL;
    char *header = NULL;
    unsigned char *der = NULL;
    long length = 0;
    bool is_sound = true;

    ERR_clear_error();
    if (PEM_read_bio(memory, &name, &header, &der, &length) != 1) {
        *is_end = true;
        if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE)
            return true;
        *why = openssl_reason("the PEM text is damaged");
        return false;
    }
    if (ls_str_ends_with(ls_str_from(name), "PRIVATE KEY"))
        *has_key = true;
    else if (ls_str_ends_with(ls_str_from(name), "CERTIFICATE REQUEST"))
        bag->has_request = true;
    else
        is_sound =
            read_block(bag, name, ls_str_from_bytes(der, (size_t)length), why);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(der, (size_t)length);
    return is_sound;
}

bool credential_bag_read_pem(struct credential_bag *bag, struct ls_str text,
                             const char *password, char **why)
{
    struct password lock = {.text = password};
    BIO *memory = BIO_new_mem_buf(text.at, (int)text.length);
    bool has_key = false;
    bool is_end = false;
    bool is_sound = true;

    while (is_sound && !is_end)
        is_sound = read_next(bag, memory, &has_key, &is_end, why);
    BIO_free(memory);
    ERR_clear_error();
    if (!is_sound || !has_key)
        return is_sound;

    bag->key = read_pem_key(text, &lock);
    if (bag->key != NULL)
        return true;
    /* A certificate can be read without its key; a wrong password or a
     * damaged key is worth stopping for. */
    *why = key_sentence(&lock);
    if (!lock.was_asked || password != NULL)
        return false;
    bag->key_fault = *why;
    *why = NULL;
    return true;
}
