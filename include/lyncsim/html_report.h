/*
 * The results of a run as one HTML file that needs nothing else: no script,
 * no picture, no font from elsewhere.
 */
#ifndef LYNCSIM_HTML_REPORT_H
#define LYNCSIM_HTML_REPORT_H

#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/scenario_result.h"

/* Append the whole document. */
void html_report_print(const struct scenario_result *const *results,
                       size_t count, struct ls_buf *out);

#endif
