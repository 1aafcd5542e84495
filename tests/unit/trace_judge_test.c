#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/trace_judge.h"

#define THEN_MS INT64_C(1324413901704) /* 2011-12-20T20:45:01.704Z */
#define NOW_S INT64_C(1420070400)      /* 2015-01-01 */

static struct known_servers *table;

static void set_up(void)
{
    struct topology *topology = topology_new();
    struct pool *pool = pool_new(ls_str_from("mail.deitterick.com"));

    free(pool_add_computer(pool, ls_str_from("LAB-EX2010.lab.deitterick.com")));
    free(topology_add(topology, pool));
    table = known_servers_new(topology);
    topology_free(topology);
}

static void tear_down(void)
{
    known_servers_free(table);
}

TestSuite(trace_judge, .init = set_up, .fini = tear_down);

static struct trust_policy policy(void)
{
    return (struct trust_policy){.rule = identity_rule_default(),
                                 .known = table};
}

static struct trace_finding refusal_of(const char *name, size_t length)
{
    return (struct trace_finding){.kind = TRACE_FINDING_REFUSED,
                                  .name = (char *)name,
                                  .name_length = length,
                                  .has_time = true,
                                  .last_ms = THEN_MS};
}

static struct trust_verdict verdict_of(const char *name, size_t length,
                                       const struct certificate_facts *facts)
{
    struct trace_finding refusal = refusal_of(name, length);
    struct trust_policy rules = policy();
    struct trust_verdict verdict;

    trace_judge_decide(&verdict, &rules, &refusal, facts, NOW_S);
    return verdict;
}

/* The certificate of the article: its CN is not the pool's name. */
static struct certificate_name names[] = {
    {NAME_SUBJECT_CN, NAME_SOUND, (char *)"deitterick.com", 14},
    {NAME_SAN_DNS, NAME_SOUND, (char *)"mail.deitterick.com", 19},
};

static struct certificate_facts facts_until(int64_t not_after_s)
{
    return (struct certificate_facts){.names = names,
                                      .name_count = 2,
                                      .not_before_s = 1000000000,
                                      .not_after_s = not_after_s,
                                      .key_algorithm = KEY_EC,
                                      .key_bits = 256};
}

Test(trace_judge, judges_the_name_alone_by_the_table_alone)
{
    struct trust_verdict verdict = verdict_of("deitterick.com", 14, NULL);

    cr_expect_eq(verdict.outcome, TRUST_REFUSED);
    cr_expect_eq(verdict.reason, TRUST_UNKNOWN_SERVER);
    cr_expect_str_eq(verdict.identity_name, "deitterick.com");
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++) {
        if (!trust_check_is_of_table(verdict.checks[i].id))
            cr_expect_eq(verdict.checks[i].result, CHECK_SKIP, "%zu", i);
        cr_expect_not_null(verdict.checks[i].why);
    }
    cr_expect_gt(verdict.remedy_count, 0u);
    trust_verdict_clear(&verdict);
}

Test(trace_judge, judges_names_as_a_handshake_would)
{
    static const struct {
        const char *name;
        size_t length;
        enum trust_check_id reason;
    } rows[] = {
        {"MAIL.deitterick.com", 19, TRUST_NONE},
        {"LAB-EX2010.lab.deitterick.com", 29, TRUST_NONE},
        {"*.deitterick.com", 16, TRUST_WILDCARD_NAME},
        {"", 0, TRUST_NO_NAME},
        {"mail.deitterick.com\0x", 21, TRUST_BAD_NAME},
        {"m\xFC", 2, TRUST_BAD_NAME},
        {"a\nb", 3, TRUST_UNKNOWN_SERVER},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct trust_verdict verdict =
            verdict_of(rows[i].name, rows[i].length, NULL);

        cr_expect_eq(verdict.reason, rows[i].reason, "%s: %d", rows[i].name,
                     (int)verdict.reason);
        trust_verdict_clear(&verdict);
    }
}

Test(trace_judge, finds_the_near_miss_with_the_certificate)
{
    struct certificate_facts facts = facts_until(NOW_S + 1);
    struct trust_verdict verdict = verdict_of("deitterick.com", 14, &facts);

    cr_expect_eq(verdict.reason, TRUST_UNKNOWN_SERVER);
    cr_assert_gt(verdict.near_count, 0u);
    cr_expect_eq(verdict.near[0].kind, NEAR_IN_SAN_NOT_IN_CN);
    trust_verdict_clear(&verdict);
}

Test(trace_judge, judges_a_certificate_that_expired_since_at_the_logs_time)
{
    struct certificate_facts facts = facts_until(THEN_MS / 1000 + 1);
    struct trust_verdict verdict = verdict_of("deitterick.com", 14, &facts);

    cr_expect_eq(verdict.reason, TRUST_UNKNOWN_SERVER);
    trust_verdict_clear(&verdict);

    facts = facts_until(THEN_MS / 1000 - 1);
    verdict = verdict_of("deitterick.com", 14, &facts);
    cr_expect_eq(verdict.reason, TRUST_EXPIRED);
    trust_verdict_clear(&verdict);
}

Test(trace_judge, knows_whether_a_certificate_is_the_one)
{
    struct certificate_facts facts = facts_until(NOW_S);
    struct certificate_facts nameless = {0};
    struct trust_policy rules = policy();
    struct trace_finding of_cn = refusal_of("deitterick.com", 14);
    struct trace_finding of_san = refusal_of("mail.deitterick.com", 19);
    struct trace_finding of_nobody = refusal_of("", 0);

    cr_expect(trace_judge_is_of(&rules, &facts, &of_cn));
    cr_expect_not(trace_judge_is_of(&rules, &facts, &of_san));
    cr_expect_not(trace_judge_is_of(&rules, &facts, &of_nobody));
    cr_expect(trace_judge_is_of(&rules, &nameless, &of_nobody));
    rules.rule = identity_rule_find(ls_str_from("any-name"));
    cr_expect(trace_judge_is_of(&rules, &facts, &of_san));
}
