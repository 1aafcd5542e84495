/* The whole of NIST's test suite for path validation, see tests/data/pkits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/revocation_list.h"
#include "lyncsim/trust_anchors.h"

#include "support/golden.h"

#define DATA LYNCSIM_SOURCE_DIR "/tests/data/pkits/"
#define CERTIFICATES_MAX 500
/* 2011-06-01T00:00:00Z */
#define AT_S INT64_C(1306886400)

struct suite {
    char *names[CERTIFICATES_MAX];
    X509 *certificates[CERTIFICATES_MAX];
    size_t count;
    STACK_OF(X509) * authorities; /* borrowed from the above */
    struct trust_anchors *anchors;
};

/* Their names do not say it: policies that have nothing in common. */
static const char *const also_invalid[] = {
    "DifferentPoliciesTest4EE", "DifferentPoliciesTest5EE",
    "DifferentPoliciesTest7EE", "DifferentPoliciesTest8EE",
    "DifferentPoliciesTest9EE", "DifferentPoliciesTest12EE",
};

/* What the library cannot, and we refuse, though it is sound. */
static const char *const beyond_us[] = {
    /* a DSA key whose parameters stand in the issuer's certificate */
    "ValidDSAParameterInheritanceTest5EE",
    /* a list that vouches for its own signer */
    "ValidcRLIssuerTest30EE",
};

static bool ends_with(const char *name, const char *end)
{
    return ls_str_ends_with(ls_str_from(name), end);
}

static bool is_case(const char *name)
{
    return strstr(name, "Test") && ends_with(name, "EE");
}

static void add(struct suite *suite, const char *name, X509 *x509)
{
    cr_assert_lt(suite->count, (size_t)CERTIFICATES_MAX);
    suite->names[suite->count] = ls_strdup(name);
    suite->certificates[suite->count++] = x509;
    if (strcmp(name, "TrustAnchorRootCertificate") == 0)
        trust_anchors_add(suite->anchors, x509);
    else if (!is_case(name))
        sk_X509_push(suite->authorities, x509);
}

static void open_suite(struct suite *suite)
{
    char *certificates = golden_read_text(DATA "certificates.pem");
    char *lists = golden_read_text(DATA "lists.pem");
    char *why = NULL;
    char *rest = NULL;

    *suite = (struct suite){0};
    suite->authorities = sk_X509_new_null();
    suite->anchors = trust_anchors_new();
    for (char *at = strtok_r(certificates, "#", &rest); at;
         at = strtok_r(NULL, "#", &rest)) {
        char *pem = strchr(at, '\n');
        BIO *memory = BIO_new_mem_buf(pem + 1, -1);

        *pem = '\0';
        add(suite, at + 1, PEM_read_bio_X509(memory, NULL, NULL, NULL));
        BIO_free(memory);
    }
    cr_assert(revocation_lists_add(suite->anchors, ls_str_from(lists), &why),
              "%s", why);
    free(lists);
    free(certificates);
}

static void close_suite(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++) {
        free(suite->names[i]);
        X509_free(suite->certificates[i]);
    }
    sk_X509_free(suite->authorities);
    trust_anchors_free(suite->anchors);
}

static bool is_among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool is_wanted(const char *name)
{
    return strncmp(name, "Invalid", 7) != 0 &&
           !is_among(name, also_invalid, LS_COUNT(also_invalid)) &&
           !is_among(name, beyond_us, LS_COUNT(beyond_us));
}

static bool has_subject_above(X509 *x509, STACK_OF(X509) * below)
{
    for (int i = 0; i < sk_X509_num(below); i++)
        if (X509_NAME_cmp(X509_get_subject_name(x509),
                          X509_get_issuer_name(sk_X509_value(below, i))) == 0)
            return true;
    return false;
}

static bool signs_indirect_lists(X509 *x509)
{
    char name[256];

    X509_NAME_oneline(X509_get_subject_name(x509), name, sizeof name);
    return strstr(name, "indirectCRL") != NULL;
}

/* Of all authorities those that a peer with this certificate would send: what
 * by its name may stand above it or have signed indirect lists. */
static STACK_OF(X509) * authorities_above(const struct suite *suite, X509 *leaf)
{
    STACK_OF(X509) *above = sk_X509_new_null();
    int before;

    sk_X509_push(above, leaf);
    do {
        before = sk_X509_num(above);
        for (int i = 0; i < sk_X509_num(suite->authorities); i++) {
            X509 *x509 = sk_X509_value(suite->authorities, i);

            if ((has_subject_above(x509, above) ||
                 signs_indirect_lists(x509)) &&
                sk_X509_find(above, x509) < 0)
                sk_X509_push(above, x509);
        }
    } while (sk_X509_num(above) > before);
    return above;
}

Test(pkits, is_answered_as_the_suite_wants)
{
    const struct chain_options options = {.at_s = AT_S,
                                          .check_revocation = true};
    struct suite suite;
    size_t count = 0;

    open_suite(&suite);
    for (size_t i = 0; i < suite.count; i++) {
        const char *name = suite.names[i];
        STACK_OF(X509) * sent;
        struct chain_report report;

        if (!is_case(name))
            continue;
        sent = authorities_above(&suite, suite.certificates[i]);
        trust_anchors_check(suite.anchors, suite.certificates[i], sent,
                            &options, &report);
        sk_X509_free(sent);
        cr_expect_eq(report.fault_count == 0, is_wanted(name), "%s: %s", name,
                     report.fault_count > 0
                         ? X509_verify_cert_error_string(report.faults[0].code)
                         : "taken");
        chain_report_clear(&report);
        count++;
    }
    cr_expect_eq(count, 223u, "%zu", count);
    close_suite(&suite);
}
