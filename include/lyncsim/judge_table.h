/*
 * Who is let in, by which certificate, under which table and rule?
 */
#ifndef LYNCSIM_JUDGE_TABLE_H
#define LYNCSIM_JUDGE_TABLE_H

#include "lyncsim/credential.h"
#include "lyncsim/known_servers.h"
#include "lyncsim/topology.h"
#include "lyncsim/trust_anchors.h"
#include "lyncsim/trust_change.h"
#include "lyncsim/trust_verdict.h"

/* One line of --rule all, or of several rules. */
struct judge_answer {
    const struct identity_rule *rule;
    /* The readings that are open disagree: nobody knows. Of all rules only; who
     * names a rule is told what it says. */
    bool is_unknown;
    struct trust_verdict verdict;
};

struct judge_cell {
    const char *certificate; /* as the user named it */
    const char *topology;
    const struct certificate_facts *facts;
    struct trust_verdict verdict; /* by the policy's rule */
    struct judge_answer *answers; /* one a rule of the table, or NULL */
};

struct judge_table {
    const char *const *certificate_names; /* borrowed */
    struct credential **credentials;
    struct chain_report *chains; /* with anchors only */
    struct trust_evidence *evidences;
    size_t certificate_count;
    const char *const *topology_names; /* borrowed */
    struct topology **topologies;
    struct known_servers **known;
    size_t topology_count;
    struct trust_anchors *anchors; /* or NULL */
    struct trust_policy policy;    /* without a table */
    /* Rules to answer by, beside the policy's; their refusals count. */
    const struct identity_rule *rules[IDENTITY_RULE_COUNT];
    size_t rule_count;
    bool all_rules; /* by every rule, and what is refused by the policy's counts
                     */
    int64_t at_s;
    struct judge_cell *cells; /* a certificate's topologies, then the next */
    /* What would let everybody in, by the policy's rule, and by each of rules
     * (or NULL); for several verdicts only. */
    struct trust_changes changes;
    struct trust_changes *rule_changes;
};

/* Judge everything; the parts above are set. */
void judge_table_decide(struct judge_table *table);
/* Frees all that is not borrowed. */
void judge_table_clear(struct judge_table *table);

size_t judge_table_count(const struct judge_table *table);
/* How many cells are not accepted (a client is not, either), by the policy's
 * rule or by one of those that were named. */
size_t judge_table_refused(const struct judge_table *table);

#endif
