/*
 * The candidates a rule finds in a certificate.
 */
#include "lyncsim/peer_identity.h"

#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"

const char *cn_choice_text(enum cn_choice choice)
{
    static const char *const texts[] = {
        [CN_FIRST] = "first",
        [CN_LAST] = "last",
    };

    assert((size_t)choice < LS_COUNT(texts));
    return texts[choice];
}

static struct ls_str name_text(const struct certificate_name *name)
{
    return ls_str_from_bytes(name->text, name->length);
}

static bool speaks(const struct certificate_name *name, enum name_source source)
{
    return name->source == source && name->fault != NAME_EMPTY;
}

bool peer_identity_is_unusable(const struct certificate_name *name)
{
    return name->fault == NAME_HAS_NUL || name->fault == NAME_UNDECODABLE;
}

size_t peer_identity_cn_count(const struct certificate_facts *facts)
{
    size_t count = 0;

    for (size_t i = 0; i < facts->name_count; i++)
        count += speaks(&facts->names[i], NAME_SUBJECT_CN);
    return count;
}

static void add(struct peer_candidates *candidates,
                const struct certificate_name *name, struct ls_str text)
{
    candidates->items[candidates->count++] =
        (struct peer_candidate){.name = name, .text = text};
}

static void add_each(struct peer_candidates *candidates,
                     const struct certificate_facts *facts,
                     enum name_source source)
{
    for (size_t i = 0; i < facts->name_count; i++)
        if (speaks(&facts->names[i], source))
            add(candidates, &facts->names[i], name_text(&facts->names[i]));
}

static void add_cn(struct peer_candidates *candidates,
                   const struct certificate_facts *facts, enum cn_choice cn)
{
    const struct certificate_name *chosen = NULL;

    for (size_t i = 0; i < facts->name_count; i++)
        if (speaks(&facts->names[i], NAME_SUBJECT_CN) &&
            (chosen == NULL || cn == CN_LAST))
            chosen = &facts->names[i];
    if (chosen != NULL)
        add(candidates, chosen, name_text(chosen));
}

/* RFC 5922 7.1: a sip: URI without a user part identifies the domain that is
 * its host. False for any other. */
static bool uri_host(struct ls_str uri, struct ls_str *host)
{
    static const struct ls_str scheme = LS_STR("sip:");

    if (uri.length <= scheme.length ||
        !ls_str_equal_nocase(ls_str_first(uri, scheme.length), scheme))
        return false;
    *host = ls_str_skip(uri, scheme.length);
    if (ls_str_find(*host, '@') < host->length)
        return false;
    *host = ls_str_first(*host, ls_str_find(*host, ';'));
    *host = ls_str_first(*host, ls_str_find(*host, '?'));
    if (host->length > 0 && host->at[0] != '[')
        *host = ls_str_first(*host, ls_str_find(*host, ':'));
    return host->length > 0;
}

static void add_sip_uris(struct peer_candidates *candidates,
                         const struct certificate_facts *facts)
{
    struct ls_str host;

    for (size_t i = 0; i < facts->name_count; i++)
        if (speaks(&facts->names[i], NAME_SAN_URI) &&
            uri_host(name_text(&facts->names[i]), &host))
            add(candidates, &facts->names[i], host);
}

void peer_identity_candidates(struct peer_candidates *candidates,
                              const struct certificate_facts *facts,
                              const struct identity_rule *rule,
                              enum cn_choice cn)
{
    *candidates = (struct peer_candidates){
        .items =
            ls_alloc_array(facts->name_count + 1, sizeof *candidates->items),
    };
    switch (rule->choice) {
    case RULE_CN_ELSE_SAN:
        add_cn(candidates, facts, cn);
        if (candidates->count == 0)
            add_each(candidates, facts, NAME_SAN_DNS);
        break;
    case RULE_CN_ONLY:
        add_cn(candidates, facts, cn);
        break;
    case RULE_CN_THEN_SAN:
        add_cn(candidates, facts, cn);
        add_each(candidates, facts, NAME_SAN_DNS);
        break;
    case RULE_ANY_NAME:
        add_each(candidates, facts, NAME_SUBJECT_CN);
        add_each(candidates, facts, NAME_SAN_DNS);
        break;
    case RULE_RFC5922:
        add_sip_uris(candidates, facts);
        if (candidates->count == 0)
            add_each(candidates, facts, NAME_SAN_DNS);
        if (candidates->count == 0)
            add_cn(candidates, facts, cn);
        break;
    }
}

void peer_candidates_clear(struct peer_candidates *candidates)
{
    free(candidates->items);
    *candidates = (struct peer_candidates){0};
}
