/*
 * Which topology is in this file? A YAML file's topology: as in a scenario,
 * one of its topologies: by name, or any export that topology_import reads.
 */
#ifndef LYNCSIM_TOPOLOGY_LOAD_H
#define LYNCSIM_TOPOLOGY_LOAD_H

#include "lyncsim/buf.h"
#include "lyncsim/diag.h"
#include "lyncsim/str.h"
#include "lyncsim/topology.h"

/* Read diags->text. name picks one of the topologies: of a YAML file; empty:
 * its topology:, or the only one of its topologies. Sentences on what an
 * export did not yield, a line each, are appended to notes (or NULL). NULL,
 * and every fault in diags, when there is none. Owned by the caller. */
struct topology *topology_load(struct ls_diags *diags, struct ls_str name,
                               struct ls_buf *notes);

#endif
