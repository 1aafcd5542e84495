/*
 * What of a pool itself is different in another topology: what it is for,
 * where it belongs, and where the Front End dials to?
 */
#ifndef LYNCSIM_POOL_DIFF_H
#define LYNCSIM_POOL_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/topology.h"

struct pool_change {
    const struct pool *pool; /* as it is, or as it was where it is gone */
    char *what;              /* "site", "urn:application:owa" */
    char *before;            /* "LAB", "port 5199"; NULL: there was none */
    char *after;             /* NULL: there is none */
    bool is_application;
};

/* Every such change, pool by pool: those of before in its order, then those
 * that appear, of which only the applications are told. What known servers
 * are compared by is not. *count of them, owned by the caller, who frees them
 * with pool_changes_free(). */
struct pool_change *pool_diff(const struct topology *before,
                              const struct topology *after, size_t *count);
void pool_changes_free(struct pool_change *changes, size_t count);

#endif
