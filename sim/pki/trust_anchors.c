/*
 * Roots, known intermediates and revocation lists, kept together.
 */
#include "lyncsim/trust_anchors.h"

#include <assert.h>
#include <stdlib.h>

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "lyncsim/alloc.h"
#include "lyncsim/credential.h"

#include "trust_anchors.h"

struct trust_anchors *trust_anchors_new(void)
{
    struct trust_anchors *anchors = ls_alloc(sizeof *anchors);

    anchors->store = X509_STORE_new();
    anchors->roots = sk_X509_new_null();
    anchors->known = sk_X509_new_null();
    anchors->lists = sk_X509_CRL_new_null();
    assert(anchors->store && anchors->roots && anchors->known &&
           anchors->lists);
    return anchors;
}

static void free_root_links(struct trust_anchors *anchors)
{
    for (int i = 0; i < sk_X509_num(anchors->roots); i++) {
        free(anchors->root_links[i].subject);
        free(anchors->root_links[i].digest);
    }
    free(anchors->root_links);
}

void trust_anchors_free(struct trust_anchors *anchors)
{
    if (anchors == NULL)
        return;
    free_root_links(anchors);
    X509_STORE_free(anchors->store);
    sk_X509_pop_free(anchors->roots, X509_free);
    sk_X509_pop_free(anchors->known, X509_free);
    sk_X509_CRL_pop_free(anchors->lists, X509_CRL_free);
    free(anchors);
}

struct chain_link trust_anchors_link_of(const struct certificate_facts *facts)
{
    return (struct chain_link){
        .subject = ls_strdup(facts->subject),
        .not_before_s = facts->not_before_s,
        .not_after_s = facts->not_after_s,
        .key_algorithm = facts->key_algorithm,
        .key_bits = facts->key_bits,
        .digest = ls_strdup(facts->digest),
        .is_root = facts->is_self_issued,
        .has_usage = facts->has_usage,
        .usage = facts->usage,
    };
}

static struct chain_link read_link(X509 *x509)
{
    struct certificate_facts facts;
    struct chain_link link;

    certificate_facts_read_brief(&facts, x509);
    link = trust_anchors_link_of(&facts);
    certificate_facts_clear(&facts);
    return link;
}

struct chain_link trust_anchors_link(const struct trust_anchors *anchors,
                                     X509 *x509)
{
    struct chain_link link;

    for (int i = 0; i < sk_X509_num(anchors->roots); i++) {
        if (sk_X509_value(anchors->roots, i) != x509)
            continue;
        link = anchors->root_links[i];
        link.subject = ls_strdup(link.subject);
        link.digest = ls_strdup(link.digest);
        return link;
    }
    return read_link(x509);
}

static void add_root(struct trust_anchors *anchors, X509 *x509)
{
    size_t count = trust_anchors_root_count(anchors);

    X509_STORE_add_cert(anchors->store, x509);
    X509_add_cert(anchors->roots, x509,
                  X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP);
    if (trust_anchors_root_count(anchors) == count)
        return; /* it was there */
    LS_GROW(anchors->root_links, count, anchors->root_capacity);
    anchors->root_links[count] = read_link(x509);
}

void trust_anchors_add(struct trust_anchors *anchors, X509 *x509)
{
    if (X509_NAME_cmp(X509_get_subject_name(x509),
                      X509_get_issuer_name(x509)) != 0) {
        trust_anchors_add_known(anchors, x509);
        return;
    }
    add_root(anchors, x509);
}

void trust_anchors_add_known(struct trust_anchors *anchors, X509 *x509)
{
    X509_add_cert(anchors->known, x509,
                  X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP);
}

void trust_anchors_add_credential(struct trust_anchors *anchors,
                                  const struct credential *credential)
{
    const STACK_OF(X509) *chain = credential_chain(credential);

    trust_anchors_add(anchors, credential_leaf(credential));
    for (int i = 0; i < sk_X509_num(chain); i++)
        trust_anchors_add(anchors, sk_X509_value(chain, i));
}

STACK_OF(X509) * trust_known_new(void)
{
    return sk_X509_new_null();
}

void trust_known_free(STACK_OF(X509) * known)
{
    sk_X509_pop_free(known, X509_free);
}

void trust_anchors_add_all_known(struct trust_anchors *anchors,
                                 const STACK_OF(X509) * known)
{
    for (int i = 0; i < sk_X509_num(known); i++)
        trust_anchors_add_known(anchors, sk_X509_value(known, i));
}

void trust_anchors_add_crl(struct trust_anchors *anchors, X509_CRL *crl)
{
    X509_CRL_up_ref(crl);
    sk_X509_CRL_push(anchors->lists, crl);
}

size_t trust_anchors_root_count(const struct trust_anchors *anchors)
{
    return (size_t)sk_X509_num(anchors->roots);
}

X509_STORE *trust_anchors_store(const struct trust_anchors *anchors)
{
    return anchors->store;
}
