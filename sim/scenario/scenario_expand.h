/*
 * What does a scenario file say once its variables and its matrix are written
 * out? The same tree without them, before anything of it is bound.
 */
#ifndef SCENARIO_EXPAND_H
#define SCENARIO_EXPAND_H

#include "lyncsim/diag.h"
#include "lyncsim/yaml.h"

/* The nodes that were made; those of the document are borrowed. */
struct scenario_nodes {
    struct yaml_node **nodes;
    size_t count;
    size_t capacity;
};

/* The tree with every $name replaced and every case of a matrix written out;
 * root itself where the file has neither. Valid as long as document and
 * nodes; faults go to diags. */
const struct yaml_node *scenario_expand(const struct yaml_node *root,
                                        struct scenario_nodes *nodes,
                                        struct ls_diags *diags);

/* A node of its own with room for count pairs or items; for whoever builds
 * trees. */
struct yaml_node *scenario_nodes_add(struct scenario_nodes *nodes,
                                     const struct yaml_node *like,
                                     size_t count);
void scenario_nodes_clear(struct scenario_nodes *nodes);

#endif
