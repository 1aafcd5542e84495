/*
 * The language of certs/: authorities, profiles and faults by name.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/yaml.h"

#include "certificate_catalogue.h"

static struct catalogue_entry *entry_of(void *target)
{
    return target;
}

static void read_text(char **out, const struct yaml_node *value,
                      const char *what, struct ls_diags *diags)
{
    struct ls_str text;

    if (yaml_text(value, what, &text, diags)) {
        free(*out);
        *out = ls_str_dup(ls_str_trim(text));
    }
}

static void bind_says(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    read_text(&entry_of(target)->says, value, "says", diags);
}

static void bind_source(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    read_text(&entry_of(target)->source, value, "source", diags);
}

static void bind_standing(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    static const char *const names[] = {"real", "assumed", "synthetic"};
    size_t choice;

    if (yaml_choice(value, "standing", names, LS_COUNT(names), &choice, diags))
        entry_of(target)->standing = (enum fault_standing)choice;
}

/* "accepted", or the reason of a refusal. */
static void bind_answer(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct catalogue_entry *entry = entry_of(target);
    char *answer = NULL;
    bool is_accepted;

    read_text(&answer, value, "answer", diags);
    is_accepted = answer != NULL && strcmp(answer, "accepted") == 0;
    entry->verdict = ls_strdup(is_accepted ? "accepted" : "refused");
    if (is_accepted)
        free(answer);
    else
        entry->reason = answer;
}

static void bind_warns(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    struct catalogue_entry *entry = entry_of(target);

    if (value->kind != YAML_SEQUENCE) {
        ls_diags_add(diags, value->place, "Write [weak-key].",
                     "warns must be a list");
        return;
    }
    entry->warns = ls_alloc_array(value->count + 1, sizeof *entry->warns);
    for (size_t i = 0; i < value->count; i++)
        read_text(&entry->warns[entry->warn_count++], value->items[i], "warns",
                  diags);
}

static void bind_certificate(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    recipe_bind(&entry_of(target)->recipe, value, "a certificate", diags);
}

static const struct yaml_key fault_keys[] = {
    {"says", "text", "what is wrong with it, in a sentence", bind_says, true},
    {"standing", "real|assumed|synthetic", "how far it is known from the field",
     bind_standing, true},
    {"answer", "accepted|a reason", "what a Front End answers", bind_answer,
     true},
    {"warns", "list of checks", "the checks that warn", bind_warns, false},
    {"source", "text", "where it is from", bind_source, true},
    {"certificate", "mapping", "what it changes", bind_certificate, true},
};

static const struct yaml_key profile_keys[] = {
    {"says", "text", "what it is for, in a sentence", bind_says, true},
    {"source", "text", "where it is from", bind_source, false},
    {"certificate", "mapping", "how it is made", bind_certificate, true},
};

struct section {
    struct catalogue_entries *entries;
    const char *what;
    const struct yaml_key *keys; /* NULL: a recipe, as it stands */
    size_t key_count;
};

static struct catalogue_entry *add_entry(struct catalogue_entries *entries,
                                         const struct yaml_node *name,
                                         struct ls_diags *diags)
{
    struct catalogue_entry *entry;

    if (catalogue_entries_find(entries, name->text) != NULL)
        ls_diags_add(diags, name->place, "Choose another name.",
                     "%s is in the catalogue already", name->text.at);
    LS_GROW(entries->items, entries->count, entries->capacity);
    entry = &entries->items[entries->count++];
    *entry = (struct catalogue_entry){.name = ls_str_dup(name->text)};
    return entry;
}

static void bind_section(const struct section *section,
                         const struct yaml_node *node, struct ls_diags *diags)
{
    if (node->kind != YAML_MAPPING) {
        ls_diags_add(diags, node->place, NULL,
                     "this must be a mapping of names");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_pair *pair = &node->pairs[i];
        struct catalogue_entry *entry =
            add_entry(section->entries, pair->key, diags);

        if (section->keys != NULL)
            yaml_bind(entry, pair->value, section->what, section->keys,
                      section->key_count, diags);
        else
            recipe_bind(&entry->recipe, pair->value, section->what, diags);
    }
}

static void bind_authorities(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    struct certificate_catalogue *catalogue = target;
    const struct section section = {&catalogue->authorities, "an authority",
                                    NULL, 0};

    bind_section(&section, value, diags);
}

static void bind_profiles(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    struct certificate_catalogue *catalogue = target;
    const struct section section = {&catalogue->profiles, "a profile",
                                    profile_keys, LS_COUNT(profile_keys)};

    bind_section(&section, value, diags);
}

static void bind_faults(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct certificate_catalogue *catalogue = target;
    const struct section section = {&catalogue->faults, "a fault", fault_keys,
                                    LS_COUNT(fault_keys)};

    bind_section(&section, value, diags);
}

static const struct yaml_key catalogue_keys[] = {
    {"authorities", "mapping", "who signs, by name", bind_authorities, false},
    {"profiles", "mapping", "sound certificates, by name", bind_profiles,
     false},
    {"faults", "mapping", "faults, by name", bind_faults, false},
};

bool certificate_catalogue_parse(struct certificate_catalogue *catalogue,
                                 struct ls_diags *diags)
{
    struct yaml_document *document = yaml_document_parse(diags);

    if (document == NULL)
        return false;
    yaml_bind(catalogue, yaml_document_root(document), "a catalogue",
              catalogue_keys, LS_COUNT(catalogue_keys), diags);
    yaml_document_free(document);
    return diags->count == 0;
}
