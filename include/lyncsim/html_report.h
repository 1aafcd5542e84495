/*
 * The results of a run as one HTML file that needs nothing else: no script,
 * no picture, no font from elsewhere.
 */
#ifndef LYNCSIM_HTML_REPORT_H
#define LYNCSIM_HTML_REPORT_H

#include "lyncsim/buf.h"
#include "lyncsim/run_entry.h"

/* Append the whole document. */
void html_report_print(const struct run_report *report, struct ls_buf *out);

#endif
