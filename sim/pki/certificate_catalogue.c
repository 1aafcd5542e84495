/*
 * The catalogue as a table: read once from the texts it is compiled from,
 * never written to afterwards.
 */
#include "certificate_catalogue.h"

#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

static const char *const standing_texts[] = {
    [FAULT_REAL] = "real",
    [FAULT_ASSUMED] = "assumed",
    [FAULT_SYNTHETIC] = "synthetic",
};

const char *fault_standing_text(enum fault_standing standing)
{
    assert((size_t)standing < LS_COUNT(standing_texts));
    return standing_texts[standing];
}

static void clear_entries(struct catalogue_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        struct catalogue_entry *entry = &entries->items[i];

        for (size_t j = 0; j < entry->warn_count; j++)
            free(entry->warns[j]);
        free(entry->warns);
        free(entry->name);
        free(entry->says);
        free(entry->verdict);
        free(entry->reason);
        free(entry->source);
        recipe_clear(&entry->recipe);
    }
    free(entries->items);
}

struct certificate_catalogue *certificate_catalogue_new(void)
{
    struct certificate_catalogue *catalogue = ls_alloc(sizeof *catalogue);

    for (size_t i = 0; i < certs_text_count; i++) {
        struct ls_diags diags;
        bool is_sound;

        ls_diags_init(
            &diags, certs_texts[i].file,
            ls_str_from_bytes(certs_texts[i].bytes, certs_texts[i].length));
        is_sound = certificate_catalogue_parse(catalogue, &diags);
        /* A test reads them all; what is compiled in was read by it. */
        assert(is_sound);
        ls_diags_clear(&diags);
    }
    return catalogue;
}

void certificate_catalogue_free(struct certificate_catalogue *catalogue)
{
    if (catalogue == NULL)
        return;
    clear_entries(&catalogue->authorities);
    clear_entries(&catalogue->profiles);
    clear_entries(&catalogue->faults);
    free(catalogue);
}

const struct catalogue_entry *
certificate_catalogue_faults(const struct certificate_catalogue *catalogue,
                             size_t *count)
{
    *count = catalogue->faults.count;
    return catalogue->faults.items;
}

const struct catalogue_entry *
certificate_catalogue_profiles(const struct certificate_catalogue *catalogue,
                               size_t *count)
{
    *count = catalogue->profiles.count;
    return catalogue->profiles.items;
}

const struct catalogue_entry *
catalogue_entries_find(const struct catalogue_entries *entries,
                       struct ls_str name)
{
    for (size_t i = 0; i < entries->count; i++)
        if (ls_str_equal_text(name, entries->items[i].name))
            return &entries->items[i];
    return NULL;
}

const struct catalogue_entry *
certificate_catalogue_find_fault(const struct certificate_catalogue *catalogue,
                                 struct ls_str name)
{
    return catalogue_entries_find(&catalogue->faults, name);
}

const struct catalogue_entry *certificate_catalogue_find_profile(
    const struct certificate_catalogue *catalogue, struct ls_str name)
{
    return catalogue_entries_find(&catalogue->profiles, name);
}

static char *unknown_fault(const struct certificate_catalogue *catalogue,
                           struct ls_str name)
{
    size_t count = catalogue->faults.count;
    const char **names = ls_alloc_array(count + 1, sizeof *names);
    const char *nearest;
    char *sentence;

    for (size_t i = 0; i < count; i++)
        names[i] = catalogue->faults.items[i].name;
    nearest = ls_nearest(name, names, count);
    sentence =
        nearest != NULL
            ? ls_strf("there is no fault \"%.*s\"; did you mean \"%s\"?",
                      LS_STR_ARG(name), nearest)
            : ls_strf("there is no fault \"%.*s\"; lyncsim cert faults lists "
                      "them",
                      LS_STR_ARG(name));
    free(names);
    return sentence;
}

bool certificate_catalogue_check_faults(
    const struct certificate_catalogue *catalogue, struct ls_str names,
    char **why)
{
    struct ls_str rest = names;
    struct ls_str name;

    if (ls_str_is_empty(names) || ls_str_ends_with(names, "+")) {
        *why = ls_strdup("the fault's name is missing: fault:expired");
        return false;
    }
    while (ls_str_cut(&rest, '+', &name))
        if (certificate_catalogue_find_fault(catalogue, name) == NULL) {
            *why = unknown_fault(catalogue, name);
            return false;
        }
    return true;
}
