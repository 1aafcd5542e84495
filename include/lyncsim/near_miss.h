/*
 * Which name in the table was probably meant? Computed from evidence in the
 * certificate, the table, the draft and what was removed; never a guess.
 */
#ifndef LYNCSIM_NEAR_MISS_H
#define LYNCSIM_NEAR_MISS_H

#include <stddef.h>

#include "lyncsim/certificate_facts.h"
#include "lyncsim/known_servers.h"

/* In rank order, best first. */
/* clang-format off */
#define NEAR_MISS_LIST(X)                                                      \
    X(NEAR_DRAFT_ONLY, "draft-only")                                           \
    X(NEAR_REMOVED, "removed")                                                 \
    X(NEAR_OTHER_INTERFACE, "other-interface")                                 \
    X(NEAR_CASE, "case")                                                       \
    X(NEAR_TRAILING_DOT, "trailing-dot")                                       \
    X(NEAR_IDN_FORM, "idn-form")                                               \
    X(NEAR_IN_SAN_NOT_IN_CN, "in-san-not-in-cn")                               \
    X(NEAR_WILDCARD_WOULD_MATCH, "wildcard-would-match")                       \
    X(NEAR_SHORT_NAME, "short-name")                                           \
    X(NEAR_OTHER_SUFFIX, "other-suffix")                                       \
    X(NEAR_PARENT_DOMAIN, "parent-domain")                                     \
    X(NEAR_SIBLING, "sibling")                                                 \
    X(NEAR_TYPO, "typo")

enum near_miss_kind {
#define X(name, text) name,
    NEAR_MISS_LIST(X)
#undef X
};
/* clang-format on */

const char *near_miss_kind_text(enum near_miss_kind kind);

struct near_miss {
    enum near_miss_kind kind;
    char *name; /* the name in the table */
    enum known_server_kind entry_kind;
    char *pool; /* the pool of that entry */
    char *why;  /* a sentence */
};

struct trust_policy;

/* The near misses of the names that the policy's rule finds in facts, none of
 * which is known, in rank order, within a kind pool before computer, then
 * table order. A name of the table comes once, under its best kind. *count of
 * them, owned by the caller. At most NEAR_MISSES_MAX. */
#define NEAR_MISSES_MAX 16
struct near_miss *near_miss_find(const struct trust_policy *policy,
                                 const struct certificate_facts *facts,
                                 size_t *count);
/* The same, by comparing with the whole table: what the other must find. */
struct near_miss *near_miss_find_slowly(const struct trust_policy *policy,
                                        const struct certificate_facts *facts,
                                        size_t *count);
void near_miss_clear(struct near_miss *miss);
/* A deep copy, the caller's to clear. */
void near_miss_copy(struct near_miss *to, const struct near_miss *from);

#endif
