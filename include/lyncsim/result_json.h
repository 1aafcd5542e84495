/*
 * The results of a run as JSON, for pipelines.
 */
#ifndef LYNCSIM_RESULT_JSON_H
#define LYNCSIM_RESULT_JSON_H

#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/scenario_result.h"

/* Append one object on one line, with its newline. */
void result_json_print(const struct scenario_result *const *results,
                       size_t count, struct ls_buf *out);
/* The same of what was not played: file and title only. */
void result_json_print_titles(struct scenario *const *scenarios, size_t count,
                              struct ls_buf *out);

#endif
