/*
 * The bag itself; what goes into it comes from the readers.
 */
#include "credential_bag.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

void credential_bag_clear(struct credential_bag *bag)
{
    sk_X509_pop_free(bag->certificates, X509_free);
    EVP_PKEY_free(bag->key);
    free(bag->key_fault);
    *bag = (struct credential_bag){0};
}

void credential_bag_add(struct credential_bag *bag, X509 *x509)
{
    if (bag->certificates == NULL)
        bag->certificates = sk_X509_new_null();
    sk_X509_push(bag->certificates, x509);
}

int credential_bag_count(const struct credential_bag *bag)
{
    return bag->certificates != NULL ? sk_X509_num(bag->certificates) : 0;
}

X509 *credential_reread(X509 *x509)
{
    unsigned char *der = NULL;
    int length = i2d_X509(x509, &der);
    const unsigned char *at = der;
    X509 *copy = length > 0 ? d2i_X509(NULL, &at, length) : NULL;

    OPENSSL_free(der);
    return copy;
}

bool credential_text_is_pem(struct ls_str text)
{
    static const char begin[] = "-----BEGIN ";

    return text.length > 0 &&
           memmem(text.at, text.length, begin, sizeof begin - 1) != NULL;
}

char *credential_text_line_fault(struct ls_str text)
{
    static const char begin[] = "-----BEGIN ", dashes[] = "-----";
    const char *end = text.at + text.length;
    const char *at = memmem(text.at, text.length, begin, sizeof begin - 1);

    if (at == NULL)
        return NULL;
    at += sizeof begin - 1;
    at = memmem(at, (size_t)(end - at), dashes, sizeof dashes - 1);
    if (at == NULL)
        return NULL;
    at += sizeof dashes - 1;
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    if (at == end || *at == '\n')
        return NULL;
    return ls_strdup("the PEM text has lost its line ends: BEGIN, END and what "
                     "is between them are lines of their own");
}
