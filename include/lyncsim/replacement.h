/*
 * Who is refused when one certificate takes another's place? The connections
 * that the old one served: to the Front End under the name that speaks, and
 * from it to every server it stood for.
 */
#ifndef LYNCSIM_REPLACEMENT_H
#define LYNCSIM_REPLACEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/trust_verdict.h"

enum replacement_direction {
    REPLACEMENT_INBOUND,  /* its holder connects to the Front End */
    REPLACEMENT_OUTBOUND, /* somebody connects to its holder by that name */
};

struct replaced_connection {
    enum replacement_direction direction;
    char *name;
    bool is_kept;
    char *why; /* a sentence when it is not kept; or NULL */
};

struct replacement {
    struct replaced_connection *items;
    size_t count;
    size_t capacity;
    size_t refused_count;
};

/* Only connections that worked before are looked at. policy->known may be
 * NULL: then nothing is known but the names themselves. Everything is
 * borrowed; the replacement is the caller's to clear. */
void replacement_find(struct replacement *replacement,
                      const struct certificate_facts *before,
                      const struct certificate_facts *after,
                      const struct trust_policy *policy, int64_t at_s);
void replacement_clear(struct replacement *replacement);

#endif
