/*
 * What is wrong with a file, as JSON.
 */
#ifndef LYNCSIM_REPORT_FAULT_JSON_H
#define LYNCSIM_REPORT_FAULT_JSON_H

#include <jansson.h>

#include "lyncsim/diag.h"

/* [{"line", "column", "sentence", "hint"}] in order of place. */
json_t *fault_json_from(const struct ls_diags *diags);

#endif
