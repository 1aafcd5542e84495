/*
 * Did a step end as it was expected to? One field of a result, the value it
 * must have, and the comparison of the two.
 */
#ifndef LYNCSIM_EXPECTATION_H
#define LYNCSIM_EXPECTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/diag.h"
#include "lyncsim/yaml.h"

struct step_result;
struct step_failure;

enum match_kind {
    MATCH_EQUAL, /* a text */
    MATCH_LIST,  /* a list of texts */
    MATCH_CONTAINS,
    MATCH_REGEX,
    MATCH_ONE_OF,
    MATCH_ABSENT, /* null, missing or empty */
    MATCH_NOT,    /* the inner matcher must not match */
};

struct matcher {
    enum match_kind kind;
    char **texts; /* one, or the list */
    size_t count;
    bool is_absent; /* absent: true or false */
    struct matcher *inner;
};

struct expectation {
    struct ls_place place; /* of the field's key */
    char *field;           /* "identity.name" */
    struct matcher matcher;
};

/* Bind an expect: mapping; field names and regular expressions are checked
 * now. *count of them, owned by the caller. */
struct expectation *expectation_bind(const struct yaml_node *node,
                                     size_t *count, struct ls_diags *diags);
void expectation_clear(struct expectation *expectation);

/* Bind what one value must be, by the name it has for people. */
void expectation_bind_value(const char *name, const struct yaml_node *node,
                            struct matcher *matcher, struct ls_diags *diags);
/* True when a text (NULL: nothing there) is as expected; otherwise *failure,
 * as below. */
bool expectation_check_text(const struct expectation *expectation,
                            const struct ls_str *text,
                            struct step_failure *failure);

/* True when result has the value; otherwise *failure, the caller's to clear,
 * says field, expected and actual. */
bool expectation_check(const struct expectation *expectation,
                       const struct step_result *result,
                       struct step_failure *failure);

/* One field an expectation may name. */
struct expectation_field {
    const char *name;    /* "near.N.kind": N is a number from 0 */
    const char *summary; /* one line for people */
    bool is_list;
    /* NULL, or the text of the index-th value it can have; NULL ends them. */
    const char *(*value_at)(size_t index);
};

/* Every field, for help, documentation and schema; static. */
const struct expectation_field *expectation_fields(size_t *count);

/* What may stand instead of a value, for the same; static. */
struct expectation_matcher {
    const char *name;
    const char *shape;
    const char *summary;
};
const struct expectation_matcher *expectation_matchers(size_t *count);

#endif
