/*
 * The checks before a name is looked at: TLS, the chain, the certificate.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/x509_vfy.h>

#include "lyncsim/alloc.h"
#include "lyncsim/timestamp.h"

#include "trust_judging.h"

/* Which check an error of the path validation belongs to. */
enum chain_class {
    CHAIN_OTHER,
    CHAIN_UNTRUSTED,
    CHAIN_NO_ISSUER, /* an untrusted root or a missing intermediate */
    CHAIN_SIGNATURE, /* a root of the same name, or a forged certificate */
    CHAIN_EXPIRED,
    CHAIN_NOT_YET_VALID,
    CHAIN_REVOKED,
    CHAIN_REVOCATION_UNKNOWN,
    CHAIN_OURS, /* strength and purpose: judged by checks of our own */
};

static const struct {
    int code;
    enum chain_class class;
} chain_codes[] = {
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, CHAIN_UNTRUSTED},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, CHAIN_UNTRUSTED},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, CHAIN_NO_ISSUER},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, CHAIN_NO_ISSUER},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, CHAIN_NO_ISSUER},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, CHAIN_SIGNATURE},
    {X509_V_ERR_CERT_HAS_EXPIRED, CHAIN_EXPIRED},
    {X509_V_ERR_CERT_NOT_YET_VALID, CHAIN_NOT_YET_VALID},
    {X509_V_ERR_CERT_REVOKED, CHAIN_REVOKED},
    {X509_V_ERR_UNABLE_TO_GET_CRL, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_CRL_SIGNATURE_FAILURE, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_CRL_NOT_YET_VALID, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_CRL_HAS_EXPIRED, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_DIFFERENT_CRL_SCOPE, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_CRL_PATH_VALIDATION_ERROR, CHAIN_REVOCATION_UNKNOWN},
    {X509_V_ERR_INVALID_PURPOSE, CHAIN_OURS},
    {X509_V_ERR_EE_KEY_TOO_SMALL, CHAIN_OURS},
    {X509_V_ERR_CA_KEY_TOO_SMALL, CHAIN_OURS},
    {X509_V_ERR_CA_MD_TOO_WEAK, CHAIN_OURS},
};

static enum chain_class class_of(int code)
{
    for (size_t i = 0; i < LS_COUNT(chain_codes); i++)
        if (chain_codes[i].code == code)
            return chain_codes[i].class;
    return CHAIN_OTHER;
}

/* What there is too much of to judge the chain, or NULL. */
static const char *excess_of(const struct judging *judging)
{
    return judging->evidence->chain != NULL ? judging->evidence->chain->excess
                                            : NULL;
}

static bool is_chain_judged(const struct judging *judging)
{
    return judging->evidence->chain != NULL &&
           judging->evidence->chain->checked && excess_of(judging) == NULL;
}

/* Skip where there is nothing to judge a chain against. */
static bool skip_chain(const struct judging *judging, struct trust_check *check)
{
    if (is_chain_judged(judging))
        return false;
    trust_check_set(
        check, CHECK_SKIP,
        excess_of(judging) != NULL
            ? "The chain is more than is looked at, so it is not judged."
            : "No trusted root is known here, so the chain is not judged.");
    return true;
}

static const struct chain_fault *find_fault(const struct judging *judging,
                                            enum chain_class class)
{
    const struct chain_report *chain = judging->evidence->chain;

    if (!is_chain_judged(judging))
        return NULL;
    for (size_t i = 0; i < chain->fault_count; i++)
        if (class_of(chain->faults[i].code) == class)
            return &chain->faults[i];
    return NULL;
}

static void saw_fault(struct trust_check *check,
                      const struct chain_fault *fault)
{
    trust_check_saw(check, "%s (%d) at depth %d%s%s",
                    X509_verify_cert_error_string(fault->code), fault->code,
                    fault->depth, fault->subject == NULL ? "" : ": ",
                    fault->subject == NULL ? "" : fault->subject);
}

void trust_check_protocol(const struct judging *judging,
                          struct trust_check *check)
{
    const struct trust_evidence *evidence = judging->evidence;
    const char *version = evidence->tls_version;

    if (version != NULL)
        trust_check_saw(check, "%s", version);
    if (evidence->transport == TRUST_TRANSPORT_PROTOCOL) {
        trust_check_saw(check, "%s",
                        evidence->transport_detail != NULL
                            ? evidence->transport_detail
                            : "a TLS failure");
        trust_check_wanted(check, "a complete TLS handshake");
        trust_check_set(
            check, CHECK_FAIL,
            "The TLS handshake failed before anything else could be "
            "judged.");
    } else if (evidence->transport != TRUST_TRANSPORT_SOUND) {
        trust_check_set(check, CHECK_SKIP, "The handshake did not complete.");
    } else if (version == NULL) {
        trust_check_set(check, CHECK_SKIP, "No TLS connection was looked at.");
    } else if (strcmp(version, "TLSv1.0") == 0 ||
               strcmp(version, "TLSv1.1") == 0) {
        trust_check_wanted(check, "TLSv1.2");
        trust_check_set(check, CHECK_WARN,
                        "Old, but what servers of the period speak.");
    } else if (strcmp(version, "TLSv1.3") == 0) {
        trust_check_set(check, CHECK_PASS,
                        "Synthetic: no Front End of the period speaks it.");
    } else {
        trust_check_set(check, CHECK_PASS, "The TLS handshake completed.");
    }
}

/* A way for the handshake to end that is a check of its own. */
struct handshake_end {
    enum trust_transport transport;
    const char *saw; /* where the transport gives no detail */
    const char *wanted;
    const char *failed;
    const char *passed;
};

static void check_end(const struct judging *judging, struct trust_check *check,
                      const struct handshake_end *end)
{
    const struct trust_evidence *evidence = judging->evidence;

    if (evidence->transport == end->transport) {
        trust_check_saw(check, "%s",
                        evidence->transport_detail != NULL
                            ? evidence->transport_detail
                            : end->saw);
        trust_check_wanted(check, "%s", end->wanted);
        trust_check_set(check, CHECK_FAIL, "%s", end->failed);
    } else if (evidence->transport != TRUST_TRANSPORT_SOUND) {
        trust_check_set(check, CHECK_SKIP,
                        "The handshake ended for another reason.");
    } else if (evidence->tls_version == NULL) {
        trust_check_set(check, CHECK_SKIP, "No TLS connection was looked at.");
    } else {
        trust_check_set(check, CHECK_PASS, "%s", end->passed);
    }
}

void trust_check_handshake_timeout(const struct judging *judging,
                                   struct trust_check *check)
{
    static const struct handshake_end end = {
        TRUST_TRANSPORT_TIMEOUT,
        "no complete handshake",
        "a complete TLS handshake in time",
        "The peer let the handshake lie until its time was over.",
        "The handshake completed in time.",
    };

    check_end(judging, check, &end);
}

void trust_check_peer_refused_us(const struct judging *judging,
                                 struct trust_check *check)
{
    static const struct handshake_end end = {
        TRUST_TRANSPORT_PEER_REFUSED_US,
        "the peer ended the handshake",
        "a peer that trusts this Front End",
        "The peer does not accept the Front End's certificate: "
        "trust is missing on its side.",
        "The peer accepts the Front End's certificate.",
    };

    check_end(judging, check, &end);
}

static void fail_no_issuer(const struct judging *judging,
                           struct trust_check *check)
{
    if (judging->evidence->chain->same_name_other_key)
        trust_check_set(check, CHECK_FAIL,
                        "The issuer has the name of a trusted authority but "
                        "another key: it is not the one that is trusted.");
    else
        trust_check_set(check, CHECK_FAIL,
                        "The issuer was neither sent nor is it known: its root "
                        "is not trusted here, or the peer does not send an "
                        "intermediate certificate.");
}

void trust_check_untrusted_root(const struct judging *judging,
                                struct trust_check *check)
{
    const struct chain_fault *root = find_fault(judging, CHAIN_UNTRUSTED);
    const struct chain_fault *issuer = find_fault(judging, CHAIN_NO_ISSUER);
    const struct chain_fault *signature = find_fault(judging, CHAIN_SIGNATURE);

    if (skip_chain(judging, check))
        return;
    trust_check_wanted(check, "a chain to a trusted root");
    if (root != NULL) {
        saw_fault(check, root);
        trust_check_set(check, CHECK_FAIL,
                        root->code == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT
                            ? "The certificate is self-signed and not trusted "
                              "itself."
                            : "The chain ends at a root that is not trusted "
                              "here.");
    } else if (signature != NULL &&
               judging->evidence->chain->same_name_other_key) {
        saw_fault(check, signature);
        trust_check_set(check, CHECK_FAIL,
                        "The issuer has the name of a trusted authority but "
                        "another key: it is not the one that is trusted.");
    } else if (issuer != NULL &&
               !judging->evidence->chain->completed_by_known) {
        saw_fault(check, issuer);
        fail_no_issuer(judging, check);
    } else if (issuer != NULL) {
        trust_check_set(check, CHECK_PASS,
                        "The root is trusted; only what leads to it was not "
                        "sent.");
    } else {
        trust_check_set(check, CHECK_PASS, "The chain ends at a trusted root.");
    }
}

void trust_check_incomplete_chain(const struct judging *judging,
                                  struct trust_check *check)
{
    const struct chain_fault *issuer = find_fault(judging, CHAIN_NO_ISSUER);
    const struct chain_report *chain = judging->evidence->chain;

    if (skip_chain(judging, check))
        return;
    if (issuer == NULL) {
        trust_check_set(check, CHECK_PASS,
                        "No certificate of the chain is "
                        "missing.");
    } else if (!chain->completed_by_known) {
        trust_check_set(check, CHECK_SKIP,
                        "No certificate known here would complete the chain.");
    } else {
        trust_check_saw(check, "%zu certificate%s sent", chain->sent_count,
                        chain->sent_count == 1 ? "" : "s");
        trust_check_wanted(check, "%s",
                           chain->completing_subject != NULL
                               ? chain->completing_subject
                               : "the intermediate certificate");
        trust_check_set(
            check, CHECK_FAIL,
            "The peer does not send an intermediate certificate that "
            "would lead to a trusted root.");
    }
}

/* A moment as text, owned by the caller. */
static char *moment(int64_t at_s)
{
    struct ls_buf buf = {0};

    timestamp_format(&buf, at_s * 1000);
    return ls_buf_take(&buf);
}

static void saw_moment(struct trust_check *check, const char *what,
                       int64_t at_s)
{
    char *text = moment(at_s);

    trust_check_saw(check, "%s %s", what, text);
    free(text);
}

static void wanted_moment(struct trust_check *check, const char *what,
                          int64_t at_s)
{
    char *text = moment(at_s);

    trust_check_wanted(check, "%s %s", what, text);
    free(text);
}

void trust_check_expired(const struct judging *judging,
                         struct trust_check *check)
{
    const struct certificate_facts *leaf = judging->evidence->leaf;
    const struct chain_fault *fault = find_fault(judging, CHAIN_EXPIRED);
    /* The last second belongs to it: RFC 5280 4.1.2.5. */
    bool is_leaf = leaf->not_after_s < judging->evidence->at_s;

    saw_moment(check, "notAfter", leaf->not_after_s);
    wanted_moment(check, "after", judging->evidence->at_s);
    if (is_leaf || (fault != NULL && fault->depth == 0)) {
        trust_check_set(check, CHECK_FAIL, "The certificate has expired.");
    } else if (fault != NULL) {
        saw_fault(check, fault);
        trust_check_set(check, CHECK_FAIL,
                        "A certificate further up the chain has expired.");
    } else {
        trust_check_set(check, CHECK_PASS, "The certificate has not expired.");
    }
}

void trust_check_not_yet_valid(const struct judging *judging,
                               struct trust_check *check)
{
    const struct certificate_facts *leaf = judging->evidence->leaf;
    const struct chain_fault *fault = find_fault(judging, CHAIN_NOT_YET_VALID);
    bool is_leaf = leaf->not_before_s > judging->evidence->at_s;

    saw_moment(check, "notBefore", leaf->not_before_s);
    wanted_moment(check, "not after", judging->evidence->at_s);
    if (is_leaf || (fault != NULL && fault->depth == 0)) {
        trust_check_set(
            check, CHECK_FAIL,
            "The certificate is not valid yet, or a clock is wrong.");
    } else if (fault != NULL) {
        saw_fault(check, fault);
        trust_check_set(check, CHECK_FAIL,
                        "A certificate further up the chain is not valid yet.");
    } else {
        trust_check_set(check, CHECK_PASS, "The certificate is valid already.");
    }
}

static bool skip_revocation(const struct judging *judging,
                            struct trust_check *check)
{
    if (skip_chain(judging, check))
        return true;
    if (judging->policy->check_revocation &&
        judging->evidence->chain->revocation_checked)
        return false;
    trust_check_set(check, CHECK_SKIP,
                    "This Front End does not check revocation.");
    return true;
}

void trust_check_revoked(const struct judging *judging,
                         struct trust_check *check)
{
    const struct chain_fault *fault = find_fault(judging, CHAIN_REVOKED);

    if (skip_revocation(judging, check))
        return;
    if (fault == NULL) {
        trust_check_set(check, CHECK_PASS,
                        "No certificate is on a revocation "
                        "list.");
        return;
    }
    saw_fault(check, fault);
    trust_check_wanted(check, "a certificate that was not revoked");
    trust_check_set(check, CHECK_FAIL, "%s",
                    fault->depth == 0
                        ? "The certificate was revoked by its issuer."
                        : "A certificate further up the chain was revoked.");
}

void trust_check_revocation_unknown(const struct judging *judging,
                                    struct trust_check *check)
{
    const struct chain_fault *fault =
        find_fault(judging, CHAIN_REVOCATION_UNKNOWN);
    enum staple_state staple = STAPLE_ABSENT;

    if (is_chain_judged(judging))
        staple = judging->evidence->chain->staple.state;
    if (skip_revocation(judging, check))
        return;
    if (fault == NULL) {
        trust_check_set(check, CHECK_PASS, "%s",
                        staple == STAPLE_GOOD
                            ? staple_state_says(staple)
                            : "Revocation lists are at hand.");
        return;
    }
    saw_fault(check, fault);
    if (staple != STAPLE_ABSENT)
        trust_check_saw(check, "%s; its OCSP staple: %s",
                        X509_verify_cert_error_string(fault->code),
                        staple_state_text(staple));
    trust_check_wanted(check, "a current revocation list of each issuer");
    trust_check_set(check, CHECK_FAIL,
                    "Whether the certificate was revoked cannot be told: the "
                    "revocation list is missing, outdated or not genuine.");
}

void trust_check_bad_chain(const struct judging *judging,
                           struct trust_check *check)
{
    const struct chain_fault *fault = find_fault(judging, CHAIN_OTHER);

    if (excess_of(judging) != NULL) {
        trust_check_saw(check, "%s", excess_of(judging));
        trust_check_wanted(check, "a chain of a few certificates");
        trust_check_set(check, CHECK_FAIL,
                        "The chain is more than is looked at for a peer.");
        return;
    }
    if (skip_chain(judging, check))
        return;
    if (fault == NULL && !judging->evidence->chain->same_name_other_key)
        fault = find_fault(judging, CHAIN_SIGNATURE);
    if (fault == NULL && judging->evidence->chain->strict.code == 0) {
        trust_check_set(check, CHECK_PASS, "No other fault in the chain.");
        return;
    }
    trust_check_wanted(check, "a valid certification path (RFC 5280 6)");
    if (fault == NULL) {
        saw_fault(check, &judging->evidence->chain->strict);
        trust_check_set(check,
                        judging->policy->is_strict ? CHECK_FAIL : CHECK_WARN,
                        "Against the letter of RFC 5280, which servers of the "
                        "period do not insist on.");
        return;
    }
    saw_fault(check, fault);
    trust_check_set(check, CHECK_FAIL,
                    "The chain breaks a rule of path validation.");
}
