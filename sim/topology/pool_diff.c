/*
 * Pools compared, name by name, letter case aside.
 */
#include "lyncsim/pool_diff.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

struct change_list {
    struct pool_change *items;
    size_t count;
    size_t capacity;
};

static void add_change(struct change_list *list,
                       const struct pool_change *change)
{
    LS_GROW(list->items, list->count, list->capacity);
    list->items[list->count++] = *change;
}

/* A name or id is the same in any letter case; a site is what it says. */
static bool is_same(const char *before, const char *after)
{
    if (before == NULL || after == NULL)
        return before == after;
    return ls_str_equal_nocase(ls_str_from(before), ls_str_from(after));
}

static void compare_text(struct change_list *list, const struct pool *pool,
                         const char *what, const char *before,
                         const char *after)
{
    struct pool_change change = {.pool = pool};

    if (is_same(before, after))
        return;
    change.what = ls_strdup(what);
    change.before = ls_strdup(before);
    change.after = ls_strdup(after);
    add_change(list, &change);
}

/* "none" for a pool that has none; NULL where it is not stated. */
static const char *registrar_of(const struct pool *pool)
{
    bool has_none = pool->registrar != NULL && pool->registrar[0] == '\0';

    return has_none ? "none" : pool->registrar;
}

static const struct trusted_application *
find_application(const struct pool *pool, const char *id)
{
    for (size_t i = 0; pool != NULL && i < pool->application_count; i++)
        if (is_same(pool->applications[i].id, id))
            return &pool->applications[i];
    return NULL;
}

static char *port_of(const struct trusted_application *application)
{
    return application == NULL ? NULL : ls_strf("port %u", application->port);
}

static void compare_application(struct change_list *list,
                                const struct pool *pool,
                                const struct trusted_application *before,
                                const struct trusted_application *after)
{
    struct pool_change change = {.pool = pool, .is_application = true};

    if (before != NULL && after != NULL && before->port == after->port)
        return;
    change.what = ls_strdup(before != NULL ? before->id : after->id);
    change.before = port_of(before);
    change.after = port_of(after);
    add_change(list, &change);
}

/* Either may be NULL. */
static void compare_applications(struct change_list *list,
                                 const struct pool *before,
                                 const struct pool *after)
{
    const struct pool *pool = after != NULL ? after : before;

    for (size_t i = 0; before != NULL && i < before->application_count; i++)
        compare_application(
            list, pool, &before->applications[i],
            find_application(after, before->applications[i].id));
    for (size_t i = 0; after != NULL && i < after->application_count; i++)
        if (find_application(before, after->applications[i].id) == NULL)
            compare_application(list, pool, NULL, &after->applications[i]);
}

static void compare(struct change_list *list, const struct pool *before,
                    const struct pool *after)
{
    if (before != NULL && after != NULL) {
        compare_text(list, after, "role", pool_role_text(before->role),
                     pool_role_text(after->role));
        compare_text(list, after, "site", before->site, after->site);
        compare_text(list, after, "Registrar", registrar_of(before),
                     registrar_of(after));
    }
    compare_applications(list, before, after);
}

/* One by hand is compared with one by hand; of what was found by itself
 * nothing is stated. */
static const struct pool *same_in(const struct topology *topology,
                                  const struct pool *pool)
{
    const struct pool *same = topology_find(topology, ls_str_from(pool->fqdn));

    return same != NULL && same->role != POOL_AUTODISCOVERED ? same : NULL;
}

struct pool_change *pool_diff(const struct topology *before,
                              const struct topology *after, size_t *count)
{
    struct change_list list = {0};

    for (size_t i = 0; i < before->count; i++)
        if (before->pools[i]->role != POOL_AUTODISCOVERED)
            compare(&list, before->pools[i], same_in(after, before->pools[i]));
    for (size_t i = 0; i < after->count; i++)
        if (after->pools[i]->role != POOL_AUTODISCOVERED &&
            same_in(before, after->pools[i]) == NULL)
            compare(&list, NULL, after->pools[i]);
    *count = list.count;
    return list.items;
}

void pool_changes_free(struct pool_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(changes[i].what);
        free(changes[i].before);
        free(changes[i].after);
    }
    free(changes);
}
