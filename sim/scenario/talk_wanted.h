/*
 * Is this message the one that a line of a talk waits for?
 */
#ifndef TALK_WANTED_H
#define TALK_WANTED_H

#include "lyncsim/scenario_result.h"
#include "lyncsim/sip_message.h"

/* Whether it is all that the line says. */
bool talk_wanted_holds(const struct talk_line *line,
                       const struct sip_message *message);
/* Whether one thing about it is so; otherwise *failure, the caller's to clear,
 * says what is. */
bool talk_wanted_check(const struct expectation *want,
                       const struct sip_message *message,
                       struct step_failure *failure);
/* "status 200, method OPTIONS": what was to come, in few words. Owned by the
 * caller. */
char *talk_wanted_describe(const struct talk_line *line);
/* Whether a peer lets it come unasked. */
bool talk_wanted_is_ignored(const struct scenario_peer *said,
                            const struct sip_message *message);

#endif
