#include "yaml_tree.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"

struct yaml_node *yaml_tree_add(struct yaml_document *document,
                                enum yaml_kind kind, struct ls_place place)
{
    struct yaml_node *node = ls_alloc(sizeof(*node));

    node->kind = kind;
    node->place = place;
    LS_GROW(document->nodes, document->count, document->capacity);
    document->nodes[document->count++] = node;
    return node;
}

void yaml_document_free(struct yaml_document *document)
{
    if (!document)
        return;
    for (size_t i = 0; i < document->count; i++) {
        struct yaml_node *node = document->nodes[i];

        free((void *)(uintptr_t)node->text.at);
        free(node->items);
        free(node->pairs);
        free(node);
    }
    free(document->nodes);
    free(document);
}

const struct yaml_node *yaml_document_root(const struct yaml_document *document)
{
    return document->root;
}

void yaml_tree_add_pair(struct yaml_frame *frame, struct yaml_node *value)
{
    struct yaml_node *mapping = frame->node;

    LS_GROW(mapping->pairs, mapping->count, frame->capacity);
    mapping->pairs[mapping->count++] = (struct yaml_pair){frame->key, value};
    frame->key = NULL;
}

void yaml_tree_add_item(struct yaml_frame *frame, struct yaml_node *item)
{
    struct yaml_node *list = frame->node;

    LS_GROW(list->items, list->count, frame->capacity);
    list->items[list->count++] = item;
}

const struct yaml_node *yaml_find(const struct yaml_node *mapping,
                                  const char *key)
{
    for (size_t i = 0; i < mapping->count && mapping->kind == YAML_MAPPING; i++)
        if (ls_str_equal_text(mapping->pairs[i].key->text, key))
            return mapping->pairs[i].value;
    return NULL;
}
