/*
 * Faults of a file in an array.
 */
#include "fault_json.h"

#include <stdlib.h>

#include "json_text.h"

static json_t *one_from(const struct ls_diag *diag)
{
    json_t *json = json_object();

    json_object_set_new(json, "line", json_integer(diag->place.line));
    json_object_set_new(json, "column", json_integer(diag->place.column));
    json_object_set_new(json, "sentence", json_text_or_null(diag->sentence));
    json_object_set_new(json, "hint", json_text_or_null(diag->hint));
    return json;
}

json_t *fault_json_from(const struct ls_diags *diags)
{
    const struct ls_diag **order = ls_diags_in_order(diags);
    json_t *json = json_array();

    for (size_t i = 0; i < diags->count; i++)
        json_array_append_new(json, one_from(order[i]));
    free(order);
    return json;
}
