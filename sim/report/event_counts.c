/*
 * Counting events, and saying what was counted.
 */
#include "lyncsim/event_counts.h"

#include <inttypes.h>

#include "json_text.h"

static void add_verdict(struct event_counts *counts,
                        const struct trust_verdict *verdict)
{
    switch (verdict->outcome) {
    case TRUST_ACCEPTED:
        counts->accepted++;
        break;
    case TRUST_REFUSED:
        counts->refused++;
        break;
    case TRUST_CLIENT:
        counts->clients++;
        break;
    }
}

void event_counts_add(struct event_counts *counts,
                      const struct trace_event *event)
{
    switch (event->kind) {
    case TRACE_OPENED:
        counts->connections += !event->is_dialled; /* who came */
        break;
    case TRACE_VERDICT:
        add_verdict(counts, event->verdict);
        break;
    case TRACE_MESSAGE:
        if (event->incoming)
            counts->messages_in++;
        else
            counts->messages_out++;
        break;
    case TRACE_LIMIT:
        counts->limits[event->limit]++;
        break;
    case TRACE_DIALLED:
    case TRACE_STATE:
    case TRACE_HANDSHAKE:
    case TRACE_CONNECTION:
    case TRACE_DIAGNOSTIC:
    case TRACE_CLOSED:
    case TRACE_EVENT_COUNT:
        break;
    }
}

void event_counts_print(const struct event_counts *counts, struct ls_buf *out)
{
    const char *before = "";

    ls_buf_printf(out,
                  "lyncsim: connections: %" PRIu64 "; accepted %" PRIu64
                  ", refused %" PRIu64 ", clients %" PRIu64
                  "; messages: %" PRIu64 " in, %" PRIu64 " out",
                  counts->connections, counts->accepted, counts->refused,
                  counts->clients, counts->messages_in, counts->messages_out);
    if (counts->lost > 0)
        ls_buf_printf(out, "; %" PRIu64 " events were lost", counts->lost);
    ls_buf_add_text(out, "\nlyncsim: limits reached: ");
    for (int i = 0; i < LIMIT_COUNT; i++) {
        if (counts->limits[i] == 0)
            continue;
        ls_buf_printf(out, "%s%s %" PRIu64, before,
                      trace_limit_text((enum trace_limit)i), counts->limits[i]);
        before = ", ";
    }
    ls_buf_add_text(out, *before == '\0' ? "none\n" : "\n");
}

static void set_count(json_t *json, const char *name, uint64_t count)
{
    json_object_set_new(json, name, json_integer((json_int_t)count));
}

void event_counts_print_json(const struct event_counts *counts,
                             struct ls_buf *out)
{
    json_t *json = json_object();
    json_t *limits = json_object();

    json_object_set_new(json, "event", json_string("counts"));
    set_count(json, "connections", counts->connections);
    set_count(json, "accepted", counts->accepted);
    set_count(json, "refused", counts->refused);
    set_count(json, "clients", counts->clients);
    set_count(json, "messages-in", counts->messages_in);
    set_count(json, "messages-out", counts->messages_out);
    set_count(json, "lost", counts->lost);
    for (int i = 0; i < LIMIT_COUNT; i++)
        set_count(limits, trace_limit_text((enum trace_limit)i),
                  counts->limits[i]);
    json_object_set_new(json, "limits", limits);
    json_text_print(json, out);
}
