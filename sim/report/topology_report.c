/*
 * Topologies, told.
 */
#include "lyncsim/topology_report.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology_json.h"
#include "lyncsim/verdict_json.h"

#include "json_text.h"
#include "page.h"
#include "topology_report_internal.h"

static size_t widest(const struct known_servers *known)
{
    size_t width = 0;

    for (size_t i = 0; i < known_servers_count(known); i++) {
        size_t columns =
            page_columns(ls_str_from(known_servers_at(known, i)->fqdn));

        width = columns > width ? columns : width;
    }
    return width;
}

const struct pool *topology_report_pool(const struct topology *topology,
                                        const struct known_server *server)
{
    return server->kind == KNOWN_SERVER_AUTODISCOVERED
               ? NULL
               : topology_find(topology, ls_str_from(server->pool));
}

const char *topology_report_kind(const struct pool *pool,
                                 const struct known_server *server)
{
    return pool == NULL || pool->role == POOL_TRUSTED_APPLICATION
               ? known_server_kind_text(server->kind)
               : pool_role_text(pool->role);
}

static void tell_home(struct page *page, const struct pool *pool)
{
    if (pool->site != NULL) {
        page_printf(page, "  site ");
        page_ink(page, INK_PLAIN, pool->site);
    }
    if (pool->registrar != NULL && pool->registrar[0] == '\0') {
        page_printf(page, "  no Registrar");
    } else if (pool->registrar != NULL) {
        page_printf(page, "  Registrar ");
        page_ink(page, INK_PLAIN, pool->registrar);
    }
}

/* What is out of the ordinary about a server. */
static void tell_notes(struct page *page, const struct pool *pool,
                       const struct known_server *server)
{
    if (strcmp(server->fqdn, server->pool) != 0) {
        page_printf(page, "  of ");
        page_ink(page, INK_PLAIN, server->pool);
    } else if (pool != NULL) {
        tell_home(page, pool);
    }
    if (server->interface != INTERFACE_PRIMARY)
        page_printf(page, "  %s interface",
                    net_interface_text(server->interface));
    if (server->outbound_only)
        page_printf(page, "  OutboundOnly");
    if (!server->treat_as_authenticated)
        page_printf(page, "  users are challenged");
    if (!server->throttle_as_server)
        page_printf(page, "  throttled as a client");
    if (server->is_duplicate) {
        page_printf(page, "  ");
        page_ink(page, INK_BAD,
                 "twice: by hand and autodiscovered; the integration stops");
    }
}

static void tell_server(struct page *page, const struct topology *topology,
                        const struct known_server *server, size_t width)
{
    const struct pool *pool = topology_report_pool(topology, server);
    size_t columns = page_columns(ls_str_from(server->fqdn));

    page_printf(page, "   ");
    page_ink(page, INK_BOLD, server->fqdn);
    page_printf(page, "%*s  %-14s  version %d",
                columns < width ? (int)(width - columns) : 0, "",
                topology_report_kind(pool, server), server->version);
    tell_notes(page, pool, server);
    page_printf(page, "\n");
}

static void tell_applications(struct page *page, const struct pool *pool,
                              bool *is_first)
{
    for (size_t i = 0; i < pool->application_count; i++) {
        page_printf(page, "%s", *is_first ? "Applications:\n" : "");
        *is_first = false;
        page_printf(page, "   ");
        page_ink(page, INK_BOLD, pool->applications[i].id);
        page_printf(page, " of ");
        page_ink(page, INK_PLAIN, pool->fqdn);
        page_printf(page, ", port %u\n", pool->applications[i].port);
    }
}

/* The computers of applications that a replica is made for. */
static size_t replica_count(const struct topology *topology)
{
    size_t count = 0;

    for (size_t i = 0; i < topology->count; i++) {
        const struct pool *pool = topology->pools[i];

        if (pool->role == POOL_TRUSTED_APPLICATION &&
            pool->requires_replication)
            count += pool->computer_count > 0 ? pool->computer_count : 1;
    }
    return count;
}

static void tell_replication(struct page *page, const struct topology *topology)
{
    size_t count = replica_count(topology);
    char *text;

    if (count == 0)
        return;
    text =
        ls_strf("A copy of the topology is sent to %zu computer%s of trusted "
                "applications (RequiresReplication). One that runs no "
                "replica service, as Exchange does not, is never up to date "
                "in Get-CsManagementStoreReplicationStatus; whom the Front "
                "End lets in does not depend on it.",
                count, count == 1 ? "" : "s");
    page_wrap(page, 0, 0, text);
    free(text);
}

void topology_report_print(const struct topology *topology, bool color,
                           struct ls_buf *out)
{
    struct known_servers *known = known_servers_new(topology);
    size_t count = known_servers_count(known);
    size_t width = widest(known);
    struct page page = {out, color};
    bool is_first = true;

    if (topology->is_draft) {
        page_ink(&page, INK_WARN,
                 "A draft, not published: no Front End works on it yet.");
        page_printf(&page, "\n");
    }
    page_printf(&page, "%zu known server%s%s\n", count, count == 1 ? "" : "s",
                count == 0 ? "." : ":");
    for (size_t i = 0; i < count; i++)
        tell_server(&page, topology, known_servers_at(known, i), width);
    for (size_t i = 0; i < topology->count; i++)
        tell_applications(&page, topology->pools[i], &is_first);
    tell_replication(&page, topology);
    known_servers_free(known);
}

/* "none" as in a topology file; null where it is not stated. */
static json_t *registrar_from(const struct pool *pool)
{
    if (pool == NULL)
        return json_null();
    return json_text_or_null(pool->registrar != NULL &&
                                     pool->registrar[0] == '\0'
                                 ? "none"
                                 : pool->registrar);
}

json_t *topology_report_server(const struct topology *topology,
                               const struct known_server *server)
{
    const struct pool *pool = topology_report_pool(topology, server);
    json_t *json = json_object();

    json_object_set_new(json, "fqdn", json_text_or_null(server->fqdn));
    json_object_set_new(json, "kind",
                        json_string(known_server_kind_text(server->kind)));
    json_object_set_new(json, "pool", json_text_or_null(server->pool));
    json_object_set_new(json, "role",
                        json_string(pool_role_text(
                            pool != NULL ? pool->role : POOL_AUTODISCOVERED)));
    json_object_set_new(json, "site",
                        json_text_or_null(pool != NULL ? pool->site : NULL));
    json_object_set_new(json, "registrar", registrar_from(pool));
    json_object_set_new(json, "version", json_integer(server->version));
    json_object_set_new(json, "interface",
                        json_string(net_interface_text(server->interface)));
    json_object_set_new(json, "outbound-only",
                        json_boolean(server->outbound_only));
    json_object_set_new(json, "treat-as-authenticated",
                        json_boolean(server->treat_as_authenticated));
    json_object_set_new(json, "throttle-as-server",
                        json_boolean(server->throttle_as_server));
    json_object_set_new(json, "requires-replication",
                        json_boolean(server->requires_replication));
    json_object_set_new(json, "duplicate", json_boolean(server->is_duplicate));
    return json;
}

void topology_report_print_json(const struct topology *topology,
                                struct ls_buf *out)
{
    struct known_servers *known = known_servers_new(topology);
    json_t *json = json_object();
    json_t *servers = json_array();

    for (size_t i = 0; i < known_servers_count(known); i++)
        json_array_append_new(
            servers,
            topology_report_server(topology, known_servers_at(known, i)));
    json_object_set_new(json, "known", servers);
    json_object_set_new(json, "topology", topology_json_from(topology));
    json_text_print(json, out);
    known_servers_free(known);
}
