/*
 * Revocation lists in files.
 */
#include "lyncsim/revocation_list.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/trust_anchors.h"

#include "credential_bag.h"
#include "openssl_reason.h"

/* Taken; NULL is what could not be read. */
static bool add_one(struct trust_anchors *anchors, X509_CRL *list)
{
    if (list == NULL)
        return false;
    trust_anchors_add_crl(anchors, list);
    X509_CRL_free(list);
    return true;
}

static bool add_pem(struct trust_anchors *anchors, struct ls_str text,
                    char **why)
{
    BIO *memory = BIO_new_mem_buf(text.at, (int)text.length);
    size_t count = 0;
    unsigned long last;

    ERR_clear_error();
    while (add_one(anchors, PEM_read_bio_X509_CRL(memory, NULL, NULL, NULL)))
        count++;
    last = ERR_peek_last_error();
    BIO_free(memory);
    if (ERR_GET_LIB(last) == ERR_LIB_PEM &&
        ERR_GET_REASON(last) == PEM_R_NO_START_LINE) {
        ERR_clear_error();
        if (count == 0)
            *why = ls_strdup("there is no revocation list in it");
        return count > 0;
    }
    *why = openssl_reason("a revocation list in it is damaged");
    return false;
}

bool revocation_lists_add(struct trust_anchors *anchors, struct ls_str text,
                          char **why)
{
    const unsigned char *at = (const unsigned char *)text.at;

    *why = NULL;
    if (credential_text_is_pem(text))
        return add_pem(anchors, text, why);
    ERR_clear_error();
    if (add_one(anchors, d2i_X509_CRL(NULL, &at, (long)text.length)))
        return true;
    *why = openssl_reason("it is no revocation list");
    return false;
}

char *revocation_list_format_pem(X509_CRL *list)
{
    BIO *memory = BIO_new(BIO_s_mem());
    struct ls_buf text = {0};
    char *bytes;
    long length;

    PEM_write_bio_X509_CRL(memory, list);
    length = BIO_get_mem_data(memory, &bytes);
    ls_buf_add(&text, ls_str_from_bytes(bytes, (size_t)length));
    BIO_free(memory);
    return ls_buf_take(&text);
}

char *revocation_list_format_der(X509_CRL *list, size_t *length)
{
    unsigned char *der = NULL;
    int size = i2d_X509_CRL(list, &der);
    struct ls_buf bytes = {0};

    *length = size > 0 ? (size_t)size : 0;
    ls_buf_add(&bytes, ls_str_from_bytes((char *)der, *length));
    OPENSSL_free(der);
    return ls_buf_take(&bytes);
}
