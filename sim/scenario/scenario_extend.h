/*
 * What does a scenario file take from others? Their sections laid under its
 * own, and the peers that it names laid under what its steps say.
 */
#ifndef SCENARIO_EXTEND_H
#define SCENARIO_EXTEND_H

#include "lyncsim/scenario.h"
#include "lyncsim/yaml.h"

#include "scenario_expand.h"

/* The tree with what extends: names laid under it; root itself where it names
 * nothing. loader may be NULL: nothing can be read. What came from another
 * file has the place of its name in this one. */
const struct yaml_node *scenario_extend(const struct yaml_node *root,
                                        const struct scenario_loader *loader,
                                        struct scenario_nodes *nodes,
                                        struct ls_diags *diags);

/* Where a name that stands in file is looked for; owned by the caller. */
char *scenario_path_beside(const char *file, const char *name);

/* A fault of what came from another file stands where that file is named: say
 * of those from first on where they stand in it. parse is how the other file
 * is read by itself. */
typedef struct scenario *(
    scenario_parse_fn)(struct ls_diags *diags,
                       const struct scenario_loader *loader);
void scenario_name_origins(const struct yaml_node *root,
                           const struct scenario_loader *loader,
                           scenario_parse_fn *parse, size_t first,
                           struct ls_diags *diags);

/* The tree with "peer: NAME" of each connect: and sign-in: replaced by what
 * peers: says of that name. */
const struct yaml_node *scenario_lay_peers(const struct yaml_node *root,
                                           struct scenario_nodes *nodes,
                                           struct ls_diags *diags);

#endif
