/*
 * Pools as they come together from services, computers and applications.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "import.h"
#include "import_state.h"

#define uthash_malloc(size) ls_alloc(size)
#include <uthash.h>

struct import_pool {
    char *key; /* the name in lower case */
    struct pool *pool;
    size_t file;
    unsigned line;
    size_t claimed_by; /* the file of the cluster that has its name */
    int weight;        /* of the service that says what it is; 0: none yet */
    struct ls_buf services; /* the names of those that say nothing */
    bool has_computers;     /* the export named at least one */
    bool names_itself;      /* among them */
    struct {
        size_t count;
        size_t file;
        unsigned line;        /* of the first */
    } sides[INTERFACE_COUNT]; /* NetInterface of its machines */
    bool is_untold;           /* known by computers that do not say of what */
    size_t application_count;
    char **unported; /* applications without their port */
    size_t unported_count;
    size_t unported_capacity;
    UT_hash_handle hh;
};

static void free_pool(struct import_pool *entry)
{
    for (size_t i = 0; i < entry->unported_count; i++)
        free(entry->unported[i]);
    free(entry->unported);
    ls_buf_clear(&entry->services);
    pool_free(entry->pool);
    free(entry->key);
    free(entry);
}

/* Our files cannot hold what cannot be shown, and no real name does. */
static bool is_plain(struct ls_str name)
{
    struct ls_buf buf = {0};

    ls_buf_add_escaped(&buf, name);
    bool same = ls_str_equal(ls_buf_str(&buf), name);
    ls_buf_clear(&buf);
    return same;
}

static bool refuse_name(struct topology_import *import, struct ls_str name,
                        unsigned line)
{
    char *why = pool_refuse_name(name);

    if (!why && !is_plain(name)) {
        char *shown = import_escaped(name);
        why = ls_strf("\"%s\" is no name.", shown);
        free(shown);
    }
    if (!why)
        return false;
    import_note(import, "Line %u: %s It was left out.", line, why);
    free(why);
    return true;
}

struct import_pool *import_pool_get(struct topology_import *import,
                                    struct ls_str fqdn, unsigned line)
{
    struct import_pool *entry = NULL;

    if (refuse_name(import, fqdn, line))
        return NULL;
    char *key = ls_str_dup_lower(fqdn);
    HASH_FIND_STR(import->pools, key, entry);
    if (entry) {
        free(key);
        return entry;
    }
    if (HASH_COUNT(import->pools) == IMPORT_POOLS_MAX) {
        free(key);
        import_note(import,
                    "Line %u: there are more than %d pools; it was "
                    "left out.",
                    line, IMPORT_POOLS_MAX);
        return NULL;
    }
    entry = ls_alloc(sizeof *entry);
    entry->key = key;
    entry->pool = pool_new(fqdn);
    entry->file = import_file(import);
    entry->line = line;
    HASH_ADD_KEYPTR(hh, import->pools, entry->key, strlen(entry->key), entry);
    return entry;
}

struct pool *import_pool_of(struct import_pool *entry)
{
    return entry->pool;
}

/* The services that make a cluster a peer in SIP, the weightiest first: a Front
 * End may be Mediation Server besides. RoleName of the XML documents and Role
 * of the cmdlets. That the last ones are known servers is assumed. */
static const struct service_row {
    const char *name;
    enum pool_role role;
    int weight;
} service_rows[] = {
    {"Registrar", POOL_FRONT_END, 9},
    {"Director", POOL_DIRECTOR, 8},
    {"EdgeServer", POOL_EDGE, 7},
    {"MediationServer", POOL_MEDIATION, 6},
    {"ExternalServer", POOL_TRUSTED_APPLICATION, 5},
    {"TrustedApplicationPool", POOL_TRUSTED_APPLICATION, 5},
    {"PersistentChatService", POOL_FRONT_END, 4},
    {"PersistentChatServer", POOL_FRONT_END, 4},
    {"ConfServices", POOL_FRONT_END, 3},
    {"ConferencingServer", POOL_FRONT_END, 3},
    {"ApplicationServer", POOL_FRONT_END, 3},
    {"VideoInteropServer", POOL_FRONT_END, 3},
    {"PstnGateway", POOL_GATEWAY, 2},
    {"VideoGateway", POOL_GATEWAY, 2},
};

bool import_pool_add_service(struct import_pool *entry, struct ls_str service,
                             int version)
{
    for (size_t i = 0; i < LS_COUNT(service_rows); i++) {
        const struct service_row *row = &service_rows[i];

        if (!ls_str_equal_nocase(service, ls_str_from(row->name)))
            continue;
        if (row->weight <= entry->weight)
            return true;
        entry->weight = row->weight;
        entry->pool->role = row->role;
        /* A gateway meets the deployment on the Mediation Server's side. */
        entry->pool->interface =
            row->role == POOL_GATEWAY ? INTERFACE_PSTN : INTERFACE_PRIMARY;
        if (version != IMPORT_NO_VERSION)
            entry->pool->version = version;
        return true;
    }
    if (entry->services.length < 256) {
        ls_buf_add_text(&entry->services, entry->services.length ? ", " : "");
        ls_buf_add_escaped(&entry->services, ls_str_first(service, 64));
    }
    return false;
}

void import_pool_add_computer(struct topology_import *import,
                              struct import_pool *entry, struct ls_str fqdn,
                              unsigned line)
{
    struct pool *pool = entry->pool;

    if (refuse_name(import, fqdn, line))
        return;

    entry->has_computers = true;
    if (ls_str_equal_nocase(fqdn, ls_str_from(pool->fqdn))) {
        entry->names_itself = true;
        return;
    }
    char *why = NULL;
    if (!pool_has_computer(pool, fqdn))
        why = pool_add_computer(pool, fqdn);
    if (why)
        import_note(import, "Pool %s: %s The computer was left out.",
                    pool->fqdn, why);
    free(why);
}

static bool has_application(const struct pool *pool, const char *id)
{
    for (size_t i = 0; i < pool->application_count; i++)
        if (ls_str_equal_nocase(ls_str_from(pool->applications[i].id),
                                ls_str_from(id)))
            return true;
    return false;
}

static void keep_unported(struct import_pool *entry, struct ls_str id)
{
    LS_GROW(entry->unported, entry->unported_count, entry->unported_capacity);
    entry->unported[entry->unported_count++] = ls_str_dup(id);
}

void import_pool_add_application(struct topology_import *import,
                                 struct import_pool *entry, struct ls_str id,
                                 unsigned port, unsigned line)
{
    char *why;

    if (refuse_name(import, id, line))
        return;
    if (entry->application_count++ >= POOL_MEMBERS_MAX) {
        import_tally(import, ls_str_from("application"), line);
        return;
    }
    if (port == 0 || port > UINT16_MAX) {
        keep_unported(entry, id);
        return;
    }
    why = pool_add_application(entry->pool, id, (uint16_t)port);
    if (why)
        import_note(import, "Line %u: %s The application was left out.", line,
                    why);
    free(why);
}

static void note_applications(struct topology_import *import,
                              const struct import_pool *entry)
{
    for (size_t i = 0; i < entry->unported_count; i++) {
        if (has_application(entry->pool, entry->unported[i]))
            continue;
        char *id = import_escaped(ls_str_from(entry->unported[i]));
        import_note(import,
                    "Pool %s: the port of the application %s is not in this "
                    "export (Get-CsTrustedApplication shows it); the "
                    "application was left out.",
                    entry->pool->fqdn, id);
        free(id);
    }
}

bool import_pool_claim(const struct topology_import *import,
                       struct import_pool *entry)
{
    if (entry->claimed_by == import_file(import))
        return false;
    entry->claimed_by = import_file(import);
    return true;
}

void import_pool_add_interface(struct topology_import *import,
                               struct import_pool *entry,
                               enum net_interface side, unsigned line)
{
    if (entry->sides[side].count++ > 0)
        return;
    entry->sides[side].file = import_file(import);
    entry->sides[side].line = line;
}

void import_pool_set_untold(struct import_pool *entry)
{
    entry->is_untold = true;
}

static void note_no_server(struct topology_import *import,
                           const struct import_pool *entry)
{
    char *place = import_place(import, entry->file, entry->line);

    if (entry->is_untold && entry->services.length == 0)
        import_note(import,
                    "%s (%s) was left out: its computers are in this "
                    "export, but not what it is. Give the export of "
                    "Get-CsTrustedApplicationPool along with it.",
                    entry->pool->fqdn, place);
    else
        import_note(import,
                    "%s (%s) is no known server: no SIP service runs "
                    "there%s%s.",
                    entry->pool->fqdn, place,
                    entry->services.length ? ", only " : "",
                    entry->services.length ? entry->services.at : "");
    free(place);
}

/* Which interface a server meets a Front End on is the Front End's: primary,
 * whatever the server's own are called, and PSTN for a gateway, unless its
 * machines have the other alone. The interfaces that say nothing are told. */
static void finish_interfaces(struct topology_import *import,
                              struct import_pool *entry)
{
    struct pool *pool = entry->pool;
    enum net_interface other =
        pool->interface == INTERFACE_PSTN ? INTERFACE_PRIMARY : INTERFACE_PSTN;
    bool has_own = entry->sides[INTERFACE_INTERNAL].count > 0 ||
                   entry->sides[INTERFACE_EXTERNAL].count > 0;

    if (pool->role == POOL_GATEWAY &&
        entry->sides[pool->interface].count == 0 &&
        entry->sides[other].count > 0)
        pool->interface = other;
    if (entry->weight > 0 && has_own &&
        entry->sides[pool->interface].count == 0)
        import_note(
            import,
            "Pool %s: its machines have interfaces of their own "
            "(%s%s%s). That it meets a Front End on the Front End's "
            "%s interface is assumed.",
            pool->fqdn,
            entry->sides[INTERFACE_INTERNAL].count > 0 ? "internal" : "",
            entry->sides[INTERFACE_INTERNAL].count > 0 &&
                    entry->sides[INTERFACE_EXTERNAL].count > 0
                ? ", "
                : "",
            entry->sides[INTERFACE_EXTERNAL].count > 0 ? "external" : "",
            net_interface_text(pool->interface));
    for (size_t i = 0; i < INTERFACE_COUNT; i++)
        if (entry->weight == 0 || i != (size_t)pool->interface)
            import_tally_more(import, ls_str_from("NetInterface"),
                              entry->sides[i].count, entry->sides[i].file,
                              entry->sides[i].line);
}

static void finish_pool(struct topology_import *import,
                        struct import_pool *entry, struct topology *topology)
{
    struct pool *pool = entry->pool;

    finish_interfaces(import, entry);
    if (entry->weight == 0) {
        note_no_server(import, entry);
        return;
    }
    if (!entry->has_computers && pool->role == POOL_TRUSTED_APPLICATION)
        import_note(import,
                    "Pool %s: its computers are not in this export "
                    "(Get-CsTrustedApplicationComputer shows them); it was "
                    "taken for a pool of the one computer %s.",
                    pool->fqdn, pool->fqdn);
    if (entry->names_itself && pool->computer_count)
        import_note(import,
                    "Pool %s lists its own name among several computers; the "
                    "pool's entry stands for it.",
                    pool->fqdn);
    note_applications(import, entry);
    entry->pool = NULL;
    char *fqdn = ls_strdup(pool->fqdn);
    char *why = topology_add(topology, pool);
    if (why)
        import_note(import, "Pool %s was left out: %s", fqdn, why);
    free(why);
    free(fqdn);
}

void import_pools_finish(struct topology_import *import,
                         struct topology *topology)
{
    struct import_pool *entry, *next;

    HASH_ITER(hh, import->pools, entry, next) {
        HASH_DEL(import->pools, entry);
        finish_pool(import, entry, topology);
        free_pool(entry);
    }
}

void import_pools_clear(struct topology_import *import)
{
    struct import_pool *entry, *next;

    HASH_ITER(hh, import->pools, entry, next) {
        HASH_DEL(import->pools, entry);
        free_pool(entry);
    }
}
