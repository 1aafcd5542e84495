/*
 * How is a talk told? Its lines with who said what, and the messages that
 * nobody had asked for, whole, in each of the reports.
 */
#ifndef LYNCSIM_REPORT_TALK_REPORT_H
#define LYNCSIM_REPORT_TALK_REPORT_H

#include <jansson.h>

#include "lyncsim/scenario_result.h"

#include "page.h"

/* "<-- SIP/2.0 200 OK", seen from the peer; what a line does where it moves no
 * message. Owned by the caller. */
char *talk_report_line(const struct line_result *line);
/* Whether the peer says it or what it says is told to it. */
bool talk_report_is_to_peer(const struct line_result *line);

void talk_report_tell(struct page *page, const struct step_result *result);
/* The messages that nobody had asked for alone. */
void talk_report_unexpected(struct page *page,
                            const struct step_result *result);
/* "talk" and "unexpected" of a step that has any. */
void talk_report_json(json_t *step, const struct step_result *result);
/* Under a heading of that level. */
void talk_report_html(struct ls_buf *out, const struct step_result *result,
                      unsigned level);

#endif
