/*
 * Topologies and their differences, told.
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

/* What is out of the ordinary about a server. */
static void tell_notes(struct page *page, const struct known_server *server)
{
    if (server->kind == KNOWN_SERVER_COMPUTER) {
        page_printf(page, "  of ");
        page_ink(page, INK_PLAIN, server->pool);
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

static void tell_server(struct page *page, const struct known_server *server,
                        size_t width)
{
    size_t columns = page_columns(ls_str_from(server->fqdn));

    page_printf(page, "   ");
    page_ink(page, INK_BOLD, server->fqdn);
    page_printf(page, "%*s  %-14s  version %d",
                columns < width ? (int)(width - columns) : 0, "",
                known_server_kind_text(server->kind), server->version);
    tell_notes(page, server);
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

    page_printf(&page, "%zu known server%s%s\n", count, count == 1 ? "" : "s",
                count == 0 ? "." : ":");
    for (size_t i = 0; i < count; i++)
        tell_server(&page, known_servers_at(known, i), width);
    for (size_t i = 0; i < topology->count; i++)
        tell_applications(&page, topology->pools[i], &is_first);
    tell_replication(&page, topology);
    known_servers_free(known);
}

static json_t *server_from(const struct known_server *server)
{
    json_t *json = json_object();

    json_object_set_new(json, "fqdn", json_text_or_null(server->fqdn));
    json_object_set_new(json, "kind",
                        json_string(known_server_kind_text(server->kind)));
    json_object_set_new(json, "pool", json_text_or_null(server->pool));
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

/* json is taken. */
void topology_report_print_json(const struct topology *topology,
                                struct ls_buf *out)
{
    struct known_servers *known = known_servers_new(topology);
    json_t *json = json_object();
    json_t *servers = json_array();

    for (size_t i = 0; i < known_servers_count(known); i++)
        json_array_append_new(servers, server_from(known_servers_at(known, i)));
    json_object_set_new(json, "known", servers);
    json_object_set_new(json, "topology", topology_json_from(topology));
    json_text_print(json, out);
    known_servers_free(known);
}

/* The verdicts of one certificate under both. */
static const struct judge_cell *cells_of(const struct judge_table *table,
                                         size_t certificate)
{
    return &table->cells[certificate * table->topology_count];
}

static bool is_other_verdict(const struct judge_cell *cells)
{
    const struct trust_verdict *before = &cells[0].verdict;
    const struct trust_verdict *after = &cells[1].verdict;

    return before->outcome != after->outcome || before->reason != after->reason;
}

static const char *short_text(const struct trust_verdict *verdict)
{
    return verdict->reason == TRUST_NONE ? trust_outcome_text(verdict->outcome)
                                         : trust_check_text(verdict->reason);
}

static enum page_ink ink_of(const struct trust_verdict *verdict)
{
    return verdict->outcome == TRUST_ACCEPTED ? INK_GOOD : INK_BAD;
}

static void tell_difference(struct page *page,
                            const struct known_servers_difference *difference)
{
    const struct known_server *server =
        difference->after != NULL ? difference->after : difference->before;
    struct ls_buf changes = {0};

    assert(server != NULL);
    page_ink(page,
             difference->before == NULL  ? INK_GOOD
             : difference->after == NULL ? INK_BAD
                                         : INK_WARN,
             difference->before == NULL  ? "+ "
             : difference->after == NULL ? "- "
                                         : "~ ");
    page_ink(page, INK_BOLD, server->fqdn);
    page_printf(page, "  %s", known_server_kind_text(server->kind));
    if (server->kind == KNOWN_SERVER_COMPUTER) {
        page_printf(page, " of ");
        page_ink(page, INK_PLAIN, server->pool);
    }
    known_servers_diff_print(difference, &changes);
    if (changes.length > 0) {
        char *text = ls_buf_take(&changes);

        page_printf(page, ": ");
        page_ink(page, INK_PLAIN, text);
        free(text);
    }
    page_printf(page, "\n");
}

static void tell_verdict(struct page *page, const struct judge_cell *cells)
{
    page_ink(page, INK_BOLD, cells[0].certificate);
    page_printf(page, ": ");
    page_ink(page, ink_of(&cells[0].verdict), short_text(&cells[0].verdict));
    if (is_other_verdict(cells)) {
        page_printf(page, " -> ");
        page_ink(page, ink_of(&cells[1].verdict),
                 short_text(&cells[1].verdict));
    } else {
        page_ink(page, INK_DIM, ", as before");
    }
    page_printf(page, "\n");
}

void topology_report_print_diff(const struct judge_table *table, bool color,
                                struct ls_buf *out)
{
    size_t count;
    struct known_servers_difference *differences =
        known_servers_diff(table->known[0], table->known[1], &count);
    struct page page = {out, color};

    if (count == 0)
        page_printf(&page, "Both know the same servers.\n");
    for (size_t i = 0; i < count; i++)
        tell_difference(&page, &differences[i]);
    for (size_t i = 0; i < table->certificate_count; i++)
        tell_verdict(&page, cells_of(table, i));
    free(differences);
}

static json_t *change_from(const struct known_servers_difference *difference)
{
    json_t *json = json_object();

    json_object_set_new(json, "before", server_from(difference->before));
    json_object_set_new(json, "after", server_from(difference->after));
    return json;
}

static json_t *verdicts_from(const struct judge_cell *cells)
{
    json_t *json = json_object();

    json_object_set_new(json, "certificate",
                        json_text_or_null(cells[0].certificate));
    json_object_set_new(json, "changes", json_boolean(is_other_verdict(cells)));
    json_object_set_new(json, "before", verdict_json_from(&cells[0].verdict));
    json_object_set_new(json, "after", verdict_json_from(&cells[1].verdict));
    return json;
}

void topology_report_print_diff_json(const struct judge_table *table,
                                     struct ls_buf *out)
{
    size_t count;
    struct known_servers_difference *differences =
        known_servers_diff(table->known[0], table->known[1], &count);
    json_t *json = json_object();
    json_t *appears = json_array();
    json_t *disappears = json_array();
    json_t *changes = json_array();
    json_t *verdicts = json_array();

    for (size_t i = 0; i < count; i++) {
        const struct known_servers_difference *difference = &differences[i];

        if (difference->before == NULL)
            json_array_append_new(appears, server_from(difference->after));
        else if (difference->after == NULL)
            json_array_append_new(disappears, server_from(difference->before));
        else
            json_array_append_new(changes, change_from(difference));
    }
    for (size_t i = 0; i < table->certificate_count; i++)
        json_array_append_new(verdicts, verdicts_from(cells_of(table, i)));
    json_object_set_new(json, "appears", appears);
    json_object_set_new(json, "disappears", disappears);
    json_object_set_new(json, "changes", changes);
    json_object_set_new(json, "verdicts", verdicts);
    json_text_print(json, out);
    free(differences);
}
