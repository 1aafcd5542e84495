/*
 * What becomes of a REGISTER? Users sign in, refresh and sign out.
 */
#ifndef LYNCSIM_REGISTRATION_H
#define LYNCSIM_REGISTRATION_H

#include "lyncsim/sip_answer.h"

/* What is granted at most, and to who asks for nothing, as recorded from an
 * OCS 2007 R2 server. */
#define REGISTRATION_EXPIRES_S 7200u
/* Who asks for less is told so (RFC 3261 10.2.8); that a Front End does, and
 * at how much, is assumed. */
#define REGISTRATION_EXPIRES_MIN_S 10u

void registration_answer(const struct sip_request *request);

/* The seconds that text asks for: at most most, and most when it is absent or
 * no number (RFC 3261 20.19). */
uint32_t registration_expires(const struct sip_header *header, uint32_t most);

#endif
