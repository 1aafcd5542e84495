/*
 * Which name speaks for this peer? The candidates a rule finds in a
 * certificate, in the order they are looked up.
 */
#ifndef LYNCSIM_PEER_IDENTITY_H
#define LYNCSIM_PEER_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/certificate_facts.h"
#include "lyncsim/identity_rule.h"

/* Of several CNs the first or the last in encoded order speaks. */
enum cn_choice { CN_FIRST, CN_LAST };
const char *cn_choice_text(enum cn_choice choice);

/* A name that may speak; borrowed from the facts. */
struct peer_candidate {
    const struct certificate_name *name;
    struct ls_str text; /* what is looked up: of a URI its host alone */
};

struct peer_candidates {
    struct peer_candidate *items;
    size_t count;
};

/* Fill candidates, which the caller clears; facts must outlive it. A name
 * with a fault is a candidate all the same, so that the verdict can refuse it;
 * an empty one is none. */
void peer_identity_candidates(struct peer_candidates *candidates,
                              const struct certificate_facts *facts,
                              const struct identity_rule *rule,
                              enum cn_choice cn);
void peer_candidates_clear(struct peer_candidates *candidates);

/* Whether the name cannot be looked up: it holds a NUL or cannot be decoded.
 * Control bytes are harmless here, they only never match. */
bool peer_identity_is_unusable(const struct certificate_name *name);
/* How many CNs that are not empty the certificate has. */
size_t peer_identity_cn_count(const struct certificate_facts *facts);

#endif
