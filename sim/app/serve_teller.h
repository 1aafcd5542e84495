/*
 * Who hears of what happens on a Front End that serves? The terminal, a
 * program that reads JSON, the trace, the event log, and the counts. Whoever
 * tells does not wait for any of them.
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
#include "record_writer.h"

/* A writer that is stuck has them beyond the teller's end. */
struct serve_records {
    struct record_file told, trace, events, keylog;
};

struct serve_teller {
    bool is_json, is_quiet;
    struct story_style style;
    struct sipstack_trace trace_style;
    struct serve_records *records;
    struct record_writer *writer;
    struct mailbox secrets; /* of any loop, for the key log */
    struct event_counts counts;
    struct ls_buf text, trace; /* what is being gathered … */
    uint64_t gathered_count;   /* … of so many events */
    bool is_behind;            /* much waits to be written */
};

/* False when a file cannot be written. */
bool serve_teller_open(struct serve_teller *teller,
                       const struct options *options);
/* False, and said so, when not everything that was told got there; nobody is
 * waited for who takes nothing. */
bool serve_teller_close(struct serve_teller *teller);

/* Gather an event, whose content is taken; what was gathered is handed on to
 * be written whole by serve_teller_flush. */
void serve_teller_tell(struct serve_teller *teller, struct trace_event *event);
void serve_teller_flush(struct serve_teller *teller);
/* Whether so much has been gathered that it is better written now. */
bool serve_teller_has_much(const struct serve_teller *teller);

/* How many bytes wait to be written; any thread may ask. */
size_t serve_teller_waiting(const struct serve_teller *teller);
/* So many events were lost before they came here, or here. */
void serve_teller_lose(struct serve_teller *teller, uint64_t count);
/* relieved is called by another thread when much waited to be written and no
 * longer does; NULL: nobody waits for that any more. */
void serve_teller_on_relieved(struct serve_teller *teller,
                              void (*relieved)(void *arg), void *arg);
/* Files that have another name by now are opened anew. */
void serve_teller_renew(struct serve_teller *teller);
/* Whether somebody asked for secrets, and where to put them. */
struct mailbox *serve_teller_secrets(struct serve_teller *teller);

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
