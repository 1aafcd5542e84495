/*
 * Is this a SIP URI by the grammar (RFC 3261 19.1.1, 25.1)? What follows its
 * scheme, byte by byte.
 */
#ifndef LYNCSIM_SIP_URI_H
#define LYNCSIM_SIP_URI_H

#include <stdbool.h>

#include "lyncsim/str.h"

/* rest is what follows "sip:". A host may have underscores, as names of
 * Windows machines do; parameters and headers may hold any printable ASCII. */
bool sip_uri_is_well_formed(struct ls_str rest);
/* 0 to 65535. */
bool sip_uri_is_port(struct ls_str port);
/* IPv6reference; whether it is an address is for whoever dials it. */
bool sip_uri_is_bracketed(struct ls_str host);

#endif
