/*
 * What is the value of a field in the result of a step? The one table of
 * fields that expectations may name.
 */
#ifndef EXPECTATION_FIELD_H
#define EXPECTATION_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/expectation.h"
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

#endif
