/*
 * What becomes of a SUBSCRIBE? The packages a client asks for when it signs
 * in, each answered with its first notify, in the answer where the client
 * can take it there (ms-piggyback-first-notify), and kept, so that he hears
 * what changes.
 */
#ifndef LYNCSIM_SUBSCRIPTION_H
#define LYNCSIM_SUBSCRIPTION_H

#include "lyncsim/sip_answer.h"

/* What is granted at most, and to who asks for nothing. */
#define SUBSCRIPTION_EXPIRES_S 28800u

void subscription_answer(const struct sip_request *request);

/* A user's presence has changed: tell whoever watches it, over his own
 * connection. user is an address of record. */
void subscription_notify(struct front_end *front_end, struct ls_str user,
                         uint64_t now_ms);

#endif
