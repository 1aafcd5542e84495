#include "lyncsim/topology_load.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology_import.h"
#include "lyncsim/topology_yaml.h"
#include "lyncsim/yaml.h"

static const struct ls_place whole_file = {0};

static struct topology *load_export(struct ls_diags *diags,
                                    struct ls_buf *notes)
{
    struct topology_import *import = topology_import_new();
    struct topology *topology = NULL;

    if (topology_import_read(import, diags)) {
        topology = topology_import_finish(import);
        for (size_t i = 0; notes && i < topology_import_note_count(import); i++)
            ls_buf_printf(notes, "%s\n", topology_import_note(import, i));
    }
    topology_import_free(import);
    return topology;
}

/* The one that name picks from a topologies: mapping. */
static const struct yaml_node *pick(const struct yaml_node *list,
                                    struct ls_str name, struct ls_diags *diags)
{
    const char **names = ls_alloc_array(list->count + 1, sizeof *names);
    const struct yaml_node *found = NULL;

    for (size_t i = 0; i < list->count; i++) {
        names[i] = list->pairs[i].key->text.at;
        if (ls_str_equal(list->pairs[i].key->text, name))
            found = list->pairs[i].value;
    }
    if (!found) {
        const char *nearest = ls_nearest(name, names, list->count);
        char *hint = nearest ? ls_strf("Did you mean %s?", nearest) : NULL;

        ls_diags_add(diags, list->place, hint,
                     "there is no topology \"%.*s\" among these",
                     LS_STR_ARG(name));
        free(hint);
    }
    free(names);
    return found;
}

static const struct yaml_node *find_node(const struct yaml_node *root,
                                         struct ls_str name,
                                         struct ls_diags *diags)
{
    const struct yaml_node *one = yaml_find(root, "topology");
    const struct yaml_node *many = yaml_find(root, "topologies");
    bool has_many = many && many->kind == YAML_MAPPING;

    if (name.length && has_many)
        return pick(many, name, diags);
    if (name.length) {
        ls_diags_add(diags, whole_file, NULL,
                     "the file has no topologies: to pick \"%.*s\" from",
                     LS_STR_ARG(name));
        return NULL;
    }
    if (one)
        return one;
    if (has_many && many->count == 1)
        return many->pairs[0].value;
    if (root->kind == YAML_MAPPING && yaml_find(root, "pools"))
        return root;
    if (has_many)
        ls_diags_add(diags, many->place,
                     "Write FILE#NAME to say which one is meant.",
                     "the file has %zu topologies", many->count);
    else
        ls_diags_add(diags, whole_file, "Write topology: {pools: [{fqdn: …}]}.",
                     "the file holds no topology");
    return NULL;
}

struct topology *topology_load(struct ls_diags *diags, struct ls_str name,
                               struct ls_buf *notes)
{
    size_t faults = ls_diags_fault_count(diags);
    struct topology *topology = NULL;

    if (diags->text.length > TOPOLOGY_IMPORT_MAX_BYTES) {
        ls_diags_add(diags, whole_file, NULL,
                     "the file is larger than %u MiB, and no topology is",
                     TOPOLOGY_IMPORT_MAX_BYTES >> 20);
        return NULL;
    }
    if (topology_export_recognise(diags->text) != EXPORT_NONE) {
        if (ls_str_is_empty(name))
            return load_export(diags, notes);
        ls_diags_add(diags, whole_file, NULL,
                     "an export has one topology, and none is called \"%.*s\"",
                     LS_STR_ARG(name));
        return NULL;
    }
    struct yaml_document *document = yaml_document_parse(diags);
    if (!document)
        return NULL;
    const struct yaml_node *node =
        find_node(yaml_document_root(document), name, diags);
    if (node)
        topology = topology_yaml_bind(node, diags);
    yaml_document_free(document);
    if (ls_diags_fault_count(diags) == faults)
        return topology;
    topology_free(topology);
    return NULL;
}
