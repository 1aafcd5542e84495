/*
 * Topologies out of files.
 */
#include "topology_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology_import.h"
#include "lyncsim/topology_load.h"
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
    bool is_export = topology_export_recognise(text) != EXPORT_NONE;
    bool found;

    /* A scenario may be JSON, as an export may. */
    if (is_export && !ls_str_starts_with(text, "{"))
        return true;
    ls_diags_init(&diags, "", text);
    document = yaml_document_parse(&diags);
    root = document != NULL ? yaml_document_root(document) : NULL;
    if (root == NULL || root->kind != YAML_MAPPING)
        found = is_export;
    else
        found = is_export || yaml_find(root, "topology") != NULL ||
                yaml_find(root, "topologies") != NULL;
    for (size_t i = 0; found && i < LS_COUNT(of_scenarios); i++)
        found = root == NULL || yaml_find(root, of_scenarios[i]) == NULL;
    yaml_document_free(document);
    ls_diags_clear(&diags);
    return found;
}

void topology_file_check(struct ls_diags *diags)
{
    struct yaml_document *document;

    if (topology_export_recognise(diags->text) != EXPORT_NONE) {
        topology_free(topology_load(diags, ls_str_from(""), NULL));
        return;
    }
    document = yaml_document_parse(diags);
    if (document == NULL)
        return;
    yaml_bind(NULL, yaml_document_root(document), "a topology file", file_keys,
              LS_COUNT(file_keys), diags);
    yaml_document_free(document);
}

/* --- loading ------------------------------------------------------------- */

/* What an export did not yield is counted, and no more: import shows it
 * all. */
static void tell_notes(const char *file, const struct ls_buf *notes)
{
    struct ls_str rest = ls_buf_str(notes);
    struct ls_str line;
    size_t count = 0;

    while (ls_str_cut(&rest, '\n', &line))
        count++;
    if (count > 0)
        command_complain("%s: %zu note%s on this export; lyncsim topology "
                         "import shows them",
                         file, count, count == 1 ? "" : "s");
}

static struct topology *load(const char *file, const char *name,
                             enum app_exit *code)
{
    struct topology *topology;
    struct ls_buf output = {0};
    struct ls_diags diags;
    size_t length;
    char *text = input_load(file, &length, code);

    if (text == NULL)
        return NULL;
    ls_diags_init(&diags, input_name(file), ls_str_from_bytes(text, length));
    topology = topology_load(&diags, ls_str_from(name), &output);
    if (topology == NULL) {
        ls_buf_reset(&output);
        ls_diags_print(&diags, &output);
        fflush(stdout);
        command_print(stderr, &output);
        *code = APP_EXIT_USAGE;
    } else {
        if (topology->is_draft)
            command_complain("%s: This is a draft, not published: no Front "
                             "End works on it yet, and what is said of it "
                             "holds once it is published and enabled",
                             input_name(file));
        tell_notes(input_name(file), &output);
    }
    ls_buf_clear(&output);
    ls_diags_clear(&diags);
    free(text);
    return topology;
}

char *topology_file_name(const char *argument)
{
    const char *hash = strrchr(argument, '#');

    /* A file may have that letter in its own name. */
    if (hash == NULL || access(argument, F_OK) == 0)
        return ls_strdup(argument);
    return ls_str_dup(ls_str_from_bytes(argument, (size_t)(hash - argument)));
}

struct topology *topology_file_load(const char *argument, enum app_exit *code)
{
    char *file = topology_file_name(argument);
    size_t length = strlen(file);
    const char *name = argument[length] == '#' ? argument + length + 1 : NULL;
    struct topology *topology = load(file, name, code);

    free(file);
    return topology;
}
