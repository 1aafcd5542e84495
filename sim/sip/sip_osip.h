/*
 * What does libosip2 make of this header value? All that is used of it: its
 * readers of single values. Its reader of whole messages takes two pipelined
 * messages for one, drops bodies, renames headers, refuses URIs it does not
 * know and ends at the first NUL; and its cost is quadratic.
 */
#ifndef LYNCSIM_SIP_OSIP_H
#define LYNCSIM_SIP_OSIP_H

#include <stdbool.h>

#include "lyncsim/str.h"

/* All return false for a malformed value; what they give is the caller's to
 * free(), and NULL where the value holds none. */

/* A From or To. */
bool sip_osip_tag(struct ls_str value, char **tag);
/* One element of a Via. */
bool sip_osip_via(struct ls_str element, char **host, char **branch);
bool sip_osip_cseq(struct ls_str value, uint32_t *number, char **method);

#endif
