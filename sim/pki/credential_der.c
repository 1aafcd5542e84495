/*
 * Binary files: a certificate, a PKCS#12 (.pfx) of either age, or a PKCS#7
 * (.p7b), told apart by trying.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

#include "lyncsim/alloc.h"

#include "credential_bag.h"
#include "old_ways.h"
#include "openssl_reason.h"

bool credential_bag_read_pkcs7(struct credential_bag *bag, struct ls_str der)
{
    const unsigned char *at = (const unsigned char *)der.at;
    PKCS7 *pkcs7 = d2i_PKCS7(NULL, &at, (long)der.length);
    STACK_OF(X509) *found = NULL;
    int count;

    if (pkcs7 != NULL && PKCS7_type_is_signed(pkcs7) && pkcs7->d.sign != NULL)
        found = pkcs7->d.sign->cert;
    count = found != NULL ? sk_X509_num(found) : 0;
    for (int i = 0; i < count; i++) {
        X509_up_ref(sk_X509_value(found, i));
        credential_bag_add(bag, sk_X509_value(found, i));
    }
    PKCS7_free(pkcs7);
    bag->is_unordered = true;
    return count > 0;
}

/* The password in the spelling the file was locked with: none and empty are
 * two things to PKCS#12. */
static bool find_password(PKCS12 *file, const char *given, const char **found)
{
    *found = given;
    /* PKCS12_parse() insists on one; a wrong password shows soon enough. */
    if (!PKCS12_mac_present(file))
        return PKCS12_set_mac(file, given, -1, NULL, 0, 1, EVP_sha256()) == 1;
    if (given != NULL && *given != '\0')
        return PKCS12_verify_mac(file, given, -1) == 1;
    *found = "";
    if (PKCS12_verify_mac(file, "", 0) == 1)
        return true;
    *found = NULL;
    return PKCS12_verify_mac(file, NULL, 0) == 1;
}

static char *unlock_sentence(const struct old_ways *ways, const char *given)
{
    unsigned long error = ERR_peek_error();

    if (ways->legacy == NULL && ERR_GET_REASON(error) == ERR_R_UNSUPPORTED) {
        ERR_clear_error();
        return ls_strdup("the PKCS#12 file is locked in an old way (RC2) "
                         "that OpenSSL reads only with its legacy provider, "
                         "which this system does not have");
    }
    ERR_clear_error();
    if (given == NULL)
        return ls_strdup("the PKCS#12 file is protected by a password and "
                         "none was given: password-file names one");
    return ls_strdup("the password does not open the PKCS#12 file");
}

/* The same object, bound to the default library context. */
static EVP_PKEY *move_key(EVP_PKEY *key)
{
    unsigned char *der = NULL;
    int length = i2d_PrivateKey(key, &der);
    const unsigned char *at = der;
    EVP_PKEY *moved = length > 0 ? d2i_AutoPrivateKey(NULL, &at, length) : NULL;

    OPENSSL_clear_free(der, length > 0 ? (size_t)length : 0);
    return moved;
}

static void add_moved(struct credential_bag *bag, X509 *x509)
{
    X509 *moved = credential_reread(x509);

    if (moved != NULL)
        credential_bag_add(bag, moved);
}

/* What a PKCS#12 file held, still bound to the old ways. */
struct pkcs12_content {
    EVP_PKEY *key;
    X509 *leaf;
    STACK_OF(X509) * others;
};

static void move_content(struct credential_bag *bag,
                         struct pkcs12_content *content)
{
    int count = content->others != NULL ? sk_X509_num(content->others) : 0;

    if (content->key != NULL)
        bag->key = move_key(content->key);
    if (content->leaf != NULL)
        add_moved(bag, content->leaf);
    else
        bag->is_unordered = true;
    for (int i = 0; i < count; i++)
        add_moved(bag, sk_X509_value(content->others, i));
    EVP_PKEY_free(content->key);
    X509_free(content->leaf);
    sk_X509_pop_free(content->others, X509_free);
}

/* False and a sentence when it does not open; *is_one false when it is no
 * PKCS#12 file at all. */
static bool read_pkcs12(struct credential_bag *bag, struct ls_str bytes,
                        const char *given, bool *is_one, char **why)
{
    const unsigned char *at = (const unsigned char *)bytes.at;
    struct pkcs12_content content = {0};
    struct old_ways ways;
    const char *password;
    PKCS12 *file;
    bool is_open;

    old_ways_open(&ways);
    file = d2i_PKCS12(NULL, &at, (long)bytes.length);
    *is_one = file != NULL;
    is_open = file != NULL && find_password(file, given, &password) &&
              PKCS12_parse(file, password, &content.key, &content.leaf,
                           &content.others) == 1;
    if (*is_one && !is_open)
        *why = unlock_sentence(&ways, given);
    PKCS12_free(file);
    old_ways_leave(&ways);
    if (is_open)
        move_content(bag, &content);
    old_ways_close(&ways);
    return is_open || !*is_one;
}

static bool is_request(struct ls_str bytes)
{
    const unsigned char *at = (const unsigned char *)bytes.at;
    X509_REQ *request = d2i_X509_REQ(NULL, &at, (long)bytes.length);

    X509_REQ_free(request);
    return request != NULL;
}

bool credential_bag_read_der(struct credential_bag *bag, struct ls_str bytes,
                             const char *password, char **why)
{
    const unsigned char *at = (const unsigned char *)bytes.at;
    X509 *x509 = d2i_X509(NULL, &at, (long)bytes.length);
    bool is_pkcs12 = false;
    bool is_sound;

    if (x509 != NULL) {
        credential_bag_add(bag, x509);
        return true;
    }
    is_sound = read_pkcs12(bag, bytes, password, &is_pkcs12, why);
    if (!is_pkcs12 && !credential_bag_read_pkcs7(bag, bytes))
        bag->has_request = is_request(bytes);
    ERR_clear_error();
    return is_sound;
}
