/*
 * The object of a verdict; its fields are promised to users.
 */
#include "lyncsim/verdict_json.h"

#include <jansson.h>

#include "json_text.h"

static json_t *identity_from(const struct trust_verdict *verdict)
{
    json_t *identity;

    if (!verdict->has_identity)
        return json_null();
    identity = json_object();
    json_object_set_new(identity, "name",
                        json_text_from(ls_str_from_bytes(
                            verdict->identity_name, verdict->identity_length)));
    json_object_set_new(
        identity, "source",
        json_text_or_null(name_source_text(verdict->identity_source)));
    return identity;
}

static json_t *entry_from(const struct trust_verdict *verdict)
{
    const struct known_server *entry = &verdict->entry;
    json_t *json;

    if (!verdict->has_entry)
        return json_null();
    json = json_object();
    json_object_set_new(json, "fqdn", json_text_or_null(entry->fqdn));
    json_object_set_new(json, "kind",
                        json_text_or_null(known_server_kind_text(entry->kind)));
    json_object_set_new(json, "pool", json_text_or_null(entry->pool));
    json_object_set_new(json, "version", json_integer(entry->version));
    json_object_set_new(
        json, "interface",
        json_text_or_null(net_interface_text(entry->interface)));
    return json;
}

static json_t *check_from(const struct trust_check *check)
{
    json_t *json = json_object();

    json_object_set_new(json, "id",
                        json_text_or_null(trust_check_text(check->id)));
    json_object_set_new(
        json, "result",
        json_text_or_null(trust_check_result_text(check->result)));
    json_object_set_new(json, "saw", json_text_or_null(check->saw));
    json_object_set_new(json, "wanted", json_text_or_null(check->wanted));
    json_object_set_new(json, "why", json_text_or_null(check->why));
    return json;
}

static json_t *near_from(const struct near_miss *miss)
{
    json_t *json = json_object();

    json_object_set_new(json, "name", json_text_or_null(miss->name));
    json_object_set_new(json, "kind",
                        json_text_or_null(near_miss_kind_text(miss->kind)));
    json_object_set_new(json, "why", json_text_or_null(miss->why));
    return json;
}

static json_t *remedy_from(const struct remedy *remedy)
{
    json_t *json = json_object();

    json_object_set_new(json, "title", json_text_or_null(remedy->title));
    json_object_set_new(json, "steps",
                        json_texts_from(remedy->steps, remedy->step_count));
    json_object_set_new(
        json, "commands",
        json_texts_from(remedy->commands, remedy->command_count));
    return json;
}

static json_t *assumed_from(const struct trust_verdict *verdict)
{
    json_t *json = json_array();

    for (size_t i = 0; verdict->assumed[i] != NULL; i++)
        json_array_append_new(json, json_text_or_null(verdict->assumed[i]));
    return json;
}

json_t *verdict_json_from(const struct trust_verdict *verdict)
{
    json_t *json = json_object();
    json_t *checks = json_array();
    json_t *near = json_array();
    json_t *remedies = json_array();

    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++)
        json_array_append_new(checks, check_from(&verdict->checks[i]));
    for (size_t i = 0; i < verdict->near_count; i++)
        json_array_append_new(near, near_from(&verdict->near[i]));
    for (size_t i = 0; i < verdict->remedy_count; i++)
        json_array_append_new(remedies, remedy_from(&verdict->remedies[i]));
    json_object_set_new(
        json, "verdict",
        json_text_or_null(trust_outcome_text(verdict->outcome)));
    json_object_set_new(
        json, "reason",
        verdict->reason == TRUST_NONE
            ? json_null()
            : json_text_or_null(trust_check_text(verdict->reason)));
    json_object_set_new(json, "identity", identity_from(verdict));
    json_object_set_new(json, "entry", entry_from(verdict));
    json_object_set_new(json, "checks", checks);
    json_object_set_new(json, "near", near);
    json_object_set_new(json, "remedies", remedies);
    json_object_set_new(json, "assumed", assumed_from(verdict));
    return json;
}
