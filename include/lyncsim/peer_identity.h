/*
 * Which name speaks for this peer? The candidates a rule finds in a
 * certificate, in the order they are looked up.
 */
#ifndef LYNCSIM_PEER_IDENTITY_H
#define LYNCSIM_PEER_IDENTITY_H

#include <stddef.h>

#include "lyncsim/certificate_facts.h"
#include "lyncsim/identity_rule.h"

/* Of several CNs the first or the last in encoded order speaks. */
enum cn_choice { CN_FIRST, CN_LAST };
const char *cn_choice_text(enum cn_choice choice);

/* Borrowed from the facts. */
struct peer_candidates {
    const struct certificate_name **names;
    size_t count;
};

/* Fill candidates, which the caller clears; facts must outlive it. */
void peer_identity_candidates(struct peer_candidates *candidates,
                              const struct certificate_facts *facts,
                              const struct identity_rule *rule,
                              enum cn_choice cn);
void peer_candidates_clear(struct peer_candidates *candidates);

#endif
