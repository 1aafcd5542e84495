#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/certificate_catalogue.h"
#include "lyncsim/timestamp.h"
#include "lyncsim/trust_anchors.h"

#include "support/golden.h"
#include "support/test_lab.h"

static const struct ls_str seed = LS_STR("catalogue");

struct fixture {
    struct certificate_catalogue *catalogue;
    struct mint *mint;
    struct credential *lab;
    STACK_OF(X509) * known;
};

static struct fixture open_fixture(void)
{
    return (struct fixture){certificate_catalogue_new(), mint_new(&seed),
                            test_lab_authority("CN=Lab Root CA", NULL),
                            sk_X509_new_null()};
}

static void close_fixture(struct fixture *fixture)
{
    certificate_catalogue_free(fixture->catalogue);
    mint_free(fixture->mint);
    credential_free(fixture->lab);
    sk_X509_pop_free(fixture->known, X509_free);
}

static struct credential *make(struct fixture *fixture, const char *faults,
                               char **why)
{
    const struct catalogue_order order = {.mint = fixture->mint,
                                          .lab = fixture->lab,
                                          .fqdn =
                                              ls_str_from("cas.contoso.com"),
                                          .clock_s = TEST_LAB_NOW_S,
                                          .faults = ls_str_from(faults)};

    return certificate_catalogue_issue(fixture->catalogue, &order,
                                       fixture->known, why);
}

Test(certificate_catalogue, has_at_least_forty_five_faults_each_told_whole)
{
    struct certificate_catalogue *catalogue = certificate_catalogue_new();
    size_t count;
    const struct catalogue_entry *faults =
        certificate_catalogue_faults(catalogue, &count);

    cr_expect_geq(count, 45u);
    for (size_t i = 0; i < count; i++) {
        cr_assert_not_null(faults[i].says, "%s", faults[i].name);
        cr_expect(ls_str_ends_with(ls_str_from(faults[i].says), "."), "%s",
                  faults[i].name);
        cr_expect_not_null(faults[i].source, "%s", faults[i].name);
        cr_expect_not_null(faults[i].verdict, "%s", faults[i].name);
        cr_expect_eq(faults[i].reason != NULL,
                     strcmp(faults[i].verdict, "refused") == 0, "%s",
                     faults[i].name);
        cr_expect_null(strchr(faults[i].name, '+'), "%s", faults[i].name);
    }
    certificate_catalogue_free(catalogue);
}

Test(certificate_catalogue, makes_every_fault_twice_the_same, .timeout = 100)
{
    struct fixture fixture = open_fixture();
    size_t count;
    const struct catalogue_entry *faults =
        certificate_catalogue_faults(fixture.catalogue, &count);

    for (size_t i = 0; i < count; i++) {
        char *why = NULL;
        struct credential *one = make(&fixture, faults[i].name, &why);
        struct credential *two = make(&fixture, faults[i].name, &why);

        cr_assert(one != NULL && two != NULL, "%s: %s", faults[i].name, why);
        cr_expect_arr_eq(credential_facts(one)->sha256,
                         credential_facts(two)->sha256, 32, "%s",
                         faults[i].name);
        cr_expect_not_null(credential_key(one), "%s", faults[i].name);
        credential_free(one);
        credential_free(two);
    }
    close_fixture(&fixture);
}

Test(certificate_catalogue, makes_every_profile)
{
    struct fixture fixture = open_fixture();
    size_t count;
    const struct catalogue_entry *profiles =
        certificate_catalogue_profiles(fixture.catalogue, &count);

    cr_expect_geq(count, 5u);
    for (size_t i = 0; i < count; i++) {
        const struct catalogue_order order = {.mint = fixture.mint,
                                              .lab = fixture.lab,
                                              .fqdn =
                                                  ls_str_from("a.contoso.com"),
                                              .clock_s = TEST_LAB_NOW_S,
                                              .base = &profiles[i].recipe};
        char *why = NULL;
        struct credential *made =
            certificate_catalogue_issue(fixture.catalogue, &order, NULL, &why);

        cr_assert_not_null(made, "%s: %s", profiles[i].name, why);
        cr_expect_not_null(
            strstr(credential_facts(made)->subject, "CN=a.contoso.com"), "%s",
            profiles[i].name);
        credential_free(made);
    }
    close_fixture(&fixture);
}

Test(certificate_catalogue, makes_a_sound_certificate_without_a_fault)
{
    struct fixture fixture = open_fixture();
    char *why = NULL;
    struct credential *made = make(&fixture, "", &why);
    const struct certificate_facts *facts;

    cr_assert_not_null(made, "%s", why);
    facts = credential_facts(made);
    cr_expect_str_eq(facts->subject, "CN=cas.contoso.com");
    cr_expect_eq(facts->name_count, 2u);
    cr_expect_str_eq(facts->names[1].text, "cas.contoso.com");
    cr_expect_str_eq(facts->issuer, "CN=Lab Root CA");
    credential_free(made);
    close_fixture(&fixture);
}

Test(certificate_catalogue, fills_in_for_whom_it_is_made)
{
    struct fixture fixture = open_fixture();
    static const struct {
        const char *fault, *subject;
    } rows[] = {
        {"wildcard-cn", "CN=*.contoso.com"},
        {"short-name-cn", "CN=cas"},
        {"upper-case-cn", "CN=CAS.CONTOSO.COM"},
        {"two-cns-last-right", "CN=other.contoso.com, CN=cas.contoso.com"},
        {"nul-in-cn", "CN=cas.contoso.com\\x00.evil.example"},
        {"trailing-space-cn", "CN=cas.contoso.com "},
        {"empty-subject", ""},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *why = NULL;
        struct credential *made = make(&fixture, rows[i].fault, &why);

        cr_assert_not_null(made, "%s: %s", rows[i].fault, why);
        cr_expect_str_eq(credential_facts(made)->subject, rows[i].subject);
        credential_free(made);
    }
    close_fixture(&fixture);
}

Test(certificate_catalogue, lays_one_fault_over_another)
{
    struct fixture fixture = open_fixture();
    char *why = NULL;
    struct credential *made =
        make(&fixture, "expired+wildcard-cn+rsa-1024", &why);

    cr_assert_not_null(made, "%s", why);
    cr_expect_str_eq(credential_facts(made)->subject, "CN=*.contoso.com");
    cr_expect_eq(credential_facts(made)->not_after_s,
                 TEST_LAB_NOW_S - 24 * 3600);
    cr_expect_eq(credential_facts(made)->key_bits, 1024u);
    credential_free(made);
    close_fixture(&fixture);
}

Test(certificate_catalogue, lends_what_was_not_sent_to_who_explains)
{
    struct fixture fixture = open_fixture();
    struct trust_anchors *anchors = trust_anchors_new();
    const struct chain_options options = {.at_s = TEST_LAB_NOW_S};
    struct chain_report report;
    char *why = NULL;
    struct credential *made =
        make(&fixture, "missing-upper-intermediate", &why);

    cr_assert_not_null(made, "%s", why);
    cr_expect_eq(sk_X509_num(credential_chain(made)), 1);
    cr_expect_eq(sk_X509_num(fixture.known), 2);
    trust_anchors_add(anchors, credential_leaf(fixture.lab));
    for (int i = 0; i < sk_X509_num(fixture.known); i++)
        trust_anchors_add_known(anchors, sk_X509_value(fixture.known, i));
    trust_anchors_check(anchors, credential_leaf(made), credential_chain(made),
                        &options, &report);
    cr_expect(report.completed_by_known);
    cr_expect_str_eq(report.completing_subject, "CN=Lab Policy CA");

    chain_report_clear(&report);
    trust_anchors_free(anchors);
    credential_free(made);
    close_fixture(&fixture);
}

Test(certificate_catalogue, refuses_a_fault_that_is_none)
{
    struct fixture fixture = open_fixture();
    static const struct {
        const char *names, *sentence;
    } rows[] = {
        {"expird", "there is no fault \"expird\"; did you mean \"expired\"?"},
        {"expired+", "the fault's name is missing"},
        {"expired+wildcard", "there is no fault \"wildcard\""},
        {"qqqqqqqqqqqqqqqq", "lyncsim cert faults lists them"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *why = NULL;
        struct credential *made = make(&fixture, rows[i].names, &why);

        cr_assert_null(made, "%s", rows[i].names);
        cr_expect_not_null(strstr(why, rows[i].sentence), "%s", why);
        credential_free(made);
        free(why);
    }
    close_fixture(&fixture);
}

Test(certificate_catalogue, is_played_whole_by_a_scenario)
{
    struct certificate_catalogue *catalogue = certificate_catalogue_new();
    char *text =
        golden_read_text(LYNCSIM_SOURCE_DIR "/scenarios/faults/catalogue.yaml");
    size_t count;
    const struct catalogue_entry *faults =
        certificate_catalogue_faults(catalogue, &count);

    for (size_t i = 0; i < count; i++) {
        const struct catalogue_entry *fault = &faults[i];
        char *shown = ls_strf("\"fault:%s\"", fault->name);
        char *answer =
            fault->reason != NULL
                ? ls_strf("{verdict: refused, reason: %s}", fault->reason)
                : ls_strf("{verdict: accepted, checks.warn: ");
        char *at = strstr(text, shown);

        cr_expect(at != NULL && strstr(at, answer) != NULL &&
                      strstr(at, answer) < at + 150,
                  "%s", fault->name);
        free(shown);
        free(answer);
    }
    free(text);
    certificate_catalogue_free(catalogue);
}

static void expect_fault(const char *text, unsigned line, const char *sentence)
{
    struct certificate_catalogue *catalogue = certificate_catalogue_new();
    struct ls_diags diags;
    bool is_found = false;

    ls_diags_init(&diags, "own.yaml", ls_str_from(text));
    cr_expect_not(certificate_catalogue_parse(catalogue, &diags), "%s", text);
    for (size_t i = 0; i < diags.count; i++)
        is_found |= diags.items[i].place.line == line &&
                    strstr(diags.items[i].sentence, sentence) != NULL;
    cr_expect(is_found, "%s: %s", text,
              diags.count ? diags.items[0].sentence : "no fault");
    ls_diags_clear(&diags);
    certificate_catalogue_free(catalogue);
}

Test(certificate_catalogue, says_what_is_wrong_with_a_file)
{
    expect_fault("profiles:\n  x:\n    says: X.\n", 3, "certificate");
    expect_fault("profiles:\n  cas: {says: X., certificate: {}}\n", 2,
                 "in the catalogue already");
    expect_fault("fault:\n  x: {}\n", 1, "fault");
    expect_fault("profiles:\n  x:\n    says: X.\n    certificate:\n"
                 "      key: p255\n",
                 5, "there is no key type \"p255\"");
    expect_fault("profiles:\n  x:\n    says: X.\n    certificate:\n"
                 "      digest: sha257\n",
                 5, "there is no digest");
    expect_fault("profiles:\n  x:\n    says: X.\n    certificate:\n"
                 "      not-after: tomorrow\n",
                 5, "not-after is no time");
    expect_fault("profiles:\n  x:\n    says: X.\n    certificate:\n"
                 "      san-count: -1\n",
                 5, "san-count");
    expect_fault("profiles: [x]\n", 1, "mapping of names");
}
