/*
 * Does libosip2 read it, too? The second opinion on who a message is from and
 * to. Nothing of libosip2 leaves this pair of files.
 */
#ifndef LYNCSIM_SIP_OSIP_H
#define LYNCSIM_SIP_OSIP_H

#include <stdbool.h>

#include "lyncsim/str.h"

/* Whether the value of a From or To (RFC 3261 20.20, 20.39) is sound. */
bool sip_osip_reads_party(struct ls_str value);

#endif
