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
    size_t number;   /* the same for those that one change mends; 0: none */
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
    size_t *needed;     /* how many chosen variants have the lack of a number */
    unsigned long cost; /* of what is chosen */
    unsigned long best_cost;
};

/* What that variant of a certificate lacks in a topology. */
const struct lack *trust_change_lack(const struct search *search,
                                     size_t certificate, size_t variant,
                                     size_t topology);
/* Number the lacks of all variants, and weigh every certificate as it is. */
void trust_change_weigh_first(struct search *search);
/* Choose another variant of a certificate; the cost follows. */
void trust_change_choose(struct search *search, size_t certificate,
                         size_t variant);

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
