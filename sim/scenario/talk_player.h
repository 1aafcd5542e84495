/*
 * How does a talk go? Its lines are said one after the other, what comes is
 * compared with what was to come, and what went otherwise becomes a failure of
 * the step.
 */
#ifndef TALK_PLAYER_H
#define TALK_PLAYER_H

#include <stdint.h>

#include "lyncsim/connection.h"
#include "lyncsim/scenario_result.h"
#include "lyncsim/talk_peer.h"

#include "talk_labels.h"
#include "talk_voice.h"

struct talk_player;

/* All borrowed, and ids copied. */
struct talk_cast {
    const struct scenario_peer *said; /* with the talk */
    struct step_result *result;       /* where it is told */
    struct talk_peer *peer;
    struct front_end *front_end;
    struct connection *connection;
    struct wire_fault *peer_wire, *front_end_wire; /* of their bytes */
    struct talk_labels *labels;
    const char *peer_address;
    const char *front_end_address;
    const char *server; /* the Front End's name */
    struct id_source peer_ids, front_end_ids;
    int64_t *clock_ms;
};

struct talk_player *talk_player_new(const struct talk_cast *cast);
void talk_player_free(struct talk_player *player);

/* A message that the Front End has received over this connection. */
void talk_player_overhear(struct talk_player *player, struct ls_str bytes);
/* Say what can be said now, and take what has come. False when nothing
 * could be done. */
bool talk_player_run(struct talk_player *player);
/* Whether all is said. */
bool talk_player_is_done(const struct talk_player *player);
/* The lab time at which it stops to wait; WIRE_NEVER when it only waits as
 * long as something moves. */
uint64_t talk_player_deadline_ms(const struct talk_player *player);
/* Nothing moves any more, or it has waited long enough: what it waits for
 * does not come. */
void talk_player_give_up(struct talk_player *player);
/* The peer goes in order; false when it has gone already. */
bool talk_player_leave(struct talk_player *player);
/* The connection is over: what was not said will not be, and what came and was
 * not asked for is told. */
void talk_player_finish(struct talk_player *player);

#endif
