/*
 * What does a scenario file say once its variables and its matrix are written
 * out? The same tree without them, before anything of it is bound.
 */
#ifndef SCENARIO_EXPAND_H
#define SCENARIO_EXPAND_H

#include "lyncsim/diag.h"
#include "lyncsim/yaml.h"

#include "scenario_nodes.h"

/* The tree with every $name replaced and every case of a matrix written out;
 * root itself where the file has neither. Valid as long as document and
 * nodes; faults go to diags. */
const struct yaml_node *scenario_expand(const struct yaml_node *root,
                                        struct scenario_nodes *nodes,
                                        struct ls_diags *diags);

#endif
