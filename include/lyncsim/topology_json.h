/*
 * A topology as JSON: the keys of a topology file, so that it loads as one.
 */
#ifndef LYNCSIM_TOPOLOGY_JSON_H
#define LYNCSIM_TOPOLOGY_JSON_H

#include "lyncsim/buf.h"
#include "lyncsim/topology.h"
#include "lyncsim/topology_import.h"

struct json_t;

/* A new reference, owned by the caller. */
struct json_t *topology_json_from(const struct topology *topology);

/* Append {"topology", "version", "export", "draft", "notes"}, a line. */
void topology_json_print_import(const struct topology_import *import,
                                const struct topology *topology,
                                struct ls_buf *out);

#endif
