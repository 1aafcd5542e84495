/*
 * The names of the table that come near a name which was not found.
 */
#include "lyncsim/near_miss.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/fqdn.h"
#include "lyncsim/peer_identity.h"
#include "lyncsim/trust_verdict.h"

#include "name_sieve.h"
#include "noted_name.h"

/* A certificate of a stranger may bring thousands of candidates; each is
 * compared with the whole table. */
#define SPEAKERS_MAX 8

static const char *const kind_texts[] = {
#define X(name, text) [name] = (text),
    NEAR_MISS_LIST(X)
#undef X
};

const char *near_miss_kind_text(enum near_miss_kind kind)
{
    assert((size_t)kind < LS_COUNT(kind_texts));
    return kind_texts[kind];
}

/* A name that speaks, prepared for comparison. */
struct speaker {
    struct ls_str text;
    const struct certificate_name *name;
    char *ascii; /* international form, or NULL */
};

struct hit {
    enum near_miss_kind kind;
    const struct known_server *entry;
    const struct certificate_name *name; /* what it was seen by */
    struct ls_str text;
};

struct search {
    const struct trust_policy *policy;
    struct speaker speakers[SPEAKERS_MAX];
    size_t speaker_count;
    bool has_international;
    struct noted_name *alternatives; /* dNSNames that do not speak */
    struct noted_name *wildcards;    /* by the domain behind the "*." */
    struct hit hits[NEAR_MISSES_MAX];
    size_t hit_count;
};

static bool has_wildcard(struct ls_str name)
{
    return ls_str_find(name, '*') < name.length;
}

static struct ls_str text_of(const struct certificate_name *name)
{
    return ls_str_from_bytes(name->text, name->length);
}

static void note_names(struct search *search,
                       const struct certificate_facts *facts,
                       const struct peer_candidates *candidates)
{
    /* Where a dNSName speaks all of them do. */
    bool dns_speaks =
        candidates->count > 0 &&
        candidates->items[candidates->count - 1].name->source == NAME_SAN_DNS;

    for (size_t i = 0; i < facts->name_count; i++) {
        const struct certificate_name *name = &facts->names[i];
        struct ls_str text = text_of(name);

        if (name->fault != NAME_SOUND ||
            (name->source != NAME_SAN_DNS && name->source != NAME_SUBJECT_CN))
            continue;
        if (text.length > 2 && text.at[0] == '*' && text.at[1] == '.' &&
            fqdn_is_registrable(ls_str_skip(text, 2)))
            noted_name_add(&search->wildcards, ls_str_skip(text, 2), name);
        else if (name->source == NAME_SAN_DNS && !dns_speaks)
            noted_name_add(&search->alternatives, text, name);
    }
}

static void note_speakers(struct search *search,
                          const struct peer_candidates *candidates)
{
    for (size_t i = 0;
         i < candidates->count && search->speaker_count < SPEAKERS_MAX; i++) {
        const struct peer_candidate *candidate = &candidates->items[i];
        struct speaker *speaker = &search->speakers[search->speaker_count];

        if (peer_identity_is_unusable(candidate->name))
            continue;
        speaker->text = candidate->text;
        speaker->name = candidate->name;
        speaker->ascii = fqdn_to_ascii(candidate->text);
        if (fqdn_is_international(candidate->text))
            search->has_international = true;
        search->speaker_count++;
    }
}

/* Better first: by kind, pool before others, then table order. */
static bool is_better(const struct hit *a, const struct hit *b)
{
    bool a_is_pool = a->entry->kind == KNOWN_SERVER_POOL;
    bool b_is_pool = b->entry->kind == KNOWN_SERVER_POOL;

    if (a->kind != b->kind)
        return a->kind < b->kind;
    if (a_is_pool != b_is_pool)
        return a_is_pool;
    return a->entry->order < b->entry->order;
}

static void add_hit(struct search *search, const struct hit *hit)
{
    size_t at = search->hit_count;

    if (at == NEAR_MISSES_MAX) {
        if (!is_better(hit, &search->hits[at - 1]))
            return;
        at--;
    } else {
        search->hit_count++;
    }
    for (; at > 0 && is_better(hit, &search->hits[at - 1]); at--)
        search->hits[at] = search->hits[at - 1];
    search->hits[at] = *hit;
}

static bool relates_by_case(const struct search *search,
                            const struct speaker *speaker, struct ls_str name)
{
    return search->policy->names == NAMES_SENSITIVE &&
           ls_str_equal_nocase(speaker->text, name);
}

static bool relates_by_dot(const struct search *search,
                           const struct speaker *speaker, struct ls_str name)
{
    (void)search;
    return speaker->text.length != name.length &&
           ls_str_equal_nocase(fqdn_without_dot(speaker->text),
                               fqdn_without_dot(name));
}

static bool relates_by_idn(const struct search *search,
                           const struct speaker *speaker, struct ls_str name)
{
    char *ascii;
    bool equal;

    if (speaker->ascii == NULL ||
        (!search->has_international && !fqdn_is_international(name)))
        return false;
    ascii = fqdn_to_ascii(name);
    equal = ascii != NULL && strcmp(ascii, speaker->ascii) == 0;
    free(ascii);
    return equal;
}

static bool relates_by_table_wildcard(const struct search *search,
                                      const struct speaker *speaker,
                                      struct ls_str name)
{
    (void)search;
    return fqdn_wildcard_covers(name, speaker->text) ||
           (has_wildcard(name) && ls_str_equal_nocase(name, speaker->text));
}

static bool relates_by_short_name(const struct search *search,
                                  const struct speaker *speaker,
                                  struct ls_str name)
{
    size_t labels = fqdn_label_count(speaker->text);

    (void)search;
    return ls_str_equal_nocase(fqdn_host(speaker->text), fqdn_host(name)) &&
           (labels == 1) != (fqdn_label_count(name) == 1) &&
           !fqdn_is_address(name) && !fqdn_is_address(speaker->text) &&
           !has_wildcard(name) && !has_wildcard(speaker->text);
}

static bool relates_by_suffix(const struct search *search,
                              const struct speaker *speaker, struct ls_str name)
{
    (void)search;
    return fqdn_is_other_suffix(speaker->text, name) && !has_wildcard(name) &&
           !has_wildcard(speaker->text);
}

static bool is_child_of(struct ls_str child, struct ls_str parent)
{
    return ls_str_equal_nocase(fqdn_parent(child), parent) &&
           fqdn_is_registrable(parent);
}

static bool relates_by_parent(const struct search *search,
                              const struct speaker *speaker, struct ls_str name)
{
    (void)search;
    return (is_child_of(name, speaker->text) ||
            is_child_of(speaker->text, name)) &&
           !fqdn_is_address(name) && !fqdn_is_address(speaker->text);
}

static bool relates_by_sibling(const struct search *search,
                               const struct speaker *speaker,
                               struct ls_str name)
{
    struct ls_str parent = fqdn_parent(name);

    (void)search;
    return ls_str_equal_nocase(fqdn_parent(speaker->text), parent) &&
           !ls_str_equal_nocase(name, speaker->text) &&
           fqdn_is_registrable(parent) && !has_wildcard(name) &&
           !has_wildcard(speaker->text) && !fqdn_is_address(name);
}

static bool relates_by_typo(const struct search *search,
                            const struct speaker *speaker, struct ls_str name)
{
    (void)search;
    return fqdn_is_typo(speaker->text, name) && !has_wildcard(name) &&
           !has_wildcard(speaker->text);
}

/* How a name of the table may relate to the one that speaks, in rank order;
 * kinds that other names or tables decide have none. */
typedef bool(relates_fn)(const struct search *search,
                         const struct speaker *speaker, struct ls_str name);

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

static void try_relations(const struct search *search, struct hit *hit)
{
    struct ls_str name = ls_str_from(hit->entry->fqdn);

    for (size_t i = 0; i < LS_COUNT(relations); i++)
        for (size_t j = 0; j < search->speaker_count; j++) {
            const struct speaker *speaker = &search->speakers[j];

            if (relations[i].kind >= hit->kind)
                return;
            if (!relations[i].relates(search, speaker, name))
                continue;
            hit->kind = relations[i].kind;
            hit->name = speaker->name;
            hit->text = speaker->text;
            return;
        }
}

static void try_entry(struct search *search, const struct known_server *entry)
{
    struct ls_str name = ls_str_from(entry->fqdn);
    struct hit hit = {.kind = NEAR_NONE, .entry = entry};
    const struct noted_name *noted =
        search->alternatives == NULL
            ? NULL
            : noted_name_find(search->alternatives, name);

    if (noted != NULL) {
        hit.kind = NEAR_IN_SAN_NOT_IN_CN;
    } else if (search->wildcards != NULL && fqdn_host(name).length > 0) {
        noted = noted_name_find(search->wildcards, fqdn_parent(name));
        if (noted != NULL)
            hit.kind = NEAR_WILDCARD_WOULD_MATCH;
    }
    if (noted != NULL) {
        hit.name = noted->name;
        hit.text = text_of(noted->name);
    }
    try_relations(search, &hit);
    if (hit.kind != NEAR_NONE)
        add_hit(search, &hit);
}

/* The same name in another table: the draft, or what was removed. */
static void try_table(struct search *search, const struct known_servers *table,
                      enum near_miss_kind kind)
{
    for (size_t i = 0; table != NULL && i < search->speaker_count; i++) {
        const struct speaker *speaker = &search->speakers[i];
        struct hit hit = {
            .kind = kind, .name = speaker->name, .text = speaker->text};

        hit.entry =
            known_servers_find(table, speaker->text, search->policy->names);
        if (hit.entry == NULL || has_wildcard(speaker->text))
            continue;
        if (kind == NEAR_REMOVED && search->policy->draft != NULL &&
            known_servers_find(search->policy->draft, speaker->text,
                               search->policy->names) != NULL)
            continue;
        add_hit(search, &hit);
    }
}

/* True when a name is known after all: then it is not the name that is
 * wrong, at most the interface. */
static bool try_known(struct search *search)
{
    for (size_t i = 0; i < search->speaker_count; i++) {
        const struct speaker *speaker = &search->speakers[i];
        struct hit hit = {.kind = NEAR_OTHER_INTERFACE,
                          .name = speaker->name,
                          .text = speaker->text};

        hit.entry = known_servers_find(search->policy->known, speaker->text,
                                       search->policy->names);
        if (hit.entry == NULL || has_wildcard(speaker->text))
            continue;
        if (hit.entry->interface != search->policy->interface)
            add_hit(search, &hit);
        return true;
    }
    return false;
}

static void want_noted(struct name_sieve *sieve, const struct noted_name *noted)
{
    for (; noted != NULL; noted = noted->hh.next)
        name_sieve_add(sieve, text_of(noted->name));
}

static void fill_sieve(struct name_sieve *sieve, const struct search *search)
{
    for (size_t i = 0; i < search->speaker_count; i++) {
        const struct speaker *speaker = &search->speakers[i];

        name_sieve_add(sieve, speaker->text);
        if (speaker->ascii != NULL && search->has_international)
            name_sieve_add(sieve, ls_str_from(speaker->ascii));
    }
    want_noted(sieve, search->alternatives);
    want_noted(sieve, search->wildcards);
}

/* There are enough of its kind, which is best at best, or of better ones. */
static bool is_one_too_many(const struct search *search,
                            const struct known_shape *shape,
                            enum near_miss_kind best)
{
    const struct hit *last = &search->hits[NEAR_MISSES_MAX - 1];

    if (search->hit_count < NEAR_MISSES_MAX || last->kind > best)
        return false;
    return last->kind < best || last->entry->kind == KNOWN_SERVER_POOL ||
           !shape->is_pool;
}

static void try_known_names(struct search *search,
                            const struct known_servers *known)
{
    const struct known_shape *shapes = known_servers_shapes(known);
    struct name_sieve sieve = {0};

    fill_sieve(&sieve, search);
    for (size_t i = 0; i < known_servers_count(known); i++) {
        enum near_miss_kind best = name_sieve_best(&sieve, &shapes[i]);

        if (best != NEAR_NONE && !is_one_too_many(search, &shapes[i], best))
            try_entry(search, known_servers_at(known, i));
    }
}

static void search_tables(struct search *search)
{
    const struct known_servers *known = search->policy->known;

    if (try_known(search))
        return;
    try_table(search, search->policy->draft, NEAR_DRAFT_ONLY);
    try_table(search, search->policy->removed, NEAR_REMOVED);
    try_known_names(search, known);
}

/* The sentence of each kind. */
static const char *const kind_sentences[] = {
    [NEAR_DRAFT_ONLY] = "The draft has this very name; it is not published "
                        "and enabled yet.",
    [NEAR_REMOVED] = "This very name was known until it was removed.",
    [NEAR_OTHER_INTERFACE] = "This very name is known, on another network "
                             "interface.",
    [NEAR_CASE] = "It is the same but for letter case, which counts here.",
    [NEAR_TRAILING_DOT] = "It is the same but for a dot at the end.",
    [NEAR_IDN_FORM] = "It is the same name in its other international form.",
    [NEAR_IN_SAN_NOT_IN_CN] = "The certificate has it as an alternative name, "
                              "which does not speak here.",
    [NEAR_WILDCARD_WOULD_MATCH] = "It would match if wildcards did; none "
                                  "does.",
    [NEAR_SHORT_NAME] = "One is the short name of the other.",
    [NEAR_OTHER_SUFFIX] = "The same host under the other domain of its owner.",
    [NEAR_PARENT_DOMAIN] = "One is the domain that the other is in.",
    [NEAR_SIBLING] = "Another host of the same domain.",
    [NEAR_TYPO] = "One letter apart: a slip in writing, perhaps.",
};

/* A host of the same domain may be one that was meant. */
static const char *sentence_of(const struct hit *hit)
{
    if (hit->kind == NEAR_SIBLING &&
        fqdn_is_typo(hit->text, ls_str_from(hit->entry->fqdn)))
        return "Another host of the same domain, one letter apart: a slip in "
               "writing, perhaps.";
    return kind_sentences[hit->kind];
}

static struct near_miss make_miss(const struct hit *hit)
{
    struct ls_buf why = {0};

    ls_buf_add_text(&why, sentence_of(hit));
    ls_buf_printf(&why, " Seen by %s = \"",
                  name_source_text(hit->name->source));
    ls_buf_add_escaped(&why, hit->text);
    ls_buf_add_text(&why, "\".");
    return (struct near_miss){
        .kind = hit->kind,
        .name = ls_strdup(hit->entry->fqdn),
        .entry_kind = hit->entry->kind,
        .pool = ls_strdup(hit->entry->pool),
        .why = ls_buf_take(&why),
    };
}

struct near_miss *near_miss_find(const struct trust_policy *policy,
                                 const struct certificate_facts *facts,
                                 size_t *count)
{
    struct search search = {.policy = policy};
    struct peer_candidates candidates;
    struct near_miss *misses;

    peer_identity_candidates(&candidates, facts, policy->rule, policy->cn);
    note_speakers(&search, &candidates);
    note_names(&search, facts, &candidates);
    search_tables(&search);
    misses = ls_alloc_array(search.hit_count + 1, sizeof *misses);
    for (size_t i = 0; i < search.hit_count; i++)
        misses[i] = make_miss(&search.hits[i]);
    *count = search.hit_count;
    for (size_t i = 0; i < search.speaker_count; i++)
        free(search.speakers[i].ascii);
    noted_name_forget(search.alternatives);
    noted_name_forget(search.wildcards);
    peer_candidates_clear(&candidates);
    return misses;
}

void near_miss_clear(struct near_miss *miss)
{
    free(miss->name);
    free(miss->pool);
    free(miss->why);
    *miss = (struct near_miss){0};
}

void near_miss_copy(struct near_miss *to, const struct near_miss *from)
{
    *to = *from;
    to->name = ls_strdup(from->name);
    to->pool = ls_strdup(from->pool);
    to->why = ls_strdup(from->why);
}
