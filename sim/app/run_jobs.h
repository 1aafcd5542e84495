/*
 * Who plays what, and when? Scenarios over worker threads, each with a loop
 * and ports of its own, told in order as they come in.
 */
#ifndef LYNCSIM_APP_RUN_JOBS_H
#define LYNCSIM_APP_RUN_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/scenario_runner.h"

#include "interruption.h"

struct run_plan {
    const struct scenario *const *scenarios; /* borrowed */
    size_t count;
    const struct runner_options *options;
    unsigned workers;     /* from 1 */
    unsigned repeats;     /* from 1 */
    uint32_t watchdog_ms; /* for each exchange */
    bool fail_fast;
    const struct interruption *interruption; /* borrowed */
    /* Told in the caller's thread, in order, with a runner that is taken; a
     * scenario that was not played because another failed is not told. */
    void (*played)(void *arg, size_t index, struct scenario_runner *runner);
    void *arg;
};

/* Play them all. When an interruption comes what has begun is played to its
 * end and nothing else begins. Returns whether it came in time. */
bool run_jobs(const struct run_plan *plan);

#endif
