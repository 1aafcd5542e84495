/*
 * The object of a run; its fields are promised to users.
 */
#include "lyncsim/result_json.h"

#include <stdlib.h>

#include "lyncsim/verdict_json.h"

#include "fault_json.h"
#include "json_text.h"
#include "owa_report.h"
#include "talk_report.h"

static json_t *peer_from(const struct step_result *result)
{
    json_t *json;

    if (!result->has_peer)
        return json_null();
    json = json_object();
    json_object_set_new(
        json, "outcome",
        json_text_or_null(peer_outcome_text(result->peer_outcome)));
    json_object_set_new(json, "tls", json_text_or_null(result->tls));
    json_object_set_new(json, "alert", json_text_or_null(result->alert_text));
    json_object_set_new(json, "detail", json_text_or_null(result->peer_detail));
    return json;
}

static json_t *topology_from(const struct step_result *result)
{
    json_t *json;

    if (!result->has_topology)
        return json_null();
    json = json_object();
    json_object_set_new(
        json, "outcome",
        json_text_or_null(topology_outcome_text(result->topology_refused)));
    json_object_set_new(json, "why", json_text_or_null(result->topology_why));
    return json;
}

static json_t *failures_from(const struct step_result *result)
{
    json_t *json = json_array();

    for (size_t i = 0; i < result->failure_count; i++) {
        const struct step_failure *failure = &result->failures[i];
        json_t *row = json_object();

        json_object_set_new(row, "line", json_integer(failure->place.line));
        json_object_set_new(row, "field", json_text_or_null(failure->field));
        json_object_set_new(row, "expected",
                            json_text_or_null(failure->expected));
        json_object_set_new(row, "actual", json_text_or_null(failure->actual));
        if (failure->message != NULL)
            json_object_set_new(row, "message",
                                json_text_or_null(failure->message));
        json_array_append_new(json, row);
    }
    return json;
}

static json_t *step_from(const struct step_result *result)
{
    const struct scenario_step *step = result->step;
    json_t *json = json_object();

    json_object_set_new(json, "line", json_integer(step->place.line));
    json_object_set_new(json, "name", json_text_or_null(step->name));
    json_object_set_new(json, "action",
                        json_text_or_null(scenario_action_text(step->action)));
    json_object_set_new(json, "outcome",
                        json_text_or_null(play_outcome_text(result->outcome)));
    json_object_set_new(json, "error", json_text_or_null(result->error));
    json_object_set_new(json, "verdict",
                        result->has_verdict
                            ? verdict_json_from(&result->verdict)
                            : json_null());
    json_object_set_new(json, "peer", peer_from(result));
    json_object_set_new(json, "owa", json_text_or_null(result->owa));
    json_object_set_new(json, "owa_users", owa_report_json(result));
    json_object_set_new(json, "topology", topology_from(result));
    json_object_set_new(json, "trace",
                        json_texts_from(result->records, result->record_count));
    talk_report_json(json, result);
    json_object_set_new(json, "failures", failures_from(result));
    return json;
}

/* What every row has, in this order. */
static json_t *row_from(const struct run_entry *entry)
{
    const struct scenario *scenario = entry->scenario;
    char *why = run_entry_why(entry);
    json_t *json = json_object();

    json_object_set_new(json, "file", json_text_or_null(entry->file));
    json_object_set_new(
        json, "title",
        json_text_or_null(scenario != NULL ? scenario->title : NULL));
    json_object_set_new(
        json, "outcome",
        json_text_or_null(run_outcome_text(run_entry_outcome(entry))));
    json_object_set_new(json, "error", json_text_or_null(why));
    free(why);
    return json;
}

static json_t *scenario_from(const struct run_entry *entry)
{
    const struct scenario_result *result = entry->result;
    json_t *json = row_from(entry);
    json_t *steps = json_array();

    for (size_t i = 0; result != NULL && i < result->step_count; i++)
        json_array_append_new(steps, step_from(&result->steps[i]));
    json_object_set_new(json, "steps", steps);
    if (entry->faults != NULL)
        json_object_set_new(json, "faults", fault_json_from(entry->faults));
    return json;
}

void result_json_print_titles(const struct run_report *report,
                              struct ls_buf *out)
{
    json_t *rows = json_array();
    json_t *json = json_object();

    for (size_t i = 0; i < report->count; i++) {
        const struct run_entry *entry = &report->entries[i];
        json_t *row = json_object();

        json_object_set_new(row, "file", json_text_or_null(entry->file));
        json_object_set_new(row, "title",
                            json_text_or_null(run_entry_title(entry)));
        json_array_append_new(rows, row);
    }
    json_object_set_new(json, "version", json_integer(1));
    json_object_set_new(json, "scenarios", rows);
    json_text_print(json, out);
}

static json_t *skipped_from(const struct run_entry *entry)
{
    json_t *json = json_object();
    char *why = run_entry_why(entry);

    json_object_set_new(json, "file", json_text_or_null(entry->file));
    json_object_set_new(json, "title",
                        json_text_or_null(run_entry_title(entry)));
    json_object_set_new(json, "why", json_text_or_null(why));
    free(why);
    return json;
}

void result_json_print(const struct run_report *report, struct ls_buf *out)
{
    json_t *json = json_object();
    json_t *scenarios = json_array();
    json_t *skipped = json_array();
    size_t counts[RUN_COUNT];

    run_report_count(report, counts);
    for (size_t i = 0; i < report->count; i++) {
        const struct run_entry *entry = &report->entries[i];

        if (run_entry_outcome(entry) == RUN_SKIPPED)
            json_array_append_new(skipped, skipped_from(entry));
        else
            json_array_append_new(scenarios, scenario_from(entry));
    }
    json_object_set_new(json, "version", json_integer(1));
    json_object_set_new(json, "passed",
                        json_integer((json_int_t)counts[RUN_PASSED]));
    json_object_set_new(json, "failed",
                        json_integer((json_int_t)counts[RUN_FAILED] +
                                     (json_int_t)counts[RUN_ERROR]));
    json_object_set_new(json, "scenarios", scenarios);
    json_object_set_new(json, "skipped", skipped);
    json_text_print(json, out);
}
