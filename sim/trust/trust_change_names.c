/*
 * The names a certificate could have.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/fqdn.h"

#include "trust_change_search.h"

struct trust_policy trust_change_policy(const struct search *search,
                                        size_t topology)
{
    struct trust_policy policy = *search->ground->policy;

    policy.known = search->known[topology];
    policy.draft = NULL;
    policy.removed = NULL;
    policy.topology = search->ground->topologies[topology];
    return policy;
}

void trust_change_judge_reissued(struct trust_verdict *verdict,
                                 const struct trust_policy *policy,
                                 const struct trust_evidence *evidence,
                                 char *cn)
{
    struct certificate_name names[] = {
        {.source = NAME_SUBJECT_CN, .text = cn, .length = strlen(cn)},
        {.source = NAME_SAN_DNS, .text = cn, .length = strlen(cn)},
    };
    struct certificate_facts facts = {
        .names = names,
        .name_count = LS_COUNT(names),
        .not_before_s = evidence->at_s - 1,
        .not_after_s = evidence->at_s + 1,
        .key_algorithm = KEY_RSA,
        .key_bits = 2048,
    };
    struct trust_evidence reissued = *evidence;

    reissued.leaf = &facts;
    reissued.chain = NULL;
    trust_verdict_decide(verdict, policy, &reissued);
}

static bool is_addable(const struct trust_verdict *verdict)
{
    return verdict->reason == TRUST_UNKNOWN_SERVER &&
           fqdn_is_server(ls_str_from_bytes(verdict->identity_name,
                                            verdict->identity_length));
}

/* The first pool among the near misses that may take another computer. */
static char *pool_to_join(const struct trust_policy *policy,
                          const struct trust_verdict *verdict)
{
    for (size_t i = 0; i < verdict->near_count; i++) {
        const struct pool *pool =
            topology_find(policy->topology, ls_str_from(verdict->near[i].pool));

        if (pool != NULL && pool->role == POOL_TRUSTED_APPLICATION &&
            pool->computer_count > 0 && !pool->outbound_only &&
            pool->interface == policy->interface)
            return ls_strdup(pool->fqdn);
    }
    return NULL;
}

static struct lack lack_of(const struct trust_policy *policy,
                           const struct trust_verdict *verdict)
{
    struct lack lack = {.kind = LACK_UNSOLVED, .reason = verdict->reason};

    if (verdict->outcome == TRUST_ACCEPTED) {
        lack.kind = LACK_NOTHING;
    } else if (is_addable(verdict)) {
        lack.kind = LACK_NAME;
        lack.name = ls_strdup(verdict->identity_name);
        lack.near_pool = pool_to_join(policy, verdict);
    } else if (verdict->reason == TRUST_DUPLICATE_SERVER ||
               verdict->reason == TRUST_OUTBOUND_ONLY) {
        for (size_t i = 0; i < verdict->remedy_count; i++)
            if (verdict->remedies[i].edit_count > 0)
                lack.kind = LACK_ROOM;
        if (lack.kind == LACK_ROOM)
            lack.name = ls_strdup(verdict->entry.fqdn);
    }
    return lack;
}

static void judge_variant(const struct search *search, size_t certificate,
                          struct variant *variant)
{
    const struct trust_change_ground *ground = search->ground;

    variant->lacks =
        ls_alloc_array(ground->topology_count, sizeof *variant->lacks);
    for (size_t i = 0; i < ground->topology_count; i++) {
        struct trust_policy policy = trust_change_policy(search, i);
        struct trust_verdict verdict;

        if (variant->cn == NULL)
            trust_verdict_decide(&verdict, &policy,
                                 &ground->evidences[certificate]);
        else
            trust_change_judge_reissued(&verdict, &policy,
                                        &ground->evidences[certificate],
                                        variant->cn);
        variant->lacks[i] = lack_of(&policy, &verdict);
        trust_verdict_clear(&verdict);
    }
}

static void add_name(struct candidate *candidate, struct ls_str name)
{
    struct variant *variant;

    if (!fqdn_is_server(name) || candidate->count > NAMES_MAX)
        return;
    for (size_t i = 1; i < candidate->count; i++)
        if (ls_str_equal_text(name, candidate->variants[i].cn))
            return;
    variant = &candidate->variants[candidate->count++];
    variant->cn = ls_str_dup(name);
}

/* The names a certificate could have: those it came near to, and its own. */
void trust_change_gather_names(const struct search *search, size_t certificate,
                               struct candidate *candidate)
{
    const struct trust_evidence *evidence =
        &search->ground->evidences[certificate];

    candidate->count = 1;
    for (size_t i = 0; i < search->ground->topology_count; i++) {
        struct trust_policy policy = trust_change_policy(search, i);
        struct trust_verdict verdict;

        trust_verdict_decide(&verdict, &policy, evidence);
        for (size_t j = 0; j < verdict.near_count && j < 3; j++)
            if (verdict.near[j].kind != NEAR_SIBLING &&
                verdict.near[j].kind != NEAR_TYPO)
                add_name(candidate, ls_str_from(verdict.near[j].name));
        if (verdict.outcome != TRUST_ACCEPTED && verdict.has_identity)
            add_name(candidate, ls_str_from_bytes(verdict.identity_name,
                                                  verdict.identity_length));
        trust_verdict_clear(&verdict);
    }
    for (size_t i = 0; evidence->leaf != NULL && i < evidence->leaf->name_count;
         i++)
        if (evidence->leaf->names[i].fault == NAME_SOUND &&
            evidence->leaf->names[i].source == NAME_SAN_DNS)
            add_name(candidate,
                     ls_str_from_bytes(evidence->leaf->names[i].text,
                                       evidence->leaf->names[i].length));
    for (size_t i = 0; i < candidate->count; i++)
        judge_variant(search, certificate, &candidate->variants[i]);
}

void trust_change_clear_candidate(struct candidate *candidate,
                                  size_t topologies)
{
    for (size_t i = 0; i < candidate->count; i++) {
        struct variant *variant = &candidate->variants[i];

        for (size_t j = 0; j < topologies; j++) {
            free(variant->lacks[j].name);
            free(variant->lacks[j].near_pool);
        }
        free(variant->lacks);
        free(variant->cn);
    }
}
