/*
 * Which files are well formed, and what is wrong with the others, for
 * pipelines?
 */
#ifndef LYNCSIM_CHECK_REPORT_H
#define LYNCSIM_CHECK_REPORT_H

#include "lyncsim/buf.h"
#include "lyncsim/diag.h"

struct check_report;

struct check_report *check_report_new(void);
void check_report_free(struct check_report *report);
/* kind is "scenario" or "topology". */
void check_report_add(struct check_report *report, const char *kind,
                      const struct ls_diags *diags);
/* A file that could not be read. */
void check_report_add_unread(struct check_report *report, const char *file,
                             const char *why);
/* Append on one line {"version": 1, "files": [{"file", "kind", "outcome":
 * "well-formed|faulty|unreadable", "why", "faults": [{"line", "column",
 * "sentence", "hint"}], "more"}]}. */
void check_report_print_json(const struct check_report *report,
                             struct ls_buf *out);

#endif
