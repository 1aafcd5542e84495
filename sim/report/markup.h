/*
 * How does text from anywhere stand in XML and HTML and stay text?
 */
#ifndef LYNCSIM_REPORT_MARKUP_H
#define LYNCSIM_REPORT_MARKUP_H

#include "lyncsim/buf.h"
#include "lyncsim/scenario_result.h"

/* Append text with < > & and quotes as entities, line ends as they are, and
 * what a terminal is not shown either as \xNN: XML 1.0 has no control
 * characters at all. NULL is nothing. */
void markup_add(struct ls_buf *out, const char *text);
void markup_add_str(struct ls_buf *out, struct ls_str text);

/* What a step is called in lists: its name, or what it does. Owned by the
 * caller. */
char *markup_step_name(const struct scenario_step *step);

#endif
