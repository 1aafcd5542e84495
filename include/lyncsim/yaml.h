/*
 * YAML as this project reads it: a strict subset of YAML 1.2 (no anchors,
 * aliases, tags or second documents; every scalar is text), as a tree whose
 * nodes know where they stand, and a binder that checks it against tables of
 * keys. Nobody else knows the YAML library.
 */
#ifndef LYNCSIM_YAML_H
#define LYNCSIM_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/diag.h"
#include "lyncsim/str.h"

/* Larger files are refused before the library sees them. */
#define YAML_FILE_MAX_BYTES (4u * 1024 * 1024)

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
    enum yaml_kind kind;
    struct ls_place place;
    struct ls_str text; /* a scalar's text, NUL-terminated */
    bool quoted;        /* 'so', "so" or a | block: certainly text */
    bool flow;          /* a {mapping} or [sequence] in brackets */
    size_t count;       /* items of a sequence, pairs of a mapping */
    struct yaml_node **items;
    struct yaml_pair *pairs;
};

struct yaml_pair {
    struct yaml_node *key; /* always a scalar */
    struct yaml_node *value;
};

struct yaml_document;

/* Parse diags->text. NULL when it is not well formed; every fault found is in
 * diags then. A slip that leaves no doubt what was meant (a key that stands
 * twice, of which the first is kept; an anchor, a tag, an unquoted wildcard)
 * is a fault too, but the tree is there, to be looked at further. The document
 * is owned by the caller and borrows nothing. */
struct yaml_document *yaml_document_parse(struct ls_diags *diags);
/* The same, but where there are faults of syntax the tree is there without the
 * entries that they are in, to look for other faults: is_cut is set then, and
 * the keys at the top that something is missing under are appended to
 * sections, each with a line feed. */
struct yaml_document *yaml_document_parse_rest(struct ls_diags *diags,
                                               bool *is_cut,
                                               struct ls_buf *sections);
void yaml_document_free(struct yaml_document *document);
/* The top node; valid as long as the document. */
const struct yaml_node *
yaml_document_root(const struct yaml_document *document);

/* The value under key of a mapping, or NULL. */
const struct yaml_node *yaml_find(const struct yaml_node *mapping,
                                  const char *key);

/* Binding: one row a key. The table is the schema: parser, help text and the
 * published JSON Schema are made from or tested against it. */
typedef void(yaml_bind_fn)(void *target, const struct yaml_node *value,
                           struct ls_diags *diags);

struct yaml_key {
    const char *name;
    const char *shape;   /* "text", "list of text", "mapping", "a|b|c" … */
    const char *summary; /* one line for people */
    yaml_bind_fn *bind;
    bool required;
};

/* Walk a mapping: unknown keys are faults with the nearest known one, missing
 * required keys are faults at the mapping, each known key's bind is called
 * with target. what names the thing in sentences ("a pool"). False and a
 * fault when node is no mapping. */
bool yaml_bind(void *target, const struct yaml_node *node, const char *what,
               const struct yaml_key *keys, size_t key_count,
               struct ls_diags *diags);

/* Typed readers; false and a fault with what in its sentence when the node
 * does not fit. *text is valid as long as the document. */
bool yaml_text(const struct yaml_node *node, const char *what,
               struct ls_str *text, struct ls_diags *diags);
bool yaml_boolean(const struct yaml_node *node, const char *what, bool *value,
                  struct ls_diags *diags);
bool yaml_integer(const struct yaml_node *node, const char *what, int64_t low,
                  int64_t high, int64_t *value, struct ls_diags *diags);
/* One of the names; the index of it in *choice. */
bool yaml_choice(const struct yaml_node *node, const char *what,
                 const char *const *names, size_t count, size_t *choice,
                 struct ls_diags *diags);

#endif
