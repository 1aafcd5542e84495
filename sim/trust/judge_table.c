/*
 * Every certificate under every table.
 */
#include "lyncsim/judge_table.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

static void check_chain(struct judge_table *table, size_t index)
{
    struct chain_options options = {
        .at_s = table->at_s,
        .check_revocation = table->policy.check_revocation,
    };
    const struct credential *credential = table->credentials[index];

    options.staple = credential_staple(credential);
    options.leaf = credential_facts(credential);
    trust_anchors_check(table->anchors, credential_leaf(credential),
                        credential_chain(credential), &options,
                        &table->chains[index]);
}

static void gather_evidence(struct judge_table *table)
{
    table->chains =
        ls_alloc_array(table->certificate_count, sizeof *table->chains);
    table->evidences =
        ls_alloc_array(table->certificate_count, sizeof *table->evidences);
    for (size_t i = 0; i < table->certificate_count; i++) {
        struct trust_evidence *evidence = &table->evidences[i];

        evidence->leaf = credential_facts(table->credentials[i]);
        evidence->at_s = table->at_s;
        if (table->anchors == NULL)
            continue;
        check_chain(table, i);
        evidence->chain = &table->chains[i];
    }
}

static struct trust_policy policy_for(const struct judge_table *table,
                                      size_t topology)
{
    struct trust_policy policy = table->policy;

    policy.known = table->known[topology];
    policy.topology = table->topologies[topology];
    return policy;
}

/* The documents of these releases can be read in more than one way; where the
 * readings come to different ends nobody knows. */
static bool is_open(const struct identity_rule *rule)
{
    return strcmp(rule->name, "lync-2013") == 0 ||
           strcmp(rule->name, "sfb-2015") == 0;
}

static bool readings_differ(const struct trust_policy *policy,
                            const struct trust_evidence *evidence,
                            enum trust_outcome outcome)
{
    static const char *const readings[] = {"cn-only", "cn-then-san",
                                           "any-name"};

    for (size_t i = 0; i < LS_COUNT(readings); i++) {
        struct trust_policy reading = *policy;
        struct trust_verdict verdict;
        bool differs;

        reading.rule = identity_rule_find(ls_str_from(readings[i]));
        trust_verdict_decide(&verdict, &reading, evidence);
        differs = verdict.outcome != outcome;
        trust_verdict_clear(&verdict);
        if (differs)
            return true;
    }
    return false;
}

static void answer_rules(const struct judge_table *table,
                         struct judge_cell *cell,
                         const struct trust_policy *policy,
                         const struct trust_evidence *evidence)
{
    cell->answers = ls_alloc_array(table->rule_count, sizeof *cell->answers);
    for (size_t i = 0; i < table->rule_count; i++) {
        struct judge_answer *answer = &cell->answers[i];
        struct trust_policy by_rule = *policy;

        answer->rule = table->rules[i];
        by_rule.rule = answer->rule;
        trust_verdict_decide(&answer->verdict, &by_rule, evidence);
        answer->is_unknown =
            table->all_rules && is_open(answer->rule) &&
            readings_differ(policy, evidence, answer->verdict.outcome);
    }
}

static void take_all_rules(struct judge_table *table)
{
    table->rule_count = IDENTITY_RULE_COUNT;
    for (size_t i = 0; i < IDENTITY_RULE_COUNT; i++)
        table->rules[i] = &identity_rules[i];
}

static void find_changes(const struct judge_table *table,
                         const struct identity_rule *rule,
                         struct trust_changes *changes)
{
    struct trust_policy policy = table->policy;
    struct trust_change_ground ground = {
        .policy = &policy,
        .evidences = table->evidences,
        .certificate_names = table->certificate_names,
        .certificate_count = table->certificate_count,
        .topologies = table->topologies,
        .topology_names = table->topology_names,
        .topology_count = table->topology_count,
    };

    policy.rule = rule;
    trust_changes_find(changes, &ground);
}

static void find_all_changes(struct judge_table *table)
{
    find_changes(table, table->policy.rule, &table->changes);
    table->rule_changes =
        ls_alloc_array(table->rule_count, sizeof *table->rule_changes);
    for (size_t i = 0; i < table->rule_count; i++)
        find_changes(table, table->rules[i], &table->rule_changes[i]);
}

void judge_table_decide(struct judge_table *table)
{
    table->known = ls_alloc_array(table->topology_count, sizeof *table->known);
    for (size_t i = 0; i < table->topology_count; i++)
        table->known[i] = known_servers_new(table->topologies[i]);
    gather_evidence(table);
    if (table->all_rules)
        take_all_rules(table);
    table->cells =
        ls_alloc_array(judge_table_count(table), sizeof *table->cells);
    for (size_t i = 0; i < judge_table_count(table); i++) {
        struct judge_cell *cell = &table->cells[i];
        size_t certificate = i / table->topology_count;
        size_t topology = i % table->topology_count;
        struct trust_policy policy = policy_for(table, topology);
        const struct trust_evidence *evidence = &table->evidences[certificate];

        cell->certificate = table->certificate_names[certificate];
        cell->topology = table->topology_names[topology];
        cell->facts = evidence->leaf;
        trust_verdict_decide(&cell->verdict, &policy, evidence);
        if (table->rule_count > 0)
            answer_rules(table, cell, &policy, evidence);
    }
    /* A single verdict has its remedies. */
    if (judge_table_count(table) > 1)
        find_all_changes(table);
}

static void clear_cell(struct judge_cell *cell, size_t rule_count)
{
    for (size_t i = 0; i < rule_count; i++)
        trust_verdict_clear(&cell->answers[i].verdict);
    free(cell->answers);
    trust_verdict_clear(&cell->verdict);
}

void judge_table_clear(struct judge_table *table)
{
    for (size_t i = 0; table->cells != NULL && i < judge_table_count(table);
         i++)
        clear_cell(&table->cells[i], table->rule_count);
    for (size_t i = 0; i < table->certificate_count; i++) {
        credential_free(table->credentials[i]);
        if (table->chains != NULL)
            chain_report_clear(&table->chains[i]);
    }
    for (size_t i = 0; i < table->topology_count; i++) {
        topology_free(table->topologies[i]);
        if (table->known != NULL)
            known_servers_free(table->known[i]);
    }
    trust_changes_clear(&table->changes);
    for (size_t i = 0; table->rule_changes != NULL && i < table->rule_count;
         i++)
        trust_changes_clear(&table->rule_changes[i]);
    free(table->rule_changes);
    free(table->cells);
    free(table->credentials);
    free(table->chains);
    free(table->evidences);
    free(table->topologies);
    free(table->known);
    trust_anchors_free(table->anchors);
    *table = (struct judge_table){0};
}

size_t judge_table_count(const struct judge_table *table)
{
    return table->certificate_count * table->topology_count;
}

static bool is_refused(const struct judge_table *table,
                       const struct judge_cell *cell)
{
    if (cell->verdict.outcome != TRUST_ACCEPTED)
        return true;
    for (size_t i = 0; !table->all_rules && i < table->rule_count; i++)
        if (cell->answers[i].verdict.outcome != TRUST_ACCEPTED)
            return true;
    return false;
}

size_t judge_table_refused(const struct judge_table *table)
{
    size_t refused = 0;

    for (size_t i = 0; i < judge_table_count(table); i++)
        refused += is_refused(table, &table->cells[i]);
    return refused;
}
