/*
 * Has the trace changed on purpose? The traces a scenario file expects,
 * written anew from what was played, and nothing else of the file.
 */
#ifndef LYNCSIM_APP_RUN_UPDATE_H
#define LYNCSIM_APP_RUN_UPDATE_H

#include <stdbool.h>
#include <stdio.h>

#include "lyncsim/scenario_result.h"

/* Show on stream what becomes different in the file of result, and write it.
 * Only traces that are written as a block (trace: |) are; of every other
 * failure a sentence is written on standard error. True when none was left
 * and the file is written. */
bool run_update(const struct scenario_result *result, FILE *stream);

#endif
