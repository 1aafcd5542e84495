/*
 * All pools of a deployment, found by name, and the edits the product allows
 * and refuses.
 */
#include "lyncsim/topology.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#define uthash_malloc(size) ls_alloc(size)
#include <uthash.h>

/* The pools of one name: one by hand, one autodiscovered at most. */
struct topology_name {
    char *key; /* lower case */
    struct pool *made;
    struct pool *discovered;
    UT_hash_handle hh;
};

static struct topology_name *find_name(const struct topology *topology,
                                       struct ls_str fqdn)
{
    struct topology_name *name = NULL;
    char *key = ls_str_dup_lower(fqdn);

    HASH_FIND(hh, topology->names, key, fqdn.length, name);
    free(key);
    return name;
}

/* Where the index keeps this pool. */
static struct pool **name_slot(struct topology_name *name,
                               const struct pool *pool)
{
    return pool->role == POOL_AUTODISCOVERED ? &name->discovered : &name->made;
}

static void index_pool(struct topology *topology, struct pool *pool)
{
    struct ls_str fqdn = ls_str_from(pool->fqdn);
    struct topology_name *name = find_name(topology, fqdn);

    if (name == NULL) {
        name = ls_alloc(sizeof *name);
        name->key = ls_str_dup_lower(fqdn);
        HASH_ADD_KEYPTR(hh, topology->names, name->key, fqdn.length, name);
    }
    assert(*name_slot(name, pool) == NULL);
    *name_slot(name, pool) = pool;
}

static void unindex_pool(struct topology *topology, const struct pool *pool)
{
    struct topology_name *name = find_name(topology, ls_str_from(pool->fqdn));

    assert(name != NULL);
    *name_slot(name, pool) = NULL;
    if (name->made != NULL || name->discovered != NULL)
        return;
    HASH_DEL(topology->names, name);
    free(name->key);
    free(name);
}

static void append_pool(struct topology *topology, struct pool *pool)
{
    LS_GROW(topology->pools, topology->count, topology->capacity);
    topology->pools[topology->count++] = pool;
    index_pool(topology, pool);
}

struct topology *topology_new(void)
{
    return ls_alloc(sizeof(struct topology));
}

void topology_free(struct topology *topology)
{
    struct topology_name *name;
    struct topology_name *next;

    if (topology == NULL)
        return;
    name = topology->names;
    HASH_CLEAR(hh, topology->names);
    for (; name != NULL; name = next) {
        next = name->hh.next;
        free(name->key);
        free(name);
    }
    for (size_t i = 0; i < topology->count; i++)
        pool_free(topology->pools[i]);
    free(topology->pools);
    free(topology);
}

struct topology *topology_copy(const struct topology *topology)
{
    struct topology *copy = topology_new();

    copy->is_draft = topology->is_draft;
    for (size_t i = 0; i < topology->count; i++)
        append_pool(copy, pool_copy(topology->pools[i]));
    return copy;
}

struct pool *topology_find(const struct topology *topology, struct ls_str fqdn)
{
    const struct topology_name *name = find_name(topology, fqdn);

    if (name == NULL)
        return NULL;
    return name->made != NULL ? name->made : name->discovered;
}

static char *no_such_pool(struct ls_str fqdn)
{
    return ls_strf("There is no pool \"%.*s\" in the topology.",
                   LS_STR_ARG(fqdn));
}

char *topology_add(struct topology *topology, struct pool *pool)
{
    struct ls_str fqdn = ls_str_from(pool->fqdn);
    char *why = pool_refuse_name(fqdn);
    struct topology_name *name = find_name(topology, fqdn);

    if (why == NULL && name != NULL && *name_slot(name, pool) != NULL)
        why = ls_strf("There is a pool \"%s\" in the topology already.",
                      pool->fqdn);
    if (why == NULL)
        append_pool(topology, pool);
    else
        pool_free(pool);
    return why;
}

struct pool *topology_add_pool(struct topology *topology, struct ls_str fqdn,
                               char **why)
{
    *why = topology_add(topology, pool_new(fqdn));
    return *why == NULL ? topology->pools[topology->count - 1] : NULL;
}

char *topology_add_autodiscovered(struct topology *topology, struct ls_str fqdn)
{
    struct pool *pool = pool_new(fqdn);

    pool->role = POOL_AUTODISCOVERED;
    pool->version = 0; /* any, as the product does */
    return topology_add(topology, pool);
}

/* A pool that says of itself that this one is its Registrar, or NULL. */
static const struct pool *find_dependant(const struct topology *topology,
                                         const struct pool *pool)
{
    for (size_t i = 0; i < topology->count; i++) {
        const struct pool *other = topology->pools[i];

        if (other != pool && other->registrar != NULL &&
            ls_str_equal_nocase(ls_str_from(other->registrar),
                                ls_str_from(pool->fqdn)))
            return other;
    }
    return NULL;
}

char *topology_remove_pool(struct topology *topology, struct ls_str fqdn)
{
    struct pool *pool = topology_find(topology, fqdn);
    const struct pool *dependant;
    size_t i = 0;

    if (pool == NULL)
        return no_such_pool(fqdn);
    if (pool->role == POOL_AUTODISCOVERED)
        return ls_strf("\"%s\" was found by Exchange UM routing, which would "
                       "find it again: there is no pool to remove.",
                       pool->fqdn);
    if (pool->registrar != NULL && pool->registrar[0] == '\0')
        return ls_strf("The pool \"%s\" has no Registrar: a pool without one "
                       "cannot be removed.",
                       pool->fqdn);
    dependant = find_dependant(topology, pool);
    if (dependant != NULL)
        return ls_strf("The pool \"%s\" is the Registrar of \"%s\": remove "
                       "that one first, or give it another Registrar.",
                       pool->fqdn, dependant->fqdn);
    while (topology->pools[i] != pool)
        i++;
    unindex_pool(topology, pool);
    memmove(&topology->pools[i], &topology->pools[i + 1],
            (topology->count - i - 1) * sizeof *topology->pools);
    topology->count--;
    pool_free(pool);
    return NULL;
}

char *topology_rename_pool(struct topology *topology, struct ls_str from,
                           struct ls_str to)
{
    if (topology_find(topology, from) == NULL)
        return no_such_pool(from);
    return ls_strf("A pool cannot be renamed: delete \"%.*s\", publish the "
                   "topology, and create \"%.*s\" and its applications anew.",
                   LS_STR_ARG(from), LS_STR_ARG(to));
}

char *topology_add_computer(struct topology *topology, struct ls_str pool,
                            struct ls_str fqdn)
{
    struct pool *found = topology_find(topology, pool);

    if (found == NULL)
        return no_such_pool(pool);
    if (found->computer_count == 0)
        return ls_strf("\"%s\" is a single-computer pool, whose computer has "
                       "the pool's FQDN: no computer can be added to it.",
                       found->fqdn);
    return pool_add_computer(found, fqdn);
}

char *topology_remove_computer(struct topology *topology, struct ls_str pool,
                               struct ls_str fqdn)
{
    struct pool *found = topology_find(topology, pool);

    return found == NULL ? no_such_pool(pool)
                         : pool_remove_computer(found, fqdn);
}

char *topology_add_application(struct topology *topology, struct ls_str pool,
                               struct ls_str id, uint16_t port)
{
    struct pool *found = topology_find(topology, pool);

    return found == NULL ? no_such_pool(pool)
                         : pool_add_application(found, id, port);
}

char *topology_remove_application(struct topology *topology, struct ls_str pool,
                                  struct ls_str id)
{
    struct pool *found = topology_find(topology, pool);

    return found == NULL ? no_such_pool(pool)
                         : pool_remove_application(found, id);
}
