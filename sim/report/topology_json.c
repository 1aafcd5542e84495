/*
 * The object of a topology, key by key as in a topology file.
 */
#include "lyncsim/topology_json.h"

#include <jansson.h>

#include "json_text.h"

static void set_text(json_t *json, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(json, key, json_text_or_null(text));
}

/* Only what differs from what a pool has anyway. */
static void set_flag(json_t *json, const char *key, bool value, bool usual)
{
    if (value != usual)
        json_object_set_new(json, key, json_boolean(value));
}

static json_t *applications_from(const struct pool *pool)
{
    json_t *list = json_array();

    for (size_t i = 0; i < pool->application_count; i++) {
        json_t *json = json_object();

        set_text(json, "id", pool->applications[i].id);
        json_object_set_new(json, "port",
                            json_integer(pool->applications[i].port));
        json_array_append_new(list, json);
    }
    return list;
}

static json_t *pool_from(const struct pool *pool)
{
    json_t *json = json_object();
    const char *registrar = pool->registrar;

    set_text(json, "fqdn", pool->fqdn);
    set_text(json, "role", pool_role_text(pool->role));
    json_object_set_new(json, "version", json_integer(pool->version));
    set_text(json, "interface", net_interface_text(pool->interface));
    set_text(json, "site", pool->site);
    set_text(json, "registrar",
             registrar != NULL && *registrar == '\0' ? "none" : registrar);
    set_flag(json, "outbound-only", pool->outbound_only, false);
    set_flag(json, "treat-as-authenticated", pool->treat_as_authenticated,
             true);
    set_flag(json, "throttle-as-server", pool->throttle_as_server, true);
    set_flag(json, "requires-replication", pool->requires_replication, true);
    if (pool->computer_count > 0)
        json_object_set_new(
            json, "computers",
            json_texts_from(pool->computers, pool->computer_count));
    if (pool->application_count > 0)
        json_object_set_new(json, "applications", applications_from(pool));
    return json;
}

json_t *topology_json_from(const struct topology *topology)
{
    json_t *json = json_object();
    json_t *pools = json_array();
    json_t *found = json_array();

    for (size_t i = 0; i < topology->count; i++) {
        const struct pool *pool = topology->pools[i];

        if (pool->role == POOL_AUTODISCOVERED)
            json_array_append_new(found, json_text_or_null(pool->fqdn));
        else
            json_array_append_new(pools, pool_from(pool));
    }
    json_object_set_new(json, "pools", pools);
    set_flag(json, "draft", topology->is_draft, false);
    if (json_array_size(found) > 0)
        json_object_set(json, "autodiscovered", found);
    json_decref(found);
    return json;
}

void topology_json_print_import(const struct topology_import *import,
                                const struct topology *topology,
                                struct ls_buf *out)
{
    json_t *json = json_object();
    json_t *notes = json_array();

    for (size_t i = 0; i < topology_import_note_count(import); i++)
        json_array_append_new(
            notes, json_text_or_null(topology_import_note(import, i)));
    json_object_set_new(json, "topology", topology_json_from(topology));
    json_object_set_new(json, "version", json_integer(1));
    set_text(json, "export",
             topology_export_text(topology_import_kind(import)));
    json_object_set_new(json, "draft",
                        json_boolean(topology_import_is_draft(import)));
    json_object_set_new(json, "notes", notes);
    json_text_print(json, out);
}
