/*
 * Who hears of what happens on a Front End that serves? The terminal, a
 * program that reads JSON, the trace, the event log, and the counts.
 */
#ifndef LYNCSIM_APP_SERVE_TELLER_H
#define LYNCSIM_APP_SERVE_TELLER_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/event_counts.h"
#include "lyncsim/known_servers.h"
#include "lyncsim/sipstack_trace.h"
#include "lyncsim/story.h"
#include "lyncsim/trace_event.h"

#include "options.h"
#include "record_file.h"

struct serve_teller {
    bool is_json, is_quiet;
    struct story_style style;
    struct sipstack_trace trace_style;
    struct record_file trace, events, keylog;
    struct ls_buf *secrets; /* for the key log, until they are written; owned;
                               NULL: nobody asked for them */
    struct event_counts counts;
    struct ls_buf text, records; /* what is being gathered */
};

/* False when a file cannot be written. */
bool serve_teller_open(struct serve_teller *teller,
                       const struct options *options);
/* False, and said so, when not everything that was told got there. */
bool serve_teller_close(struct serve_teller *teller);

/* Gather an event, whose content is taken; what was gathered is written at
 * once and whole by serve_teller_flush. */
void serve_teller_tell(struct serve_teller *teller, struct trace_event *event);
void serve_teller_flush(struct serve_teller *teller);
/* Whether so much has been gathered that it is better written now. */
bool serve_teller_has_much(const struct serve_teller *teller);

/* The event log where TLS failed a connection that the Front End opened. */
void serve_teller_dialled(struct serve_teller *teller, const char *computer,
                          const struct trace_event *event);

/* {"event": kind, field: value} for programs, text for people. */
void serve_teller_note(struct serve_teller *teller, const char *kind,
                       const char *field, const char *value, const char *text);
void serve_teller_counts(struct serve_teller *teller);

/* The event log at the start (before NULL) and when the table changes. */
void serve_teller_table(struct serve_teller *teller, const char *computer,
                        const struct known_servers *before,
                        const struct known_servers *after, int64_t at_ms);

#endif
