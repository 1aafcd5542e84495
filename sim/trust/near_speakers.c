#include "near_speakers.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/fqdn.h"

static bool has_wildcard(struct ls_str name)
{
    return ls_str_find(name, '*') < name.length;
}

bool near_speaker_is_wildcard(const struct near_speaker *speaker)
{
    return has_wildcard(speaker->text);
}

void near_speakers_init(struct near_speakers *speakers,
                        const struct trust_policy *policy,
                        const struct peer_candidates *candidates)
{
    *speakers =
        (struct near_speakers){.case_counts = policy->names == NAMES_SENSITIVE};
    for (size_t i = 0;
         i < candidates->count && speakers->count < NEAR_SPEAKERS_MAX; i++) {
        const struct peer_candidate *candidate = &candidates->items[i];

        if (peer_identity_is_unusable(candidate->name) ||
            candidate->text.length > NEAR_SPEAKER_MAX_BYTES)
            continue;
        speakers->each[speakers->count++] = (struct near_speaker){
            .text = candidate->text,
            .name = candidate->name,
            .ascii = fqdn_to_ascii(candidate->text),
        };
        if (fqdn_is_international(candidate->text))
            speakers->has_international = true;
    }
}

void near_speakers_clear(struct near_speakers *speakers)
{
    for (size_t i = 0; i < speakers->count; i++)
        free(speakers->each[i].ascii);
    speakers->count = 0;
}

static bool relates_by_case(const struct near_speakers *speakers,
                            const struct near_speaker *speaker,
                            struct ls_str name)
{
    return speakers->case_counts && ls_str_equal_nocase(speaker->text, name);
}

static bool relates_by_dot(const struct near_speakers *speakers,
                           const struct near_speaker *speaker,
                           struct ls_str name)
{
    (void)speakers;
    return speaker->text.length != name.length &&
           ls_str_equal_nocase(fqdn_without_dot(speaker->text),
                               fqdn_without_dot(name));
}

static bool relates_by_idn(const struct near_speakers *speakers,
                           const struct near_speaker *speaker,
                           struct ls_str name)
{
    char *ascii;
    bool equal;

    if (speaker->ascii == NULL ||
        (!speakers->has_international && !fqdn_is_international(name)))
        return false;
    /* What is not international has one form alone, which need not be made. */
    if (!fqdn_is_international(name) &&
        !ls_str_equal_nocase(name, ls_str_from(speaker->ascii)))
        return false;
    ascii = fqdn_to_ascii(name);
    equal = ascii != NULL && strcmp(ascii, speaker->ascii) == 0;
    free(ascii);
    return equal;
}

static bool relates_by_table_wildcard(const struct near_speakers *speakers,
                                      const struct near_speaker *speaker,
                                      struct ls_str name)
{
    (void)speakers;
    return fqdn_wildcard_covers(name, speaker->text) ||
           (has_wildcard(name) && ls_str_equal_nocase(name, speaker->text));
}

static bool relates_by_short_name(const struct near_speakers *speakers,
                                  const struct near_speaker *speaker,
                                  struct ls_str name)
{
    size_t labels = fqdn_label_count(speaker->text);

    (void)speakers;
    return ls_str_equal_nocase(fqdn_host(speaker->text), fqdn_host(name)) &&
           (labels == 1) != (fqdn_label_count(name) == 1) &&
           !fqdn_is_address(name) && !fqdn_is_address(speaker->text) &&
           !has_wildcard(name) && !has_wildcard(speaker->text);
}

static bool relates_by_suffix(const struct near_speakers *speakers,
                              const struct near_speaker *speaker,
                              struct ls_str name)
{
    (void)speakers;
    return fqdn_is_other_suffix(speaker->text, name) && !has_wildcard(name) &&
           !has_wildcard(speaker->text);
}

static bool is_child_of(struct ls_str child, struct ls_str parent)
{
    return ls_str_equal_nocase(fqdn_parent(child), parent) &&
           fqdn_is_registrable(parent);
}

static bool relates_by_parent(const struct near_speakers *speakers,
                              const struct near_speaker *speaker,
                              struct ls_str name)
{
    (void)speakers;
    return (is_child_of(name, speaker->text) ||
            is_child_of(speaker->text, name)) &&
           !fqdn_is_address(name) && !fqdn_is_address(speaker->text);
}

static bool relates_by_sibling(const struct near_speakers *speakers,
                               const struct near_speaker *speaker,
                               struct ls_str name)
{
    struct ls_str parent = fqdn_parent(name);

    (void)speakers;
    return ls_str_equal_nocase(fqdn_parent(speaker->text), parent) &&
           !ls_str_equal_nocase(name, speaker->text) &&
           fqdn_is_registrable(parent) && !has_wildcard(name) &&
           !has_wildcard(speaker->text) && !fqdn_is_address(name);
}

bool near_speakers_differ_by_blanks(struct ls_str speaker, struct ls_str name)
{
    return speaker.length != name.length &&
           ls_str_equal_nocase(ls_str_trim(speaker), ls_str_trim(name));
}

static bool relates_by_typo(const struct near_speakers *speakers,
                            const struct near_speaker *speaker,
                            struct ls_str name)
{
    (void)speakers;
    return (fqdn_is_typo(speaker->text, name) ||
            near_speakers_differ_by_blanks(speaker->text, name)) &&
           !has_wildcard(name) && !has_wildcard(speaker->text);
}

/* How a name of the table may relate to the one that speaks, in rank order;
 * kinds that other names or tables decide have none. */
typedef bool(relates_fn)(const struct near_speakers *speakers,
                         const struct near_speaker *speaker,
                         struct ls_str name);

static const struct {
    enum near_miss_kind kind;
    relates_fn *relates;
} relations[] = {
    {NEAR_CASE, relates_by_case},
    {NEAR_TRAILING_DOT, relates_by_dot},
    {NEAR_IDN_FORM, relates_by_idn},
    {NEAR_WILDCARD_WOULD_MATCH, relates_by_table_wildcard},
    {NEAR_SHORT_NAME, relates_by_short_name},
    {NEAR_OTHER_SUFFIX, relates_by_suffix},
    {NEAR_PARENT_DOMAIN, relates_by_parent},
    {NEAR_SIBLING, relates_by_sibling},
    {NEAR_TYPO, relates_by_typo},
};

const struct near_speaker *
near_speakers_relate(const struct near_speakers *speakers, struct ls_str name,
                     enum near_miss_kind *kind)
{
    for (size_t i = 0; i < LS_COUNT(relations); i++)
        for (size_t j = 0; j < speakers->count; j++) {
            if (relations[i].kind >= *kind)
                return NULL;
            if (!relations[i].relates(speakers, &speakers->each[j], name))
                continue;
            *kind = relations[i].kind;
            return &speakers->each[j];
        }
    return NULL;
}
