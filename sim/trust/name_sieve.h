/*
 * Which names of a table can be near misses at all? Every relation but an
 * international form shares the whole name, the host or the parent with a name
 * that is looked for; so of a hundred thousand few are compared.
 */
#ifndef LYNCSIM_SIM_TRUST_NAME_SIEVE_H
#define LYNCSIM_SIM_TRUST_NAME_SIEVE_H

#include "lyncsim/known_servers.h"
#include "lyncsim/near_miss.h"

/* Names that are looked for at once; with more of them all pass. */
#define NAME_SIEVE_MAX 16
/* A kind beyond the last: none. */
#define NEAR_NONE ((enum near_miss_kind)(NEAR_TYPO + 1))

/* Zero-initialised is valid: nothing is looked for. */
struct name_sieve {
    struct known_shape wanted[NAME_SIEVE_MAX];
    size_t count;
    bool lets_all_pass;
};

void name_sieve_add(struct name_sieve *sieve, struct ls_str name);
/* The best kind of near miss that a name of this shape can be. */
enum near_miss_kind name_sieve_best(const struct name_sieve *sieve,
                                    const struct known_shape *shape);

#endif
