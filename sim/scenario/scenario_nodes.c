#include "scenario_nodes.h"

#include <stdint.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"

struct yaml_node *scenario_nodes_add(struct scenario_nodes *nodes,
                                     const struct yaml_node *like, size_t count)
{
    struct yaml_node *node = ls_alloc(sizeof(*node));

    *node = *like;
    node->text = (struct ls_str){0};
    node->count = 0;
    node->items = NULL;
    node->pairs = NULL;
    if (like->kind == YAML_SEQUENCE)
        node->items = ls_alloc_array(count + 1, sizeof(*node->items));
    if (like->kind == YAML_MAPPING)
        node->pairs = ls_alloc_array(count + 1, sizeof(*node->pairs));
    LS_GROW(nodes->nodes, nodes->count, nodes->capacity);
    nodes->nodes[nodes->count++] = node;
    return node;
}

void scenario_nodes_clear(struct scenario_nodes *nodes)
{
    for (size_t i = 0; i < nodes->count; i++) {
        free((char *)(uintptr_t)nodes->nodes[i]->text.at);
        free(nodes->nodes[i]->items);
        free(nodes->nodes[i]->pairs);
        free(nodes->nodes[i]);
    }
    free(nodes->nodes);
    *nodes = (struct scenario_nodes){0};
}
