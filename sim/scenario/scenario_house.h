/*
 * Which Front Ends stand while a step is played? Those of the file for all
 * steps, a fresh one for each case.
 */
#ifndef LYNCSIM_SCENARIO_HOUSE_H
#define LYNCSIM_SCENARIO_HOUSE_H

#include "lyncsim/scenario_result.h"
#include "lyncsim/scenario_runner.h"

#include "scenario_stage.h"

struct scenario_house;

/* All borrowed; event log lines are appended to events. */
struct scenario_house *scenario_house_new(const struct stage_ground *ground,
                                          const struct runner_options *options,
                                          struct ls_buf *events);
void scenario_house_free(struct scenario_house *house);

/* Make ready for a step. False and a sentence in *why, owned by the caller,
 * when a Front End cannot be set up. */
bool scenario_house_enter(struct scenario_house *house,
                          const struct scenario_step *step, int64_t now_ms,
                          char **why);
/* Whom a peer goes to. */
struct scenario_stage *scenario_house_stage(const struct scenario_house *house,
                                            const struct scenario_peer *peer);
/* Edit what is published, and let all Front Ends judge by it. */
void scenario_house_edit(struct scenario_house *house,
                         struct step_result *result, int64_t now_ms);
/* All answer by the rules of a step from now on. */
void scenario_house_respond(struct scenario_house *house,
                            const struct scenario_step *step);
/* What follows comes over the wire of a step. */
void scenario_house_spoil(struct scenario_house *house,
                          const struct scenario_step *step);

#endif
