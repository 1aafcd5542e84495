/*
 * How does a scenario get its sockets? Every exchange the runner asks for is
 * played over loopback, on a port the system picks, under a watchdog of real
 * time.
 */
#ifndef LYNCSIM_SCENARIO_PLAYER_H
#define LYNCSIM_SCENARIO_PLAYER_H

#include "lyncsim/scenario_runner.h"

/* Longer than any sane exchange takes on a busy machine. */
#define SCENARIO_WATCHDOG_MS 10000

/* Play runner to its end. Where no port can be had its exchanges end as
 * errors. */
void scenario_player_run(struct scenario_runner *runner, uint32_t watchdog_ms);

#endif
