/*
 * What is the value of a field in the result of a step? The one table of
 * fields that expectations may name.
 */
#ifndef EXPECTATION_FIELD_H
#define EXPECTATION_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/expectation.h"
#include "lyncsim/scenario_result.h"
#include "lyncsim/str.h"

/* A text, a list of texts, or nothing; owned. */
struct field_value {
    bool is_list;
    char *text; /* NULL: nothing there */
    size_t length;
    char **items;
    size_t count;
};

/* The field of that name, with the index of a "near.1.kind" in *index; NULL
 * when there is none. */
const struct expectation_field *expectation_field_find(struct ls_str name,
                                                       size_t *index);
void expectation_field_read(const struct expectation_field *field, size_t index,
                            const struct step_result *result,
                            struct field_value *value);
void field_value_clear(struct field_value *value);

/* What the fields of the table are read by. */
typedef void(field_read_fn)(const struct step_result *result, size_t index,
                            struct field_value *value);

/* Those that are about what OWA's users see (expectation_owa.c). */
field_read_fn expectation_owa;
field_read_fn expectation_owa_standing;
field_read_fn expectation_owa_available;
field_read_fn expectation_owa_seen;
field_read_fn expectation_owa_sent;
field_read_fn expectation_owa_received;
field_read_fn expectation_owa_connections;

#endif
