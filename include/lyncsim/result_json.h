/*
 * The results of a run as JSON, for pipelines.
 */
#ifndef LYNCSIM_RESULT_JSON_H
#define LYNCSIM_RESULT_JSON_H

#include "lyncsim/buf.h"
#include "lyncsim/run_entry.h"

/* Append one object on one line, with its newline. A faulty file is a scenario
 * with outcome "error", a null title, no steps, and its faults; who was left
 * out stands under "skipped": {"file", "title", "why"}. */
void result_json_print(const struct run_report *report, struct ls_buf *out);
/* The same of what is not played: file and title only. */
void result_json_print_titles(const struct run_report *report,
                              struct ls_buf *out);

#endif
