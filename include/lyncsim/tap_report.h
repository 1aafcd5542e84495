/*
 * The results of a run as TAP 14: a test a scenario, a subtest a step.
 */
#ifndef LYNCSIM_TAP_REPORT_H
#define LYNCSIM_TAP_REPORT_H

#include "lyncsim/buf.h"
#include "lyncsim/run_entry.h"

/* Append the whole document. */
void tap_report_print(const struct run_report *report, struct ls_buf *out);

#endif
