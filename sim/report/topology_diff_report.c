/*
 * Differences of two topologies, told.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lyncsim/alloc.h"
#include "lyncsim/pool_diff.h"
#include "lyncsim/topology_report.h"
#include "lyncsim/verdict_json.h"

#include "json_text.h"
#include "page.h"
#include "topology_report_internal.h"

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

static void tell_difference(struct page *page, const struct judge_table *table,
                            const struct known_servers_difference *difference)
{
    bool is_gone = difference->after == NULL;
    const struct known_server *server =
        is_gone ? difference->before : difference->after;
    const struct pool *pool =
        topology_report_pool(table->topologies[is_gone ? 0 : 1], server);
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
    page_printf(page, "  %s", topology_report_kind(pool, server));
    if (strcmp(server->fqdn, server->pool) != 0) {
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

static void tell_pool_change(struct page *page,
                             const struct pool_change *change)
{
    const char *missing = change->is_application ? "none" : "not stated";

    page_ink(page, INK_WARN, "~ ");
    page_ink(page, INK_BOLD, change->pool->fqdn);
    page_printf(page, "  ");
    page_ink(page, INK_PLAIN, change->what);
    page_printf(page, ": ");
    page_ink(page, INK_PLAIN,
             change->before != NULL ? change->before : missing);
    page_printf(page, " -> ");
    page_ink(page, INK_PLAIN, change->after != NULL ? change->after : missing);
    page_printf(page, "\n");
}

/* What is different beside the names: it decides nothing of who is let in. */
static void tell_pools(struct page *page, const struct judge_table *table)
{
    size_t count;
    struct pool_change *changes =
        pool_diff(table->topologies[0], table->topologies[1], &count);

    for (size_t i = 0; i < count; i++)
        tell_pool_change(page, &changes[i]);
    pool_changes_free(changes, count);
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

    for (size_t i = 0; i < table->topology_count; i++)
        if (table->topologies[i]->is_draft) {
            page_ink(&page, INK_PLAIN, table->topology_names[i]);
            page_ink(&page, INK_WARN, " is a draft, not published.");
            page_printf(&page, "\n");
        }
    if (count == 0)
        page_printf(&page, "Both know the same servers.\n");
    for (size_t i = 0; i < count; i++)
        tell_difference(&page, table, &differences[i]);
    tell_pools(&page, table);
    for (size_t i = 0; i < table->certificate_count; i++)
        tell_verdict(&page, cells_of(table, i));
    free(differences);
}

static json_t *change_from(const struct judge_table *table,
                           const struct known_servers_difference *difference)
{
    json_t *json = json_object();

    json_object_set_new(
        json, "before",
        topology_report_server(table->topologies[0], difference->before));
    json_object_set_new(
        json, "after",
        topology_report_server(table->topologies[1], difference->after));
    return json;
}

static json_t *pool_change_from(const struct pool_change *change)
{
    json_t *json = json_object();

    json_object_set_new(json, "pool", json_text_or_null(change->pool->fqdn));
    json_object_set_new(json, "what", json_text_or_null(change->what));
    json_object_set_new(json, "before", json_text_or_null(change->before));
    json_object_set_new(json, "after", json_text_or_null(change->after));
    return json;
}

static json_t *pool_changes_from(const struct judge_table *table)
{
    json_t *json = json_array();
    size_t count;
    struct pool_change *changes =
        pool_diff(table->topologies[0], table->topologies[1], &count);

    for (size_t i = 0; i < count; i++)
        json_array_append_new(json, pool_change_from(&changes[i]));
    pool_changes_free(changes, count);
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
            json_array_append_new(appears,
                                  topology_report_server(table->topologies[1],
                                                         difference->after));
        else if (difference->after == NULL)
            json_array_append_new(disappears,
                                  topology_report_server(table->topologies[0],
                                                         difference->before));
        else
            json_array_append_new(changes, change_from(table, difference));
    }
    for (size_t i = 0; i < table->certificate_count; i++)
        json_array_append_new(verdicts, verdicts_from(cells_of(table, i)));
    json_object_set_new(json, "draft",
                        json_pack("{s:b, s:b}", "before",
                                  table->topologies[0]->is_draft, "after",
                                  table->topologies[1]->is_draft));
    json_object_set_new(json, "appears", appears);
    json_object_set_new(json, "disappears", disappears);
    json_object_set_new(json, "changes", changes);
    json_object_set_new(json, "pools", pool_changes_from(table));
    json_object_set_new(json, "verdicts", verdicts);
    json_text_print(json, out);
    free(differences);
}
