/*
 * What is a talk made of while it goes on? Shared by the files that play it.
 */
#ifndef TALK_PLAYER_INTERNAL_H
#define TALK_PLAYER_INTERNAL_H

#include "lyncsim/sip_message.h"

#include "talk_player.h"

/* A message that has come. */
struct heard {
    char *bytes;
    size_t length;
};

struct talk_player {
    struct talk_cast cast;
    struct talk_voice peer, front_end;
    struct answer_rules *rules;
    size_t cursor;
    bool is_given_up, has_left;
    int64_t since_ms; /* when the line that waits began to */
    bool is_waiting;
    struct heard *overheard; /* by the Front End */
    size_t overheard_count, overheard_capacity, overheard_taken;
    struct heard next; /* of the peer: it has come and is not taken yet */
};

const struct talk_line *talk_player_line(const struct talk_player *player);
struct line_result *talk_player_result(const struct talk_player *player);
/* Whether no more can pass for whose line it is. */
bool talk_player_has_ended(const struct talk_player *player);

/* The line is over. */
void talk_player_pass_on(struct talk_player *player);
/* The line failed, and the talk with it; expected is taken. */
void talk_player_fail(struct talk_player *player, char *expected,
                      const char *actual);
/* failure is taken. */
void talk_player_add_failure(struct talk_player *player,
                             const struct step_failure *failure);

/* Take what has come for a line that receives; false when nothing has, and
 * something may still. */
bool talk_player_receive(struct talk_player *player);
/* What came and was not asked for is told; the talk is over. */
void talk_player_tell_rest(struct talk_player *player);

#endif
