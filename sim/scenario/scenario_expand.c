#include "scenario_expand.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"
#include "scenario_variable.h"

/* Axes of a matrix, and values of one. */
#define AXES_MAX 8
#define AXIS_VALUES_MAX 200
/* Rows of cells: of one case. */
#define ROWS_MAX 1000
/* A few lines of a stranger's must not fill the memory once written out. */
#define NODES_MAX 400000
#define BYTES_MAX (16 << 20)

struct matrix_axis {
    const struct yaml_node *name;
    const struct yaml_node *values;
    bool used;     /* by the case that is being written out */
    bool named;    /* by any case */
    size_t chosen; /* in the cell that is being written out */
};

struct expansion {
    struct scenario_nodes *nodes;
    struct ls_diags *diags;
    struct scenario_variables variables;
    struct matrix_axis axes[AXES_MAX];
    size_t axis_count;
    bool row_used[ROWS_MAX]; /* of cells: of the case that is written out */
    size_t bytes;            /* of the texts written out */
    bool full;
};

static struct yaml_node *copy(struct expansion *expansion,
                              const struct yaml_node *node);

static struct yaml_node *copy_scalar(struct expansion *expansion,
                                     const struct yaml_node *node)
{
    struct yaml_node *made = scenario_nodes_add(expansion->nodes, node, 0);
    char *text = scenario_variables_replace(&expansion->variables, node,
                                            expansion->diags);

    made->text = text ? ls_str_from(text) : node->text;
    if (!text)
        made->text.at = ls_str_dup(node->text);
    expansion->bytes += made->text.length;
    return made;
}

/* Nothing more is written out once it has become too much. */
static bool is_full(struct expansion *expansion, const struct yaml_node *node)
{
    if (!expansion->full && (expansion->nodes->count >= NODES_MAX ||
                             expansion->bytes >= BYTES_MAX)) {
        expansion->full = true;
        ls_diags_add(expansion->diags, node->place, "Divide the file.",
                     "written out up to here the file is larger than %d "
                     "values or %d MiB, which is the limit",
                     NODES_MAX, BYTES_MAX >> 20);
    }
    return expansion->full;
}

/* Depth is bounded by the reader's. */
static struct yaml_node *copy(struct expansion *expansion,
                              const struct yaml_node *node)
{
    struct yaml_node *made;

    if (is_full(expansion, node))
        return (struct yaml_node *)(uintptr_t)node;
    if (node->kind == YAML_SCALAR)
        return copy_scalar(expansion, node);
    made = scenario_nodes_add(expansion->nodes, node, node->count);
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_SEQUENCE)
            made->items[i] = copy(expansion, node->items[i]);
        else
            made->pairs[i] = (struct yaml_pair){
                node->pairs[i].key, copy(expansion, node->pairs[i].value)};
        made->count++;
    }
    return made;
}

static void read_axis(struct expansion *expansion, const struct yaml_pair *pair)
{
    struct ls_diags *diags = expansion->diags;

    if (pair->value->kind != YAML_SEQUENCE || pair->value->count == 0 ||
        pair->value->count > AXIS_VALUES_MAX) {
        ls_diags_add(diags, pair->value->place, "Write for example [one, two].",
                     "an axis of the matrix must be a list of 1 to %d texts",
                     AXIS_VALUES_MAX);
        return;
    }
    for (size_t i = 0; i < pair->value->count; i++)
        if (pair->value->items[i]->kind != YAML_SCALAR) {
            ls_diags_add(diags, pair->value->items[i]->place, NULL,
                         "a value of the matrix must be a text");
            return;
        }
    expansion->axes[expansion->axis_count++] =
        (struct matrix_axis){.name = pair->key, .values = pair->value};
}

static void read_matrix(struct expansion *expansion,
                        const struct yaml_node *matrix)
{
    if (matrix->kind != YAML_MAPPING || matrix->count > AXES_MAX) {
        ls_diags_add(expansion->diags, matrix->place,
                     "Write for example {certificate: [one, two]}.",
                     "matrix must be a mapping of at most %d axes", AXES_MAX);
        return;
    }
    for (size_t i = 0; i < matrix->count; i++)
        read_axis(expansion, &matrix->pairs[i]);
}

static bool names_axis(const struct yaml_node *node,
                       const struct matrix_axis *axis)
{
    struct ls_str name;
    size_t at = 0;
    size_t end;

    if (node->kind != YAML_SCALAR) {
        for (size_t i = 0; i < node->count; i++)
            if (names_axis(node->kind == YAML_SEQUENCE ? node->items[i]
                                                       : node->pairs[i].value,
                           axis))
                return true;
        return false;
    }
    for (; scenario_variable_next(node->text, &at, &end, &name); at = end)
        if (ls_str_equal(name, axis->name->text))
            return true;
    return false;
}

static struct matrix_axis *find_axis(struct expansion *expansion,
                                     struct ls_str name)
{
    for (size_t i = 0; i < expansion->axis_count; i++)
        if (ls_str_equal(expansion->axes[i].name->text, name))
            return &expansion->axes[i];
    return NULL;
}

/* Whether a condition of a row of cells: is a value of its axis, or a list of
 * them, and the one of this cell is among them. */
static bool fits(const struct matrix_axis *axis, const struct yaml_node *wanted)
{
    struct ls_str chosen = axis->values->items[axis->chosen]->text;

    if (wanted->kind == YAML_SCALAR)
        return ls_str_equal(wanted->text, chosen);
    for (size_t i = 0; wanted->kind == YAML_SEQUENCE && i < wanted->count; i++)
        if (ls_str_equal(wanted->items[i]->text, chosen))
            return true;
    return false;
}

static bool row_fits(struct expansion *expansion, const struct yaml_node *row)
{
    for (size_t i = 0; i < row->count; i++) {
        const struct matrix_axis *axis =
            find_axis(expansion, row->pairs[i].key->text);

        if (axis && !fits(axis, row->pairs[i].value))
            return false;
    }
    return true;
}

static void check_value(struct expansion *expansion,
                        const struct matrix_axis *axis,
                        const struct yaml_node *value)
{
    const char *names[AXIS_VALUES_MAX];
    size_t count = axis->values->count;
    char *hint;

    for (size_t i = 0; i < count; i++) {
        names[i] = axis->values->items[i]->text.at;
        if (ls_str_equal_text(value->text, names[i]))
            return;
    }
    hint = scenario_did_you_mean(value->text, names, count);
    ls_diags_add(expansion->diags, value->place, hint,
                 "the matrix has no %s \"%s\"", axis->name->text.at,
                 value->text.length ? value->text.at : "");
    free(hint);
}

/* The rows of cells: whose conditions name what the matrix does not have. */
static bool check_rows(struct expansion *expansion,
                       const struct yaml_node *rows)
{
    size_t faults = ls_diags_fault_count(expansion->diags);

    if (rows->kind == YAML_SEQUENCE && rows->count > ROWS_MAX) {
        ls_diags_add(expansion->diags, rows->place, NULL,
                     "cells has more than %d rows, which is the limit",
                     ROWS_MAX);
        return false;
    }
    if (rows->kind != YAML_SEQUENCE) {
        ls_diags_add(expansion->diags, rows->place,
                     "Write one row a line, each {axis: value, field: value}.",
                     "cells must be a list of rows");
        return false;
    }
    for (size_t i = 0; i < rows->count; i++) {
        const struct yaml_node *row = rows->items[i];

        if (row->kind != YAML_MAPPING)
            ls_diags_add(expansion->diags, row->place, NULL,
                         "a row of cells must be a mapping");
        for (size_t j = 0; row->kind == YAML_MAPPING && j < row->count; j++) {
            const struct matrix_axis *axis =
                find_axis(expansion, row->pairs[j].key->text);
            const struct yaml_node *value = row->pairs[j].value;

            if (axis && value->kind != YAML_SEQUENCE)
                check_value(expansion, axis, value);
            for (size_t k = 0;
                 axis && value->kind == YAML_SEQUENCE && k < value->count; k++)
                check_value(expansion, axis, value->items[k]);
        }
    }
    return ls_diags_fault_count(expansion->diags) == faults;
}

/* What is common to all cells, and the fields of this cell's row. */
static struct yaml_node *copy_expect(struct expansion *expansion,
                                     const struct yaml_node *common,
                                     const struct yaml_node *row)
{
    struct yaml_node *made = scenario_nodes_add(
        expansion->nodes, row, row->count + (common ? common->count : 0));

    for (size_t i = 0; common && i < common->count; i++)
        if (!yaml_find(row, common->pairs[i].key->text.at))
            made->pairs[made->count++] = (struct yaml_pair){
                common->pairs[i].key, copy(expansion, common->pairs[i].value)};
    for (size_t i = 0; i < row->count; i++)
        if (!find_axis(expansion, row->pairs[i].key->text))
            made->pairs[made->count++] = (struct yaml_pair){
                row->pairs[i].key, copy(expansion, row->pairs[i].value)};
    return made;
}

static const struct yaml_node *find_row(struct expansion *expansion,
                                        const struct yaml_node *rows)
{
    for (size_t i = 0; rows && i < rows->count; i++)
        if (row_fits(expansion, rows->items[i])) {
            expansion->row_used[i] = true;
            return rows->items[i];
        }
    return NULL;
}

/* The case without its cells:, which have become its expect:. */
static struct yaml_node *copy_case(struct expansion *expansion,
                                   const struct yaml_node *written)
{
    const struct yaml_node *common = yaml_find(written, "expect");
    const struct yaml_node *row =
        find_row(expansion, yaml_find(written, "cells"));
    struct yaml_node *made;

    if (written->kind != YAML_MAPPING ||
        (common && common->kind != YAML_MAPPING))
        return copy(expansion, written);
    made = scenario_nodes_add(expansion->nodes, written, written->count + 1);
    for (size_t i = 0; i < written->count; i++) {
        const struct yaml_pair *pair = &written->pairs[i];

        if (!ls_str_equal_text(pair->key->text, "cells") &&
            !(row && pair->value == common))
            made->pairs[made->count++] =
                (struct yaml_pair){pair->key, copy(expansion, pair->value)};
    }
    if (row) {
        struct yaml_node *key =
            scenario_nodes_add(expansion->nodes, written->pairs[0].key, 0);

        key->place = row->place;
        key->text = ls_str_from(ls_strdup("expect"));
        made->pairs[made->count++] =
            (struct yaml_pair){key, copy_expect(expansion, common, row)};
    }
    return made;
}

/* "name [axis value, …]", where the name does not tell cells apart. */
static void name_cell(struct expansion *expansion, struct yaml_node *made,
                      const struct yaml_node *written)
{
    const struct yaml_node *name = yaml_find(written, "name");
    struct ls_buf text = {0};

    for (size_t i = 0; name && i < expansion->axis_count; i++)
        if (names_axis(name, &expansion->axes[i]))
            return;
    for (size_t i = 0; made->kind == YAML_MAPPING && i < made->count; i++) {
        struct yaml_node *value = made->pairs[i].value;
        const char *between = " [";

        if (!ls_str_equal_text(made->pairs[i].key->text, "name") ||
            value->kind != YAML_SCALAR || expansion->full)
            continue;
        ls_buf_add(&text, value->text);
        for (size_t j = 0; j < expansion->axis_count; j++) {
            const struct matrix_axis *axis = &expansion->axes[j];

            if (!axis->used)
                continue;
            ls_buf_printf(&text, "%s%s", between,
                          axis->values->items[axis->chosen]->text.at);
            between = ", ";
        }
        ls_buf_add_text(&text, "]");
        free((char *)(uintptr_t)value->text.at);
        value->text = ls_buf_str(&text);
        value->text.at = ls_buf_take(&text);
    }
}

static struct yaml_node *copy_cell(struct expansion *expansion,
                                   const struct yaml_node *written)
{
    size_t variables = expansion->variables.count;
    struct yaml_node *made;

    for (size_t i = 0; i < expansion->axis_count; i++) {
        const struct matrix_axis *axis = &expansion->axes[i];

        if (axis->used)
            scenario_variables_add(&expansion->variables, axis->name->text,
                                   axis->values->items[axis->chosen]->text);
    }
    made = copy_case(expansion, written);
    name_cell(expansion, made, written);
    scenario_variables_forget(&expansion->variables, variables);
    return made;
}

/* Count the cells up like an odometer; false when it is back at the start. */
static bool next_cell(struct expansion *expansion)
{
    for (size_t i = expansion->axis_count; i-- > 0;) {
        struct matrix_axis *axis = &expansion->axes[i];

        if (!axis->used)
            continue;
        if (++axis->chosen < axis->values->count)
            return true;
        axis->chosen = 0;
    }
    return false;
}

/* How many cells a case has, at most one more than the limit. */
static size_t count_cells(struct expansion *expansion,
                          const struct yaml_node *written)
{
    size_t count = 1;

    for (size_t i = 0; i < expansion->axis_count; i++) {
        struct matrix_axis *axis = &expansion->axes[i];

        axis->chosen = 0;
        axis->used = names_axis(written, axis);
        axis->named = axis->named || axis->used;
        if (axis->used && count <= SCENARIO_STEPS_MAX)
            count *= axis->values->count;
    }
    return count;
}

/* A row that comes too late, or whose conditions never meet, is a slip. */
static void check_rows_are_used(struct expansion *expansion,
                                const struct yaml_node *rows)
{
    for (size_t i = 0; i < rows->count && !expansion->full; i++)
        if (!expansion->row_used[i])
            ls_diags_add(expansion->diags, rows->items[i]->place,
                         "A row above it fits first, or none of its cells is "
                         "played.",
                         "the matrix never comes to this row");
    memset(expansion->row_used, 0, sizeof(expansion->row_used));
}

static void check_axes_are_named(struct expansion *expansion)
{
    for (size_t i = 0; i < expansion->axis_count; i++)
        if (!expansion->axes[i].named)
            ls_diags_add(expansion->diags, expansion->axes[i].name->place,
                         "Name it, or leave the axis out.", "no case names $%s",
                         expansion->axes[i].name->text.at);
}

static struct yaml_node *copy_cases(struct expansion *expansion,
                                    const struct yaml_node *cases)
{
    struct yaml_node *made =
        scenario_nodes_add(expansion->nodes, cases, SCENARIO_STEPS_MAX);

    for (size_t i = 0; i < cases->count; i++) {
        const struct yaml_node *written = cases->items[i];
        const struct yaml_node *rows = yaml_find(written, "cells");
        size_t count = count_cells(expansion, written);

        if (count + made->count > SCENARIO_STEPS_MAX) {
            ls_diags_add(expansion->diags, written->place, "Divide the file.",
                         "with this case the matrix has more than %d cells, "
                         "which is the limit",
                         SCENARIO_STEPS_MAX);
            if (made->count == 0) /* or there seem to be no cases */
                made->items[made->count++] = cases->items[i];
            break;
        }
        if (rows && !check_rows(expansion, rows))
            continue;
        do
            made->items[made->count++] = copy_cell(expansion, written);
        while (!expansion->full && next_cell(expansion));
        if (rows)
            check_rows_are_used(expansion, rows);
    }
    check_axes_are_named(expansion);
    return made;
}

static bool is_taken_as_written(struct ls_str key)
{
    return ls_str_equal_text(key, "variables") ||
           ls_str_equal_text(key, "environment") ||
           ls_str_equal_text(key, "matrix");
}

const struct yaml_node *scenario_expand(const struct yaml_node *root,
                                        struct scenario_nodes *nodes,
                                        struct ls_diags *diags)
{
    struct expansion expansion = {.nodes = nodes, .diags = diags};
    const struct yaml_node *matrix = yaml_find(root, "matrix");
    struct yaml_node *made;

    if (!matrix && !yaml_find(root, "variables") &&
        !yaml_find(root, "environment"))
        return root;
    scenario_variables_read(&expansion.variables, root, diags);
    if (matrix)
        read_matrix(&expansion, matrix);
    made = scenario_nodes_add(nodes, root, root->count);
    for (size_t i = 0; i < root->count; i++) {
        struct yaml_pair pair = root->pairs[i];

        if (ls_str_equal_text(pair.key->text, "cases") &&
            pair.value->kind == YAML_SEQUENCE)
            pair.value = copy_cases(&expansion, pair.value);
        else if (!is_taken_as_written(pair.key->text))
            pair.value = copy(&expansion, pair.value);
        made->pairs[made->count++] = pair;
    }
    scenario_variables_clear(&expansion.variables);
    return made;
}
