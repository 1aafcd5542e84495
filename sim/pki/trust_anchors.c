/*
 * Path validation that never stops: the library's callback writes every fault
 * down and asks it to go on, and what it built is read out afterwards.
 */
#include "lyncsim/trust_anchors.h"

#include <assert.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"
#include "lyncsim/credential.h"

#include "certificate_name.h"

struct trust_anchors {
    X509_STORE *store;
    STACK_OF(X509) * roots; /* of the store */
    STACK_OF(X509) * known;
};

struct trust_anchors *trust_anchors_new(void)
{
    struct trust_anchors *anchors = ls_alloc(sizeof *anchors);

    anchors->store = X509_STORE_new();
    anchors->roots = sk_X509_new_null();
    anchors->known = sk_X509_new_null();
    assert(anchors->store && anchors->roots && anchors->known);
    return anchors;
}

void trust_anchors_free(struct trust_anchors *anchors)
{
    if (anchors == NULL)
        return;
    X509_STORE_free(anchors->store);
    sk_X509_pop_free(anchors->roots, X509_free);
    sk_X509_pop_free(anchors->known, X509_free);
    free(anchors);
}

void trust_anchors_add(struct trust_anchors *anchors, X509 *x509)
{
    if (X509_NAME_cmp(X509_get_subject_name(x509),
                      X509_get_issuer_name(x509)) != 0) {
        trust_anchors_add_known(anchors, x509);
        return;
    }
    X509_STORE_add_cert(anchors->store, x509);
    X509_add_cert(anchors->roots, x509,
                  X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP);
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
    X509_STORE_add_crl(anchors->store, crl);
}

size_t trust_anchors_root_count(const struct trust_anchors *anchors)
{
    return (size_t)sk_X509_num(anchors->roots);
}

X509_STORE *trust_anchors_store(const struct trust_anchors *anchors)
{
    return anchors->store;
}

void chain_report_clear(struct chain_report *report)
{
    for (size_t i = 0; i < report->fault_count; i++)
        free(report->faults[i].subject);
    for (size_t i = 0; i < report->link_count; i++) {
        free(report->links[i].subject);
        free(report->links[i].digest);
    }
    free(report->faults);
    free(report->links);
    free(report->completing_subject);
    *report = (struct chain_report){0};
}

static void add_fault(struct chain_report *report, int code, int depth,
                      X509 *x509)
{
    struct chain_fault *fault;

    for (size_t i = 0; i < report->fault_count; i++)
        if (report->faults[i].code == code && report->faults[i].depth == depth)
            return;
    if (report->fault_count == CHAIN_FAULTS_MAX)
        return;
    if (report->faults == NULL)
        report->faults =
            ls_alloc_array(CHAIN_FAULTS_MAX, sizeof *report->faults);
    fault = &report->faults[report->fault_count++];
    fault->code = code;
    fault->depth = depth;
    if (x509 != NULL)
        fault->subject = certificate_name_line(X509_get_subject_name(x509));
}

/* RFC 5280 4.1.2.5 has the last second belong to the validity, and so has
 * Windows, which a Front End runs on; to this library it is over then. */
static bool is_in_last_second(X509_STORE_CTX *context)
{
    X509 *x509 = X509_STORE_CTX_get_current_cert(context);
    time_t at = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(context));

    return X509_STORE_CTX_get_error(context) == X509_V_ERR_CERT_HAS_EXPIRED &&
           x509 != NULL &&
           ASN1_TIME_cmp_time_t(X509_get0_notAfter(x509), at) == 0;
}

static int on_fault(int is_sound, X509_STORE_CTX *context)
{
    struct chain_report *report = X509_STORE_CTX_get_app_data(context);

    if (!is_sound && !is_in_last_second(context))
        add_fault(report, X509_STORE_CTX_get_error(context),
                  X509_STORE_CTX_get_error_depth(context),
                  X509_STORE_CTX_get_current_cert(context));
    return 1;
}

static void add_link(struct chain_report *report, X509 *x509)
{
    struct chain_link *link = &report->links[report->link_count++];
    struct certificate_facts facts;

    certificate_facts_read_brief(&facts, x509);
    link->subject = facts.subject;
    link->digest = facts.digest;
    facts.subject = NULL;
    facts.digest = NULL;
    link->not_before_s = facts.not_before_s;
    link->not_after_s = facts.not_after_s;
    link->key_algorithm = facts.key_algorithm;
    link->key_bits = facts.key_bits;
    link->is_root = facts.is_self_issued;
    certificate_facts_clear(&facts);
}

static void add_links(struct chain_report *report, STACK_OF(X509) * path)
{
    int count = path != NULL ? sk_X509_num(path) : 0;

    if (count > CHAIN_LINKS_MAX)
        count = CHAIN_LINKS_MAX;
    if (count <= 0)
        return;
    report->links = ls_alloc_array((size_t)count, sizeof *report->links);
    for (int i = 0; i < count; i++)
        add_link(report, sk_X509_value(path, i));
}

/* What judges is ours (purpose, key sizes, digests); what proves is the
 * library's (signatures, dates, constraints, revocation). */
static void set_rules(X509_STORE_CTX *context,
                      const struct chain_options *options)
{
    X509_VERIFY_PARAM *rules = X509_STORE_CTX_get0_param(context);

    X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_ANY);
    X509_VERIFY_PARAM_set_auth_level(rules, 0);
    X509_VERIFY_PARAM_set_time(rules, (time_t)options->at_s);
    if (options->check_revocation)
        X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_CRL_CHECK |
                                               X509_V_FLAG_CRL_CHECK_ALL);
}

/* Validate into report, which may hold faults already; the path is the
 * caller's. */
static STACK_OF(X509) * validate(const struct trust_anchors *anchors,
                                 X509 *leaf, STACK_OF(X509) * others,
                                 const struct chain_options *options,
                                 struct chain_report *report)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    STACK_OF(X509) *path = NULL;
    int answer = 0;

    assert(context != NULL);
    ERR_set_mark();
    if (X509_STORE_CTX_init(context, anchors->store, leaf, others) == 1) {
        X509_STORE_CTX_set_app_data(context, report);
        X509_STORE_CTX_set_verify_cb(context, on_fault);
        set_rules(context, options);
        answer = X509_verify_cert(context);
        path = X509_STORE_CTX_get1_chain(context);
    }
    /* Whatever went wrong unsaid must not pass for sound. */
    if (answer != 1 && report->fault_count == 0) {
        int code = X509_STORE_CTX_get_error(context);

        add_fault(report, code != X509_V_OK ? code : X509_V_ERR_UNSPECIFIED, 0,
                  leaf);
    }
    X509_STORE_CTX_free(context);
    ERR_pop_to_mark();
    return path;
}

static bool is_about_trust(int code)
{
    switch (code) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
        return true;
    default:
        return false;
    }
}

static bool has_fault_about_trust(const struct chain_report *report)
{
    for (size_t i = 0; i < report->fault_count; i++)
        if (is_about_trust(report->faults[i].code))
            return true;
    return false;
}

static bool is_among(STACK_OF(X509) * certificates, X509 *x509)
{
    for (int i = 0; certificates != NULL && i < sk_X509_num(certificates); i++)
        if (X509_cmp(sk_X509_value(certificates, i), x509) == 0)
            return true;
    return false;
}

/* Would the chain be complete, had the peer sent what is known here? */
static void try_known(const struct trust_anchors *anchors, X509 *leaf,
                      STACK_OF(X509) * sent,
                      const struct chain_options *options,
                      struct chain_report *report)
{
    struct chain_report second = {0};
    STACK_OF(X509) *others =
        sent != NULL ? sk_X509_dup(sent) : sk_X509_new_null();
    STACK_OF(X509) * path;

    for (int i = 0; i < sk_X509_num(anchors->known); i++)
        sk_X509_push(others, sk_X509_value(anchors->known, i));
    path = validate(anchors, leaf, others, options, &second);
    report->completed_by_known = !has_fault_about_trust(&second);
    for (int i = 1; report->completed_by_known && i < sk_X509_num(path); i++) {
        X509 *link = sk_X509_value(path, i);

        if (is_among(sent, link) || is_among(anchors->roots, link))
            continue;
        report->completing_subject =
            certificate_name_line(X509_get_subject_name(link));
        break;
    }
    sk_X509_pop_free(path, X509_free);
    sk_X509_free(others);
    chain_report_clear(&second);
}

/* In short: error 7, 19 or 20 and 21, depending on key
 * identifiers and on what was sent; so look for it by hand. */
static bool has_same_name_other_key(const struct trust_anchors *anchors,
                                    X509 *x509)
{
    const X509_NAME *issuer = X509_get_issuer_name(x509);
    bool is_found = false;

    for (int i = 0; i < sk_X509_num(anchors->roots); i++) {
        X509 *root = sk_X509_value(anchors->roots, i);

        if (X509_NAME_cmp(X509_get_subject_name(root), issuer) != 0)
            continue;
        if (X509_verify(x509, X509_get0_pubkey(root)) == 1)
            return false;
        is_found = true;
    }
    return is_found;
}

void trust_anchors_check(const struct trust_anchors *anchors, X509 *leaf,
                         STACK_OF(X509) * sent,
                         const struct chain_options *options,
                         struct chain_report *report)
{
    STACK_OF(X509) * path;

    *report = (struct chain_report){.checked = true};
    report->revocation_checked = options->check_revocation;
    report->sent_count = sent != NULL ? (size_t)sk_X509_num(sent) : 0;
    if (!is_among(sent, leaf))
        report->sent_count++;

    path = validate(anchors, leaf, sent, options, report);
    add_links(report, path);
    if (has_fault_about_trust(report)) {
        ERR_set_mark();
        for (int i = 0; path != NULL && i < sk_X509_num(path); i++)
            report->same_name_other_key |=
                has_same_name_other_key(anchors, sk_X509_value(path, i));
        ERR_pop_to_mark();
        try_known(anchors, leaf, sent, options, report);
    }
    sk_X509_pop_free(path, X509_free);
}
