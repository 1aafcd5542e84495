#include "lyncsim/trace_judge.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

/* 9999-12-31T23:59:59Z, how a certificate says that it does not expire
 * (RFC 5280 4.1.2.5). */
#define EVER_S INT64_C(253402300799)

static struct ls_str name_of(const struct trace_finding *refusal)
{
    return ls_str_from_bytes(refusal->name, refusal->name_length);
}

static bool is_same(const struct trust_policy *policy, struct ls_str a,
                    struct ls_str b)
{
    return policy->names == NAMES_SENSITIVE ? ls_str_equal(a, b)
                                            : ls_str_equal_nocase(a, b);
}

bool trace_judge_is_of(const struct trust_policy *policy,
                       const struct certificate_facts *facts,
                       const struct trace_finding *refusal)
{
    struct peer_candidates candidates = {0};
    bool found;

    peer_identity_candidates(&candidates, facts, policy->rule, policy->cn);
    found = candidates.count == 0 && refusal->name_length == 0;
    for (size_t i = 0; i < candidates.count; i++)
        found |= is_same(policy, candidates.items[i].text, name_of(refusal));
    peer_candidates_clear(&candidates);
    return found;
}

static enum name_fault fault_of(struct ls_str name)
{
    if (name.length == 0)
        return NAME_EMPTY;
    if (ls_str_find(name, '\0') < name.length)
        return NAME_HAS_NUL;
    if (!ls_str_is_utf8(name))
        return NAME_UNDECODABLE;
    for (size_t i = 0; i < name.length; i++)
        if ((unsigned char)name.at[i] < 0x20 || name.at[i] == 0x7F)
            return NAME_HAS_CONTROL;
    return NAME_SOUND;
}

/* What the name alone does not show is neither passed nor failed. */
static void skip_unseen(struct trust_verdict *verdict)
{
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++) {
        struct trust_check *check = &verdict->checks[i];

        if (trust_check_is_of_table(check->id))
            continue;
        free(check->saw);
        free(check->wanted);
        free(check->why);
        *check = (struct trust_check){
            .id = check->id,
            .result = CHECK_SKIP,
            .why = ls_strdup("The log shows the name only; the certificate "
                             "is not at hand."),
        };
    }
}

/* The name as a certificate that is sound in every other way. */
static void decide_by_name(struct trust_verdict *verdict,
                           const struct trust_policy *policy,
                           struct ls_str text, int64_t now_s)
{
    struct certificate_name name = {
        .source = NAME_SUBJECT_CN,
        .fault = fault_of(text),
        .text = ls_str_dup(text),
        .length = text.length,
    };
    struct certificate_facts facts = {
        .names = &name,
        .name_count = text.length > 0 ? 1 : 0,
        .not_after_s = EVER_S,
        .key_algorithm = KEY_EC,
        .key_bits = 256,
    };
    struct trust_evidence evidence = {
        .transport = TRUST_TRANSPORT_SOUND,
        .leaf = &facts,
        .at_s = now_s,
    };

    trust_verdict_decide(verdict, policy, &evidence);
    skip_unseen(verdict);
    free(name.text);
}

/* The log shows that the certificate had passed TLS then: its dates count now,
 * or, where it has expired since, then. */
static int64_t moment_of(const struct trace_finding *refusal,
                         const struct certificate_facts *facts, int64_t now_s)
{
    int64_t then_s = refusal->last_ms / 1000;

    if (!facts || !refusal->has_time || facts->not_after_s > now_s)
        return now_s;
    return facts->not_before_s <= then_s && facts->not_after_s > then_s ? then_s
                                                                        : now_s;
}

void trace_judge_decide(struct trust_verdict *verdict,
                        const struct trust_policy *policy,
                        const struct trace_finding *refusal,
                        const struct certificate_facts *facts, int64_t now_s)
{
    struct trust_evidence evidence = {
        .transport = TRUST_TRANSPORT_SOUND,
        .leaf = facts,
        .at_s = moment_of(refusal, facts, now_s),
    };

    if (facts)
        trust_verdict_decide(verdict, policy, &evidence);
    else
        decide_by_name(verdict, policy, name_of(refusal), now_s);
}
