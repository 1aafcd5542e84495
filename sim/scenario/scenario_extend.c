#include "scenario_extend.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"

/* Files one above the other, and files a file names. */
#define DEPTH_MAX 8
#define FILES_MAX 16
/* In all, or few files that name each other would be read for ever. */
#define FILES_READ_MAX 64

#define FAULT_BELOW "the file it extends has a fault: "

struct extension {
    const struct scenario_loader *loader;
    struct scenario_nodes *nodes;
    unsigned depth;
    const char *chain[DEPTH_MAX + 1]; /* who extends whom, from the first on */
    unsigned files;                   /* read so far */
};

static bool is_one_of(struct ls_str text, const char *const *names)
{
    for (; *names; names++)
        if (ls_str_equal_text(text, *names))
            return true;
    return false;
}

/* What tells a file apart from others is not taken from them. */
static bool is_own(struct ls_str key)
{
    static const char *const names[] = {"title",  "source",  "standing",
                                        "story",  "steps",   "cases",
                                        "matrix", "extends", NULL};

    return is_one_of(key, names);
}

/* In these what stands in both files is put together by name. */
static bool is_by_name(struct ls_str key)
{
    static const char *const names[] = {
        "authorities", "certificates", "topologies", "peers",
        "front-end",   "trace",        "variables",  NULL};

    return is_one_of(key, names);
}

/* A copy that outlives its document, at the place that named its file. */
static struct yaml_node *copy_at(struct scenario_nodes *nodes,
                                 const struct yaml_node *node,
                                 struct ls_place place)
{
    struct yaml_node *made = scenario_nodes_add(nodes, node, node->count);

    made->place = place;
    if (node->kind == YAML_SCALAR) {
        made->text.at = ls_str_dup(node->text);
        made->text.length = node->text.length;
        return made;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_SEQUENCE)
            made->items[i] = copy_at(nodes, node->items[i], place);
        else
            made->pairs[i] = (struct yaml_pair){
                copy_at(nodes, node->pairs[i].key, place),
                copy_at(nodes, node->pairs[i].value, place),
            };
        made->count++;
    }
    return made;
}

/* over's pairs, in the order of under where both have them. */
static struct yaml_node *lay_over(struct scenario_nodes *nodes,
                                  const struct yaml_node *over,
                                  const struct yaml_node *under)
{
    struct yaml_node *made =
        scenario_nodes_add(nodes, over, over->count + under->count);

    for (size_t i = 0; i < under->count; i++) {
        struct yaml_pair pair = under->pairs[i];

        for (size_t j = 0; j < over->count; j++)
            if (ls_str_equal(over->pairs[j].key->text, pair.key->text))
                pair = over->pairs[j];
        made->pairs[made->count++] = pair;
    }
    for (size_t i = 0; i < over->count; i++)
        if (!yaml_find(under, over->pairs[i].key->text.at))
            made->pairs[made->count++] = over->pairs[i];
    return made;
}

static struct yaml_node *lay_file_under(struct scenario_nodes *nodes,
                                        const struct yaml_node *root,
                                        const struct yaml_node *base)
{
    struct yaml_node *made =
        scenario_nodes_add(nodes, root, root->count + base->count);

    for (size_t i = 0; i < root->count; i++) {
        struct yaml_pair pair = root->pairs[i];
        const struct yaml_node *under = yaml_find(base, pair.key->text.at);

        if (under && is_by_name(pair.key->text) &&
            pair.value->kind == YAML_MAPPING && under->kind == YAML_MAPPING)
            pair.value = lay_over(nodes, pair.value, under);
        made->pairs[made->count++] = pair;
    }
    for (size_t i = 0; i < base->count; i++)
        if (!is_own(base->pairs[i].key->text) &&
            !yaml_find(root, base->pairs[i].key->text.at))
            made->pairs[made->count++] = base->pairs[i];
    return made;
}

/* "dir/one.yaml" and "../common.yaml" are "dir/../common.yaml". */
char *scenario_path_beside(const char *file, const char *name)
{
    const char *slash = file && name[0] != '/' ? strrchr(file, '/') : NULL;

    return slash ? ls_strf("%.*s/%s", (int)(slash - file), file, name)
                 : ls_strdup(name);
}

static bool is_file_name(struct ls_str name)
{
    return !ls_str_starts_with(name, "/") &&
           (ls_str_ends_with(name, ".yaml") || ls_str_ends_with(name, ".yml"));
}

static const struct yaml_node *extend(struct extension *extension,
                                      const struct yaml_node *root,
                                      struct ls_diags *diags);

/* A file that names another that names it. */
static bool is_circle(const struct extension *extension,
                      const struct yaml_node *name, const char *path,
                      struct ls_diags *diags)
{
    for (unsigned i = 0; i <= extension->depth - 1; i++)
        if (strcmp(extension->chain[i], path) == 0) {
            ls_diags_add(diags, name->place, "Leave it out.",
                         "%s extends itself in the end", path);
            return true;
        }
    return false;
}

/* The first fault of a file that is named stands where its name does; the
 * file that has it is named once, however many are between. */
static void refuse_file(const struct yaml_node *name,
                        const struct ls_diags *faults, struct ls_diags *diags)
{
    const struct ls_diag *first = &faults->items[0];
    bool is_told =
        ls_str_starts_with(ls_str_from(first->sentence), FAULT_BELOW);

    if (is_told)
        ls_diags_add(diags, name->place, first->hint, "%s", first->sentence);
    else
        ls_diags_add(diags, name->place, first->hint,
                     FAULT_BELOW "%s:%u:%u: %s", faults->file,
                     first->place.line, first->place.column, first->sentence);
}

static const struct yaml_node *read_text(struct extension *extension,
                                         const struct yaml_node *name,
                                         struct ls_diags *text,
                                         struct ls_diags *diags)
{
    struct yaml_document *document = yaml_document_parse(text);
    const struct yaml_node *base = NULL;

    if (document)
        base = extend(extension, yaml_document_root(document), text);
    if (base && base->kind != YAML_MAPPING)
        ls_diags_add(text, base->place, NULL, "a scenario must be a mapping");
    if (text->count)
        refuse_file(name, text, diags);
    base = base && text->count == 0
               ? copy_at(extension->nodes, base, name->place)
               : NULL;
    yaml_document_free(document);
    return base;
}

static const struct yaml_node *read_file(struct extension *extension,
                                         const struct yaml_node *name,
                                         struct ls_diags *diags)
{
    const struct scenario_loader *loader = extension->loader;
    const struct yaml_node *base = NULL;
    char *path = scenario_path_beside(diags->file, name->text.at);
    struct ls_diags faults;
    char *why = NULL;
    size_t length;
    char *text = NULL;

    if (is_circle(extension, name, path, diags)) {
        free(path);
        return NULL;
    }
    extension->chain[extension->depth] = path;
    text = loader->read(loader->arg, path, &length, &why);
    if (text) {
        ls_diags_init(&faults, path, ls_str_from_bytes(text, length));
        base = read_text(extension, name, &faults, diags);
        ls_diags_clear(&faults);
    } else {
        ls_diags_add(diags, name->place, NULL, "%s", why);
    }
    free(text);
    free(why);
    free(path);
    return base;
}

static const struct yaml_node *extend_by(struct extension *extension,
                                         const struct yaml_node *root,
                                         const struct yaml_node *name,
                                         struct ls_diags *diags)
{
    const struct yaml_node *base;
    struct ls_str text;

    if (!yaml_text(name, "extends", &text, diags))
        return root;
    if (!is_file_name(text)) {
        ls_diags_add(diags, name->place, "Write for example ../common.yaml.",
                     "extends must name a YAML file from here on, not \"%s\"",
                     text.at);
        return root;
    }
    if (!extension->loader) {
        ls_diags_add(diags, name->place, NULL,
                     "no other file can be read from here");
        return root;
    }
    if (extension->depth == DEPTH_MAX) {
        ls_diags_add(diags, name->place, NULL,
                     "files extend each other more than %d deep here, or in a "
                     "circle",
                     DEPTH_MAX);
        return root;
    }
    if (extension->files++ == FILES_READ_MAX) {
        ls_diags_add(diags, name->place, NULL,
                     "more than %d files are extended, which is the limit",
                     FILES_READ_MAX);
        return root;
    }
    extension->depth++;
    base = read_file(extension, name, diags);
    extension->depth--;
    return base ? lay_file_under(extension->nodes, root, base) : root;
}

static const struct yaml_node *extend(struct extension *extension,
                                      const struct yaml_node *root,
                                      struct ls_diags *diags)
{
    const struct yaml_node *names = yaml_find(root, "extends");

    if (!names)
        return root;
    if (names->kind != YAML_SEQUENCE)
        return extend_by(extension, root, names, diags);
    if (names->count > FILES_MAX) {
        ls_diags_add(diags, names->place, NULL,
                     "extends names more than %d files, which is the limit",
                     FILES_MAX);
        return root;
    }
    /* A file that is named later does not change what an earlier one said. */
    for (size_t i = 0; i < names->count; i++)
        root = extend_by(extension, root, names->items[i], diags);
    return root;
}

const struct yaml_node *scenario_extend(const struct yaml_node *root,
                                        const struct scenario_loader *loader,
                                        struct scenario_nodes *nodes,
                                        struct ls_diags *diags)
{
    struct extension extension = {
        .loader = loader, .nodes = nodes, .chain = {diags->file}};

    return extend(&extension, root, diags);
}

/* What a step says of its peer, over what peers: says of that name. */
static const struct yaml_node *
lay_peer(const struct yaml_node *said, const struct yaml_node *peers,
         bool connects, struct scenario_nodes *nodes, struct ls_diags *diags)
{
    const struct yaml_node *name = yaml_find(said, "peer");
    const struct yaml_node *peer = name && name->kind == YAML_SCALAR && peers &&
                                           peers->kind == YAML_MAPPING
                                       ? yaml_find(peers, name->text.at)
                                       : NULL;
    static const char *const of_users[] = {"user",      "users", "messages",
                                           "reconnect", "owa",   NULL};
    static const char *const of_talks[] = {"talk", "respond", "ignores", NULL};
    struct yaml_node *made;
    size_t kept = 0;

    if (!name)
        return said;
    if (!peer || peer->kind != YAML_MAPPING) {
        ls_diags_add(diags, name->place,
                     "Write it there: \"ex01: {certificate: iis}\".",
                     "there is no peer \"%s\" under peers:",
                     name->kind == YAML_SCALAR ? name->text.at : "");
        return said;
    }
    made = lay_over(nodes, said, peer);
    made->place = said->place;
    for (size_t i = 0; i < made->count; i++)
        if (made->pairs[i].value != name &&
            !(is_one_of(made->pairs[i].key->text,
                        connects ? of_users : of_talks) &&
              !yaml_find(said, made->pairs[i].key->text.at)))
            made->pairs[kept++] = made->pairs[i];
    made->count = kept;
    return made;
}

static struct yaml_node *lay_list(const struct yaml_node *list,
                                  const struct yaml_node *peers,
                                  struct scenario_nodes *nodes,
                                  struct ls_diags *diags);

static const struct yaml_node *lay_step(const struct yaml_node *step,
                                        const struct yaml_node *peers,
                                        struct scenario_nodes *nodes,
                                        struct ls_diags *diags)
{
    struct yaml_node *made;

    if (step->kind != YAML_MAPPING)
        return step;
    made = scenario_nodes_add(nodes, step, step->count);
    for (size_t i = 0; i < step->count; i++) {
        struct yaml_pair pair = step->pairs[i];

        if (pair.value->kind == YAML_MAPPING &&
            (ls_str_equal_text(pair.key->text, "connect") ||
             ls_str_equal_text(pair.key->text, "sign-in")))
            pair.value = (struct yaml_node *)(uintptr_t)lay_peer(
                pair.value, peers, ls_str_equal_text(pair.key->text, "connect"),
                nodes, diags);
        else if (pair.value->kind == YAML_SEQUENCE &&
                 ls_str_equal_text(pair.key->text, "together"))
            pair.value = lay_list(pair.value, peers, nodes, diags);
        made->pairs[made->count++] = pair;
    }
    return made;
}

/* Depth is bounded by the reader's. */
static struct yaml_node *lay_list(const struct yaml_node *list,
                                  const struct yaml_node *peers,
                                  struct scenario_nodes *nodes,
                                  struct ls_diags *diags)
{
    struct yaml_node *made = scenario_nodes_add(nodes, list, list->count);

    for (size_t i = 0; i < list->count; i++)
        made->items[made->count++] = (struct yaml_node *)(uintptr_t)lay_step(
            list->items[i], peers, nodes, diags);
    return made;
}

const struct yaml_node *scenario_lay_peers(const struct yaml_node *root,
                                           struct scenario_nodes *nodes,
                                           struct ls_diags *diags)
{
    const struct yaml_node *peers = yaml_find(root, "peers");
    struct yaml_node *made;

    if (!peers || root->kind != YAML_MAPPING)
        return root;
    made = scenario_nodes_add(nodes, root, root->count);
    for (size_t i = 0; i < root->count; i++) {
        struct yaml_pair pair = root->pairs[i];

        /* A longer list is refused as a whole. */
        if (pair.value->kind == YAML_SEQUENCE &&
            pair.value->count <= SCENARIO_STEPS_MAX &&
            (ls_str_equal_text(pair.key->text, "steps") ||
             ls_str_equal_text(pair.key->text, "cases")))
            pair.value = lay_list(pair.value, peers, nodes, diags);
        made->pairs[made->count++] = pair;
    }
    return made;
}
