/*
 * The edits of a topology: step, bound by a table of forms.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology_yaml.h"

static void take_name(char **to, const struct yaml_node *value,
                      const char *what, struct ls_diags *diags)
{
    struct ls_str text;
    char *why;

    if (!yaml_text(value, what, &text, diags))
        return;
    why = pool_refuse_name(text);
    if (why != NULL)
        ls_diags_add(diags, value->place, NULL, "%s", why);
    free(why);
    free(*to);
    *to = ls_str_dup(text);
}

static void bind_fqdn(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct topology_edit *edit = target;

    take_name(&edit->fqdn, value, "fqdn", diags);
}

static void bind_from(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct topology_edit *edit = target;

    take_name(&edit->fqdn, value, "from", diags);
}

static void bind_to(void *target, const struct yaml_node *value,
                    struct ls_diags *diags)
{
    struct topology_edit *edit = target;

    take_name(&edit->other, value, "to", diags);
}

static void bind_pool(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct topology_edit *edit = target;

    take_name(&edit->other, value, "pool", diags);
}

static void bind_id(void *target, const struct yaml_node *value,
                    struct ls_diags *diags)
{
    struct topology_edit *edit = target;

    take_name(&edit->id, value, "id", diags);
}

static void bind_port(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct topology_edit *edit = target;
    int64_t port;

    if (yaml_integer(value, "port", 1, UINT16_MAX, &port, diags))
        edit->port = (uint16_t)port;
}

static const struct yaml_key name_keys[] = {
    {"", "text", "the pool's name", bind_fqdn, true},
};

static const struct yaml_key rename_keys[] = {
    {"from", "text", "the pool's name", bind_from, true},
    {"to", "text", "the name it would get", bind_to, true},
};

static const struct yaml_key computer_keys[] = {
    {"pool", "text", "a multiple-computer pool", bind_pool, true},
    {"fqdn", "text", "the computer's name", bind_fqdn, true},
};

static const struct yaml_key add_application_keys[] = {
    {"pool", "text", "the pool it runs on", bind_pool, true},
    {"id", "text", "its id; the prefix urn:application: is added by itself",
     bind_id, true},
    {"port", "1 to 65535", "where the Front End dials to; unique in its pool",
     bind_port, true},
};

static const struct yaml_key remove_application_keys[] = {
    {"pool", "text", "the pool it runs on", bind_pool, true},
    {"id", "text", "its id", bind_id, true},
};

/* add-pool takes what a pool of a topology takes. */
static const struct topology_edit_form forms[] = {
    {EDIT_ADD_POOL, "make a pool, as under pools", NULL, 0},
    {EDIT_REMOVE_POOL, "delete a pool, its computers and applications",
     name_keys, LS_COUNT(name_keys)},
    {EDIT_RENAME_POOL, "which the product always refuses", rename_keys,
     LS_COUNT(rename_keys)},
    {EDIT_ADD_COMPUTER, "add a computer to a multiple-computer pool",
     computer_keys, LS_COUNT(computer_keys)},
    {EDIT_REMOVE_COMPUTER, "take a computer out of a pool", computer_keys,
     LS_COUNT(computer_keys)},
    {EDIT_ADD_APPLICATION, "add a trusted application to a pool",
     add_application_keys, LS_COUNT(add_application_keys)},
    {EDIT_REMOVE_APPLICATION, "take a trusted application out of a pool",
     remove_application_keys, LS_COUNT(remove_application_keys)},
    {EDIT_PUBLISH, "publish the draft; enables it too, unless enable: by-hand",
     NULL, 0},
    {EDIT_ENABLE, "enable what is published", NULL, 0},
};

const struct topology_edit_form *topology_yaml_edit_forms(size_t *count)
{
    *count = LS_COUNT(forms);
    return forms;
}

static bool is_bare(enum topology_edit_kind kind)
{
    return kind == EDIT_PUBLISH || kind == EDIT_ENABLE;
}

/* The result is owned by the caller. */
static char *known_edits(void)
{
    struct ls_buf text = {0};

    ls_buf_add_text(&text, "Known here: ");
    for (size_t i = 0; i < LS_COUNT(forms); i++)
        ls_buf_printf(&text, "%s%s",
                      i == 0                    ? ""
                      : i + 1 < LS_COUNT(forms) ? ", "
                                                : " or ",
                      topology_edit_kind_text(forms[i].kind));
    ls_buf_add_byte(&text, '.');
    return ls_buf_take(&text);
}

static void add_unknown_edit(const struct yaml_node *node, struct ls_str name,
                             struct ls_diags *diags)
{
    const char *names[LS_COUNT(forms)];
    const char *nearest;
    char *hint = NULL;

    for (size_t i = 0; i < LS_COUNT(forms); i++)
        names[i] = topology_edit_kind_text(forms[i].kind);
    nearest = ls_nearest(name, names, LS_COUNT(names));
    if (nearest != NULL)
        hint = ls_strf("Did you mean \"%s\"?", nearest);
    else
        hint = known_edits();
    ls_diags_add(diags, node->place, hint, "\"%.*s\" is no edit of a topology.",
                 LS_STR_ARG(name));
    free(hint);
}

static const struct topology_edit_form *find_form(const struct yaml_node *node,
                                                  struct ls_diags *diags)
{
    for (size_t i = 0; i < LS_COUNT(forms); i++)
        if (ls_str_equal_text(node->text,
                              topology_edit_kind_text(forms[i].kind)))
            return &forms[i];
    add_unknown_edit(node, node->text, diags);
    return NULL;
}

static bool bind_value(struct topology_edit *edit,
                       const struct topology_edit_form *form,
                       const struct yaml_node *value, struct ls_diags *diags)
{
    size_t faults = ls_diags_fault_count(diags);

    edit->kind = form->kind;
    if (is_bare(form->kind)) {
        if (value->kind != YAML_SCALAR || value->text.length > 0)
            ls_diags_add(diags, value->place, NULL, "\"%s\" takes nothing.",
                         topology_edit_kind_text(form->kind));
    } else if (form->kind == EDIT_ADD_POOL) {
        edit->pool = pool_yaml_bind(value, diags);
    } else if (form->keys == name_keys) {
        bind_fqdn(edit, value, diags);
    } else {
        yaml_bind(edit, value, topology_edit_kind_text(form->kind), form->keys,
                  form->key_count, diags);
    }
    return ls_diags_fault_count(diags) == faults;
}

/* One edit; false and a fault when it is none. */
static bool bind_edit(struct topology_edit *edit, const struct yaml_node *node,
                      struct ls_diags *diags)
{
    const struct topology_edit_form *form;

    edit->place = node->place;
    if (node->kind == YAML_SCALAR) {
        form = find_form(node, diags);
        if (form != NULL && !is_bare(form->kind))
            ls_diags_add(diags, node->place, NULL,
                         "\"%s\" needs to be told what.",
                         topology_edit_kind_text(form->kind));
        if (form == NULL || !is_bare(form->kind))
            return false;
        edit->kind = form->kind;
        return true;
    }
    if (node->kind != YAML_MAPPING || node->count != 1) {
        ls_diags_add(diags, node->place, NULL,
                     "An edit is a mapping with one key, or a word.");
        return false;
    }
    form = find_form(node->pairs[0].key, diags);
    return form != NULL && bind_value(edit, form, node->pairs[0].value, diags);
}

struct topology_edit *topology_edits_bind(const struct yaml_node *node,
                                          size_t *count, struct ls_diags *diags)
{
    struct topology_edit *edits = NULL;

    *count = 0;
    if (node->kind != YAML_SEQUENCE) {
        ls_diags_add(diags, node->place, NULL,
                     "The edits of a topology are a list.");
        return NULL;
    }
    edits = ls_alloc_array(node->count, sizeof *edits);
    for (size_t i = 0; i < node->count; i++) {
        if (bind_edit(&edits[*count], node->items[i], diags))
            (*count)++;
        else
            topology_edit_clear(&edits[*count]);
    }
    return edits;
}
