/*
 * How does a help text reach a pipeline?
 */
#ifndef LYNCSIM_HELP_REPORT_H
#define LYNCSIM_HELP_REPORT_H

#include "lyncsim/buf.h"

/* Put {"topic", "text"} on one line in place of the text; topic or NULL. */
void help_report_json(const char *topic, struct ls_buf *text);

#endif
