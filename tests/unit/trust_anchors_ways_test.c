/*
 * Which ways to a root are tried, and where the search ends.
 */
#include <stdlib.h>

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

Test(trust_anchors_ways, bounds_a_chain_of_a_hundred_and_twenty)
{
    enum { DEPTH = 120 };
    struct credential *chain[DEPTH];
    struct trust_anchors *anchors;
    struct chain_report report;

    chain[0] = test_lab_authority("CN=Root", NULL);
    for (int i = 1; i < DEPTH; i++) {
        char *subject = ls_strf("CN=Level %d", i);

        chain[i] = test_lab_authority(subject, chain[i - 1]);
        free(subject);
    }
    anchors = test_lab_trusting(chain[0]);

    check(anchors, chain[DEPTH - 1], &report);

    cr_expect_gt(report.fault_count, 0u);
    cr_expect_leq(report.fault_count, (size_t)CHAIN_FAULTS_MAX);
    cr_expect_leq(report.link_count, (size_t)CHAIN_LINKS_MAX);
    cr_expect_eq(report.faults[0].code, X509_V_ERR_CERT_CHAIN_TOO_LONG);
    chain_report_clear(&report);
    trust_anchors_free(anchors);
    for (int i = 0; i < DEPTH; i++)
        credential_free(chain[i]);
}

Test(trust_anchors_ways, ends_in_a_circle_of_issuers)
{
    const struct certificate_profile one = {.is_authority = true,
                                            .name = "one"};
    const struct certificate_profile two = {.is_authority = true,
                                            .name = "two"};
    struct credential *a = test_lab_issue("CN=A", NULL, &one);
    struct credential *b = test_lab_issue("CN=B", a, &two);
    struct credential *around = test_lab_issue("CN=A", b, &one);
    struct credential *leaf = test_lab_leaf("CN=a.b", NULL, b);
    struct trust_anchors *anchors = trust_anchors_new();
    STACK_OF(X509) *sent = sk_X509_new_null();
    struct chain_report report;

    sk_X509_push(sent, credential_leaf(b));
    sk_X509_push(sent, credential_leaf(around));
    trust_anchors_check(anchors, credential_leaf(leaf), sent, &now, &report);

    cr_expect_gt(report.fault_count, 0u);
    cr_expect_leq(report.link_count, (size_t)CHAIN_LINKS_MAX);
    chain_report_clear(&report);
    sk_X509_free(sent);
    trust_anchors_free(anchors);
    credential_free(leaf);
    credential_free(around);
    credential_free(b);
    credential_free(a);
}

/* A leaf below one of two authorities of one name and one key. */
struct twins {
    struct credential *root;
    struct credential *sound;
    struct credential *other;
    struct credential *leaf;
    struct trust_anchors *anchors;
};

static void open_twins(struct twins *twins, struct certificate_profile other)
{
    struct certificate_profile sound = {
        .name = "sound", .key_name = LS_STR("shared"), .is_authority = true};

    other.name = "other";
    other.key_name = sound.key_name;
    other.is_authority = true;
    twins->root = test_lab_authority("CN=Root", NULL);
    twins->sound = test_lab_issue("CN=Middle", twins->root, &sound);
    twins->other = test_lab_issue("CN=Middle", twins->root, &other);
    twins->leaf = test_lab_leaf("CN=a.b", NULL, twins->sound);
    twins->anchors = test_lab_trusting(twins->root);
}

static void close_twins(struct twins *twins)
{
    trust_anchors_free(twins->anchors);
    credential_free(twins->leaf);
    credential_free(twins->other);
    credential_free(twins->sound);
    credential_free(twins->root);
}

static size_t count_faults(const struct twins *twins, bool with_sound)
{
    STACK_OF(X509) *sent = sk_X509_new_null();
    struct chain_report report;
    size_t count;

    sk_X509_push(sent, credential_leaf(twins->other));
    if (with_sound)
        sk_X509_push(sent, credential_leaf(twins->sound));
    trust_anchors_check(twins->anchors, credential_leaf(twins->leaf), sent,
                        &now, &report);
    count = report.fault_count;
    chain_report_clear(&report);
    sk_X509_free(sent);
    return count;
}

Test(trust_anchors_ways, takes_the_way_that_is_sound)
{
    static const struct ls_str elsewhere[] = {LS_STR("elsewhere.example")};
    static const struct ls_str sign_lists[] = {LS_STR("cRLSign")};
    static const struct {
        const char *label;
        struct certificate_profile other;
    } rows[] = {
        {"expired", {.not_before_s = 1, .not_after_s = TEST_LAB_NOW_S - 1}},
        {"narrow", {.permitted = elsewhere, .permitted_count = 1}},
        {"may not sign", {.key_usages = sign_lists, .key_usage_count = 1}},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct twins twins;

        open_twins(&twins, rows[i].other);
        cr_expect_eq(count_faults(&twins, true), 0u, "%s", rows[i].label);
        cr_expect_neq(count_faults(&twins, false), 0u, "%s", rows[i].label);
        close_twins(&twins);
    }
}

Test(trust_anchors_ways, notes_what_only_the_letter_forbids)
{
    struct certificate_profile bare = {.name = "bare", .without_key_ids = true};
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *leaf = test_lab_issue("CN=a.b", root, &bare);
    struct trust_anchors *anchors = test_lab_trusting(root);
    struct chain_report report;

    check(anchors, leaf, &report);

    cr_expect_eq(report.fault_count, 0u);
    cr_expect_eq(report.strict.code,
                 X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER);
    cr_expect_str_eq(report.strict.subject, "CN=a.b");
    chain_report_clear(&report);
    trust_anchors_free(anchors);
    credential_free(leaf);
    credential_free(root);
}
