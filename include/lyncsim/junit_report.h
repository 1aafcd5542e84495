/*
 * The results of a run as JUnit XML, as Jenkins and GitLab read it: a suite a
 * scenario, a case a step.
 */
#ifndef LYNCSIM_JUNIT_REPORT_H
#define LYNCSIM_JUNIT_REPORT_H

#include "lyncsim/buf.h"
#include "lyncsim/run_entry.h"

/* Append the whole document. */
void junit_report_print(const struct run_report *report, struct ls_buf *out);

#endif
