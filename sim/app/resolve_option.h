/*
 * Where is a server that the user has placed with --resolve? Nothing is ever
 * looked up: an address is written as such.
 */
#ifndef LYNCSIM_APP_RESOLVE_OPTION_H
#define LYNCSIM_APP_RESOLVE_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/str.h"

#include "options.h"

/* Whether text is written "FQDN=ADDRESS" or "FQDN=ADDRESS:PORT", the address
 * being a number: 127.0.0.1, [::1]. */
bool resolve_option_is_written(const char *text);
/* "127.0.0.1:5075": where the options place fqdn, else pool, else this
 * machine; port where they name none. Owned by the caller. */
char *resolve_option_address(const struct options *options, const char *fqdn,
                             const char *pool, uint16_t port);
/* Whether such an address leads to this machine alone. */
bool resolve_option_is_local(const char *text);

#endif
