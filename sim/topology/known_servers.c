/*
 * The known servers, found by hash. Names that differ in letter case alone
 * share a bucket, in table order with pools first.
 */
#include "lyncsim/known_servers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#define uthash_malloc(size) ls_alloc(size)
#include <uthash.h>
/* Every step along a bucket is a cache miss: 100,000 names in shorter ones
 * cost 3 MiB and are answered in two thirds of the time. */
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 6U

#include "name_index.h"

/* Names up to here are looked up without touching the heap. */
#define NAME_ON_STACK 256

struct known_row {
    struct known_server server; /* fqdn and pool are owned here */
    char *key;                  /* lower case */
    struct known_row *alike;    /* the same but for letter case, or NULL */
    UT_hash_handle hh;          /* of the first of those alike */
};

struct known_servers {
    struct known_row **rows;
    struct name_index index;
    size_t count;
    size_t capacity;
    struct known_row *by_key;
    struct known_application *applications; /* texts are owned here */
    size_t application_count;
    size_t application_capacity;
    bool is_draft;
};

const char *known_server_kind_text(enum known_server_kind kind)
{
    static const char *const texts[] = {
        [KNOWN_SERVER_POOL] = "pool",
        [KNOWN_SERVER_COMPUTER] = "computer",
        [KNOWN_SERVER_FRONT_END] = "front-end",
        [KNOWN_SERVER_AUTODISCOVERED] = "autodiscovered",
    };

    assert((size_t)kind < LS_COUNT(texts));
    return texts[kind];
}

const char *name_comparison_text(enum name_comparison comparison)
{
    static const char *const texts[] = {
        [NAMES_INSENSITIVE] = "insensitive",
        [NAMES_SENSITIVE] = "sensitive",
    };

    assert((size_t)comparison < LS_COUNT(texts));
    return texts[comparison];
}

static struct known_row *find_alike(const struct known_servers *table,
                                    struct ls_str name)
{
    char on_stack[NAME_ON_STACK];
    char *key =
        name.length <= sizeof on_stack ? on_stack : ls_alloc(name.length);
    struct known_row *row = NULL;

    ls_str_copy_lower(key, name);
    HASH_FIND(hh, table->by_key, key, name.length, row);
    if (key != on_stack)
        free(key);
    return row;
}

/* A lower number speaks first where a name stands in the table twice. */
static unsigned precedence(const struct known_server *server)
{
    static const unsigned numbers[] = {
        [KNOWN_SERVER_POOL] = 0,
        [KNOWN_SERVER_FRONT_END] = 1,
        [KNOWN_SERVER_COMPUTER] = 2,
        [KNOWN_SERVER_AUTODISCOVERED] = 3,
    };

    return numbers[server->kind];
}

static bool is_discovered(const struct known_server *server)
{
    return server->kind == KNOWN_SERVER_AUTODISCOVERED;
}

/* The same name comes a second time: keep the one that speaks. */
static void merge_server(struct known_server *kept,
                         const struct known_server *more)
{
    bool is_duplicate = kept->is_duplicate || more->is_duplicate;

    if (precedence(more) < precedence(kept)) {
        size_t order = kept->order;

        free((char *)(uintptr_t)kept->fqdn);
        free((char *)(uintptr_t)kept->pool);
        *kept = *more;
        kept->order = order;
        kept->fqdn = ls_strdup(more->fqdn);
        kept->pool = ls_strdup(more->pool);
    }
    kept->is_duplicate = is_duplicate;
}

/* Autodiscovery and the hand are compared as DNS does, letter case aside. */
static void mark_duplicates(struct known_row *first)
{
    bool discovered = false;
    bool made = false;

    for (struct known_row *row = first; row != NULL; row = row->alike) {
        if (is_discovered(&row->server))
            discovered = true;
        else
            made = true;
    }
    if (discovered && made)
        for (struct known_row *row = first; row != NULL; row = row->alike)
            row->server.is_duplicate = true;
}

/* Once the table is whole: rows may have changed their kind. */
static void index_names(struct known_servers *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct known_server *server = &table->rows[i]->server;

        name_index_add(&table->index, ls_str_from(server->fqdn),
                       server->kind == KNOWN_SERVER_POOL, i);
    }
    name_index_sort(&table->index);
}

static void append_row(struct known_servers *table, struct known_row *row)
{
    LS_GROW(table->rows, table->count, table->capacity);
    row->server.order = table->count;
    table->rows[table->count++] = row;
}

static struct known_row *new_row(const struct known_server *server)
{
    struct ls_str fqdn = ls_str_from(server->fqdn);
    struct known_row *row = ls_alloc(sizeof *row);

    row->server = *server;
    row->server.fqdn = ls_strdup(server->fqdn);
    row->server.pool = ls_strdup(server->pool);
    row->key = ls_alloc(fqdn.length + 1);
    ls_str_copy_lower(row->key, fqdn);
    return row;
}

static void add_server(struct known_servers *table,
                       const struct known_server *server)
{
    struct ls_str fqdn = ls_str_from(server->fqdn);
    struct known_row *first = find_alike(table, fqdn);
    struct known_row *last = NULL;
    struct known_row *row;

    for (row = first; row != NULL; row = row->alike) {
        if (ls_str_equal_text(fqdn, row->server.fqdn) &&
            is_discovered(&row->server) == is_discovered(server)) {
            merge_server(&row->server, server);
            return;
        }
        last = row;
    }
    row = new_row(server);
    append_row(table, row);
    if (last == NULL) {
        HASH_ADD_KEYPTR(hh, table->by_key, row->key, fqdn.length, row);
    } else {
        last->alike = row;
        mark_duplicates(first);
    }
}

static void add_pool(struct known_servers *table, const struct pool *pool)
{
    struct known_server server = {
        .fqdn = pool->fqdn,
        .kind = KNOWN_SERVER_POOL,
        .pool = pool->fqdn,
        .version = pool->version,
        .interface = pool->interface,
        .outbound_only = pool->outbound_only,
        .treat_as_authenticated = pool->treat_as_authenticated,
        .throttle_as_server = pool->throttle_as_server,
        .requires_replication = pool->requires_replication,
    };

    if (pool_is_own(pool))
        server.kind = KNOWN_SERVER_FRONT_END;
    if (pool->role == POOL_AUTODISCOVERED)
        server.kind = KNOWN_SERVER_AUTODISCOVERED;
    add_server(table, &server);
    if (server.kind == KNOWN_SERVER_POOL)
        server.kind = KNOWN_SERVER_COMPUTER;
    for (size_t i = 0; i < pool->computer_count; i++) {
        server.fqdn = pool->computers[i];
        add_server(table, &server);
    }
}

static void add_application(struct known_servers *table,
                            const struct pool *pool,
                            const struct trusted_application *application)
{
    LS_GROW(table->applications, table->application_count,
            table->application_capacity);
    table->applications[table->application_count++] =
        (struct known_application){ls_strdup(pool->fqdn),
                                   ls_strdup(application->id),
                                   application->port};
}

static void add_applications(struct known_servers *table,
                             const struct pool *pool)
{
    if (pool->role != POOL_TRUSTED_APPLICATION)
        return;
    for (size_t i = 0; i < pool->application_count; i++)
        if (pool->applications[i].port != 0)
            add_application(table, pool, &pool->applications[i]);
}

struct known_servers *known_servers_new(const struct topology *topology)
{
    struct known_servers *table = ls_alloc(sizeof *table);

    table->is_draft = topology->is_draft;
    for (size_t i = 0; i < topology->count; i++) {
        add_pool(table, topology->pools[i]);
        add_applications(table, topology->pools[i]);
    }
    index_names(table);
    return table;
}

static void add_all(struct known_servers *table,
                    const struct known_servers *from,
                    const struct known_servers *except)
{
    for (size_t i = 0; from != NULL && i < from->count; i++) {
        const struct known_server *server = &from->rows[i]->server;
        struct ls_str fqdn = ls_str_from(server->fqdn);

        if (except == NULL ||
            known_servers_find(except, fqdn, NAMES_SENSITIVE) == NULL)
            add_server(table, server);
    }
}

struct known_servers *known_servers_merge(const struct known_servers *base,
                                          const struct known_servers *more,
                                          const struct known_servers *except)
{
    struct known_servers *table = ls_alloc(sizeof *table);

    add_all(table, base, except);
    add_all(table, more, except);
    index_names(table);
    return table;
}

void known_servers_free(struct known_servers *table)
{
    if (table == NULL)
        return;
    HASH_CLEAR(hh, table->by_key);
    for (size_t i = 0; i < table->count; i++) {
        struct known_row *row = table->rows[i];

        free((char *)(uintptr_t)row->server.fqdn);
        free((char *)(uintptr_t)row->server.pool);
        free(row->key);
        free(row);
    }
    for (size_t i = 0; i < table->application_count; i++) {
        free((char *)(uintptr_t)table->applications[i].pool);
        free((char *)(uintptr_t)table->applications[i].id);
    }
    free(table->applications);
    free(table->rows);
    name_index_clear(&table->index);
    free(table);
}

const struct known_server *known_servers_find(const struct known_servers *table,
                                              struct ls_str name,
                                              enum name_comparison comparison)
{
    const struct known_row *best = NULL;

    for (const struct known_row *row = find_alike(table, name); row != NULL;
         row = row->alike) {
        if (comparison == NAMES_SENSITIVE &&
            !ls_str_equal_text(name, row->server.fqdn))
            continue;
        if (best == NULL ||
            precedence(&row->server) < precedence(&best->server))
            best = row;
    }
    return best == NULL ? NULL : &best->server;
}

const struct known_server *
known_servers_find_discovered(const struct known_servers *table,
                              struct ls_str name)
{
    for (const struct known_row *row = find_alike(table, name); row != NULL;
         row = row->alike)
        if (is_discovered(&row->server))
            return &row->server;
    return NULL;
}

bool known_servers_is_draft(const struct known_servers *table)
{
    return table->is_draft;
}

size_t known_servers_count(const struct known_servers *table)
{
    return table->count;
}

const struct known_server *known_servers_at(const struct known_servers *table,
                                            size_t index)
{
    assert(index < table->count);
    return &table->rows[index]->server;
}

size_t known_servers_application_count(const struct known_servers *table)
{
    return table->application_count;
}

const struct known_application *
known_servers_application_at(const struct known_servers *table, size_t index)
{
    assert(index < table->application_count);
    return &table->applications[index];
}

struct known_walk known_servers_walk(const struct known_servers *table,
                                     enum known_part part, struct ls_str text)
{
    uint32_t key = name_index_key(part, text);

    return (struct known_walk){table, key, name_index_find(&table->index, key)};
}

const struct known_server *known_walk_next(struct known_walk *walk)
{
    size_t place;

    if (!name_index_at(&walk->table->index, walk->at, walk->key, &place))
        return NULL;
    walk->at++;
    return &walk->table->rows[place]->server;
}
