/*
 * What is happening on a Front End that serves, told as it happens: a line or
 * a paragraph an event for people, a JSON object a line for programs.
 */
#ifndef LYNCSIM_EVENT_REPORT_H
#define LYNCSIM_EVENT_REPORT_H

#include "lyncsim/buf.h"
#include "lyncsim/story.h"
#include "lyncsim/trace_event.h"

/* Append what there is to say of event; some say nothing. */
void event_report_text(const struct trace_event *event,
                       const struct story_style *style, struct ls_buf *out);
void event_report_json(const struct trace_event *event, bool verbose,
                       struct ls_buf *out);

/* Append {"event": kind, field: value} on a line; field may be NULL. */
void event_report_json_note(const char *kind, const char *field,
                            const char *value, struct ls_buf *out);

#endif
