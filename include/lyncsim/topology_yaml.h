/*
 * How is a topology written down? The topology: mapping of scenario and
 * topology files, and the edits of a topology: step.
 */
#ifndef LYNCSIM_TOPOLOGY_YAML_H
#define LYNCSIM_TOPOLOGY_YAML_H

#include "lyncsim/topology.h"
#include "lyncsim/topology_edit.h"
#include "lyncsim/yaml.h"

/* Bind a topology mapping ("pools: […]"); faults go to diags. Never NULL;
 * owned by the caller. */
struct topology *topology_yaml_bind(const struct yaml_node *node,
                                    struct ls_diags *diags);
/* Bind one pool; NULL when it has no usable name. Owned by the caller. */
struct pool *pool_yaml_bind(const struct yaml_node *node,
                            struct ls_diags *diags);
/* False and a fault where it is no interface. */
bool net_interface_bind(enum net_interface *interface,
                        const struct yaml_node *value, struct ls_diags *diags);

/* Bind a list of edits ("- add-pool: {fqdn: …}", "- publish"); *count of
 * them, owned by the caller, who clears each and frees the array. Faults go
 * to diags. */
struct topology_edit *topology_edits_bind(const struct yaml_node *node,
                                          size_t *count,
                                          struct ls_diags *diags);

/* Append the topology as a file ("topology: …") that binds to the same. */
void topology_yaml_print(const struct topology *topology, struct ls_buf *out);

/* The tables behind, from which help and schema are made. */
const struct yaml_key *topology_yaml_keys(size_t *count);
const struct yaml_key *topology_yaml_pool_keys(size_t *count);
const struct yaml_key *topology_yaml_application_keys(size_t *count);

/* One kind of edit: its key, what stands beneath it. */
struct topology_edit_form {
    enum topology_edit_kind kind;
    const char *summary;
    /* What stands beneath; one key without a name is plain text. None:
     * add-pool takes the keys of a pool, publish and enable take nothing. */
    const struct yaml_key *keys;
    size_t key_count;
};
const struct topology_edit_form *topology_yaml_edit_forms(size_t *count);

#endif
