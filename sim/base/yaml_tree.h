/*
 * What is a document made of? Its nodes, which it owns.
 */
#ifndef LYNCSIM_YAML_TREE_H
#define LYNCSIM_YAML_TREE_H

#include <stddef.h>

#include "lyncsim/yaml.h"

struct yaml_document {
    struct yaml_node *root;
    struct yaml_node **nodes;
    size_t count;
    size_t capacity;
};

/* A mapping or sequence whose end has not come yet. */
struct yaml_frame {
    struct yaml_node *node;
    struct yaml_node *key; /* waits for its value */
    size_t capacity;
};

/* A new node of the document. */
struct yaml_node *yaml_tree_add(struct yaml_document *document,
                                enum yaml_kind kind, struct ls_place place);
/* The value of the key that waits. */
void yaml_tree_add_pair(struct yaml_frame *frame, struct yaml_node *value);
void yaml_tree_add_item(struct yaml_frame *frame, struct yaml_node *item);

#endif
