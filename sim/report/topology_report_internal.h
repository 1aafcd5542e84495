/*
 * What do a table and a difference of two say of one server alike?
 */
#ifndef LYNCSIM_REPORT_TOPOLOGY_REPORT_INTERNAL_H
#define LYNCSIM_REPORT_TOPOLOGY_REPORT_INTERNAL_H

#include "lyncsim/known_servers.h"
#include "lyncsim/topology.h"

struct json_t;

/* The pool it is of in the topology where it is known; NULL where nothing was
 * stated, since it was found. */
const struct pool *topology_report_pool(const struct topology *topology,
                                        const struct known_server *server);
/* What it is for, where that says more than pool or computer; pool or NULL. */
const char *topology_report_kind(const struct pool *pool,
                                 const struct known_server *server);
/* A new reference, owned by the caller. */
struct json_t *topology_report_server(const struct topology *topology,
                                      const struct known_server *server);

#endif
