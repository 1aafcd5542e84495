#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/x509.h>

#include "lyncsim/scenario_lab.h"

#include "support/play.h"

static struct scenario *parse(const char *text)
{
    return play_parse("x.yaml", ls_str_from(text));
}

static struct scenario_lab *make(const struct scenario *scenario)
{
    char *why = NULL;
    struct scenario_lab *lab = scenario_lab_new(scenario, &why);

    cr_assert_not_null(lab, "%s", why);
    return lab;
}

static const struct certificate_facts *facts_of(struct scenario_lab *lab,
                                                const char *name)
{
    const struct credential *credential = scenario_lab_credential(lab, name);

    cr_assert_not_null(credential, "%s", name);
    return credential_facts(credential);
}

static struct chain_report check(struct scenario_lab *lab, const char *name,
                                 const struct trust_anchors *anchors)
{
    const struct credential *credential = scenario_lab_credential(lab, name);
    const struct chain_options options = {.at_s = INT64_C(1420070400)};
    struct chain_report report = {0};

    trust_anchors_check(anchors, credential_leaf(credential),
                        credential_chain(credential), &options, &report);
    return report;
}

/* Whether the named certificate leads to one of the named authorities. */
static bool is_trusted(struct scenario_lab *lab, const char *name,
                       char *const *names, size_t count)
{
    struct chain_report report =
        check(lab, name, scenario_lab_anchors(lab, names, count));
    bool trusted = report.fault_count == 0;

    chain_report_clear(&report);
    return trusted;
}

Test(scenario_lab, signs_with_the_root_of_the_lab_by_default)
{
    struct scenario *scenario =
        parse("certificates: {a: {subject: CN=a.b, san: [a.b, \"ip:1.2.3.4\", "
              "\"uri:sip:a.b\"]}}\n"
              "steps: [{say: x}]\n");
    struct scenario_lab *lab = make(scenario);
    const struct certificate_facts *facts = facts_of(lab, "a");

    cr_expect(is_trusted(lab, "a", NULL, 0));
    cr_expect(strstr(facts->subject, "a.b"));
    cr_expect_eq(facts->name_count, 4u);
    cr_expect_eq(facts->names[1].source, NAME_SAN_DNS);
    cr_expect_eq(facts->names[2].source, NAME_SAN_IP);
    cr_expect_eq(facts->names[3].source, NAME_SAN_URI);
    cr_expect_str_eq(facts->names[3].text, "sip:a.b");
    cr_expect(facts->usage & USAGE_SERVER_AUTH);
    cr_expect(facts->usage & USAGE_CLIENT_AUTH);
    scenario_lab_free(lab);
    scenario_free(scenario);
}

Test(scenario_lab, dates_certificates_around_the_clock)
{
    struct scenario *scenario =
        parse("clock: 2012-01-01\n"
              "certificates:\n"
              "  usual: {subject: CN=a}\n"
              "  old: {subject: CN=a, not-after: 2001-01-01}\n"
              "  week: {subject: CN=a, not-before: 1 day ago, "
              "not-after: in 1 week}\n"
              "  late: {subject: CN=a, not-before: 2031-01-01}\n"
              "  both: {subject: CN=a, not-before: 2011-01-01, "
              "not-after: 2011-01-02}\n"
              "steps: [{say: x}]\n");
    struct scenario_lab *lab = make(scenario);
    const int64_t clock_s = INT64_C(1325376000);
    const int64_t day_s = 86400;

    cr_expect_eq(facts_of(lab, "usual")->not_before_s, clock_s - 365 * day_s);
    cr_expect_eq(facts_of(lab, "usual")->not_after_s, clock_s + 730 * day_s);
    cr_expect_eq(facts_of(lab, "week")->not_before_s, clock_s - day_s);
    cr_expect_eq(facts_of(lab, "week")->not_after_s, clock_s + 7 * day_s);
    cr_expect_lt(facts_of(lab, "old")->not_before_s,
                 facts_of(lab, "old")->not_after_s);
    cr_expect_lt(facts_of(lab, "old")->not_after_s, clock_s);
    cr_expect_gt(facts_of(lab, "late")->not_before_s, clock_s);
    cr_expect_lt(facts_of(lab, "late")->not_before_s,
                 facts_of(lab, "late")->not_after_s);
    cr_expect_eq(facts_of(lab, "both")->not_after_s -
                     facts_of(lab, "both")->not_before_s,
                 day_s);
    scenario_lab_free(lab);
    scenario_free(scenario);
}

Test(scenario_lab, knows_a_stranger_of_the_same_name)
{
    struct scenario *scenario =
        parse("authorities:\n"
              "  lab: {subject: CN=LAB}\n"
              "  stranger: {subject: CN=LAB}\n"
              "certificates:\n"
              "  good: {subject: CN=a}\n"
              "  bad: {subject: CN=a, issuer: stranger}\n"
              "steps: [{say: x}]\n");
    struct scenario_lab *lab = make(scenario);
    char *lab_only[] = {(char[]){"lab"}};

    cr_expect(is_trusted(lab, "good", lab_only, 1));
    cr_expect_not(is_trusted(lab, "bad", lab_only, 1));
    cr_expect(is_trusted(lab, "bad", NULL, 0), "all are trusted");
    cr_expect_not(is_trusted(lab, "good", lab_only, 0), "nobody is trusted");
    cr_expect_eq(scenario_lab_anchors(lab, lab_only, 1),
                 scenario_lab_anchors(lab, lab_only, 1), "made once");
    scenario_lab_free(lab);
    scenario_free(scenario);
}

Test(scenario_lab, sends_the_leaf_and_its_intermediates)
{
    struct scenario *scenario =
        parse("authorities:\n"
              "  issuing: {subject: CN=Issuing, issuer: policy}\n"
              "  policy: {subject: CN=Policy, issuer: root}\n"
              "  root: {subject: CN=Root}\n"
              "certificates:\n"
              "  deep: {subject: CN=a}\n"
              "  flat: {subject: CN=a, issuer: root}\n"
              "  own: {subject: CN=a, issuer: self}\n"
              "front-end: {certificate: deep}\n"
              "steps: [{say: x}]\n");
    struct scenario_lab *lab = make(scenario);
    char *root_only[] = {(char[]){"root"}};
    const struct trust_anchors *of_peer =
        scenario_lab_peer_anchors(lab, &scenario->front_end);
    struct chain_report report;

    cr_expect_eq(
        sk_X509_num(credential_chain(scenario_lab_credential(lab, "deep"))), 2);
    cr_expect(is_trusted(lab, "deep", root_only, 1));
    cr_expect(is_trusted(lab, "flat", root_only, 1));
    cr_expect_not(is_trusted(lab, "own", NULL, 0));
    cr_expect(facts_of(lab, "own")->is_self_issued);
    report = check(lab, "deep", of_peer);
    cr_expect_eq(report.fault_count, 0u, "a peer trusts the root above");
    chain_report_clear(&report);
    scenario_lab_free(lab);
    scenario_free(scenario);
}

Test(scenario_lab, makes_a_front_end_where_none_is_named)
{
    struct scenario *scenario = parse("steps: [{say: x}]\n");
    struct scenario_lab *lab = make(scenario);

    cr_assert_not_null(scenario_lab_front_end(lab, &scenario->front_end));
    cr_expect_not_null(scenario_lab_peer_anchors(lab, &scenario->front_end));
    cr_expect_null(scenario_lab_credential(lab, "none"));
    scenario_lab_free(lab);
    scenario_free(scenario);
}

Test(scenario_lab, lets_a_peer_trust_a_front_end_that_signs_itself)
{
    struct scenario *scenario =
        parse("certificates: {fe: {subject: CN=fe, issuer: self}}\n"
              "front-end: {certificate: fe}\n"
              "steps: [{say: x}]\n");
    struct scenario_lab *lab = make(scenario);
    struct chain_report report =
        check(lab, "fe", scenario_lab_peer_anchors(lab, &scenario->front_end));

    cr_expect_eq(report.fault_count, 0u);
    chain_report_clear(&report);
    scenario_lab_free(lab);
    scenario_free(scenario);
}

Test(scenario_lab, repeats_itself_to_the_byte)
{
    struct scenario *scenario =
        parse("certificates: {a: {subject: CN=a}, b: {subject: CN=a}}\n"
              "steps: [{say: x}]\n");
    struct scenario_lab *one = make(scenario);
    struct scenario_lab *two = make(scenario);

    cr_expect_arr_eq(facts_of(one, "a")->sha256, facts_of(two, "a")->sha256,
                     32);
    cr_expect(memcmp(facts_of(one, "a")->sha256, facts_of(one, "b")->sha256,
                     32) != 0);
    scenario_lab_free(one);
    scenario_lab_free(two);
    scenario_free(scenario);
}

Test(scenario_lab, takes_every_key_and_digest_the_language_names)
{
    static const char *const texts[] = {
        "key: p256",
        "key: p384",
        "key: p521",
        "key: rsa1024",
        "key: rsa2048",
        "key: ed25519",
        "digest: sha384",
        "digest: sha512",
        "digest: sha1",

        "extended-key-usage: none",
        ("extended-key-usage: [codeSigning, emailProtection, timeStamping, "
         "OCSPSigning, anyExtendedKeyUsage, 1.3.6.1.4.1.311.20.2.2]"),
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char text[256];

        snprintf(text, sizeof(text),
                 "certificates: {a: {subject: CN=a, %s}}\n"
                 "steps: [{say: x}]\n",
                 texts[i]);
        struct scenario *scenario = parse(text);
        char *why = NULL;
        struct scenario_lab *lab = scenario_lab_new(scenario, &why);

        cr_expect_not_null(lab, "%s: %s", texts[i], why);
        scenario_lab_free(lab);
        scenario_free(scenario);
        free(why);
    }
}

Test(scenario_lab, sends_what_the_file_says_instead)
{
    struct scenario *scenario =
        parse("authorities:\n"
              "  root: {subject: CN=Root}\n"
              "  issuing: {subject: CN=Issuing, issuer: root}\n"
              "certificates:\n"
              "  alone: {subject: CN=a, issuer: issuing, chain: []}\n"
              "  whole: {subject: CN=a, issuer: issuing, "
              "chain: [issuing, root]}\n"
              "  stray: {subject: CN=a, issuer: issuing, chain: [alone]}\n"
              "steps: [{say: x}]\n");
    struct scenario_lab *lab = make(scenario);
    struct chain_report report =
        check(lab, "alone", scenario_lab_anchors(lab, NULL, 0));

    cr_expect_null(credential_chain(scenario_lab_credential(lab, "alone")));
    cr_expect_eq(
        sk_X509_num(credential_chain(scenario_lab_credential(lab, "whole"))),
        2);
    cr_expect(is_trusted(lab, "whole", NULL, 0));
    cr_expect_not(is_trusted(lab, "stray", NULL, 0));
    cr_expect(report.completed_by_known);
    chain_report_clear(&report);
    scenario_lab_free(lab);
    scenario_free(scenario);
}

Test(scenario_lab, publishes_revocation_lists)
{
    struct scenario *scenario =
        parse("authorities: {root: {subject: CN=Root, revokes: [bad]}}\n"
              "certificates: {good: {subject: CN=a}, bad: {subject: CN=b}}\n"
              "steps: [{say: x}]\n");
    struct scenario_lab *lab = make(scenario);
    const struct trust_anchors *anchors = scenario_lab_anchors(lab, NULL, 0);
    const struct chain_options options = {.at_s = INT64_C(1420070400),
                                          .check_revocation = true};
    struct chain_report good = {0};
    struct chain_report bad = {0};

    trust_anchors_check(anchors,
                        credential_leaf(scenario_lab_credential(lab, "good")),
                        NULL, &options, &good);
    trust_anchors_check(anchors,
                        credential_leaf(scenario_lab_credential(lab, "bad")),
                        NULL, &options, &bad);
    cr_expect_eq(good.fault_count, 0u);
    cr_assert_eq(bad.fault_count, 1u);
    cr_expect_eq(bad.faults[0].code, X509_V_ERR_CERT_REVOKED);
    chain_report_clear(&good);
    chain_report_clear(&bad);
    scenario_lab_free(lab);
    scenario_free(scenario);
}
