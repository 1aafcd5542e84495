/*
 * Verdicts of judge as JSON.
 */
#include <jansson.h>

#include "lyncsim/judge_report.h"
#include "lyncsim/verdict_json.h"

#include "json_text.h"

/* Those of the set that touch this certificate or this topology: all of them
 * over all verdicts are the set. */
static json_t *changes_from(const struct judge_table *table,
                            const struct trust_changes *changes, size_t index)
{
    json_t *json = json_array();

    for (size_t i = 0; i < changes->count; i++) {
        const struct trust_change *change = &changes->items[i];
        size_t part = change->is_reissue ? index / table->topology_count
                                         : index % table->topology_count;

        if (change->index == part)
            json_array_append_new(
                json, json_pack("{s:s, s:o, s:b}", "change",
                                change->is_reissue ? "certificate" : "topology",
                                "text", json_text_or_null(change->text),
                                "smallest", changes->is_smallest));
    }
    return json;
}

/* What of that set is of this verdict, and whether it is left refused. */
static void add_changes(json_t *json, const struct judge_table *table,
                        const struct trust_changes *changes, size_t index)
{
    json_object_set_new(json, "changes", changes_from(table, changes, index));
    json_object_set_new(json, "unsolved",
                        json_boolean(changes->is_unsolved[index]));
}

static json_t *answers_from(const struct judge_table *table, size_t index)
{
    const struct judge_cell *cell = &table->cells[index];
    json_t *answers = json_array();

    for (size_t i = 0; i < table->rule_count; i++) {
        const struct judge_answer *answer = &cell->answers[i];
        json_t *json = answer->is_unknown ? json_object()
                                          : verdict_json_from(&answer->verdict);

        if (answer->is_unknown)
            json_object_set_new(json, "verdict", json_string("unknown"));
        json_object_set_new(json, "rule", json_string(answer->rule->name));
        json_object_set_new(json, "candidates",
                            json_string(answer->rule->candidates));
        json_object_set_new(json, "source", json_string(answer->rule->source));
        json_object_set_new(json, "standing",
                            json_string(answer->rule->standing));
        if (judge_table_count(table) > 1)
            add_changes(json, table, &table->rule_changes[i], index);
        json_array_append_new(answers, json);
    }
    return answers;
}

static json_t *cell_from(const struct judge_table *table, size_t index)
{
    const struct judge_cell *cell = &table->cells[index];
    json_t *json = verdict_json_from(&cell->verdict);

    json_object_set_new(json, "certificate",
                        json_text_or_null(cell->certificate));
    json_object_set_new(json, "topology", json_text_or_null(cell->topology));
    json_object_set_new(
        json, "draft",
        json_boolean(
            table->topologies[index % table->topology_count]->is_draft));
    json_object_set_new(json, "rule", json_string(table->policy.rule->name));
    if (table->rule_count > 0)
        json_object_set_new(json, "rules", answers_from(table, index));
    if (judge_table_count(table) > 1)
        add_changes(json, table, &table->changes, index);
    return json;
}

void judge_report_print_json(const struct judge_table *table,
                             struct ls_buf *out)
{
    json_t *json = json_array();

    for (size_t i = 0; i < judge_table_count(table); i++)
        json_array_append_new(json, cell_from(table, i));
    if (json_array_size(json) == 1) {
        json_t *only = json_incref(json_array_get(json, 0));

        json_decref(json);
        json = only;
    }
    json_text_print(json, out);
}
