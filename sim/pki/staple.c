/*
 * Judging OCSP responses: RFC 6960 3.2, and RFC 6066 8 for where they come
 * from.
 */
#include "lyncsim/staple.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"

static const char *const texts[] = {
#define X(name, text) [name] = text,
    STAPLE_STATE_LIST(X)
#undef X
};

static const char *const sentences[STAPLE_STATE_COUNT] = {
    [STAPLE_GOOD] = "The stapled OCSP response says that it is good.",
    [STAPLE_REVOKED] = "The stapled OCSP response says that it was revoked.",
    [STAPLE_ABSENT] = "No OCSP response was stapled.",
    [STAPLE_UNKNOWN] = "The stapled OCSP response does not know of it.",
    [STAPLE_STALE] = "The stapled OCSP response is out of date.",
    [STAPLE_NOT_YET] = "The stapled OCSP response is not valid yet, or a clock "
                       "is wrong.",
    [STAPLE_STRANGER] = "The stapled OCSP response is signed by nobody who "
                        "is known to speak for the issuer.",
    [STAPLE_OTHER] = "The stapled OCSP response speaks of another certificate.",
    [STAPLE_TRY_LATER] = "The stapled OCSP response says that the responder "
                         "had no answer.",
    [STAPLE_MALFORMED] = "What was stapled is no OCSP response.",
};

const char *staple_state_text(enum staple_state state)
{
    return texts[state];
}

const char *staple_state_says(enum staple_state state)
{
    return sentences[state];
}

const char *const staple_order_names[] = {
    "good",          "delegated", "revoked",           "unknown",   "stale",
    "not-yet-valid", "stranger",  "other-certificate", "try-later", "malformed",
};
const size_t staple_order_count = LS_COUNT(staple_order_names);

bool staple_order_parse(struct ls_str text, struct staple_order *order)
{
    order->is_delegated = ls_str_equal_text(text, "delegated");
    order->state = STAPLE_GOOD;
    if (order->is_delegated)
        return true;
    for (int i = 0; i < STAPLE_STATE_COUNT; i++)
        if (i != STAPLE_ABSENT &&
            ls_str_equal_text(text, staple_state_text((enum staple_state)i))) {
            order->state = (enum staple_state)i;
            return true;
        }
    return false;
}

/* Whether the one answer of a response is about leaf; whatever digest it
 * names its issuer by. */
static bool is_about(OCSP_SINGLERESP *single, X509 *leaf, X509 *issuer)
{
    OCSP_CERTID *id = (OCSP_CERTID *)OCSP_SINGLERESP_get0_id(single);
    ASN1_OBJECT *digest = NULL;
    const EVP_MD *method;
    OCSP_CERTID *own;
    bool is_same;

    OCSP_id_get0_info(NULL, &digest, NULL, NULL, id);
    method = EVP_get_digestbyobj(digest);
    own = method != NULL ? OCSP_cert_to_id(method, leaf, issuer) : NULL;
    is_same = own != NULL && OCSP_id_cmp(own, id) == 0;
    OCSP_CERTID_free(own);
    return is_same;
}

static OCSP_SINGLERESP *find_single(OCSP_BASICRESP *basic, X509 *leaf,
                                    X509 *issuer)
{
    for (int i = 0; i < OCSP_resp_count(basic); i++)
        if (is_about(OCSP_resp_get0(basic, i), leaf, issuer))
            return OCSP_resp_get0(basic, i);
    return NULL;
}

/* By the issuer itself or by one whom it appointed: the library looks for the
 * usage OCSPSigning and for the name. */
static bool is_signed_for(OCSP_BASICRESP *basic, X509 *issuer, int64_t at_s)
{
    X509_STORE *store = X509_STORE_new();
    X509_VERIFY_PARAM *rules = X509_STORE_get0_param(store);
    STACK_OF(X509) *certificates = sk_X509_new_null();
    bool is_signed;

    X509_STORE_add_cert(store, issuer);
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(rules, (time_t)at_s);
    X509_VERIFY_PARAM_set_auth_level(rules, 0);
    sk_X509_push(certificates, issuer);
    is_signed = OCSP_basic_verify(basic, certificates, store, 0) == 1;
    sk_X509_free(certificates);
    X509_STORE_free(store);
    return is_signed;
}

static int64_t seconds_of(const ASN1_GENERALIZEDTIME *time)
{
    ASN1_TIME *epoch;
    int days = 0;
    int seconds = 0;

    if (time == NULL)
        return 0;
    epoch = ASN1_TIME_set(NULL, 0);
    ASN1_TIME_diff(&days, &seconds, epoch, time);
    ASN1_TIME_free(epoch);
    return (int64_t)days * 86400 + seconds;
}

static void read_single(struct staple_report *report, OCSP_SINGLERESP *single,
                        int64_t at_s)
{
    ASN1_GENERALIZEDTIME *this_update = NULL;
    ASN1_GENERALIZEDTIME *next_update = NULL;
    int reason;
    int status = OCSP_single_get0_status(single, &reason, NULL, &this_update,
                                         &next_update);

    report->this_update_s = seconds_of(this_update);
    report->next_update_s = seconds_of(next_update);
    if (report->this_update_s > at_s)
        report->state = STAPLE_NOT_YET;
    else if (next_update != NULL && report->next_update_s < at_s)
        report->state = STAPLE_STALE;
    else if (status == V_OCSP_CERTSTATUS_GOOD)
        report->state = STAPLE_GOOD;
    else if (status == V_OCSP_CERTSTATUS_REVOKED)
        report->state = STAPLE_REVOKED;
    else
        report->state = STAPLE_UNKNOWN;
}

static void read_basic(struct staple_report *report, OCSP_BASICRESP *basic,
                       X509 *leaf, X509 *issuer, int64_t at_s)
{
    OCSP_SINGLERESP *single;

    report->state = STAPLE_STRANGER;
    if (issuer == NULL || !is_signed_for(basic, issuer, at_s))
        return;
    single = find_single(basic, leaf, issuer);
    if (single == NULL)
        report->state = STAPLE_OTHER;
    else
        read_single(report, single, at_s);
}

struct staple_report staple_judge(struct ls_str bytes, X509 *leaf, X509 *issuer,
                                  int64_t at_s)
{
    struct staple_report report = {.state = STAPLE_ABSENT};
    const unsigned char *at = (const unsigned char *)bytes.at;
    OCSP_RESPONSE *response;
    OCSP_BASICRESP *basic = NULL;

    if (ls_str_is_empty(bytes))
        return report;
    ERR_set_mark();
    report.state = STAPLE_MALFORMED;
    response = d2i_OCSP_RESPONSE(NULL, &at, (long)bytes.length);
    if (response != NULL &&
        OCSP_response_status(response) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
        report.state = STAPLE_TRY_LATER;
    else if (response != NULL)
        basic = OCSP_response_get1_basic(response);
    if (basic != NULL)
        read_basic(&report, basic, leaf, issuer, at_s);
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(response);
    ERR_pop_to_mark();
    return report;
}

struct staple_report staple_judge_among(struct ls_str bytes, X509 *leaf,
                                        STACK_OF(X509) * others, int64_t at_s)
{
    X509 *issuer = NULL;

    ERR_set_mark();
    if (X509_check_issued(leaf, leaf) == X509_V_OK)
        issuer = leaf;
    for (int i = 0; issuer == NULL && i < sk_X509_num(others); i++) {
        X509 *other = sk_X509_value(others, i);

        if (X509_check_issued(other, leaf) == X509_V_OK &&
            X509_verify(leaf, X509_get0_pubkey(other)) == 1)
            issuer = other;
    }
    ERR_pop_to_mark();
    return staple_judge(bytes, leaf, issuer, at_s);
}
