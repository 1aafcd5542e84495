/*
 * The insides of a set of trust anchors; private to this folder.
 */
#ifndef LYNCSIM_PKI_TRUST_ANCHORS_H
#define LYNCSIM_PKI_TRUST_ANCHORS_H

#include <openssl/x509.h>

#include "lyncsim/trust_anchors.h"

struct trust_anchors {
    X509_STORE *store;
    STACK_OF(X509) * roots;        /* of the store */
    struct chain_link *root_links; /* as many: what is told of each */
    size_t root_capacity;
    STACK_OF(X509) * known;
    STACK_OF(X509_CRL) * lists;
};

/* What is told of a certificate in a path; its texts are the caller's. A root
 * that the peer is trusted by is not read out again for every peer. */
struct chain_link trust_anchors_link(const struct trust_anchors *anchors,
                                     X509 *x509);
/* The same of one that was read out before. */
struct chain_link trust_anchors_link_of(const struct certificate_facts *facts);

#endif
