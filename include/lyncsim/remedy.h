/*
 * What can be done about this refusal? The ways out of this very case,
 * cheapest first, each with what it costs and the lines to paste.
 */
#ifndef LYNCSIM_REMEDY_H
#define LYNCSIM_REMEDY_H

#include <stddef.h>

struct remedy {
    char *title;
    char **steps; /* sentences: clicks, who must act, what is interrupted */
    size_t step_count;
    char **commands; /* lines to paste; empty where the steps are clicks */
    size_t command_count;
};

struct trust_verdict;
struct trust_policy;
struct certificate_facts;

/* Remedies for a refused verdict whose identity, reason and near misses are
 * set; facts may be NULL. *count of them, owned by the caller. */
struct remedy *remedy_find(const struct trust_policy *policy,
                           const struct certificate_facts *facts,
                           const struct trust_verdict *verdict, size_t *count);
void remedy_clear(struct remedy *remedy);

#endif
