/*
 * What was seen of a step? Both sides of an exchange and the records of the
 * Front End, copied into the step's result.
 */
#ifndef SCENARIO_COLLECT_H
#define SCENARIO_COLLECT_H

#include "lyncsim/known_servers.h"
#include "lyncsim/scenario_result.h"

#include "scenario_exchange.h"

/* How it ended for the peer and what the Front End decided. */
void scenario_collect_exchange(struct step_result *result,
                               const struct scenario_exchange *exchange);
/* The table that a name is looked up in. */
void scenario_collect_servers(struct step_result *result,
                              const struct known_servers *known);
/* A record as it is expected; of the connection's or of another kind. */
void scenario_collect_record(struct step_result *result, struct ls_str record,
                             bool is_connection);

#endif
