/*
 * The readers that all parts of a scenario file share, and the names that one
 * part uses of another.
 */
#include "scenario_bind.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_catalogue.h"
#include "lyncsim/timestamp.h"

char *scenario_join(const char *const *texts, size_t count, const char *last)
{
    struct ls_buf list = {0};

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            ls_buf_add_text(&list, i + 1 == count ? last : ", ");
        ls_buf_add_text(&list, texts[i]);
    }
    return ls_buf_take(&list);
}

char *scenario_did_you_mean(struct ls_str text, const char *const *candidates,
                            size_t count)
{
    const char *nearest = ls_nearest(text, candidates, count);
    char *list;
    char *hint;

    if (nearest)
        return ls_strf("Did you mean \"%s\"?", nearest);
    if (count == 0 || count > 24)
        return NULL;
    list = scenario_join(candidates, count, " or ");
    hint = ls_strf("Known here: %s.", list);
    free(list);
    return hint;
}

void scenario_bind_text(char **text, const struct yaml_node *node,
                        const char *what, struct ls_diags *diags)
{
    struct ls_str view;

    if (!yaml_text(node, what, &view, diags))
        return;
    if (memchr(view.at, '\0', view.length)) {
        ls_diags_add(diags, node->place, NULL, "%s cannot hold a NUL", what);
        return;
    }
    if (ls_str_is_empty(ls_str_trim(view))) {
        ls_diags_add(diags, node->place, NULL, "%s is empty", what);
        return;
    }
    free(*text);
    *text = ls_str_dup(view);
}

void scenario_free_texts(char **texts, size_t count)
{
    for (size_t i = 0; texts && i < count; i++)
        free(texts[i]);
    free(texts);
}

bool scenario_bind_texts(char ***texts, size_t *count,
                         const struct yaml_node *node, const char *what,
                         const char *example, struct ls_diags *diags)
{
    char *hint;

    if (node->kind != YAML_SEQUENCE) {
        if (node->kind == YAML_SCALAR && node->text.length)
            hint = ls_strf("Write [%s].", node->text.at);
        else
            hint = ls_strf("Write for example %s.", example);
        ls_diags_add(diags, node->place, hint, "%s must be a list of texts",
                     what);
        free(hint);
        return false;
    }
    if (node->count > SCENARIO_TEXTS_MAX) {
        ls_diags_add(diags, node->place, NULL,
                     "%s has more than %d items, which is the limit", what,
                     SCENARIO_TEXTS_MAX);
        return false;
    }
    scenario_free_texts(*texts, *count);
    *texts = ls_alloc_array(node->count + 1, sizeof(**texts));
    *count = 0;
    for (size_t i = 0; i < node->count; i++) {
        char *text = NULL;

        scenario_bind_text(&text, node->items[i], what, diags);
        if (text)
            (*texts)[(*count)++] = text;
    }
    return true;
}

bool scenario_bind_time(int64_t *ms, const struct yaml_node *node,
                        const char *what, struct ls_diags *diags)
{
    struct ls_str text;

    if (!yaml_text(node, what, &text, diags))
        return false;
    if (timestamp_parse(text, ms))
        return true;
    ls_diags_add(diags, node->place,
                 "Write it as 2011-12-20T20:45:01Z, or as 2011-12-20 for its "
                 "midnight.",
                 "%s must be a point in time, not \"%s\"", what, text.at);
    return false;
}

void scenario_bind_duration(int64_t *ms, const struct yaml_node *node,
                            const char *what, struct ls_diags *diags)
{
    struct ls_str text;

    if (!yaml_text(node, what, &text, diags))
        return;
    if (!timestamp_parse_duration(text, ms))
        ls_diags_add(diags, node->place,
                     "Write a whole number and s, min, h, d or w: 90 seconds, "
                     "2 days.",
                     "%s must be a span of time, not \"%s\"", what, text.at);
    else if (*ms > SCENARIO_ADVANCE_MAX_MS)
        ls_diags_add(diags, node->place, NULL,
                     "%s goes no further than fifty years", what);
}

void scenario_bind_name_of(char **text, const struct yaml_node *node,
                           const char *what, const char *const *names,
                           size_t count, struct ls_diags *diags)
{
    size_t choice;

    if (!yaml_choice(node, what, names, count, &choice, diags))
        return;
    free(*text);
    *text = ls_strdup(names[choice]);
}

void scenario_bind_tls(struct tls_versions *versions,
                       const struct yaml_node *node, struct ls_diags *diags)
{
    struct ls_str text;

    if (!yaml_text(node, "the TLS versions", &text, diags))
        return;
    if (!tls_versions_parse(text, versions))
        ls_diags_add(diags, node->place,
                     "Write a version or a span: 1.2, or 1.0-1.2, of 1.0, "
                     "1.1, 1.2 and 1.3.",
                     "the TLS versions cannot be \"%s\"", text.at);
}

void scenario_bind_ciphers(const struct scenario_binding *binding,
                           char **ciphers, const struct yaml_node *node,
                           struct ls_diags *diags)
{
    size_t faults = ls_diags_fault_count(diags);
    char *fault;

    scenario_bind_text(ciphers, node, "the ciphers", diags);
    if (ls_diags_fault_count(diags) != faults ||
        binding->scenario->skipped != NULL)
        return;
    fault = tls_ciphers_fault(node->text);
    if (fault)
        ls_diags_add(diags, node->place,
                     "\"openssl ciphers -s -v ALL:@SECLEVEL=0\" lists those "
                     "there are.",
                     "%s", fault);
    free(fault);
}

static void add_reference(struct scenario_binding *binding,
                          enum reference_kind kind,
                          const struct yaml_node *node)
{
    LS_GROW(binding->references, binding->reference_count,
            binding->reference_capacity);
    binding->references[binding->reference_count++] =
        (struct scenario_reference){kind, node};
}

void scenario_bind_reference(struct scenario_binding *binding, char **name,
                             enum reference_kind kind,
                             const struct yaml_node *node, const char *what,
                             struct ls_diags *diags)
{
    size_t faults = ls_diags_fault_count(diags);

    scenario_bind_text(name, node, what, diags);
    if (ls_diags_fault_count(diags) == faults)
        add_reference(binding, kind, node);
}

/* Whether each of them is one, too. */
static bool bind_names(char ***names, size_t *count,
                       const struct yaml_node *node, const char *what,
                       struct ls_diags *diags)
{
    size_t faults = ls_diags_fault_count(diags);

    return scenario_bind_texts(names, count, node, what, "[lab]", diags) &&
           ls_diags_fault_count(diags) == faults;
}

static void add_references(struct scenario_binding *binding,
                           enum reference_kind kind,
                           const struct yaml_node *node)
{
    for (size_t i = 0; i < node->count; i++)
        add_reference(binding, kind, node->items[i]);
}

bool scenario_bind_references(struct scenario_binding *binding, char ***names,
                              size_t *count, const struct yaml_node *node,
                              const char *what, struct ls_diags *diags)
{
    if (!bind_names(names, count, node, what, diags))
        return false;
    add_references(binding, REFER_ANY, node);
    return true;
}

void scenario_bind_trusts(struct scenario_binding *binding, char ***names,
                          size_t *count, const struct yaml_node *node,
                          struct ls_diags *diags)
{
    if (bind_names(names, count, node, "trusts", diags))
        add_references(binding, REFER_AUTHORITY, node);
}

/* What a name may be, and how a fault calls it. */
struct name_space {
    const char *what;
    const char *section;
    const char **names; /* in the order of the file */
    const char **sorted;
    size_t count;
};

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void add_certificate_names(struct name_space *space,
                                  const struct scenario_certificate *array,
                                  size_t count)
{
    space->names = ls_realloc_array(space->names, space->count + count + 1,
                                    sizeof(*space->names));
    for (size_t i = 0; i < count; i++)
        space->names[space->count++] = array[i].name;
}

static struct name_space names_for(const struct scenario *scenario,
                                   enum reference_kind kind)
{
    struct name_space space = {0};

    switch (kind) {
    case REFER_SHOWN:
    case REFER_OWN:
        space.what = "certificate";
        space.section = "certificates";
        add_certificate_names(&space, scenario->certificates,
                              scenario->certificate_count);
        if (kind == REFER_SHOWN)
            space.names[space.count++] = "none";
        break;
    case REFER_ISSUER:
    case REFER_AUTHORITY:
        space.what = "authority";
        space.section = "authorities";
        add_certificate_names(&space, scenario->authorities,
                              scenario->authority_count);
        if (kind == REFER_ISSUER)
            space.names[space.count++] = "self";
        break;
    case REFER_ANY:
        space.what = "certificate or authority";
        space.section = "certificates: or authorities";
        add_certificate_names(&space, scenario->certificates,
                              scenario->certificate_count);
        add_certificate_names(&space, scenario->authorities,
                              scenario->authority_count);
        break;
    case REFER_FRONT_END:
        space.what = "Front End";
        space.section = "front-ends";
        space.names =
            ls_alloc_array(scenario->front_end_count + 1, sizeof(*space.names));
        for (size_t i = 0; i < scenario->front_end_count; i++)
            space.names[space.count++] = scenario->front_ends[i].name;
        break;
    case REFER_TOPOLOGY:
        space.what = "topology";
        space.section = "topologies";
        space.names =
            ls_alloc_array(scenario->topology_count + 1, sizeof(*space.names));
        for (size_t i = 0; i < scenario->topology_count; i++)
            if (scenario->topologies[i].name)
                space.names[space.count++] = scenario->topologies[i].name;
        break;
    case REFER_COUNT:
        break;
    }
    space.sorted = ls_alloc_array(space.count + 1, sizeof(*space.sorted));
    for (size_t i = 0; i < space.count; i++)
        space.sorted[i] = space.names[i];
    qsort(space.sorted, space.count, sizeof(*space.sorted), compare_names);
    return space;
}

/* name ends with a NUL, as the text of a node does. */
static bool has_name(const struct name_space *space, struct ls_str name)
{
    return bsearch(&name.at, space->sorted, space->count,
                   sizeof(*space->sorted), compare_names) != NULL;
}

static void refuse_name(const struct name_space *space,
                        const struct yaml_node *node, struct ls_diags *diags)
{
    char *hint =
        ls_diags_are_full(diags)
            ? NULL
            : scenario_did_you_mean(node->text, space->names, space->count);

    ls_diags_add(diags, node->place, hint,
                 "there is no %s \"%s\" under %s:", space->what, node->text.at,
                 space->section);
    free(hint);
}

/* A fault of the catalogue instead of a certificate of the file. */
static bool resolve_special(struct certificate_catalogue **catalogue,
                            const struct scenario_reference *reference,
                            struct ls_diags *diags)
{
    char *why = NULL;
    struct ls_str name = reference->node->text;

    if (reference->kind == REFER_OWN && ls_str_equal_text(name, "none")) {
        ls_diags_add(diags, reference->node->place, NULL,
                     "a TLS server cannot be without a certificate");
        return true;
    }
    if ((reference->kind != REFER_SHOWN && reference->kind != REFER_OWN) ||
        !ls_str_starts_with(name, "fault:"))
        return false;
    if (!*catalogue)
        *catalogue = certificate_catalogue_new();
    if (!certificate_catalogue_check_faults(
            *catalogue, ls_str_skip(name, strlen("fault:")), &why))
        ls_diags_add(diags, reference->node->place,
                     "\"lyncsim cert faults\" lists them all.", "%s", why);
    free(why);
    return true;
}

void scenario_resolve(const struct scenario_binding *binding,
                      struct ls_diags *diags)
{
    struct certificate_catalogue *catalogue = NULL; /* read if it is needed */
    struct name_space spaces[REFER_COUNT] = {0};    /* the same */

    for (size_t i = 0; i < binding->reference_count; i++) {
        const struct scenario_reference *reference = &binding->references[i];
        struct name_space *space = &spaces[reference->kind];

        if (resolve_special(&catalogue, reference, diags))
            continue;
        if (space->names == NULL)
            *space = names_for(binding->scenario, reference->kind);
        if (!has_name(space, reference->node->text))
            refuse_name(space, reference->node, diags);
    }
    for (size_t i = 0; i < LS_COUNT(spaces); i++) {
        free(spaces[i].names);
        free(spaces[i].sorted);
    }
    certificate_catalogue_free(catalogue);
}
