/*
 * What becomes of a SERVICE? A user's presence is published, whole or not at
 * all, and whoever watches him is told.
 */
#ifndef LYNCSIM_PUBLICATION_H
#define LYNCSIM_PUBLICATION_H

#include "lyncsim/sip_answer.h"

/* Categories published in one request. */
#define PUBLICATIONS_MAX 32

void publication_answer(const struct sip_request *request);

#endif
