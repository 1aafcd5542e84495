/*
 * How much of a chain is looked at, and what is said of more.
 */
#include <stdlib.h>

#include <criterion/criterion.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"
#include "lyncsim/trust_anchors.h"

#include "support/test_lab.h"

static const struct chain_options now = {.at_s = TEST_LAB_NOW_S};

static struct chain_report check(const struct credential *root, X509 *leaf,
                                 STACK_OF(X509) * sent)
{
    struct trust_anchors *anchors = test_lab_trusting(root);
    struct chain_report report;

    trust_anchors_check(anchors, leaf, sent, &now, &report);
    trust_anchors_free(anchors);
    return report;
}

Test(chain_burden, takes_twenty_certificates_and_no_more)
{
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *leaf = test_lab_leaf("CN=a.b", NULL, root);
    struct credential *other = test_lab_authority("CN=Other", NULL);
    STACK_OF(X509) *sent = sk_X509_new_null();
    struct chain_report report;

    for (int i = 0; i < 20; i++)
        sk_X509_push(sent, credential_leaf(other));
    report = check(root, credential_leaf(leaf), sent);
    cr_expect_null(report.excess);
    cr_expect_eq(report.fault_count, 0u);
    cr_expect_eq(report.link_count, 2u);
    chain_report_clear(&report);

    sk_X509_push(sent, credential_leaf(other));
    report = check(root, credential_leaf(leaf), sent);
    cr_expect_str_eq(report.excess, "more certificates than are looked at");
    cr_expect(report.checked);
    cr_expect_eq(report.sent_count, 22u);
    cr_assert_eq(report.fault_count, 1u);
    cr_expect_eq(report.faults[0].code, X509_V_ERR_CERT_CHAIN_TOO_LONG);
    cr_expect_eq(report.link_count, 0u);
    chain_report_clear(&report);

    sk_X509_free(sent);
    credential_free(other);
    credential_free(leaf);
    credential_free(root);
}

/* With an extension of so many bytes, whatever they are. */
static X509 *with_extension(const struct credential *from, int kind, int size)
{
    X509 *x509 = X509_dup(credential_leaf(from));
    ASN1_OCTET_STRING *content = ASN1_OCTET_STRING_new();
    unsigned char *bytes = ls_alloc((size_t)size);
    X509_EXTENSION *extension;

    cr_assert_eq(ASN1_OCTET_STRING_set(content, bytes, size), 1);
    extension = X509_EXTENSION_create_by_NID(NULL, kind, 0, content);
    cr_assert_eq(X509_add_ext(x509, extension, -1), 1);
    cr_assert_gt(i2d_re_X509_tbs(x509, NULL), size);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(content);
    free(bytes);
    return x509;
}

Test(chain_burden, bounds_policies_and_constraints_of_names)
{
    static const struct {
        int kind, size;
        const char *excess;
    } rows[] = {
        {NID_certificate_policies, 4096, NULL},
        {NID_certificate_policies, 4097,
         "more certificate policies than are looked at"},
        {NID_policy_mappings, 4097,
         "more certificate policies than are looked at"},
        {NID_name_constraints, 6000, NULL},
        {NID_name_constraints, 9000,
         "more names and constraints of names than are looked at"},
        {NID_subject_alt_name, 30000, NULL},
    };
    struct credential *root = test_lab_authority("CN=Root", NULL);
    struct credential *leaf = test_lab_leaf("CN=a.b", NULL, root);

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        X509 *x509 = with_extension(leaf, rows[i].kind, rows[i].size);
        STACK_OF(X509) *sent = sk_X509_new_null();
        struct chain_report report;

        sk_X509_push(sent, x509);
        report = check(root, x509, sent);
        if (rows[i].excess)
            cr_expect_str_eq(report.excess, rows[i].excess, "%zu", i);
        else
            cr_expect_null(report.excess, "%zu: %s", i, report.excess);
        chain_report_clear(&report);
        sk_X509_free(sent);
        X509_free(x509);
    }
    credential_free(leaf);
    credential_free(root);
}
