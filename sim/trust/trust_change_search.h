/*
 * What a search for changes is made over: which names a certificate could
 * have, and what each would still lack.
 */
#ifndef LYNCSIM_SIM_TRUST_CHANGE_SEARCH_H
#define LYNCSIM_SIM_TRUST_CHANGE_SEARCH_H

#include "lyncsim/trust_change.h"

/* Names one certificate might be given, its own among them. */
#define NAMES_MAX 8
enum lack_kind { LACK_NOTHING, LACK_NAME, LACK_ROOM, LACK_UNSOLVED };

/* What keeps one certificate, under one name, out of one topology. */
struct lack {
    enum lack_kind kind;
    /* Of LACK_NAME: the name to be added; of LACK_ROOM: the pool to be
     * changed, because it is a duplicate or outbound-only. */
    char *name;
    enum trust_check_id reason;
    char *near_pool; /* a pool that the name may become a computer of */
};

struct variant {
    char *cn; /* NULL: the certificate as it is */
    struct lack *lacks;
};

struct candidate {
    struct variant variants[NAMES_MAX + 1];
    size_t count;
};

struct search {
    const struct trust_change_ground *ground;
    struct known_servers **known;
    struct candidate *candidates;
    size_t *chosen;
    size_t *best;
    unsigned long best_cost;
};

/* The policy under one of the topologies. */
struct trust_policy trust_change_policy(const struct search *search,
                                        size_t topology);
/* A certificate as a good authority would issue it now; verdict is the
 * caller's to clear. */
void trust_change_judge_reissued(struct trust_verdict *verdict,
                                 const struct trust_policy *policy,
                                 const struct trust_evidence *evidence,
                                 char *cn);
/* The names a certificate could have, each judged under every topology. */
void trust_change_gather_names(const struct search *search, size_t certificate,
                               struct candidate *candidate);
void trust_change_clear_candidate(struct candidate *candidate,
                                  size_t topologies);

#endif
