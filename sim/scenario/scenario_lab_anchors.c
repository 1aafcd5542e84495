/*
 * Whom the parties of a lab trust: sets of authorities, each made once.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_lab_internal.h"

static const struct trust_anchors *find_anchors(const struct scenario_lab *lab,
                                                const char *key)
{
    for (size_t i = 0; i < lab->anchors_count; i++)
        if (strcmp(lab->anchors[i].key, key) == 0)
            return lab->anchors[i].anchors;
    return NULL;
}

static bool is_among(const char *name, char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static struct trust_anchors *keep_anchors(struct scenario_lab *lab, char *key)
{
    struct trust_anchors *anchors = trust_anchors_new();

    LS_GROW(lab->anchors, lab->anchors_count, lab->anchors_capacity);
    lab->anchors[lab->anchors_count++] = (struct lab_anchors){key, anchors};
    return anchors;
}

/* What an authority publishes is there for everybody. */
static void add_lists(const struct scenario_lab *lab,
                      struct trust_anchors *anchors)
{
    for (size_t i = 0; i < lab->scenario->authority_count; i++)
        if (lab->authorities[i].list)
            trust_anchors_add_crl(anchors, lab->authorities[i].list);
}

const struct trust_anchors *
scenario_lab_anchors(struct scenario_lab *lab, char *const *names, size_t count)
{
    struct ls_buf text = {0};
    const struct trust_anchors *found;
    struct trust_anchors *anchors;
    char *key;

    ls_buf_add_text(&text, names ? "named" : "all");
    for (size_t i = 0; names && i < count; i++)
        ls_buf_printf(&text, "\n%s", names[i]);
    key = ls_buf_take(&text);
    found = find_anchors(lab, key);
    if (found) {
        free(key);
        return found;
    }
    anchors = keep_anchors(lab, key);
    if (lab->root)
        trust_anchors_add(anchors, credential_leaf(lab->root));
    trust_anchors_add_all_known(anchors, lab->known);
    for (size_t i = 0; i < lab->scenario->authority_count; i++) {
        const struct lab_entry *entry = &lab->authorities[i];

        if (!names || is_among(entry->certificate->name, names, count))
            trust_anchors_add(anchors, credential_leaf(entry->credential));
        else
            trust_anchors_add_known(anchors,
                                    credential_leaf(entry->credential));
    }
    add_lists(lab, anchors);
    return anchors;
}

/* The root above a certificate, as a set of its own. */
static const struct trust_anchors *
anchors_of_one(struct scenario_lab *lab, const char *kind, const char *name,
               const struct credential *credential)
{
    char *key = ls_strf("%s\n%s", kind, name);
    const struct trust_anchors *found = find_anchors(lab, key);
    struct trust_anchors *anchors;

    if (found) {
        free(key);
        return found;
    }
    anchors = keep_anchors(lab, key);
    trust_anchors_add(anchors, credential_leaf(credential));
    add_lists(lab, anchors);
    return anchors;
}

const struct trust_anchors *
scenario_lab_peer_anchors(struct scenario_lab *lab,
                          const struct scenario_front_end *settings)
{
    const struct lab_entry *entry =
        settings->certificate
            ? scenario_lab_find_certificate(lab, settings->certificate)
            : NULL;
    const struct lab_entry *authority;

    if (entry && scenario_lab_is_self(entry->certificate))
        return anchors_of_one(lab, "self", entry->certificate->name,
                              entry->credential);
    /* Who issued a file of the customer's own is for its path to say. */
    if (entry && entry->certificate->own)
        return scenario_lab_anchors(lab, NULL, 0);
    authority =
        entry && entry->certificate->issuer
            ? scenario_lab_find_authority(lab, entry->certificate->issuer)
            : scenario_lab_default_authority(lab);
    if (!authority)
        return anchors_of_one(lab, "root", "lab", lab->root);
    while (authority->certificate->issuer &&
           !scenario_lab_is_self(authority->certificate))
        authority =
            scenario_lab_find_authority(lab, authority->certificate->issuer);
    return anchors_of_one(lab, "root", authority->certificate->name,
                          authority->credential);
}
