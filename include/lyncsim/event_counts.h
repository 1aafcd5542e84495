/*
 * How much has happened on a Front End that serves? A fold over its events:
 * who came, how they were judged, which limits were reached.
 */
#ifndef LYNCSIM_EVENT_COUNTS_H
#define LYNCSIM_EVENT_COUNTS_H

#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/trace_event.h"

struct event_counts {
    uint64_t connections; /* those that were turned away count as a limit */
    uint64_t accepted, refused, clients;
    uint64_t messages_in, messages_out;
    uint64_t limits[LIMIT_COUNT]; /* times that each was reached */
    uint64_t lost;                /* events that nobody heard of */
};

void event_counts_add(struct event_counts *counts,
                      const struct trace_event *event);

/* Append two lines for people, or a line of JSON. */
void event_counts_print(const struct event_counts *counts, struct ls_buf *out);
void event_counts_print_json(const struct event_counts *counts,
                             struct ls_buf *out);

#endif
