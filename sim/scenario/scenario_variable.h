/*
 * What does $name stand for here? The variables of a file, and of one cell of
 * its matrix.
 */
#ifndef SCENARIO_VARIABLE_H
#define SCENARIO_VARIABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/diag.h"
#include "lyncsim/yaml.h"

struct scenario_variable;

/* Zero-initialised is valid: none. */
struct scenario_variables {
    struct scenario_variable **items;
    size_t count;
    size_t capacity;
    struct scenario_variable *by_name;
};

/* Borrowed texts; a later one of the same name hides an earlier. */
void scenario_variables_add(struct scenario_variables *variables,
                            struct ls_str name, struct ls_str text);
/* Forget all but the first count. */
void scenario_variables_forget(struct scenario_variables *variables,
                               size_t count);
void scenario_variables_clear(struct scenario_variables *variables);

/* The next $name or ${name} at or after *at; $$ is none. False when there is
 * no more; *at is its start, *end what follows it. */
bool scenario_variable_next(struct ls_str text, size_t *at, size_t *end,
                            struct ls_str *name);

/* The node's text with all of them replaced, owned by the caller; NULL where
 * it names none. Unknown ones are faults. */
char *scenario_variables_replace(const struct scenario_variables *variables,
                                 const struct yaml_node *node,
                                 struct ls_diags *diags);

/* The variables: and environment: of a file; faults go to diags. */
void scenario_variables_read(struct scenario_variables *variables,
                             const struct yaml_node *root,
                             struct ls_diags *diags);

#endif
