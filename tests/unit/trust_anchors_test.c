#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "lyncsim/alloc.h"
#include "lyncsim/trust_anchors.h"

#include "support/test_lab.h"

static const struct chain_options now = {.at_s = TEST_LAB_NOW_S};

static void check(const struct trust_anchors *anchors,
                  const struct credential *peer, struct chain_report *report)
{
    trust_anchors_check(anchors, credential_leaf(peer), credential_chain(peer),
                        &now, report);
}

static bool has_fault(const struct chain_report *report, int code, int depth)
{
    for (size_t i = 0; i < report->fault_count; i++)
        if (report->faults[i].code == code && report->faults[i].depth == depth)
            return true;
    return false;
}

Test(trust_anchors, finds_no_fault_in_a_chain_to_a_trusted_root)
{
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *middle = test_lab_authority("CN=Middle", root);
    struct credential *leaf = test_lab_leaf("CN=a.b", NULL, middle);
    struct trust_anchors *anchors = test_lab_trusting(root);
    struct chain_report report;

    check(anchors, leaf, &report);

    cr_expect(report.checked);
    cr_expect_eq(report.fault_count, 0u);
    cr_expect_eq(report.sent_count, 2u);
    cr_assert_eq(report.link_count, 3u);
    cr_expect_str_eq(report.links[0].subject, "CN=a.b");
    cr_expect_str_eq(report.links[1].subject, "CN=Middle");
    cr_expect_str_eq(report.links[2].subject, "CN=Root");
    cr_expect(report.links[2].is_root);
    cr_expect_not(report.links[1].is_root);
    cr_expect_str_eq(report.links[1].digest, "SHA256");
    cr_expect_eq(report.links[0].key_bits, 256u);
    chain_report_clear(&report);
    trust_anchors_free(anchors);
    credential_free(leaf);
    credential_free(middle);
    credential_free(root);
}

Test(trust_anchors, accepts_a_leaf_sent_again_in_its_own_chain)
{
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *leaf = test_lab_leaf("CN=a.b", NULL, root);
    struct trust_anchors *anchors = test_lab_trusting(root);
    STACK_OF(X509) *sent = sk_X509_new_null();
    struct chain_report report;

    sk_X509_push(sent, credential_leaf(leaf));
    trust_anchors_check(anchors, credential_leaf(leaf), sent, &now, &report);

    cr_expect_eq(report.fault_count, 0u);
    cr_expect_eq(report.sent_count, 1u);
    chain_report_clear(&report);
    sk_X509_free(sent);
    trust_anchors_free(anchors);
    credential_free(leaf);
    credential_free(root);
}

Test(trust_anchors, tells_a_forgotten_intermediate_from_an_unknown_root)
{
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *middle = test_lab_authority("CN=Middle", root);
    struct credential *leaf = test_lab_leaf("CN=a.b", NULL, middle);
    struct credential *stranger = test_lab_authority("CN=Stranger", NULL);
    struct credential *other = test_lab_leaf("CN=c.d", NULL, stranger);
    struct trust_anchors *anchors = test_lab_trusting(root);
    struct chain_report report;

    trust_anchors_add(anchors, credential_leaf(middle));
    trust_anchors_add_known(anchors, credential_leaf(stranger));
    cr_expect_eq(trust_anchors_root_count(anchors), 1u);

    trust_anchors_check(anchors, credential_leaf(leaf), NULL, &now, &report);
    cr_expect(
        has_fault(&report, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, 0));
    cr_expect(
        has_fault(&report, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, 0));
    cr_expect_str_eq(report.faults[0].subject, "CN=a.b");
    cr_expect(report.completed_by_known);
    cr_expect_str_eq(report.completing_subject, "CN=Middle");
    chain_report_clear(&report);

    trust_anchors_check(anchors, credential_leaf(other), NULL, &now, &report);
    cr_expect_gt(report.fault_count, 0u);
    cr_expect_not(report.completed_by_known);
    cr_expect_null(report.completing_subject);
    cr_expect_not(report.same_name_other_key);
    chain_report_clear(&report);

    trust_anchors_free(anchors);
    credential_free(other);
    credential_free(stranger);
    credential_free(leaf);
    credential_free(middle);
    credential_free(root);
}

Test(trust_anchors, notices_the_name_of_a_trusted_root_with_another_key)
{
    const struct certificate_profile one = {.is_authority = true,
                                            .name = "one"};
    const struct certificate_profile two = {.is_authority = true,
                                            .name = "two"};
    const struct certificate_profile bare = {.without_key_ids = true};
    struct credential *root = test_lab_issue("CN=Lab CA", NULL, &one);
    struct credential *twin = test_lab_issue("CN=Lab CA", NULL, &two);
    struct credential *leaf = test_lab_leaf("CN=a.b", NULL, twin);
    struct credential *without = test_lab_issue("CN=a.b", twin, &bare);
    struct trust_anchors *anchors = test_lab_trusting(root);
    STACK_OF(X509) *sent = sk_X509_new_null();
    struct chain_report report;

    sk_X509_push(sent, credential_leaf(twin));
    trust_anchors_add_known(anchors, credential_leaf(twin));

    trust_anchors_check(anchors, credential_leaf(leaf), NULL, &now, &report);
    cr_expect(
        has_fault(&report, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, 0));
    cr_expect(report.same_name_other_key, "key ids, root not sent");
    cr_expect_not(report.completed_by_known);
    chain_report_clear(&report);

    trust_anchors_check(anchors, credential_leaf(leaf), sent, &now, &report);
    cr_expect(has_fault(&report, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, 1));
    cr_expect(report.same_name_other_key, "key ids, root sent");
    cr_expect_not(report.completed_by_known);
    chain_report_clear(&report);

    trust_anchors_check(anchors, credential_leaf(without), NULL, &now, &report);
    cr_expect(has_fault(&report, X509_V_ERR_CERT_SIGNATURE_FAILURE, 0));
    cr_expect(report.same_name_other_key, "no key ids");
    cr_expect_not(report.completed_by_known);
    chain_report_clear(&report);

    sk_X509_free(sent);
    trust_anchors_free(anchors);
    credential_free(without);
    credential_free(leaf);
    credential_free(twin);
    credential_free(root);
}

Test(trust_anchors, reports_every_fault_with_its_depth)
{
    const struct certificate_profile old = {.is_authority = true,
                                            .not_after_s = TEST_LAB_NOW_S - 1};
    const struct certificate_profile early = {.not_before_s =
                                                  TEST_LAB_NOW_S + 1};
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *middle = test_lab_issue("CN=Middle", root, &old);
    struct credential *leaf = test_lab_issue("CN=a.b", middle, &early);
    struct trust_anchors *anchors = test_lab_trusting(root);
    struct chain_report report;

    check(anchors, leaf, &report);

    cr_expect_eq(report.fault_count, 2u);
    cr_expect(has_fault(&report, X509_V_ERR_CERT_NOT_YET_VALID, 0));
    cr_expect(has_fault(&report, X509_V_ERR_CERT_HAS_EXPIRED, 1));
    chain_report_clear(&report);
    trust_anchors_free(anchors);
    credential_free(leaf);
    credential_free(middle);
    credential_free(root);
}

/* RFC 5280 4.1.2.5, where the library alone has it end a second earlier. */
Test(trust_anchors, takes_the_first_and_the_last_second_for_valid)
{
    static const struct {
        int64_t before_s, after_s;
        bool is_valid;
    } rows[] = {
        {0, 100, true}, {1, 100, false}, {-100, 0, true}, {-100, -1, false}};
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct trust_anchors *anchors = test_lab_trusting(root);

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        const struct certificate_profile profile = {
            .not_before_s = TEST_LAB_NOW_S + rows[i].before_s,
            .not_after_s = TEST_LAB_NOW_S + rows[i].after_s};
        struct credential *leaf = test_lab_issue("CN=a.b", root, &profile);
        struct chain_report report;

        check(anchors, leaf, &report);
        cr_expect_eq(report.fault_count == 0, rows[i].is_valid, "row %zu", i);
        chain_report_clear(&report);
        credential_free(leaf);
    }
    trust_anchors_free(anchors);
    credential_free(root);
}

Test(trust_anchors, leaves_purpose_digest_and_key_size_to_the_verdict)
{
    static const struct ls_str code[] = {LS_STR("codeSigning")};
    const struct certificate_profile weak = {.is_authority = true,
                                             .key = LS_STR("rsa1024"),
                                             .digest = LS_STR("md5")};
    const struct certificate_profile wrong = {.usages = code,
                                              .usage_count = 1,
                                              .key = LS_STR("rsa512"),
                                              .digest = LS_STR("md5")};
    struct credential *root = test_lab_issue("CN=Root", NULL, &weak);
    struct credential *leaf = test_lab_issue("CN=a.b", root, &wrong);
    struct trust_anchors *anchors = test_lab_trusting(root);
    struct chain_report report;

    check(anchors, leaf, &report);

    cr_expect_eq(report.fault_count, 0u);
    cr_expect_str_eq(report.links[0].digest, "MD5");
    cr_expect_eq(report.links[0].key_bits, 512u);
    cr_expect_eq(report.links[0].key_algorithm, KEY_RSA);
    chain_report_clear(&report);
    trust_anchors_free(anchors);
    credential_free(leaf);
    credential_free(root);
}

Test(trust_anchors, refuses_what_an_authority_may_not_do)
{
    static const struct ls_str inside[] = {LS_STR("contoso.com")};
    static const char *const outside[] = {"a.fabrikam.com", ""};
    const struct certificate_profile short_path = {
        .is_authority = true, .has_path_length = true, .path_length = 0};
    const struct certificate_profile narrow = {
        .is_authority = true, .permitted = inside, .permitted_count = 1};
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *none = test_lab_leaf("CN=no CA", NULL, root);
    struct credential *low = test_lab_issue("CN=Low", root, &short_path);
    struct credential *lower = test_lab_authority("CN=Lower", low);
    struct credential *inner = test_lab_issue("CN=Inner", root, &narrow);
    const struct {
        const char *label;
        struct credential *leaf;
        int code;
        int depth;
    } rows[] = {
        {"no CA", test_lab_leaf("CN=a.b", NULL, none), X509_V_ERR_INVALID_CA,
         1},
        {"path length", test_lab_leaf("CN=a.b", NULL, lower),
         X509_V_ERR_PATH_LENGTH_EXCEEDED, 2},
        {"name constraints", test_lab_leaf("CN=a.b", outside, inner),
         X509_V_ERR_PERMITTED_VIOLATION, 0},
    };
    struct trust_anchors *anchors = test_lab_trusting(root);

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct chain_report report;

        check(anchors, rows[i].leaf, &report);
        cr_expect(has_fault(&report, rows[i].code, rows[i].depth), "%s: %d/%d",
                  rows[i].label, report.fault_count ? report.faults[0].code : 0,
                  report.fault_count ? report.faults[0].depth : 0);
        chain_report_clear(&report);
        credential_free(rows[i].leaf);
    }
    trust_anchors_free(anchors);
    credential_free(inner);
    credential_free(lower);
    credential_free(low);
    credential_free(none);
    credential_free(root);
}

Test(trust_anchors, checks_revocation_when_told_to)
{
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *good = test_lab_leaf("CN=good", NULL, root);
    struct credential *bad = test_lab_leaf("CN=bad", NULL, root);
    const struct credential *revoked[] = {bad};
    const struct chain_options with = {.at_s = TEST_LAB_NOW_S,
                                       .check_revocation = true};
    const struct chain_options last = {.at_s = TEST_LAB_NOW_S + 10,
                                       .check_revocation = true};
    const struct chain_options later = {.at_s = TEST_LAB_NOW_S + 11,
                                        .check_revocation = true};
    struct trust_anchors *anchors = test_lab_trusting(root);
    static const struct ls_str seed = LS_STR("crl");
    struct mint *mint = mint_new(&seed);
    struct chain_report report;
    const struct mint_crl_profile profile = {revoked, 1, TEST_LAB_NOW_S - 10,
                                             TEST_LAB_NOW_S + 10};
    char *why = NULL;
    X509_CRL *crl = mint_issue_crl(mint, root, &profile, &why);

    cr_assert_not_null(crl, "%s", why);
    trust_anchors_check(anchors, credential_leaf(good), NULL, &with, &report);
    cr_expect(has_fault(&report, X509_V_ERR_UNABLE_TO_GET_CRL, 0));
    cr_expect(report.revocation_checked);
    chain_report_clear(&report);

    trust_anchors_add_crl(anchors, crl);
    trust_anchors_check(anchors, credential_leaf(good), NULL, &with, &report);
    cr_expect_eq(report.fault_count, 0u);
    chain_report_clear(&report);
    trust_anchors_check(anchors, credential_leaf(bad), NULL, &with, &report);
    cr_expect(has_fault(&report, X509_V_ERR_CERT_REVOKED, 0));
    chain_report_clear(&report);
    trust_anchors_check(anchors, credential_leaf(good), NULL, &last, &report);
    cr_expect_eq(report.fault_count, 0u);
    chain_report_clear(&report);
    trust_anchors_check(anchors, credential_leaf(good), NULL, &later, &report);
    cr_expect(has_fault(&report, X509_V_ERR_CRL_HAS_EXPIRED, 0));
    chain_report_clear(&report);
    trust_anchors_check(anchors, credential_leaf(bad), NULL, &now, &report);
    cr_expect_eq(report.fault_count, 0u);
    cr_expect_not(report.revocation_checked);
    chain_report_clear(&report);

    X509_CRL_free(crl);
    mint_free(mint);
    trust_anchors_free(anchors);
    credential_free(bad);
    credential_free(good);
    credential_free(root);
}

Test(trust_anchors, trusts_nobody_when_empty)
{
    struct credential *own = test_lab_leaf("CN=a.b", NULL, NULL);
    struct trust_anchors *anchors = trust_anchors_new();
    struct chain_report report;

    check(anchors, own, &report);

    cr_expect(report.checked);
    cr_expect_eq(trust_anchors_root_count(anchors), 0u);
    cr_expect(has_fault(&report, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, 0));
    chain_report_clear(&report);
    trust_anchors_free(anchors);
    credential_free(own);
}
