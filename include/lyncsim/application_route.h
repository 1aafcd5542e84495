/*
 * Which trusted application is a request for, and at which port is it? Known
 * by who signed its user in, by its GRUU, or by its own name.
 */
#ifndef LYNCSIM_APPLICATION_ROUTE_H
#define LYNCSIM_APPLICATION_ROUTE_H

#include <stdbool.h>

#include "lyncsim/front_end.h"
#include "lyncsim/next_hop.h"
#include "lyncsim/registrar.h"

/* Where the application is that signed this user in; false when no trusted
 * application did, or it has no port. target is borrowed from the table of
 * known servers. */
bool application_route_of_user(const struct front_end *front_end,
                               const struct binding *binding,
                               struct next_hop_target *target);
/* Where the application is that a URI names: "sip:…;gruu;opaque=srvr:owa:…"
 * by its id, "sip:cas.contoso.com:5199" by its pool or computer. */
bool application_route_of_uri(const struct front_end *front_end,
                              struct ls_str uri,
                              struct next_hop_target *target);
/* Whether both names belong to one pool of the table. */
bool application_route_is_same(const struct front_end *front_end,
                               const char *server, const char *other);

#endif
