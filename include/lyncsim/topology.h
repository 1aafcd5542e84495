/*
 * Which servers has the deployment been told about? All pools, as edited (the
 * draft), as published, or as enabled.
 */
#ifndef LYNCSIM_TOPOLOGY_H
#define LYNCSIM_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/pool.h"
#include "lyncsim/str.h"

struct topology_name;

/* One state of the deployment: draft, published and enabled are all this.
 * Read the pools freely; add and remove them through the functions below,
 * which keep the index of names. */
struct topology {
    struct pool **pools;
    size_t count;
    size_t capacity;
    struct topology_name *names;
    /* It says of itself that it is not published (IsPublished="false"). */
    bool is_draft;
};

struct topology *topology_new(void);
void topology_free(struct topology *topology);
struct topology *topology_copy(const struct topology *topology);

/* The pool of that FQDN (letter case ignored), or NULL; borrowed. One made by
 * hand comes before an autodiscovered one of the same name. */
struct pool *topology_find(const struct topology *topology, struct ls_str fqdn);

/* Edits, by the rules of the *-CsTrustedApplication… cmdlets. Each returns
 * NULL when it was done, or the product's reason against it as a sentence,
 * owned by the caller. */

/* pool is taken, also when refused. */
char *topology_add(struct topology *topology, struct pool *pool);
/* A single-computer pool of that name, borrowed; NULL and *why if refused. */
struct pool *topology_add_pool(struct topology *topology, struct ls_str fqdn,
                               char **why);
/* A server that Exchange UM routing found. It may be there by hand as well:
 * that is the duplicate which stops the integration. */
char *topology_add_autodiscovered(struct topology *topology,
                                  struct ls_str fqdn);
/* Its computers and applications go with it. */
char *topology_remove_pool(struct topology *topology, struct ls_str fqdn);
/* Always refused: a pool cannot be renamed. */
char *topology_rename_pool(struct topology *topology, struct ls_str from,
                           struct ls_str to);
char *topology_add_computer(struct topology *topology, struct ls_str pool,
                            struct ls_str fqdn);
char *topology_remove_computer(struct topology *topology, struct ls_str pool,
                               struct ls_str fqdn);
char *topology_add_application(struct topology *topology, struct ls_str pool,
                               struct ls_str id, uint16_t port);
char *topology_remove_application(struct topology *topology, struct ls_str pool,
                                  struct ls_str id);

#endif
