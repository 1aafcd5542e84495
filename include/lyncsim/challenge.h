/*
 * How is a peer asked who its user is? The challenge with the three schemes
 * of the product; none of them is played further.
 */
#ifndef LYNCSIM_CHALLENGE_H
#define LYNCSIM_CHALLENGE_H

#include "lyncsim/sip_answer.h"

/* Whether the requests of this peer must prove their users. */
bool challenge_is_due(const struct sip_caller *caller);

/* 401 for what the Front End answers itself, 407 for what it would pass on. */
void challenge_send(const struct sip_request *request, int status);

#endif
