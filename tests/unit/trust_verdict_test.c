#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <openssl/x509_vfy.h>

#include "lyncsim/alloc.h"

#include "support/trust_lab.h"

#define ARTICLE_NAMES                                                          \
    "cn=deitterick.com dns=deitterick.com dns=mail.deitterick.com "            \
    "dns=LAB-EX2010.lab.deitterick.com"
#define ARTICLE_POOLS "mail.deitterick.com{LAB-EX2010.lab.deitterick.com}"

static enum trust_check_result result_of(const struct trust_lab *lab,
                                         enum trust_check_id id)
{
    return lab->verdict.checks[id].result;
}

Test(trust_verdict, refuses_a_name_missing_from_the_table)
{
    struct trust_lab lab;
    const struct trust_check *check;

    trust_lab_open(&lab, ARTICLE_NAMES, ARTICLE_POOLS, NULL);
    trust_lab_decide(&lab);

    cr_expect_eq(lab.verdict.outcome, TRUST_REFUSED);
    cr_expect_eq(lab.verdict.reason, TRUST_UNKNOWN_SERVER);
    cr_expect_str_eq(lab.verdict.identity_name, "deitterick.com");
    cr_expect_eq(lab.verdict.identity_source, NAME_SUBJECT_CN);
    cr_expect_not(lab.verdict.has_entry);
    check = &lab.verdict.checks[TRUST_UNKNOWN_SERVER];
    cr_expect_str_eq(check->saw, "subject.cn = \"deitterick.com\"");
    cr_expect_str_eq(check->wanted, "one of 2 known servers");
    cr_assert_geq(lab.verdict.near_count, 1u);
    cr_expect_eq(lab.verdict.near[0].kind, NEAR_IN_SAN_NOT_IN_CN);
    cr_expect_str_eq(lab.verdict.near[0].name, "mail.deitterick.com");
    trust_lab_close(&lab);
}

/* What names, under which rule, against which table, come to what. */
Test(trust_verdict, looks_up_the_name_that_speaks)
{
    static const struct {
        const char *label;
        const char *rule;
        const char *names;
        const char *pools;
        enum trust_outcome outcome;
        enum trust_check_id reason;
        const char *identity; /* NULL: none */
        const char *entry;    /* NULL: none */
    } rows[] = {
        {"pool", "lync-2010", "cn=mail.a.com", "mail.a.com", TRUST_ACCEPTED,
         TRUST_NONE, "mail.a.com", "mail.a.com"},
        {"computer", "lync-2010", "cn=cas1.a.com", "mail.a.com{cas1.a.com}",
         TRUST_ACCEPTED, TRUST_NONE, "cas1.a.com", "cas1.a.com"},
        {"letter case", "lync-2010", "cn=MAIL.a.com", "mail.a.com",
         TRUST_ACCEPTED, TRUST_NONE, "MAIL.a.com", "mail.a.com"},
        {"SAN beside a CN is silent", "lync-2010", "cn=b.a.com dns=mail.a.com",
         "mail.a.com", TRUST_REFUSED, TRUST_UNKNOWN_SERVER, "b.a.com", NULL},
        {"SAN without a CN speaks", "lync-2010", "dns=x.a.com dns=mail.a.com",
         "mail.a.com", TRUST_ACCEPTED, TRUST_NONE, "mail.a.com", "mail.a.com"},
        {"on a miss the first SAN", "lync-2010", "dns=x.a.com dns=y.a.com",
         "mail.a.com", TRUST_REFUSED, TRUST_UNKNOWN_SERVER, "x.a.com", NULL},
        {"an empty CN is none", "lync-2010", "cn= dns=mail.a.com", "mail.a.com",
         TRUST_ACCEPTED, TRUST_NONE, "mail.a.com", "mail.a.com"},
        {"no SAN for cn-only", "cn-only", "dns=mail.a.com", "mail.a.com",
         TRUST_REFUSED, TRUST_NO_NAME, NULL, NULL},
        {"no name at all", "any-name", "email=x@a.com", "mail.a.com",
         TRUST_REFUSED, TRUST_NO_NAME, NULL, NULL},
        {"cn-then-san goes on", "cn-then-san", "cn=b.a.com dns=mail.a.com",
         "mail.a.com", TRUST_ACCEPTED, TRUST_NONE, "mail.a.com", "mail.a.com"},
        {"cn-then-san prefers the CN", "cn-then-san",
         "cn=b.a.com dns=mail.a.com", "mail.a.com b.a.com", TRUST_ACCEPTED,
         TRUST_NONE, "b.a.com", "b.a.com"},
        {"any-name takes the second CN", "any-name", "cn=x.a.com cn=mail.a.com",
         "mail.a.com", TRUST_ACCEPTED, TRUST_NONE, "mail.a.com", "mail.a.com"},
        {"lync-2010 does not", "lync-2010", "cn=x.a.com cn=mail.a.com",
         "mail.a.com", TRUST_REFUSED, TRUST_UNKNOWN_SERVER, "x.a.com", NULL},
        {"rfc5922 takes the URI's host", "rfc5922",
         "cn=x.a.com dns=y.a.com uri=sip:mail.a.com", "mail.a.com",
         TRUST_ACCEPTED, TRUST_NONE, "mail.a.com", "mail.a.com"},
        {"rfc5922 takes no URI of a user", "rfc5922",
         "cn=x.a.com uri=sip:u@mail.a.com", "mail.a.com", TRUST_REFUSED,
         TRUST_UNKNOWN_SERVER, "x.a.com", NULL},
        {"rfc5922 prefers SAN to CN", "rfc5922", "cn=mail.a.com dns=y.a.com",
         "mail.a.com", TRUST_REFUSED, TRUST_UNKNOWN_SERVER, "y.a.com", NULL},
        {"wildcard", "lync-2010", "cn=*.a.com", "mail.a.com", TRUST_REFUSED,
         TRUST_WILDCARD_NAME, "*.a.com", NULL},
        {"wildcard in table and name", "lync-2010", "cn=*.a.com", "*.a.com",
         TRUST_REFUSED, TRUST_WILDCARD_NAME, "*.a.com", NULL},
        {"wildcard in the table alone", "lync-2010", "cn=mail.a.com", "*.a.com",
         TRUST_REFUSED, TRUST_UNKNOWN_SERVER, "mail.a.com", NULL},
        {"a later candidate beside a wildcard", "cn-then-san",
         "cn=*.a.com dns=mail.a.com", "mail.a.com", TRUST_ACCEPTED, TRUST_NONE,
         "mail.a.com", "mail.a.com"},
        {"outbound-only", "lync-2010", "cn=mail.a.com", ">mail.a.com",
         TRUST_REFUSED, TRUST_OUTBOUND_ONLY, "mail.a.com", "mail.a.com"},
        {"other interface", "lync-2010", "cn=mail.a.com", "@mail.a.com",
         TRUST_REFUSED, TRUST_WRONG_INTERFACE, "mail.a.com", "mail.a.com"},
        {"autodiscovered", "lync-2010", "cn=um.a.com", "~um.a.com",
         TRUST_ACCEPTED, TRUST_NONE, "um.a.com", "um.a.com"},
        {"autodiscovered and by hand", "lync-2010", "cn=um.a.com",
         "mail.a.com{um.a.com} ~um.a.com", TRUST_REFUSED,
         TRUST_DUPLICATE_SERVER, "um.a.com", "um.a.com"},
        {"empty table", "lync-2010", "cn=mail.a.com", "", TRUST_REFUSED,
         TRUST_UNKNOWN_SERVER, "mail.a.com", NULL},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_lab lab;

        trust_lab_open(&lab, rows[i].names, rows[i].pools, NULL);
        lab.policy.rule = identity_rule_find(ls_str_from(rows[i].rule));
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.outcome, rows[i].outcome, "%s", rows[i].label);
        cr_expect_eq(lab.verdict.reason, rows[i].reason, "%s: %d",
                     rows[i].label, lab.verdict.reason);
        cr_expect_eq(lab.verdict.has_identity, rows[i].identity != NULL, "%s",
                     rows[i].label);
        if (lab.verdict.has_identity && rows[i].identity != NULL)
            cr_expect_str_eq(lab.verdict.identity_name, rows[i].identity, "%s",
                             rows[i].label);
        cr_expect_eq(lab.verdict.has_entry, rows[i].entry != NULL, "%s",
                     rows[i].label);
        if (lab.verdict.has_entry && rows[i].entry != NULL)
            cr_expect_str_eq(lab.verdict.entry.fqdn, rows[i].entry, "%s",
                             rows[i].label);
        trust_lab_close(&lab);
    }
}

Test(trust_verdict, leaves_out_no_check)
{
    static const char *const names[] = {NULL, "cn=mail.a.com", "cn=b.a.com",
                                        "email=x@a.com"};

    for (size_t i = 0; i < LS_COUNT(names); i++) {
        struct trust_lab lab;

        trust_lab_open(&lab, names[i], "mail.a.com", NULL);
        trust_lab_decide(&lab);
        for (size_t j = 0; j < TRUST_CHECK_COUNT; j++) {
            cr_expect_eq(lab.verdict.checks[j].id, j);
            cr_expect_not_null(lab.verdict.checks[j].why);
        }
        trust_lab_close(&lab);
    }
}

Test(trust_verdict, takes_a_peer_without_a_certificate_for_a_client)
{
    struct trust_lab lab;

    trust_lab_open(&lab, NULL, "mail.a.com", NULL);
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.outcome, TRUST_CLIENT);
    cr_expect_eq(lab.verdict.reason, TRUST_NONE);
    cr_expect_not(lab.verdict.has_identity);
    for (size_t j = 0; j < TRUST_CHECK_COUNT; j++)
        cr_expect_eq(lab.verdict.checks[j].result, CHECK_SKIP, "%s",
                     trust_check_text((enum trust_check_id)j));
    trust_lab_close(&lab);
}

Test(trust_verdict, has_no_identity_where_tls_failed)
{
    static const struct {
        enum trust_transport transport;
        enum trust_check_id reason;
    } rows[] = {
        {TRUST_TRANSPORT_PROTOCOL, TRUST_PROTOCOL},
        {TRUST_TRANSPORT_TIMEOUT, TRUST_HANDSHAKE_TIMEOUT},
        {TRUST_TRANSPORT_PEER_REFUSED_US, TRUST_PEER_REFUSED_US},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_lab lab;

        trust_lab_open(&lab, "cn=mail.a.com", "mail.a.com", NULL);
        lab.evidence.transport = rows[i].transport;
        lab.evidence.transport_detail = "alert 48 (unknown CA)";
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.outcome, TRUST_REFUSED);
        cr_expect_eq(lab.verdict.reason, rows[i].reason);
        cr_expect_not(lab.verdict.has_identity);
        cr_expect_str_eq(lab.verdict.checks[rows[i].reason].saw,
                         "alert 48 (unknown CA)");
        cr_expect_eq(result_of(&lab, TRUST_UNKNOWN_SERVER), CHECK_SKIP);
        cr_expect_geq(lab.verdict.remedy_count, 1u);
        trust_lab_close(&lab);
    }
}

static void set_name(struct certificate_name *name, const char *bytes,
                     size_t length, enum name_fault fault)
{
    free(name->text);
    name->text = ls_str_dup(ls_str_from_bytes(bytes, length));
    name->length = length;
    name->fault = fault;
}

Test(trust_verdict, refuses_a_name_with_a_nul)
{
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=x dns=mail.a.com", "mail.a.com", NULL);
    set_name(&lab.facts->names[0], "mail.a.com\0.evil.com", 20, NAME_HAS_NUL);
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.reason, TRUST_BAD_NAME);
    cr_expect_eq(lab.verdict.identity_length, 20u);
    cr_expect_not(lab.verdict.has_entry);
    cr_expect_str_eq(lab.verdict.checks[TRUST_BAD_NAME].saw,
                     "subject.cn = \"mail.a.com\\x00.evil.com\"");
    cr_expect_eq(result_of(&lab, TRUST_UNKNOWN_SERVER), CHECK_SKIP);

    /* Any unusable candidate closes the door, even beside a good one. */
    lab.policy.rule = identity_rule_find(ls_str_from("any-name"));
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.reason, TRUST_BAD_NAME);
    trust_lab_close(&lab);
}

Test(trust_verdict, does_not_care_for_a_nul_that_does_not_speak)
{
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=mail.a.com dns=x", "mail.a.com", NULL);
    set_name(&lab.facts->names[1], "b\0c", 3, NAME_HAS_NUL);
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.outcome, TRUST_ACCEPTED);
    trust_lab_close(&lab);
}

Test(trust_verdict, finds_no_name_with_control_bytes)
{
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=x", "mail.a.com", NULL);
    set_name(&lab.facts->names[0], "mail.a.com\r\nx", 13, NAME_HAS_CONTROL);
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.reason, TRUST_UNKNOWN_SERVER);
    cr_expect_str_eq(lab.verdict.checks[TRUST_UNKNOWN_SERVER].saw,
                     "subject.cn = \"mail.a.com\\x0D\\x0Ax\"");
    trust_lab_close(&lab);
}

Test(trust_verdict, compares_letter_case_where_it_is_told_so)
{
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=Y01.a.com", "y01.a.com", NULL);
    lab.policy.names = NAMES_SENSITIVE;
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.reason, TRUST_UNKNOWN_SERVER);
    cr_assert_geq(lab.verdict.near_count, 1u);
    cr_expect_eq(lab.verdict.near[0].kind, NEAR_CASE);
    trust_lab_close(&lab);
}

Test(trust_verdict, takes_the_cn_it_is_told_to_take)
{
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=a.a.com cn=b.a.com", "b.a.com", NULL);
    trust_lab_decide(&lab);
    cr_expect_str_eq(lab.verdict.identity_name, "a.a.com");
    cr_expect_not_null(lab.verdict.assumed[0]);
    lab.policy.cn = CN_LAST;
    trust_lab_decide(&lab);
    cr_expect_str_eq(lab.verdict.identity_name, "b.a.com");
    cr_expect_eq(lab.verdict.outcome, TRUST_ACCEPTED);
    trust_lab_close(&lab);
}

Test(trust_verdict, tells_the_draft_from_what_is_enabled)
{
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=new.a.com", "mail.a.com", "mail.a.com new.a.com");
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.reason, TRUST_NOT_ENABLED);
    cr_expect_eq(result_of(&lab, TRUST_UNKNOWN_SERVER), CHECK_SKIP);
    cr_assert_geq(lab.verdict.near_count, 1u);
    cr_expect_eq(lab.verdict.near[0].kind, NEAR_DRAFT_ONLY);
    lab.policy.draft = NULL;
    trust_lab_decide(&lab);
    cr_expect_eq(lab.verdict.reason, TRUST_UNKNOWN_SERVER);
    cr_expect_eq(result_of(&lab, TRUST_NOT_ENABLED), CHECK_SKIP);
    trust_lab_close(&lab);
}

Test(trust_verdict, warns_where_the_table_is_a_draft_itself)
{
    static const struct {
        const char *label;
        const char *names;
        enum trust_outcome outcome;
        enum trust_check_result result;
    } rows[] = {
        {"found", "cn=mail.a.com", TRUST_ACCEPTED, CHECK_WARN},
        {"missed", "cn=new.a.com", TRUST_REFUSED, CHECK_WARN},
        {"no name", "uri=sip:a.com", TRUST_REFUSED, CHECK_SKIP},
        {"a client", NULL, TRUST_CLIENT, CHECK_SKIP},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_lab lab;
        struct known_servers *known;

        trust_lab_open(&lab, rows[i].names, "mail.a.com", NULL);
        lab.topology->is_draft = true;
        known = known_servers_new(lab.topology);
        lab.policy.known = known;
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.outcome, rows[i].outcome, "%s", rows[i].label);
        cr_expect_eq(result_of(&lab, TRUST_NOT_ENABLED), rows[i].result, "%s",
                     rows[i].label);
        trust_lab_close(&lab);
        known_servers_free(known);
    }
}

Test(trust_verdict, says_what_is_assumed_and_only_that)
{
    static const struct {
        const char *label;
        const char *rule;
        const char *names;
        size_t count;
    } rows[] = {
        {"evidenced", "lync-2010", "cn=mail.a.com", 0},
        {"another release", "lync-2013", "cn=mail.a.com", 1},
        {"SAN speaks", "lync-2010", "dns=mail.a.com", 1},
        {"SAN speaks by rule", "cn-then-san", "dns=mail.a.com", 0},
        {"letter case", "lync-2010", "cn=Mail.a.com", 1},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trust_lab lab;
        size_t count = 0;

        trust_lab_open(&lab, rows[i].names, "mail.a.com", NULL);
        lab.policy.rule = identity_rule_find(ls_str_from(rows[i].rule));
        trust_lab_decide(&lab);
        while (lab.verdict.assumed[count] != NULL)
            count++;
        cr_expect_eq(count, rows[i].count, "%s: %zu", rows[i].label, count);
        trust_lab_close(&lab);
    }
}

Test(trust_verdict, writes_the_record_for_reasons_of_the_table_alone)
{
    cr_expect(trust_check_is_of_table(TRUST_UNKNOWN_SERVER));
    cr_expect(trust_check_is_of_table(TRUST_NO_NAME));
    cr_expect_not(trust_check_is_of_table(TRUST_EXPIRED));
    cr_expect_not(trust_check_is_of_table(TRUST_PROTOCOL));
    cr_expect_not(trust_check_is_of_table(TRUST_NONE));
}

Test(trust_verdict, has_the_texts_of_its_list)
{
#define X(name, text) cr_expect_str_eq(trust_check_text(name), text);
    TRUST_CHECK_LIST(X)
#undef X
}

Test(trust_verdict, copies_to_the_ground)
{
    struct trust_lab lab;
    struct trust_verdict copy;
    struct ls_buf was = {0};
    struct ls_buf is = {0};

    trust_lab_open(&lab, ARTICLE_NAMES, ARTICLE_POOLS, NULL);
    trust_lab_decide(&lab);
    trust_verdict_copy(&copy, &lab.verdict);
    trust_lab_explain(&lab.verdict, &was);
    trust_lab_close(&lab);
    trust_lab_explain(&copy, &is);
    cr_expect(ls_str_equal(ls_buf_str(&was), ls_buf_str(&is)));
    cr_expect_gt(is.length, 500u);
    trust_verdict_clear(&copy);
    ls_buf_clear(&was);
    ls_buf_clear(&is);
}

/* --- the other direction -------------------------------------------------- */

Test(trust_verdict, judges_a_server_that_was_dialled_by_its_name)
{
    static const struct {
        const char *label;
        const char *names;
        const char *dialled;
        bool pool_only;
        enum trust_check_id reason;
    } rows[] = {
        {"computer", "cn=cas1.a.com", "cas1.a.com", false, TRUST_NONE},
        {"its pool", "cn=mail.a.com", "cas1.a.com", false, TRUST_NONE},
        {"letter case", "cn=CAS1.A.com", "cas1.a.com", false, TRUST_NONE},
        {"alternative name", "cn=x.a.com dns=cas1.a.com", "cas1.a.com", false,
         TRUST_NONE},
        {"alternative name alone", "dns=mail.a.com", "mail.a.com", false,
         TRUST_NONE},
        {"outbound only", "cn=out.a.com", "out.a.com", false, TRUST_NONE},
        {"pool asked for", "cn=cas1.a.com", "cas1.a.com", true,
         TRUST_NAME_MISMATCH},
        {"pool shown", "cn=mail.a.com", "cas1.a.com", true, TRUST_NONE},
        {"another computer", "cn=cas2.a.com", "cas1.a.com", false,
         TRUST_NAME_MISMATCH},
        {"stranger", "cn=b.com", "cas1.a.com", false, TRUST_NAME_MISMATCH},
        {"wildcard", "cn=*.a.com dns=*.a.com", "cas1.a.com", false,
         TRUST_NAME_MISMATCH},
        {"nameless", "uri=urn:x", "cas1.a.com", false, TRUST_NO_NAME},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct trust_lab lab;
        struct trust_target target = {rows[i].dialled, "mail.a.com",
                                      rows[i].pool_only};

        trust_lab_open(&lab, rows[i].names,
                       "mail.a.com{cas1.a.com,cas2.a.com} >out.a.com", NULL);
        lab.evidence.target = &target;
        trust_lab_decide(&lab);
        cr_expect_eq(lab.verdict.reason, rows[i].reason, "%s", rows[i].label);
        cr_expect_eq(result_of(&lab, TRUST_UNKNOWN_SERVER), CHECK_SKIP);
        cr_expect_eq(lab.verdict.near_count, 0u);
        cr_expect(rows[i].reason == TRUST_NONE || lab.verdict.remedy_count > 0,
                  "%s", rows[i].label);
        trust_lab_close(&lab);
    }
}

Test(trust_verdict, wants_a_server_certificate_of_who_was_dialled)
{
    static const struct {
        const char *label;
        unsigned usage;
        enum trust_check_result result;
    } rows[] = {
        {"server", USAGE_SERVER_AUTH, CHECK_PASS},
        {"both", USAGE_SERVER_AUTH | USAGE_CLIENT_AUTH, CHECK_PASS},
        {"any", USAGE_ANY, CHECK_PASS},
        {"client", USAGE_CLIENT_AUTH, CHECK_FAIL},
        {"neither", 0, CHECK_FAIL},
    };
    struct trust_target target = {"mail.a.com", "mail.a.com", false};
    struct trust_lab lab;

    trust_lab_open(&lab, "cn=mail.a.com", "mail.a.com", NULL);
    lab.evidence.target = &target;
    lab.facts->has_usage = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lab.facts->usage = rows[i].usage;
        trust_lab_decide(&lab);
        cr_expect_eq(result_of(&lab, TRUST_WRONG_USAGE), rows[i].result, "%s",
                     rows[i].label);
    }
    trust_lab_close(&lab);
}

Test(trust_verdict, asks_nobody_who_came_by_himself_for_a_name_dialled)
{
    struct trust_lab lab;

    trust_lab_open(&lab, ARTICLE_NAMES, ARTICLE_POOLS, NULL);
    trust_lab_decide(&lab);
    cr_expect_eq(result_of(&lab, TRUST_NAME_MISMATCH), CHECK_SKIP);
    trust_lab_close(&lab);
}
