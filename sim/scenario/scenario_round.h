/*
 * Who may speak now? Exchanges that go on at the same time take turns: one of
 * them moves until it rests, then the next, so that whatever they do together
 * is the same in every run.
 */
#ifndef SCENARIO_ROUND_H
#define SCENARIO_ROUND_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/wire.h"

#include "talk_player.h"

struct scenario_round;

/* steps is borrowed, count of them from the first on; *clock_ms is lab time.
 */
struct scenario_round *scenario_round_new(const struct scenario_step *steps,
                                          size_t count, int64_t *clock_ms);
void scenario_round_free(struct scenario_round *round);

/* Labels that lines and steps of this round have passed. */
struct talk_labels *scenario_round_labels(struct scenario_round *round);

/* The next member that is to begin now; false when nobody is. */
bool scenario_round_next(struct scenario_round *round, size_t *member);
/* It was over as soon as it began. */
void scenario_round_skip(struct scenario_round *round, size_t member);
/* The member at that place has begun as an exchange of these machines, which
 * are replaced by those that are to be driven; player is borrowed, or NULL:
 * they talk by themselves. */
void scenario_round_begin(struct scenario_round *round, size_t at,
                          struct talk_player *player, struct wire_machine *peer,
                          struct wire_machine *front_end);
/* Its machines have gone. */
void scenario_round_end(struct scenario_round *round, size_t member);
bool scenario_round_is_over(const struct scenario_round *round);

/* The self of a machine that has something to do though nothing has come for
 * it; false when there is none. */
bool scenario_round_wake(struct scenario_round *round, const void **self);
/* Messages the Front End has received are told by whoever reads the journal:
 * called when they should be. */
typedef void(scenario_round_read_fn)(void *arg);
void scenario_round_set_reader(struct scenario_round *round,
                               scenario_round_read_fn *read, void *arg);

#endif
