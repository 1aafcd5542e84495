/*
 * OCSP responses as a lab wants to see them, sound and otherwise.
 */
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/mint.h"
#include "lyncsim/staple.h"

#include "mint_internal.h"
#include "mint_key.h"
#include "openssl_reason.h"

#define DAY_S INT64_C(86400)

/* What is made on the way. */
struct staple_work {
    struct mint *mint;
    const struct credential *leaf;
    const struct credential *issuer;
    const struct staple_order *order;
    char **why;
};

/* Who signs: the issuer, one whom it appointed, or one who only bears the
 * name. Owned by the caller. */
static struct credential *make_signer(const struct staple_work *work)
{
    static const struct ls_str usages[] = {LS_STR("OCSPSigning")};
    bool is_stranger = work->order->state == STAPLE_STRANGER;
    const struct profile_attribute subject = {
        .type = LS_STR("CN"), .value = LS_STR("Lab OCSP Responder")};
    const struct certificate_profile profile = {
        .name = is_stranger ? "ocsp stranger" : "ocsp responder",
        .subject = &subject,
        .subject_count = 1,
        .usages = usages,
        .usage_count = 1,
        .not_before_s = work->order->clock_s - 365 * DAY_S,
        .not_after_s = work->order->clock_s + 730 * DAY_S,
    };

    if (!is_stranger && !work->order->is_delegated)
        return credential_new(credential_leaf(work->issuer), NULL,
                              credential_key(work->issuer));
    return mint_issue(work->mint, &profile, is_stranger ? NULL : work->issuer,
                      work->why);
}

static OCSP_CERTID *make_id(const struct staple_work *work)
{
    X509 *leaf = credential_leaf(work->leaf);
    X509 *issuer = credential_leaf(work->issuer);
    ASN1_INTEGER *other;
    OCSP_CERTID *id;

    /* RFC 6960 and every client know SHA-1 for this, which hides nothing. */
    if (work->order->state != STAPLE_OTHER)
        return OCSP_cert_to_id(EVP_sha1(), leaf, issuer);
    other = ASN1_INTEGER_new();
    ASN1_INTEGER_set(other, 4711);
    id = OCSP_cert_id_new(EVP_sha1(), X509_get_subject_name(issuer),
                          X509_get0_pubkey_bitstr(issuer), other);
    ASN1_INTEGER_free(other);
    return id;
}

static void add_answer(OCSP_BASICRESP *basic, const struct staple_work *work)
{
    enum staple_state state = work->order->state;
    int64_t clock_s = work->order->clock_s;
    int64_t begin_s = state == STAPLE_STALE     ? clock_s - 14 * DAY_S
                      : state == STAPLE_NOT_YET ? clock_s + DAY_S
                                                : clock_s - 3600;
    int status = state == STAPLE_REVOKED   ? V_OCSP_CERTSTATUS_REVOKED
                 : state == STAPLE_UNKNOWN ? V_OCSP_CERTSTATUS_UNKNOWN
                                           : V_OCSP_CERTSTATUS_GOOD;
    ASN1_TIME *begin = ASN1_GENERALIZEDTIME_set(NULL, begin_s);
    ASN1_TIME *end = ASN1_GENERALIZEDTIME_set(NULL, begin_s + 7 * DAY_S);
    OCSP_CERTID *id = make_id(work);

    OCSP_basic_add1_status(basic, id, status, OCSP_REVOKED_STATUS_KEYCOMPROMISE,
                           begin, begin, end);
    /* There is no way to say when it was produced but to write it there. */
    ASN1_GENERALIZEDTIME_set(
        (ASN1_GENERALIZEDTIME *)OCSP_resp_get0_produced_at(basic), begin_s);
    OCSP_CERTID_free(id);
    ASN1_TIME_free(end);
    ASN1_TIME_free(begin);
}

static OCSP_BASICRESP *make_basic(const struct staple_work *work)
{
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    struct credential *signer = make_signer(work);
    struct mint_label label =
        mint_label_of(work->mint, "staple",
                      ls_str_from(credential_facts(work->leaf)->serial));
    bool is_done = signer != NULL && credential_key(signer) != NULL;

    if (is_done) {
        add_answer(basic, work);
        is_done = mint_sign_staple(&label, basic, credential_leaf(signer),
                                   credential_key(signer), work->why);
    }
    credential_free(signer);
    if (is_done)
        return basic;
    if (*work->why == NULL)
        *work->why = ls_strdup("the issuer's private key is missing");
    OCSP_BASICRESP_free(basic);
    return NULL;
}

/* The bytes go to the leaf, cut in half where they are to be malformed. */
static void put_on(struct credential *leaf, OCSP_RESPONSE *response,
                   enum staple_state state)
{
    unsigned char *der = NULL;
    int length = i2d_OCSP_RESPONSE(response, &der);

    if (state == STAPLE_MALFORMED)
        length /= 2;
    credential_set_staple(leaf,
                          ls_str_from_bytes((const char *)der, (size_t)length));
    OPENSSL_free(der);
}

bool mint_issue_staple(struct mint *mint, struct credential *leaf,
                       const struct credential *issuer,
                       const struct staple_order *order, char **why)
{
    const struct staple_work work = {mint, leaf, issuer != NULL ? issuer : leaf,
                                     order, why};
    OCSP_BASICRESP *basic = NULL;
    OCSP_RESPONSE *response;
    bool is_late = order->state == STAPLE_TRY_LATER;

    *why = NULL;
    if (!is_late)
        basic = make_basic(&work);
    if (!is_late && basic == NULL)
        return false;
    response = OCSP_response_create(is_late ? OCSP_RESPONSE_STATUS_TRYLATER
                                            : OCSP_RESPONSE_STATUS_SUCCESSFUL,
                                    basic);
    put_on(leaf, response, order->state);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    return true;
}
