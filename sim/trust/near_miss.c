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

#include "near_speakers.h"
#include "noted_name.h"

/* So many names of the table are held against those of a certificate: as many
 * as one host has in any lab, and no more than a handshake costs. */
#define TRIES_MAX 10000u

/* A kind beyond the last: none. */
#define NEAR_NONE ((enum near_miss_kind)(NEAR_TYPO + 1))

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

struct hit {
    enum near_miss_kind kind;
    const struct known_server *entry;
    const struct certificate_name *name; /* what it was seen by */
    struct ls_str text;
};

struct search {
    const struct trust_policy *policy;
    struct near_speakers speakers;
    struct noted_name *alternatives; /* dNSNames that do not speak */
    struct noted_name *wildcards;    /* by the domain behind the "*." */
    struct hit hits[NEAR_MISSES_MAX];
    size_t hit_count;
    unsigned tries;
};

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

static bool has_entry(const struct search *search,
                      const struct known_server *entry)
{
    for (size_t i = 0; i < search->hit_count; i++)
        if (search->hits[i].entry == entry)
            return true;
    return false;
}

/* There are enough, and this one would be the last of them at best. */
static bool is_too_late(const struct search *search, const struct hit *hit)
{
    return search->hit_count == NEAR_MISSES_MAX &&
           !is_better(hit, &search->hits[NEAR_MISSES_MAX - 1]);
}

static void add_hit(struct search *search, const struct hit *hit)
{
    size_t at = search->hit_count;

    if (is_too_late(search, hit))
        return;
    if (at == NEAR_MISSES_MAX) {
        at--;
    } else {
        search->hit_count++;
    }
    for (; at > 0 && is_better(hit, &search->hits[at - 1]); at--)
        search->hits[at] = search->hits[at - 1];
    search->hits[at] = *hit;
}

static void try_entry(struct search *search, const struct known_server *entry)
{
    struct ls_str name = ls_str_from(entry->fqdn);
    struct hit hit = {.kind = NEAR_NONE, .entry = entry};
    const struct noted_name *noted =
        search->alternatives == NULL
            ? NULL
            : noted_name_find(search->alternatives, name);
    const struct near_speaker *related;

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
    related = near_speakers_relate(&search->speakers, name, &hit.kind);
    if (related != NULL) {
        hit.name = related->name;
        hit.text = related->text;
    }
    if (hit.kind != NEAR_NONE)
        add_hit(search, &hit);
}

/* The same name in another table: the draft, or what was removed. */
static void try_table(struct search *search, const struct known_servers *table,
                      enum near_miss_kind kind)
{
    for (size_t i = 0; table != NULL && i < search->speakers.count; i++) {
        const struct near_speaker *speaker = &search->speakers.each[i];
        struct hit hit = {
            .kind = kind, .name = speaker->name, .text = speaker->text};

        hit.entry =
            known_servers_find(table, speaker->text, search->policy->names);
        if (hit.entry == NULL || near_speaker_is_wildcard(speaker))
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
    for (size_t i = 0; i < search->speakers.count; i++) {
        const struct near_speaker *speaker = &search->speakers.each[i];
        struct hit hit = {.kind = NEAR_OTHER_INTERFACE,
                          .name = speaker->name,
                          .text = speaker->text};

        hit.entry = known_servers_find(search->policy->known, speaker->text,
                                       search->policy->names);
        if (hit.entry == NULL || near_speaker_is_wildcard(speaker))
            continue;
        if (hit.entry->interface != search->policy->interface)
            add_hit(search, &hit);
        return true;
    }
    return false;
}

/* Those with this part in common, none of which is nearer than by best. They
 * come in the order that hits of one kind are in, so that many of them, which
 * may be the whole table, need not be looked at beyond the first few. */
static void try_alike(struct search *search, enum known_part part,
                      struct ls_str text, enum near_miss_kind best)
{
    struct known_walk walk =
        known_servers_walk(search->policy->known, part, text);
    struct hit hit = {.kind = best};

    while ((hit.entry = known_walk_next(&walk)) != NULL &&
           !is_too_late(search, &hit) && search->tries++ < TRIES_MAX)
        if (!has_entry(search, hit.entry))
            try_entry(search, hit.entry);
}

/* The best that a name with the same host can be; what is better has the
 * whole in common with something. */
static enum near_miss_kind best_by_host(struct ls_str text)
{
    return fqdn_label_count(text) == 1 ? NEAR_SHORT_NAME : NEAR_OTHER_SUFFIX;
}

/* An entry is held against all speakers at once. */
static bool was_tried_by_host(const struct search *search,
                              const struct near_speaker *speaker)
{
    for (const struct near_speaker *before = search->speakers.each;
         before < speaker; before++)
        if (ls_str_equal_nocase(fqdn_host(before->text),
                                fqdn_host(speaker->text)) &&
            best_by_host(before->text) == best_by_host(speaker->text))
            return true;
    return false;
}

static void try_speaker(struct search *search,
                        const struct near_speaker *speaker)
{
    struct ls_str text = speaker->text;
    struct ls_str host = fqdn_host(text), parent = fqdn_parent(text);

    try_alike(search, KNOWN_WHOLE, ls_str_trim(text), NEAR_DRAFT_ONLY);
    if (speaker->ascii != NULL && search->speakers.has_international)
        try_alike(search, KNOWN_WHOLE, ls_str_from(speaker->ascii),
                  NEAR_DRAFT_ONLY);
    try_alike(search, KNOWN_WHOLE, host, NEAR_DRAFT_ONLY);
    try_alike(search, KNOWN_WHOLE, parent, NEAR_DRAFT_ONLY);
    if (!was_tried_by_host(search, speaker))
        try_alike(search, KNOWN_HOST, host, best_by_host(text));
    try_alike(search, KNOWN_PARENT, text, NEAR_PARENT_DOMAIN);
    try_alike(search, KNOWN_PARENT, parent, NEAR_SIBLING);
}

/* Every relation has a part in common, but those of odd names. */
static void try_known_names(struct search *search)
{
    try_alike(search, KNOWN_ODD, ls_str_from(NULL), NEAR_DRAFT_ONLY);
    for (const struct noted_name *noted = search->alternatives; noted != NULL;
         noted = noted->hh.next)
        try_alike(search, KNOWN_WHOLE, text_of(noted->name), NEAR_DRAFT_ONLY);
    for (size_t i = 0; i < search->speakers.count; i++)
        try_speaker(search, &search->speakers.each[i]);
    for (const struct noted_name *noted = search->wildcards; noted != NULL;
         noted = noted->hh.next)
        try_alike(search, KNOWN_PARENT, fqdn_parent(text_of(noted->name)),
                  NEAR_WILDCARD_WOULD_MATCH);
}

static void try_every_name(struct search *search)
{
    const struct known_servers *known = search->policy->known;

    for (size_t i = 0; i < known_servers_count(known); i++)
        try_entry(search, known_servers_at(known, i));
}

/* How the names of the table are gone through. */
typedef void(try_names_fn)(struct search *search);

static void search_tables(struct search *search, try_names_fn *try_names)
{
    if (try_known(search))
        return;
    try_table(search, search->policy->draft, NEAR_DRAFT_ONLY);
    try_table(search, search->policy->removed, NEAR_REMOVED);
    try_names(search);
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
    struct ls_str name = ls_str_from(hit->entry->fqdn);

    if ((hit->kind == NEAR_SIBLING || hit->kind == NEAR_TYPO) &&
        near_speakers_differ_by_blanks(hit->text, name))
        return "It is the same but for a blank at its beginning or end: a "
               "slip in writing, perhaps.";
    if (hit->kind == NEAR_SIBLING && fqdn_is_typo(hit->text, name))
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

static struct near_miss *find(const struct trust_policy *policy,
                              const struct certificate_facts *facts,
                              try_names_fn *try_names, size_t *count)
{
    struct search search = {.policy = policy};
    struct peer_candidates candidates;
    struct near_miss *misses;

    peer_identity_candidates(&candidates, facts, policy->rule, policy->cn);
    near_speakers_init(&search.speakers, policy, &candidates);
    note_names(&search, facts, &candidates);
    search_tables(&search, try_names);
    misses = ls_alloc_array(search.hit_count + 1, sizeof *misses);
    for (size_t i = 0; i < search.hit_count; i++)
        misses[i] = make_miss(&search.hits[i]);
    *count = search.hit_count;
    near_speakers_clear(&search.speakers);
    noted_name_forget(search.alternatives);
    noted_name_forget(search.wildcards);
    peer_candidates_clear(&candidates);
    return misses;
}

struct near_miss *near_miss_find(const struct trust_policy *policy,
                                 const struct certificate_facts *facts,
                                 size_t *count)
{
    return find(policy, facts, try_known_names, count);
}

struct near_miss *near_miss_find_slowly(const struct trust_policy *policy,
                                        const struct certificate_facts *facts,
                                        size_t *count)
{
    return find(policy, facts, try_every_name, count);
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
