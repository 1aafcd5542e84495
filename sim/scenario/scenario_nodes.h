/*
 * Who owns the nodes of a tree that was put together out of others?
 */
#ifndef SCENARIO_NODES_H
#define SCENARIO_NODES_H

#include "lyncsim/yaml.h"

/* The nodes that were made; those of the document are borrowed. */
struct scenario_nodes {
    struct yaml_node **nodes;
    size_t count;
    size_t capacity;
};

/* A node of its own with room for count pairs or items; for whoever builds
 * trees. */
struct yaml_node *scenario_nodes_add(struct scenario_nodes *nodes,
                                     const struct yaml_node *like,
                                     size_t count);
void scenario_nodes_clear(struct scenario_nodes *nodes);

#endif
