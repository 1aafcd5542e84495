#include "name_sieve.h"

void name_sieve_add(struct name_sieve *sieve, struct ls_str name)
{
    if (sieve->count == NAME_SIEVE_MAX)
        sieve->lets_all_pass = true;
    else
        sieve->wanted[sieve->count++] = known_shape_of(name);
}

/* A sibling shares the parent, and so do all that a wildcard would match. */
static enum near_miss_kind best_of(const struct known_shape *wanted,
                                   const struct known_shape *shape)
{
    if (shape->host == wanted->host || shape->whole == wanted->parent ||
        shape->parent == wanted->whole)
        return NEAR_DRAFT_ONLY;
    if (shape->parent != wanted->parent)
        return NEAR_NONE;
    return wanted->is_odd ? NEAR_WILDCARD_WOULD_MATCH : NEAR_SIBLING;
}

enum near_miss_kind name_sieve_best(const struct name_sieve *sieve,
                                    const struct known_shape *shape)
{
    enum near_miss_kind best = NEAR_NONE;

    if (sieve->lets_all_pass || shape->is_odd)
        return NEAR_DRAFT_ONLY;
    for (size_t i = 0; i < sieve->count; i++) {
        enum near_miss_kind kind = best_of(&sieve->wanted[i], shape);

        best = kind < best ? kind : best;
    }
    return best;
}
