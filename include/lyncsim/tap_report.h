/*
 * The results of a run as TAP 14: a test a scenario, a subtest a step.
 */
#ifndef LYNCSIM_TAP_REPORT_H
#define LYNCSIM_TAP_REPORT_H

#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/scenario_result.h"

/* Append the whole document. */
void tap_report_print(const struct scenario_result *const *results,
                      size_t count, struct ls_buf *out);

#endif
