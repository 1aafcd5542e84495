/*
 * Which servers has the deployment been told about? Pools, their computers
 * and applications, as edited (the draft) and as published.
 */
#ifndef LYNCSIM_TOPOLOGY_H
#define LYNCSIM_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/diag.h"
#include "lyncsim/str.h"

/* What a pool is for; the texts are those of a verdict's entry.kind for own
 * servers and autodiscovered ones. */
enum pool_role {
    POOL_TRUSTED_APPLICATION, /* New-CsTrustedApplicationPool */
    POOL_FRONT_END,
    POOL_DIRECTOR,
    POOL_MEDIATION,
    POOL_EDGE,
    POOL_GATEWAY,
    POOL_AUTODISCOVERED, /* Exchange UM routing found it; KST version 0 */
};

enum net_interface {
    INTERFACE_PRIMARY,
    INTERFACE_INTERNAL,
    INTERFACE_EXTERNAL,
    INTERFACE_PSTN,
};
#define INTERFACE_COUNT 4
/* "primary", "internal", "external", "pstn". */
const char *net_interface_text(enum net_interface interface);

struct trusted_application {
    char *id;      /* with its "urn:application:" prefix */
    uint16_t port; /* where the Front End dials to; unique in its pool */
};

struct pool {
    char *fqdn;
    enum pool_role role;
    /* Empty: a single-computer pool, whose computer has the pool's FQDN. */
    char **computers;
    size_t computer_count;
    size_t computer_capacity;
    struct trusted_application *applications;
    size_t application_count;
    size_t application_capacity;
    char *site;      /* or NULL */
    char *registrar; /* or NULL */
    int version;     /* 0 any, 5 Lync 2010, 6 Lync 2013, 7 and 8 later */
    enum net_interface interface;
    bool outbound_only;          /* default false */
    bool treat_as_authenticated; /* default true */
    bool throttle_as_server;     /* default true */
    bool requires_replication;   /* default true */
};

/* One state of the deployment: draft or published are both this. */
struct topology {
    struct pool **pools;
    size_t count;
    size_t capacity;
};

struct topology *topology_new(void);
void topology_free(struct topology *topology);
struct topology *topology_copy(const struct topology *topology);

/* The pool of that FQDN (letter case ignored), or NULL; borrowed. */
struct pool *topology_find(const struct topology *topology, struct ls_str fqdn);

/* Edits, by the product's rules (lync.md 4.7 cites the cmdlets). Each returns
 * NULL when it was done, or the product's reason against it as a sentence,
 * owned by the caller. */
struct pool *topology_add_pool(struct topology *topology, struct ls_str fqdn,
                               char **why);
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
char *topology_remove_application(struct topology *topology,
                                  struct ls_str pool, struct ls_str id);

#endif
