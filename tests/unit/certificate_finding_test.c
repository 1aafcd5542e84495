#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_catalogue.h"
#include "lyncsim/certificate_finding.h"

#include "support/test_lab.h"

static bool has(const struct certificate_findings *findings, const char *id)
{
    for (size_t i = 0; i < findings->count; i++)
        if (strcmp(finding_kind_of(findings->items[i].id)->id, id) == 0)
            return true;
    return false;
}

static void find(struct certificate_findings *findings, const char *faults,
                 const struct trust_anchors *anchors)
{
    static const struct ls_str seed = LS_STR("findings");
    struct certificate_catalogue *catalogue = certificate_catalogue_new();
    struct mint *mint = mint_new(&seed);
    struct credential *lab = test_lab_authority("CN=Lab Root CA", NULL);
    const struct catalogue_order order = {.mint = mint,
                                          .lab = lab,
                                          .fqdn =
                                              ls_str_from("cas.contoso.com"),
                                          .clock_s = TEST_LAB_NOW_S,
                                          .faults = ls_str_from(faults)};
    char *why = NULL;
    struct credential *made =
        certificate_catalogue_issue(catalogue, &order, NULL, &why);

    cr_assert_not_null(made, "%s: %s", faults, why);
    certificate_findings_find(findings, made, anchors, TEST_LAB_NOW_S);
    credential_free(made);
    credential_free(lab);
    mint_free(mint);
    certificate_catalogue_free(catalogue);
}

Test(certificate_finding, has_a_stable_id_and_a_reason_for_each)
{
    for (size_t i = 0; i < FINDING_COUNT; i++) {
        const struct finding_kind *kind = finding_kind_of((enum finding_id)i);

        cr_assert_not_null(kind->id, "%zu", i);
        cr_expect_eq(strspn(kind->id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"),
                     strlen(kind->id), "%s", kind->id);
        cr_expect(ls_str_ends_with(ls_str_from(kind->why), "."), "%s",
                  kind->id);
        cr_expect_gt(strlen(kind->source), 0u, "%s", kind->id);
        for (size_t j = 0; j < i; j++)
            cr_expect_str_neq(kind->id,
                              finding_kind_of((enum finding_id)j)->id);
    }
}

Test(certificate_finding, names_what_each_fault_is)
{
    static const struct {
        const char *fault, *id;
    } rows[] = {
        {"nul-in-cn", "BAD-NAME"},
        {"undecodable-cn", "BAD-NAME"},
        {"no-name", "NO-NAME"},
        {"no-cn", "NO-CN"},
        {"two-cns-last-right", "SEVERAL-CNS"},
        {"owa-address-cn+upper-case-cn+expired", "EXPIRED"},
        {"typo-cn+long-cn", "CN-OVER-64"},
        {"idn-cn", "CN-NOT-IN-SAN"},
        {"idn-cn", "NON-ASCII-CN"},
        {"wildcard-cn", "WILDCARD-CN"},
        {"wildcard-in-san", "WILDCARD-SAN"},
        {"short-name-cn", "SHORT-NAME-CN"},
        {"address-cn", "ADDRESS-CN"},
        {"trailing-dot-cn", "TRAILING-DOT"},
        {"upper-case-cn", "CAPITALS-IN-CN"},
        {"too-many-names", "TOO-MANY-NAMES"},
        {"server-auth-only", "NO-CLIENT-AUTH-EKU"},
        {"client-auth-only", "NO-SERVER-AUTH-EKU"},
        {"code-signing", "NO-USABLE-EKU"},
        {"not-yet-valid", "NOT-YET-VALID"},
        {"ends-before-it-begins", "ENDS-BEFORE-IT-BEGINS"},
        {"rsa-1024", "WEAK-KEY"},
        {"sha1-signature", "WEAK-SIGNATURE"},
        {"md5-signature", "WEAK-SIGNATURE"},
        {"pss-signature", "PSS-SIGNATURE"},
        {"self-signed", "SELF-SIGNED"},
        {"missing-intermediate", "CHAIN-NEEDS-INTERMEDIATE"},
        {"wrong-order-chain", "CHAIN-OUT-OF-ORDER"},
        {"expired", "SERIAL-REVERSED-IN-EVENTS"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct certificate_findings findings;

        find(&findings, rows[i].fault, NULL);
        cr_expect(has(&findings, rows[i].id), "%s: %s", rows[i].fault,
                  rows[i].id);
        certificate_findings_clear(&findings);
    }
}

Test(certificate_finding, finds_nothing_grave_in_a_sound_certificate)
{
    struct credential *lab = test_lab_authority("CN=Lab Root CA", NULL);
    struct trust_anchors *anchors = trust_anchors_new();
    struct certificate_findings findings;

    trust_anchors_add(anchors, credential_leaf(lab));
    find(&findings, "", anchors);

    for (size_t i = 0; i < findings.count; i++)
        cr_expect_eq(finding_kind_of(findings.items[i].id)->severity,
                     FINDING_NOTE, "%s",
                     finding_kind_of(findings.items[i].id)->id);
    certificate_findings_clear(&findings);
    trust_anchors_free(anchors);
    credential_free(lab);
}

Test(certificate_finding, sees_an_address_only_where_all_of_the_cn_is_one)
{
    static const struct {
        const char *subject;
        bool expected;
    } rows[] = {
        {"CN=192.168.0.240", true},
        {"CN=fe80::1", true},
        {"CN:utf8=192.168.0.240\\x00.contoso.com", false},
        {"CN=192.168.0.240.contoso.com", false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct credential *credential =
            test_lab_issue(rows[i].subject, NULL, NULL);
        struct certificate_findings findings;

        certificate_findings_find(&findings, credential, NULL, TEST_LAB_NOW_S);
        cr_expect_eq(has(&findings, "ADDRESS-CN"), rows[i].expected, "%s",
                     rows[i].subject);
        certificate_findings_clear(&findings);
        credential_free(credential);
    }
}

Test(certificate_finding, counts_the_days_of_the_last_month)
{
    const struct certificate_profile profile = {.not_after_s = TEST_LAB_NOW_S +
                                                               86400 * 7 + 5};
    struct credential *own = test_lab_issue("CN=a.b", NULL, &profile);
    struct certificate_findings findings;

    certificate_findings_find(&findings, own, NULL, TEST_LAB_NOW_S);
    cr_assert(has(&findings, "EXPIRES-SOON"));
    for (size_t i = 0; i < findings.count; i++)
        if (findings.items[i].id == FINDING_EXPIRES_SOON)
            cr_expect_str_eq(findings.items[i].saw, "7 days left");
    certificate_findings_clear(&findings);
    credential_free(own);
}

Test(certificate_finding, turns_a_serial_round)
{
    static const struct {
        const char *serial, *reversed;
    } rows[] = {
        {"0102FF", "FF0201"},
        {"7F", "7F"},
        {"", ""},
        {"-01", "-01"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *reversed = certificate_serial_reversed(rows[i].serial);

        cr_expect_str_eq(reversed, rows[i].reversed);
        free(reversed);
    }
}
