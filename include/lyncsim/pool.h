/*
 * What does the deployment know of one pool: its computers, its applications
 * and how the Front End is to treat them?
 */
#ifndef LYNCSIM_POOL_H
#define LYNCSIM_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/str.h"

/* What a pool is for. */
/* clang-format off */
#define POOL_ROLE_LIST(X)                                                      \
    X(POOL_TRUSTED_APPLICATION, "trusted-application")                         \
    X(POOL_FRONT_END, "front-end")                                             \
    X(POOL_DIRECTOR, "director")                                               \
    X(POOL_MEDIATION, "mediation")                                             \
    X(POOL_EDGE, "edge")                                                       \
    X(POOL_GATEWAY, "gateway")                                                 \
    X(POOL_AUTODISCOVERED, "autodiscovered") /* by Exchange UM routing */

enum pool_role {
#define X(name, text) name,
    POOL_ROLE_LIST(X)
#undef X
    POOL_ROLE_COUNT
};
/* clang-format on */

const char *pool_role_text(enum pool_role role);

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

/* Computers of a pool, and applications: they are looked through one by one,
 * and pools of the product have twenty at most. */
#define POOL_MEMBERS_MAX 1000
#define POOL_VERSION_MAX 99

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
    char *registrar; /* NULL: not stated; "": it has none */
    int version;     /* 0 any, 5 Lync 2010, 6 Lync 2013, 7 and 8 later */
    enum net_interface interface;
    bool outbound_only;          /* default false */
    bool treat_as_authenticated; /* default true */
    bool throttle_as_server;     /* default true */
    bool requires_replication;   /* default true */
};

/* A single-computer pool as New-CsTrustedApplicationPool makes one when
 * nothing else is said. Owned by the caller. */
struct pool *pool_new(struct ls_str fqdn);
void pool_free(struct pool *pool);
struct pool *pool_copy(const struct pool *pool);

/* Letter case ignored; a single-computer pool has its own name. */
bool pool_has_computer(const struct pool *pool, struct ls_str fqdn);
/* One of the deployment's own servers: Front End, Director, Mediation, Edge. */
bool pool_is_own(const struct pool *pool);

/* Edits by the rules of New-CsTrustedApplicationComputer and its kin. NULL when
 * done, else the product's reason against it as a sentence, owned by the
 * caller. */
char *pool_add_computer(struct pool *pool, struct ls_str fqdn);
char *pool_remove_computer(struct pool *pool, struct ls_str fqdn);
/* The prefix "urn:application:" is added where it is missing. */
char *pool_add_application(struct pool *pool, struct ls_str id, uint16_t port);
char *pool_remove_application(struct pool *pool, struct ls_str id);

/* Why fqdn cannot name a pool or computer, or NULL. The product takes any
 * text, an address too (New-CsTrustedApplicationPool); what no name can be is
 * refused. */
char *pool_refuse_name(struct ls_str fqdn);

#endif
