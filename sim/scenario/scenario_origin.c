/*
 * Where a fault of a file that is extended really stands.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"

#include "scenario_extend.h"

static void name_one(struct ls_diag *fault, const struct ls_diags *below)
{
    for (size_t i = 0; i < below->count; i++) {
        const struct ls_diag *real = &below->items[i];
        char *sentence;

        if (!ls_str_equal_text(ls_str_from(real->sentence), fault->sentence))
            continue;
        sentence = ls_strf("%s:%u:%u: %s", below->file, real->place.line,
                           real->place.column, real->sentence);
        free(fault->sentence);
        fault->sentence = sentence;
        return;
    }
}

static bool is_at(const struct ls_diag *fault, const struct yaml_node *name)
{
    return fault->place.line == name->place.line &&
           fault->place.column == name->place.column;
}

static bool has_fault_at(const struct ls_diags *diags, size_t first,
                         const struct yaml_node *name)
{
    for (size_t i = first; i < diags->count; i++)
        if (is_at(&diags->items[i], name))
            return true;
    return false;
}

static void name_below(const struct yaml_node *name,
                       const struct scenario_loader *loader,
                       scenario_parse_fn *parse, size_t first,
                       struct ls_diags *diags)
{
    struct ls_diags below;
    char *why = NULL, *path, *text;
    size_t length;

    if (name->kind != YAML_SCALAR || !has_fault_at(diags, first, name))
        return;
    path = scenario_path_beside(diags->file, name->text.at);
    text = ls_str_equal_text(ls_str_from(path), diags->file)
               ? NULL
               : loader->read(loader->arg, path, &length, &why);
    if (text != NULL) {
        ls_diags_init(&below, path, ls_str_from_bytes(text, length));
        scenario_free(parse(&below, loader));
        for (size_t i = first; i < diags->count; i++)
            if (is_at(&diags->items[i], name))
                name_one(&diags->items[i], &below);
        ls_diags_clear(&below);
    }
    free(text);
    free(why);
    free(path);
}

void scenario_name_origins(const struct yaml_node *root,
                           const struct scenario_loader *loader,
                           scenario_parse_fn *parse, size_t first,
                           struct ls_diags *diags)
{
    const struct yaml_node *names =
        root->kind == YAML_MAPPING ? yaml_find(root, "extends") : NULL;

    if (names == NULL || loader == NULL || diags->count == first)
        return;
    if (names->kind != YAML_SEQUENCE)
        name_below(names, loader, parse, first, diags);
    for (size_t i = 0; names->kind == YAML_SEQUENCE && i < names->count; i++)
        name_below(names->items[i], loader, parse, first, diags);
}
