/*
 * Path validation that never stops: the library's callback writes every fault
 * down and asks it to go on, and what it built is read out afterwards.
 */
#include <assert.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"

#include "certificate_name.h"
#include "chain_burden.h"
#include "trust_anchors.h"
#include "trust_paths.h"

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
    free(report->strict.subject);
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
 * Windows, which a Front End runs on; to this library it is over then. A list
 * is held to be current as long. */
static bool is_in_last_second(X509_STORE_CTX *context)
{
    time_t at = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(context));
    int code = X509_STORE_CTX_get_error(context);
    X509 *x509 = X509_STORE_CTX_get_current_cert(context);
    X509_CRL *list = X509_STORE_CTX_get0_current_crl(context);
    const ASN1_TIME *end = NULL;

    if (code == X509_V_ERR_CERT_HAS_EXPIRED && x509 != NULL)
        end = X509_get0_notAfter(x509);
    else if (code == X509_V_ERR_CRL_HAS_EXPIRED && list != NULL)
        end = X509_CRL_get0_nextUpdate(list);
    return end != NULL && ASN1_TIME_cmp_time_t(end, at) == 0;
}

/* What only the library's strict mode minds. */
static bool is_about_the_letter(int code, X509 *x509)
{
    switch (code) {
    case X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA:
    case X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN:
    case X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA:
    case X509_V_ERR_ISSUER_NAME_EMPTY:
    case X509_V_ERR_SUBJECT_NAME_EMPTY:
    case X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER:
    case X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER:
    case X509_V_ERR_EMPTY_SUBJECT_ALT_NAME:
    case X509_V_ERR_EMPTY_SUBJECT_SAN_NOT_CRITICAL:
    case X509_V_ERR_CA_BCONS_NOT_CRITICAL:
    case X509_V_ERR_AUTHORITY_KEY_IDENTIFIER_CRITICAL:
    case X509_V_ERR_SUBJECT_KEY_IDENTIFIER_CRITICAL:
    case X509_V_ERR_CA_CERT_MISSING_KEY_USAGE:
    case X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3:
        return true;
    case X509_V_ERR_INVALID_CA: /* roots of version 1 are still about */
        return x509 != NULL && X509_get_version(x509) == X509_VERSION_1 &&
               X509_check_ca(x509) != 0;
    default:
        return false;
    }
}

static void note_strict(struct chain_report *report, X509_STORE_CTX *context)
{
    X509 *x509 = X509_STORE_CTX_get_current_cert(context);

    if (report->strict.code != 0)
        return;
    report->strict.code = X509_STORE_CTX_get_error(context);
    report->strict.depth = X509_STORE_CTX_get_error_depth(context);
    if (x509 != NULL)
        report->strict.subject =
            certificate_name_line(X509_get_subject_name(x509));
}

/* What is wrong with a revocation list, not with the certificate. */
static bool is_about_a_list(int code)
{
    switch (code) {
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
    case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
    case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
        return true;
    default:
        return false;
    }
}

/* RFC 5280 6.1 leaves the anchor out, and so does Windows: a root that takes
 * itself back could say so by itself alone. */
static bool is_list_of_anchor(X509_STORE_CTX *context)
{
    int depth = X509_STORE_CTX_get_error_depth(context);
    X509 *x509 = X509_STORE_CTX_get_current_cert(context);

    return is_about_a_list(X509_STORE_CTX_get_error(context)) && depth > 0 &&
           depth + 1 == sk_X509_num(X509_STORE_CTX_get0_chain(context)) &&
           x509 != NULL && X509_check_issued(x509, x509) == X509_V_OK;
}

static int on_fault(int is_sound, X509_STORE_CTX *context)
{
    struct chain_report *report = X509_STORE_CTX_get_app_data(context);
    bool is_strict =
        is_about_the_letter(X509_STORE_CTX_get_error(context),
                            X509_STORE_CTX_get_current_cert(context));

    if (is_sound || is_in_last_second(context) || is_list_of_anchor(context))
        return 1;
    if (is_strict && report != NULL)
        note_strict(report, context);
    if (is_strict)
        return 1;
    /* The path to another key that signed a revocation list: what is wrong
     * with it makes the list worthless, and nothing more. */
    if (X509_STORE_CTX_get0_parent_ctx(context) != NULL)
        return 0;
    add_fault(report, X509_STORE_CTX_get_error(context),
              X509_STORE_CTX_get_error_depth(context),
              X509_STORE_CTX_get_current_cert(context));
    return 1;
}

static void add_links(struct chain_report *report,
                      const struct trust_anchors *anchors,
                      const struct certificate_facts *leaf,
                      STACK_OF(X509) * path)
{
    int count = path != NULL ? sk_X509_num(path) : 0;

    if (count > CHAIN_LINKS_MAX)
        count = CHAIN_LINKS_MAX;
    if (count <= 0)
        return;
    report->links = ls_alloc_array((size_t)count, sizeof *report->links);
    for (int i = 0; i < count; i++)
        report->links[report->link_count++] =
            i == 0 && leaf != NULL
                ? trust_anchors_link_of(leaf)
                : trust_anchors_link(anchors, sk_X509_value(path, i));
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
    /* RFC 5280 6.1 has policies be a part of every validation; to us any of
     * them will do. */
    X509_VERIFY_PARAM_add0_policy(rules, OBJ_nid2obj(NID_any_policy));
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_POLICY_CHECK |
                                           X509_V_FLAG_X509_STRICT);
    if (options->check_revocation)
        X509_VERIFY_PARAM_set_flags(
            rules, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL |
                       X509_V_FLAG_EXTENDED_CRL_SUPPORT |
                       X509_V_FLAG_USE_DELTAS);
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
        /* Not by way of the store, which finds a list by the name of who
         * issued the certificate alone: another may publish it. */
        X509_STORE_CTX_set0_crls(context, anchors->lists);
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

/* Whether leaf and authorities, taken together, leave a use to a peer; what
 * they say of it is no fault of the path to the library. */
static bool is_for_peers(STACK_OF(X509) * path)
{
    uint32_t usage = XKU_SSL_SERVER | XKU_SSL_CLIENT;

    for (int i = 0; i < sk_X509_num(path); i++) {
        X509 *x509 = sk_X509_value(path, i);
        uint32_t own = X509_get_extended_key_usage(x509);

        if ((own & XKU_ANYEKU) == 0 &&
            (i == 0 || (X509_get_extension_flags(x509) & EXFLAG_SI) == 0))
            usage &= own;
    }
    return usage != 0;
}

struct second_look {
    const struct trust_anchors *anchors;
    X509 *leaf;
    const struct chain_options *options;
    struct chain_report *report;
    STACK_OF(X509) * path;
};

static bool is_sound_way(STACK_OF(X509) * between, void *arg)
{
    struct second_look *look = arg;
    struct chain_report report = {0};
    STACK_OF(X509) *path =
        validate(look->anchors, look->leaf, between, look->options, &report);
    bool is_sound = report.fault_count == 0 && is_for_peers(path);

    if (is_sound) {
        chain_report_clear(look->report);
        *look->report = report;
        sk_X509_pop_free(look->path, X509_free);
        look->path = path;
    } else {
        chain_report_clear(&report);
        sk_X509_pop_free(path, X509_free);
    }
    return is_sound;
}

/* Windows weighs every way there is; one that is sound will do. The path so
 * far is taken, the better one is the caller's. */
static STACK_OF(X509) *
    look_for_better(const struct trust_anchors *anchors, X509 *leaf,
                    STACK_OF(X509) * sent, const struct chain_options *options,
                    struct chain_report *report, STACK_OF(X509) * path)
{
    struct second_look look = {anchors, leaf, options, report, path};

    if (report->fault_count > 0 || !is_for_peers(path))
        trust_paths_walk(leaf, anchors->roots, sent, is_sound_way, &look);
    return look.path;
}

/* An answer that is believed makes lists for the leaf needless; any other says
 * nothing. */
static void heed_staple(struct chain_report *report, X509 *leaf)
{
    size_t kept = 0;

    if (report->staple.state != STAPLE_GOOD &&
        report->staple.state != STAPLE_REVOKED)
        return;
    for (size_t i = 0; i < report->fault_count; i++) {
        struct chain_fault *fault = &report->faults[i];

        if (fault->depth == 0 && is_about_a_list(fault->code))
            free(fault->subject);
        else
            report->faults[kept++] = *fault;
    }
    report->fault_count = kept;
    if (report->staple.state == STAPLE_REVOKED)
        add_fault(report, X509_V_ERR_CERT_REVOKED, 0, leaf);
}

static void judge_staple(struct chain_report *report, X509 *leaf,
                         STACK_OF(X509) * path,
                         const struct chain_options *options)
{
    X509 *issuer = NULL;

    if (sk_X509_num(path) > 1)
        issuer = sk_X509_value(path, 1);
    else if (X509_check_issued(leaf, leaf) == X509_V_OK)
        issuer = leaf;
    report->staple = staple_judge(options->staple, leaf, issuer, options->at_s);
    if (options->check_revocation)
        heed_staple(report, leaf);
}

/* The leaf is one of them, whether it stands among the others or not. */
static size_t count_of_sent(STACK_OF(X509) * sent, X509 *leaf)
{
    size_t count = sent != NULL ? (size_t)sk_X509_num(sent) : 0;

    return is_among(sent, leaf) ? count : count + 1;
}

void trust_anchors_check(const struct trust_anchors *anchors, X509 *leaf,
                         STACK_OF(X509) * sent,
                         const struct chain_options *options,
                         struct chain_report *report)
{
    const struct chain_excess *excess = chain_burden_judge(leaf, sent);
    STACK_OF(X509) * path;

    *report = (struct chain_report){
        .checked = true,
        .revocation_checked = options->check_revocation,
        .sent_count = count_of_sent(sent, leaf),
    };
    if (excess != NULL) {
        report->excess = excess->text;
        add_fault(report, excess->code, 0, leaf);
        return;
    }
    path = validate(anchors, leaf, sent, options, report);
    path = look_for_better(anchors, leaf, sent, options, report, path);
    judge_staple(report, leaf, path, options);

    add_links(report, anchors, options->leaf, path);
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

struct staple_report
trust_anchors_judge_staple(const struct trust_anchors *anchors,
                           struct ls_str staple, X509 *leaf,
                           STACK_OF(X509) * sent, int64_t at_s)
{
    const struct chain_options options = {.at_s = at_s, .staple = staple};
    struct staple_report answer;
    struct chain_report report;

    if (anchors == NULL || ls_str_is_empty(staple))
        return staple_judge_among(staple, leaf, sent, at_s);
    trust_anchors_check(anchors, leaf, sent, &options, &report);
    answer = report.staple;
    chain_report_clear(&report);
    return answer;
}
