/*
 * Topologies out of YAML files.
 */
#include "topology_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology_yaml.h"
#include "lyncsim/yaml.h"

#include "command.h"
#include "input.h"

/* --- checking ------------------------------------------------------------ */

static void check_table(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    (void)target;
    topology_free(topology_yaml_bind(value, diags));
}

static void check_tables(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    if (value->kind != YAML_MAPPING)
        ls_diags_add(diags, value->place, "write NAME: {pools: [...]}",
                     "topologies are a mapping of names");
    for (size_t i = 0; value->kind == YAML_MAPPING && i < value->count; i++)
        check_table(target, value->pairs[i].value, diags);
}

static void check_nothing(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    (void)target;
    (void)value;
    (void)diags;
}

static const struct yaml_key file_keys[] = {
    {"topology", "mapping", "the table", check_table, false},
    {"topologies", "mapping of names", "tables by name", check_tables, false},
    {"source", "text", "where it comes from", check_nothing, false},
};

bool topology_file_is(struct ls_str text)
{
    static const char *const of_scenarios[] = {"steps", "cases", "title"};
    struct yaml_document *document;
    const struct yaml_node *root;
    struct ls_diags diags;
    bool found;

    ls_diags_init(&diags, "", text);
    document = yaml_document_parse(&diags);
    root = document != NULL ? yaml_document_root(document) : NULL;
    found = root != NULL && root->kind == YAML_MAPPING &&
            (yaml_find(root, "topology") != NULL ||
             yaml_find(root, "topologies") != NULL);
    for (size_t i = 0; found && i < LS_COUNT(of_scenarios); i++)
        found = yaml_find(root, of_scenarios[i]) == NULL;
    yaml_document_free(document);
    ls_diags_clear(&diags);
    return found;
}

void topology_file_check(struct ls_diags *diags)
{
    struct yaml_document *document = yaml_document_parse(diags);

    if (document == NULL)
        return;
    yaml_bind(NULL, yaml_document_root(document), "a topology file", file_keys,
              LS_COUNT(file_keys), diags);
    yaml_document_free(document);
}

/* --- loading ------------------------------------------------------------- */

static void refuse_name(const struct yaml_node *topologies, const char *name,
                        struct ls_diags *diags)
{
    size_t count = topologies != NULL ? topologies->count : 0;
    const char **known = ls_alloc_array(count + 1, sizeof *known);
    const char *nearest;
    char *hint;

    for (size_t i = 0; i < count; i++)
        known[i] = topologies->pairs[i].key->text.at;
    nearest = ls_nearest(ls_str_from(name), known, count);
    hint = nearest != NULL ? ls_strf("did you mean \"%s\"?", nearest) : NULL;
    ls_diags_add(diags, (struct ls_place){0}, hint,
                 "there is no topology \"%s\" in this file", name);
    free(hint);
    free(known);
}

static const struct yaml_node *find_table(const struct yaml_node *root,
                                          const char *name,
                                          struct ls_diags *diags)
{
    const struct yaml_node *topologies, *table;

    if (root->kind != YAML_MAPPING) {
        ls_diags_add(diags, root->place, "write topology: {pools: [...]}",
                     "this is no topology file");
        return NULL;
    }
    topologies = yaml_find(root, "topologies");
    if (topologies != NULL && topologies->kind != YAML_MAPPING)
        topologies = NULL;
    if (name != NULL) {
        table = topologies != NULL ? yaml_find(topologies, name) : NULL;
        if (table == NULL)
            refuse_name(topologies, name, diags);
        return table;
    }
    table = yaml_find(root, "topology");
    if (table == NULL && topologies != NULL && topologies->count == 1)
        table = topologies->pairs[0].value;
    if (table == NULL)
        ls_diags_add(diags, root->place,
                     topologies != NULL ? "name one of them: FILE#NAME" : NULL,
                     "this file has no topology:");
    return table;
}

static struct topology *parse(struct ls_diags *diags, const char *name)
{
    struct yaml_document *document = yaml_document_parse(diags);
    const struct yaml_node *table;
    struct topology *topology = NULL;

    if (document == NULL)
        return NULL;
    table = find_table(yaml_document_root(document), name, diags);
    if (table != NULL)
        topology = topology_yaml_bind(table, diags);
    yaml_document_free(document);
    if (diags->count == 0)
        return topology;
    topology_free(topology);
    return NULL;
}

static void complain(const struct ls_diags *diags)
{
    struct ls_buf faults = {0};

    ls_diags_print(diags, &faults);
    fflush(stdout);
    command_print(stderr, &faults);
}

static struct topology *load(const char *file, const char *name,
                             enum app_exit *code)
{
    struct topology *topology;
    struct ls_diags diags;
    size_t length;
    char *why;
    char *text = input_read(file, &length, &why);

    if (text == NULL) {
        command_complain("%s", why);
        free(why);
        *code = APP_EXIT_UNABLE;
        return NULL;
    }
    ls_diags_init(&diags, input_name(file), ls_str_from_bytes(text, length));
    topology = parse(&diags, name);
    if (topology == NULL) {
        complain(&diags);
        *code = APP_EXIT_USAGE;
    }
    ls_diags_clear(&diags);
    free(text);
    return topology;
}

struct topology *topology_file_load(const char *argument, enum app_exit *code)
{
    const char *hash = strrchr(argument, '#');
    struct ls_str whole = ls_str_from(argument);
    char *file =
        hash == NULL
            ? ls_strdup(argument)
            : ls_str_dup(ls_str_first(whole, (size_t)(hash - argument)));
    struct topology *topology =
        load(file, hash != NULL ? hash + 1 : NULL, code);

    free(file);
    return topology;
}
