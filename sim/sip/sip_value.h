/*
 * What do the headers say that every answer needs? Readers of single values,
 * by the grammar of RFC 3261 25.1. What they give are views of the value.
 */
#ifndef LYNCSIM_SIP_VALUE_H
#define LYNCSIM_SIP_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/str.h"

/* All return false for a malformed value; a view is empty where the value has
 * no such part. */

/* What follows the address of a From or To. */
bool sip_value_tag(struct ls_str params, struct ls_str *tag);
/* One element of a Via; the host of an IPv6 address without its brackets. */
bool sip_value_via(struct ls_str element, struct ls_str *host,
                   struct ls_str *branch);
bool sip_value_cseq(struct ls_str value, uint32_t *number,
                    struct ls_str *method);

#endif
