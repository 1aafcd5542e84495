/*
 * How is a topology written down? The topology: mapping of scenario and
 * topology files, and the edits of a topology: step.
 */
#ifndef LYNCSIM_TOPOLOGY_YAML_H
#define LYNCSIM_TOPOLOGY_YAML_H

#include "lyncsim/topology.h"
#include "lyncsim/yaml.h"

/* Bind a topology mapping ("pools: […]"); faults go to diags. Never NULL;
 * owned by the caller. */
struct topology *topology_yaml_bind(const struct yaml_node *node,
                                    struct ls_diags *diags);

/* One edit of a step, e.g. "- add-pool: {fqdn: …}" or "- publish". */
enum topology_edit_kind {
    EDIT_ADD_POOL,
    EDIT_REMOVE_POOL,
    EDIT_RENAME_POOL,
    EDIT_ADD_COMPUTER,
    EDIT_REMOVE_COMPUTER,
    EDIT_ADD_APPLICATION,
    EDIT_REMOVE_APPLICATION,
    EDIT_PUBLISH,
    EDIT_ENABLE,
};

struct topology_edit {
    enum topology_edit_kind kind;
    struct ls_place place;
    struct pool *pool; /* EDIT_ADD_POOL: the pool to add, owned here */
    char *fqdn;        /* the pool or computer meant; RENAME: from */
    char *other;       /* pool of a computer or application; RENAME: to */
    char *id;          /* application id */
    uint16_t port;
};

/* Bind a list of edits; *count of them, owned by the caller, who clears each
 * and frees the array. Faults go to diags. */
struct topology_edit *topology_edits_bind(const struct yaml_node *node,
                                          size_t *count,
                                          struct ls_diags *diags);
void topology_edit_clear(struct topology_edit *edit);

#endif
