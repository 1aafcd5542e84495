/*
 * What a verdict says of everything but the name: the chain, its time, what it
 * is for, how strong it is.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/x509_vfy.h>

#include "lyncsim/alloc.h"

#include "support/trust_lab.h"

static enum trust_check_result result_of(const struct trust_lab *lab,
                                         enum trust_check_id id)
{
    return lab->verdict.checks[id].result;
}

Test(trust_verdict_chain, maps_every_error_of_the_chain)
{
    static const struct {
        const char *label;
        int codes[3];
        int depth;
        bool completed;
        bool same_name;
        enum trust_check_id reason;
    } rows[] = {
        {"sound", {0}, 0, false, false, TRUST_NONE},
        {"18", {18}, 0, false, false, TRUST_UNTRUSTED_ROOT},
        {"19", {19}, 1, false, false, TRUST_UNTRUSTED_ROOT},
        {"7, same name", {7}, 0, false, true, TRUST_UNTRUSTED_ROOT},
        {"7, another name", {7}, 0, false, false, TRUST_BAD_CHAIN},
        {"20 and 21", {20, 21}, 0, false, false, TRUST_UNTRUSTED_ROOT},
        {"20 and 21, same name",
         {20, 21},
         0,
         false,
         true,
         TRUST_UNTRUSTED_ROOT},
        {"20 and 21, completed",
         {20, 21},
         0,
         true,
         false,
         TRUST_INCOMPLETE_CHAIN},
        {"2", {2}, 1, false, false, TRUST_UNTRUSTED_ROOT},
        {"10", {10}, 0, false, false, TRUST_EXPIRED},
        {"10 further up", {10}, 1, false, false, TRUST_EXPIRED},
        {"9", {9}, 0, false, false, TRUST_NOT_YET_VALID},
        {"23", {23}, 0, false, false, TRUST_REVOKED},
        {"23 further up", {23}, 1, false, false, TRUST_REVOKED},
        {"3", {3}, 0, false, false, TRUST_REVOCATION_UNKNOWN},
        {"12", {12}, 0, false, false, TRUST_REVOCATION_UNKNOWN},
        {"24", {24}, 1, false, false, TRUST_BAD_CHAIN},
        {"25", {25}, 1, false, false, TRUST_BAD_CHAIN},
        {"47", {47}, 0, false, false, TRUST_BAD_CHAIN},
        {"strength is ours", {66, 68}, 0, false, false, TRUST_NONE},
        {"purpose is ours", {26}, 0, false, false, TRUST_NONE},
        {"the root before the time",
         {10, 19},
         0,
         false,
         false,
         TRUST_UNTRUSTED_ROOT},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char subject[] = "CN=LAB-CA";
        struct chain_fault faults[3];
        struct chain_report report = {
            .checked = true,
            .revocation_checked = true,
            .faults = faults,
            .completed_by_known = rows[i].completed,
            .same_name_other_key = rows[i].same_name,
            .sent_count = 1,
        };
        struct trust_lab lab;

        for (size_t j = 0; j < 3 && rows[i].codes[j] != 0; j++)
            faults[report.fault_count++] = (struct chain_fault){
                .code = rows[i].codes[j],
                .depth = rows[i].depth,
                .subject = subject,
            };
        trust_lab_open(&lab, "cn=mail.a.com", "mail.a.com", NULL);
        lab.evidence.chain = &report;
        lab.policy.check_revocation = true;
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.reason, rows[i].reason, "%s: %s",
                     rows[i].label,
                     lab.verdict.reason == TRUST_NONE
                         ? "none"
                         : trust_check_text(lab.verdict.reason));
        cr_expect_str_eq(lab.verdict.identity_name, "mail.a.com");
        trust_lab_close(&lab);
    }
}

Test(trust_verdict_chain, names_both_causes_where_both_are_possible)
{
    struct chain_fault fault = {.code = 20};
    struct chain_report report = {
        .checked = true, .faults = &fault, .fault_count = 1};
    struct trust_lab lab;
    const char *why;

    trust_lab_open(&lab, "cn=mail.a.com", "mail.a.com", NULL);
    lab.evidence.chain = &report;
    trust_lab_decide(&lab);
    why = lab.verdict.checks[TRUST_UNTRUSTED_ROOT].why;
    cr_expect_not_null(strstr(why, "root is not trusted"));
    cr_expect_not_null(strstr(why, "intermediate"));
    trust_lab_close(&lab);
}

Test(trust_verdict_chain, says_of_a_chain_too_large_that_it_was_not_judged)
{
    static const enum trust_check_id unjudged[] = {
        TRUST_UNTRUSTED_ROOT, TRUST_INCOMPLETE_CHAIN, TRUST_REVOKED,
        TRUST_REVOCATION_UNKNOWN};
    struct chain_fault fault = {.code = X509_V_ERR_CERT_CHAIN_TOO_LONG};
    struct chain_report report = {.checked = true,
                                  .excess = "more than is looked at",
                                  .faults = &fault,
                                  .fault_count = 1};
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=mail.a.com", "mail.a.com", NULL);
    lab.evidence.chain = &report;
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.reason, TRUST_BAD_CHAIN);
    cr_expect_str_eq(lab.verdict.checks[TRUST_BAD_CHAIN].saw,
                     "more than is looked at");
    for (size_t i = 0; i < LS_COUNT(unjudged); i++) {
        cr_expect_eq(result_of(&lab, unjudged[i]), CHECK_SKIP);
        cr_expect_not_null(
            strstr(lab.verdict.checks[unjudged[i]].why, "so it is not judged"));
    }
    trust_lab_close(&lab);
}

Test(trust_verdict_chain, does_not_let_revocation_decide_unless_told_so)
{
    struct chain_fault fault = {.code = X509_V_ERR_CERT_REVOKED};
    struct chain_report report = {
        .checked = true, .faults = &fault, .fault_count = 1};
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=mail.a.com", "mail.a.com", NULL);
    lab.evidence.chain = &report;
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.outcome, TRUST_ACCEPTED);
    cr_expect_eq(result_of(&lab, TRUST_REVOKED), CHECK_SKIP);
    trust_lab_close(&lab);
}

Test(trust_verdict_chain, judges_time_without_any_root)
{
    static const struct {
        const char *label;
        int64_t not_before;
        int64_t not_after;
        enum trust_check_id reason;
    } rows[] = {
        {"within", -1, 1, TRUST_NONE},
        {"its first second", 0, 1, TRUST_NONE},
        /* Inclusive, by RFC 5280 4.1.2.5. */
        {"its last second", -1, 0, TRUST_NONE},
        {"over", -2, -1, TRUST_EXPIRED},
        {"to come", 1, 2, TRUST_NOT_YET_VALID},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_lab lab;

        trust_lab_open(&lab, "cn=mail.a.com", "mail.a.com", NULL);
        lab.facts->not_before_s = TRUST_LAB_NOW_S + rows[i].not_before;
        lab.facts->not_after_s = TRUST_LAB_NOW_S + rows[i].not_after;
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.reason, rows[i].reason, "%s", rows[i].label);
        cr_expect_eq(result_of(&lab, TRUST_UNTRUSTED_ROOT), CHECK_SKIP);
        trust_lab_close(&lab);
    }
}

Test(trust_verdict_chain, judges_the_usage_itself)
{
    static const struct {
        const char *label;
        bool has_usage;
        unsigned usage;
        enum trust_check_result result;
    } rows[] = {
        {"none stated", false, 0, CHECK_PASS},
        {"both", true, USAGE_SERVER_AUTH | USAGE_CLIENT_AUTH, CHECK_PASS},
        {"client", true, USAGE_CLIENT_AUTH, CHECK_PASS},
        {"any", true, USAGE_ANY, CHECK_PASS},
        {"any and server", true, USAGE_ANY | USAGE_SERVER_AUTH, CHECK_PASS},
        {"server alone", true, USAGE_SERVER_AUTH, CHECK_WARN},
        {"server and code signing", true, USAGE_SERVER_AUTH | USAGE_OTHER,
         CHECK_WARN},
        {"code signing", true, USAGE_OTHER, CHECK_FAIL},
        {"an empty list", true, 0, CHECK_FAIL},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_lab lab;

        trust_lab_open(&lab, "cn=mail.a.com", "mail.a.com", NULL);
        lab.facts->has_usage = rows[i].has_usage;
        lab.facts->usage = rows[i].usage;
        trust_lab_decide(&lab);
        cr_expect_eq(result_of(&lab, TRUST_WRONG_USAGE), rows[i].result, "%s",
                     rows[i].label);
        cr_expect_eq(lab.verdict.outcome, rows[i].result == CHECK_FAIL
                                              ? TRUST_REFUSED
                                              : TRUST_ACCEPTED);
        trust_lab_close(&lab);
    }
}

Test(trust_verdict_chain, warns_of_weakness_and_refuses_it_when_told_so)
{
    static const struct {
        const char *label;
        const char *digest;
        enum key_algorithm algorithm;
        unsigned bits;
        bool is_self_issued;
        enum trust_check_id check; /* TRUST_NONE: sound */
    } rows[] = {
        {"sound", "SHA256", KEY_RSA, 2048, false, TRUST_NONE},
        {"SHA-1", "SHA1", KEY_RSA, 2048, false, TRUST_WEAK_SIGNATURE},
        {"MD5", "MD5", KEY_RSA, 2048, false, TRUST_WEAK_SIGNATURE},
        {"SHA-1 on itself", "SHA1", KEY_RSA, 2048, true, TRUST_NONE},
        {"RSA-1024", "SHA256", KEY_RSA, 1024, false, TRUST_WEAK_KEY},
        {"EC-224", "SHA256", KEY_EC, 224, false, TRUST_WEAK_KEY},
        {"EC-256", "SHA256", KEY_EC, 256, false, TRUST_NONE},
        {"Ed25519", NULL, KEY_ED25519, 253, false, TRUST_NONE},
    };

    for (size_t i = 0; i < LS_COUNT(rows) * 2; i++) {
        size_t row = i / 2;
        bool refuse = i % 2 == 1;
        struct trust_lab lab;

        trust_lab_open(&lab, "cn=mail.a.com", "mail.a.com", NULL);
        free(lab.facts->digest);
        lab.facts->digest = ls_strdup(rows[row].digest);
        lab.facts->key_algorithm = rows[row].algorithm;
        lab.facts->key_bits = rows[row].bits;
        lab.facts->is_self_issued = rows[row].is_self_issued;
        lab.policy.weak = refuse ? WEAK_REFUSE : WEAK_WARN;
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.reason, refuse ? rows[row].check : TRUST_NONE,
                     "%s", rows[row].label);
        if (rows[row].check != TRUST_NONE)
            cr_expect_eq(result_of(&lab, rows[row].check),
                         refuse ? CHECK_FAIL : CHECK_WARN, "%s",
                         rows[row].label);
        trust_lab_close(&lab);
    }
}

Test(trust_verdict_chain, looks_at_the_strength_of_the_whole_chain)
{
    char leaf[] = "CN=mail.a.com";
    char middle[] = "CN=Issuing CA";
    char top[] = "CN=Root";
    char sha1[] = "SHA1";
    char sha256[] = "SHA256";
    struct chain_link links[] = {
        {.subject = leaf,
         .key_algorithm = KEY_RSA,
         .key_bits = 2048,
         .digest = sha256},
        {.subject = middle,
         .key_algorithm = KEY_RSA,
         .key_bits = 1024,
         .digest = sha1},
        {.subject = top,
         .key_algorithm = KEY_RSA,
         .key_bits = 2048,
         .digest = sha1,
         .is_root = true},
    };
    struct chain_report report = {
        .checked = true, .links = links, .link_count = 3};
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=mail.a.com", "mail.a.com", NULL);
    lab.evidence.chain = &report;
    trust_lab_decide(&lab);
    cr_expect_eq(result_of(&lab, TRUST_WEAK_SIGNATURE), CHECK_WARN);
    cr_expect_eq(result_of(&lab, TRUST_WEAK_KEY), CHECK_WARN);
    links[1].digest = sha256;
    links[1].key_bits = 2048;
    trust_lab_decide(&lab);
    cr_expect_eq(result_of(&lab, TRUST_WEAK_SIGNATURE), CHECK_PASS,
                 "the root's own signature is not judged");
    cr_expect_eq(result_of(&lab, TRUST_WEAK_KEY), CHECK_PASS);
    trust_lab_close(&lab);
}

Test(trust_verdict_chain, warns_of_old_versions_of_tls)
{
    static const struct {
        const char *version;
        enum trust_check_result result;
    } rows[] = {
        {"TLSv1.0", CHECK_WARN}, {"TLSv1.1", CHECK_WARN},
        {"TLSv1.2", CHECK_PASS}, {"TLSv1.3", CHECK_PASS},
        {NULL, CHECK_SKIP},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_lab lab;

        trust_lab_open(&lab, "cn=mail.a.com", "mail.a.com", NULL);
        lab.evidence.tls_version = rows[i].version;
        trust_lab_decide(&lab);
        cr_expect_eq(result_of(&lab, TRUST_PROTOCOL), rows[i].result);
        cr_expect_eq(lab.verdict.outcome, TRUST_ACCEPTED);
        trust_lab_close(&lab);
    }
}
