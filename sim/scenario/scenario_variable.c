#include "scenario_variable.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#define uthash_malloc(size) ls_alloc(size)
#include <uthash.h>

#include "scenario_bind.h"
#include "talk_voice.h"

/* One text that names a long variable again and again must not fill the
 * memory. */
#define REPLACED_MAX (4u << 20)

struct scenario_variable {
    struct ls_str name;
    struct ls_str text;
    struct scenario_variable *hidden; /* of the same name; or NULL */
    UT_hash_handle hh;
};

static bool is_name_byte(char byte, bool first)
{
    bool letter = (byte >= 'a' && byte <= 'z') ||
                  (byte >= 'A' && byte <= 'Z') || byte == '_';

    return letter || (!first && ((byte >= '0' && byte <= '9') || byte == '-'));
}

static size_t name_length(struct ls_str text)
{
    size_t length = 0;

    while (length < text.length && is_name_byte(text.at[length], length == 0))
        length++;
    return length;
}

void scenario_variables_add(struct scenario_variables *variables,
                            struct ls_str name, struct ls_str text)
{
    struct scenario_variable *variable = ls_alloc(sizeof *variable);

    *variable = (struct scenario_variable){.name = name, .text = text};
    HASH_FIND(hh, variables->by_name, name.at, name.length, variable->hidden);
    if (variable->hidden)
        HASH_DEL(variables->by_name, variable->hidden);
    HASH_ADD_KEYPTR(hh, variables->by_name, variable->name.at, name.length,
                    variable);
    LS_GROW(variables->items, variables->count, variables->capacity);
    variables->items[variables->count++] = variable;
}

void scenario_variables_forget(struct scenario_variables *variables,
                               size_t count)
{
    while (variables->count > count) {
        struct scenario_variable *variable =
            variables->items[--variables->count];

        HASH_DEL(variables->by_name, variable);
        if (variable->hidden)
            HASH_ADD_KEYPTR(hh, variables->by_name, variable->hidden->name.at,
                            variable->hidden->name.length, variable->hidden);
        free(variable);
    }
}

void scenario_variables_clear(struct scenario_variables *variables)
{
    scenario_variables_forget(variables, 0);
    free(variables->items);
    *variables = (struct scenario_variables){0};
}

static const struct scenario_variable *
find(const struct scenario_variables *variables, struct ls_str name)
{
    struct scenario_variable *variable = NULL;

    HASH_FIND(hh, variables->by_name, name.at, name.length, variable);
    return variable;
}

bool scenario_variable_next(struct ls_str text, size_t *at, size_t *end,
                            struct ls_str *name)
{
    for (; *at + 1 < text.length; (*at)++) {
        struct ls_str rest = ls_str_skip(text, *at + 1);
        bool braced = rest.at[0] == '{';

        if (text.at[*at] != '$')
            continue;
        if (rest.at[0] == '$') { /* $$end_record is no variable */
            (*at)++;
            continue;
        }
        rest = ls_str_skip(rest, braced);
        *name = ls_str_first(rest, name_length(rest));
        *end = *at + 1 + braced + name->length + braced;
        if (name->length == 0 || *end > text.length ||
            (braced && text.at[*end - 1] != '}'))
            continue;
        return true;
    }
    return false;
}

static char *suggest(const struct scenario_variables *variables,
                     struct ls_str name)
{
    const char **names = ls_alloc_array(variables->count + 1, sizeof(*names));
    char *hint;

    for (size_t i = 0; i < variables->count; i++)
        names[i] = ls_str_dup(variables->items[i]->name);
    hint = scenario_did_you_mean(name, names, variables->count);
    for (size_t i = 0; i < variables->count; i++)
        free((char *)(uintptr_t)names[i]);
    free(names);
    return hint;
}

static void refuse_unknown(const struct scenario_variables *variables,
                           const struct yaml_node *node, struct ls_str name,
                           struct ls_diags *diags)
{
    char *hint = ls_diags_are_full(diags) ? NULL : suggest(variables, name);

    ls_diags_add(diags, node->place, hint,
                 "nothing says what \"$%.*s\" stands for", LS_STR_ARG(name));
    free(hint);
}

char *scenario_variables_replace(const struct scenario_variables *variables,
                                 const struct yaml_node *node,
                                 struct ls_diags *diags)
{
    struct ls_str text = node->text;
    struct ls_buf out = {0};
    struct ls_str name;
    size_t done = 0;
    size_t at = 0;
    size_t end;

    while (out.length <= REPLACED_MAX &&
           scenario_variable_next(text, &at, &end, &name)) {
        const struct scenario_variable *variable = find(variables, name);

        ls_buf_add(&out, ls_str_first(ls_str_skip(text, done), at - done));
        if (variable)
            ls_buf_add(&out, variable->text);
        else if (talk_field_exists(name)) /* a message will fill it in */
            ls_buf_add(&out, ls_str_first(ls_str_skip(text, at), end - at));
        else
            refuse_unknown(variables, node, name, diags);
        done = at = end;
    }
    if (done == 0)
        return NULL;
    if (out.length > REPLACED_MAX)
        ls_diags_add(diags, node->place, NULL,
                     "written out this text is longer than %d MiB, which is "
                     "the limit",
                     REPLACED_MAX >> 20);
    ls_buf_add(&out, ls_str_skip(text, done));
    return ls_buf_take(&out);
}

static bool is_name(struct ls_str text)
{
    return text.length > 0 && name_length(text) == text.length;
}

static void read_variables(struct scenario_variables *variables,
                           const struct yaml_node *node, struct ls_diags *diags)
{
    if (node->kind != YAML_MAPPING) {
        ls_diags_add(diags, node->place, "Write {array: mail.contoso.com}.",
                     "variables must be a mapping of names and texts");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        struct ls_str text;

        if (!is_name(pair->key->text))
            ls_diags_add(diags, pair->key->place,
                         "Letters, digits, _ and -, a letter first.",
                         "\"%s\" cannot name a variable", pair->key->text.at);
        else if (yaml_text(pair->value, "a variable", &text, diags))
            scenario_variables_add(variables, pair->key->text, text);
    }
}

/* A file says which variables of the environment it wants; no other can be
 * seen by it. */
static void read_environment(struct scenario_variables *variables,
                             const struct yaml_node *node,
                             struct ls_diags *diags)
{
    if (node->kind != YAML_SEQUENCE) {
        ls_diags_add(diags, node->place, "Write for example [DOMAIN].",
                     "environment must be a list of names");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *item = node->items[i];
        struct ls_str name;
        const char *text;

        if (!yaml_text(item, "a name", &name, diags))
            continue;
        text = is_name(name) ? getenv(name.at) : NULL;
        if (text && ls_str_is_utf8(ls_str_from(text)))
            scenario_variables_add(variables, name, ls_str_from(text));
        else
            ls_diags_add(diags, item->place, "Set it before lyncsim is run.",
                         "the environment has no usable variable \"%s\"",
                         name.at);
    }
}

void scenario_variables_read(struct scenario_variables *variables,
                             const struct yaml_node *root,
                             struct ls_diags *diags)
{
    const struct yaml_node *own = yaml_find(root, "variables");
    const struct yaml_node *environment = yaml_find(root, "environment");

    if (environment)
        read_environment(variables, environment, diags);
    if (own)
        read_variables(variables, own, diags);
}
