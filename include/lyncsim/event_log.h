/*
 * What would stand in the Windows event log? The known servers at start and
 * whenever they change (events 14492, 14493, 14495 and 44024), and connections
 * to other servers that TLS failed (14428), as Event Viewer shows an event or
 * as one JSON object a line. Pure formatters.
 */
#ifndef LYNCSIM_EVENT_LOG_H
#define LYNCSIM_EVENT_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/known_servers.h"
#include "lyncsim/trace_event.h"

enum event_log_format { EVENT_LOG_TEXT, EVENT_LOG_JSON };

struct event_log {
    enum event_log_format format;
    const char *computer; /* the Front End's FQDN; borrowed */
};

/* Append what the service logs when it starts: 14492 with every known server
 * and, where any was found by autodiscovery, 44024 with those. */
void event_log_start(const struct event_log *log,
                     const struct known_servers *table, int64_t at_ms,
                     struct ls_buf *out);

/* Append one event for each server that went (14495) or came (14493) between
 * two tables; one whose kind, pool, version or interface is another now does
 * both. Servers newly found by autodiscovery come with 44024 besides. */
void event_log_change(const struct event_log *log,
                      const struct known_servers *before,
                      const struct known_servers *after, int64_t at_ms,
                      struct ls_buf *out);

/* Append 14428 for a connection that the Front End opened and that TLS failed;
 * false for any other event. */
bool event_log_dial_failure(const struct event_log *log,
                            const struct trace_event *event,
                            struct ls_buf *out);

#endif
