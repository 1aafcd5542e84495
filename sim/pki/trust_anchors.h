/*
 * The insides of a set of trust anchors; private to this folder.
 */
#ifndef LYNCSIM_PKI_TRUST_ANCHORS_H
#define LYNCSIM_PKI_TRUST_ANCHORS_H

#include <openssl/x509.h>

#include "lyncsim/trust_anchors.h"

struct trust_anchors {
    X509_STORE *store;
    STACK_OF(X509) * roots; /* of the store */
    STACK_OF(X509) * known;
    STACK_OF(X509_CRL) * lists;
};

#endif
