/*
 * Events as JSON, one a line.
 */

#include "lyncsim/event_report.h"
#include "lyncsim/timestamp.h"
#include "lyncsim/verdict_json.h"

#include "json_text.h"

static void set_time(json_t *json, int64_t at_ms)
{
    struct ls_buf time = {0};

    timestamp_format_ms(&time, at_ms);
    json_object_set_new(json, "at", json_text_or_null(time.at));
    ls_buf_clear(&time);
}

static void set_message(json_t *json, const struct trace_event *event,
                        bool verbose)
{
    struct ls_str bytes = ls_str_from_bytes(event->bytes, event->byte_count);
    struct ls_str first = ls_str_first(bytes, ls_str_find(bytes, '\n'));

    json_object_set_new(json, "direction",
                        json_string(event->incoming ? "in" : "out"));
    json_object_set_new(json, "start", json_text_from(ls_str_trim(first)));
    if (verbose)
        json_object_set_new(json, "message", json_text_from(bytes));
}

void event_report_json(const struct trace_event *event, bool verbose,
                       struct ls_buf *out)
{
    json_t *json = json_object();

    json_object_set_new(json, "event",
                        json_string(trace_event_kind_text(event->kind)));
    set_time(json, event->at_ms);
    json_object_set_new(
        json, "connection",
        json_sprintf("%llX", (unsigned long long)event->connection_id));
    json_object_set_new(json, "peer", json_text_or_null(event->peer));
    if (event->is_dialled)
        json_object_set_new(json, "dialled", json_true());
    if (event->kind == TRACE_MESSAGE)
        set_message(json, event, verbose);
    else
        json_object_set_new(json, "text", json_text_or_null(event->text));
    if (event->kind == TRACE_CONNECTION)
        json_object_set_new(
            json, "fqdn",
            json_text_from(ls_str_from_bytes(event->fqdn, event->fqdn_length)));
    if (event->verdict != NULL)
        json_object_set_new(json, "verdict", verdict_json_from(event->verdict));
    json_text_print(json, out);
}

void event_report_json_note(const char *kind, const char *field,
                            const char *value, struct ls_buf *out)
{
    json_t *json = json_object();

    json_object_set_new(json, "event", json_string(kind));
    if (field != NULL)
        json_object_set_new(json, field, json_text_or_null(value));
    json_text_print(json, out);
}
