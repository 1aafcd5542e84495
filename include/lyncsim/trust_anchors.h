/*
 * Whom do we trust to vouch for a name, and does this chain lead there? The
 * roots and known intermediates of one party, and the check of a chain
 * against them that never stops at the first fault.
 */
#ifndef LYNCSIM_TRUST_ANCHORS_H
#define LYNCSIM_TRUST_ANCHORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/certificate_facts.h"
#include "lyncsim/credential.h"
#include "lyncsim/err.h"
#include "lyncsim/staple.h"

struct credential;
struct x509_st;
struct x509_store_st;
struct x509_store_ctx_st;
struct stack_st_X509;
struct X509_crl_st;

/* One error of the path validation, as OpenSSL numbers them (X509_V_ERR_…). */
struct chain_fault {
    int code;
    int depth;     /* 0 is the leaf */
    char *subject; /* of the certificate at that depth, escaped; or NULL */
};

/* One certificate of the path that was built or, failing that, sent. */
struct chain_link {
    char *subject;
    int64_t not_before_s;
    int64_t not_after_s;
    enum key_algorithm key_algorithm;
    unsigned key_bits;
    char *digest; /* of the signature on it; NULL where there is none */
    bool is_root; /* self-issued: its own signature proves nothing */
    bool has_usage;
    unsigned usage; /* USAGE_ bits */
};

#define CHAIN_FAULTS_MAX 32
#define CHAIN_LINKS_MAX 100

struct chain_report {
    bool checked; /* false: no trust anchors were given; trust is not judged */
    bool revocation_checked;
    /* What there is more of than is looked at, as a part of a sentence, or
     * NULL. Nothing was validated then, and there is one fault. */
    const char *excess;
    struct chain_fault *faults; /* in the order met */
    size_t fault_count;
    /* What the letter of RFC 5280 forbids and products put up with; the first
     * of it. Its code is 0 where there is none. */
    struct chain_fault strict;
    struct chain_link *links; /* leaf first */
    size_t link_count;
    size_t sent_count; /* certificates the peer sent, its own among them */
    struct staple_report staple; /* of the leaf; absent where there is none */
    /* Errors 20 and 21 were met, and a known intermediate would complete the
     * chain to a trusted root: the peer forgot to send it. */
    bool completed_by_known;
    char *completing_subject; /* the first one missing, or NULL */
    /* A trusted authority has the issuer's name and another key. */
    bool same_name_other_key;
};

void chain_report_clear(struct chain_report *report);

struct trust_anchors;

struct trust_anchors *trust_anchors_new(void);
void trust_anchors_free(struct trust_anchors *anchors);

/* Add a certificate (borrowed): self-issued ones are trusted roots, others
 * known intermediates, which help to explain and are never trusted. */
void trust_anchors_add(struct trust_anchors *anchors, struct x509_st *x509);
/* Add a certificate and all that stands beside it, each as above. */
void trust_anchors_add_credential(struct trust_anchors *anchors,
                                  const struct credential *credential);
/* Add a known intermediate or another lab's root that is not trusted here. */
void trust_anchors_add_known(struct trust_anchors *anchors,
                             struct x509_st *x509);
/* A bag of such certificates, to be filled by who makes them; owned by the
 * caller, its content added to anchors as known. */
struct stack_st_X509 *trust_known_new(void);
void trust_known_free(struct stack_st_X509 *known);
void trust_anchors_add_all_known(struct trust_anchors *anchors,
                                 const struct stack_st_X509 *known);
void trust_anchors_add_crl(struct trust_anchors *anchors,
                           struct X509_crl_st *crl);
size_t trust_anchors_root_count(const struct trust_anchors *anchors);
/* The roots as the library's store; borrowed, valid as long as anchors. */
struct x509_store_st *trust_anchors_store(const struct trust_anchors *anchors);

struct chain_options {
    int64_t at_s;          /* the time to judge validity at */
    bool check_revocation; /* by CRLs in the anchors and by the staple */
    struct ls_str staple;  /* the OCSP response that came with the leaf */
    /* What was read out of the leaf before, borrowed; NULL: nothing was. */
    const struct certificate_facts *leaf;
};

/* Validate leaf with what the peer sent along (sent may be NULL; all
 * borrowed) and write every fault into report, which the caller clears.
 * Purpose, digests and key sizes are not judged here: the verdict does.
 * Inside a handshake hand it X509_STORE_CTX_get0_cert() and _get0_untrusted()
 * of the context that TLS gives: the same check, untouched by what TLS would
 * set for purpose, security level and time. */
void trust_anchors_check(const struct trust_anchors *anchors,
                         struct x509_st *leaf, struct stack_st_X509 *sent,
                         const struct chain_options *options,
                         struct chain_report *report);
/* What a staple says of leaf, whose issuer is looked for in what was sent and
 * in anchors (NULL: in the first alone). All borrowed. */
struct staple_report
trust_anchors_judge_staple(const struct trust_anchors *anchors,
                           struct ls_str staple, struct x509_st *leaf,
                           struct stack_st_X509 *sent, int64_t at_s);

#endif
