/*
 * The results of a run as JUnit XML, as Jenkins and GitLab read it: a suite a
 * scenario, a case a step.
 */
#ifndef LYNCSIM_JUNIT_REPORT_H
#define LYNCSIM_JUNIT_REPORT_H

#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/scenario_result.h"

/* Append the whole document. */
void junit_report_print(const struct scenario_result *const *results,
                        size_t count, struct ls_buf *out);

#endif
