/*
 * One certificate in another's place: the same question asked of both.
 */
#include "lyncsim/replacement.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

static struct ls_str text_of(const struct certificate_name *name)
{
    return ls_str_from_bytes(name->text, name->length);
}

static char *escaped(struct ls_str text)
{
    struct ls_buf out = {0};

    ls_buf_add_escaped(&out, text);
    return ls_buf_take(&out);
}

/* why is taken; NULL: it is kept. */
static void add(struct replacement *replacement,
                enum replacement_direction direction, struct ls_str name,
                char *why)
{
    LS_GROW(replacement->items, replacement->count, replacement->capacity);
    replacement->items[replacement->count++] = (struct replaced_connection){
        direction, escaped(name), why == NULL, why};
    if (why != NULL)
        replacement->refused_count++;
}

/* RFC 6125 6.4.3: a wildcard stands for one label, the leftmost. */
static bool matches(struct ls_str pattern, struct ls_str name)
{
    size_t dot;

    if (!ls_str_starts_with(pattern, "*."))
        return ls_str_equal_nocase(pattern, name);
    dot = ls_str_find(name, '.');
    return dot > 0 && dot < name.length &&
           ls_str_equal_nocase(ls_str_skip(pattern, 1), ls_str_skip(name, dot));
}

/* RFC 6125 6.4.4: the common name counts where there is no DNS name. */
static bool covers(const struct certificate_facts *facts, struct ls_str name)
{
    bool has_dns = false;
    bool is_cn = false;

    for (size_t i = 0; i < facts->name_count; i++) {
        const struct certificate_name *one = &facts->names[i];
        bool is_match = one->fault == NAME_SOUND && matches(text_of(one), name);

        if (one->source == NAME_SAN_DNS && is_match)
            return true;
        has_dns |= one->source == NAME_SAN_DNS;
        is_cn |= one->source == NAME_SUBJECT_CN && is_match;
    }
    return is_cn && !has_dns;
}

static void add_outbound(struct replacement *replacement, struct ls_str name,
                         const struct certificate_facts *after)
{
    add(replacement, REPLACEMENT_OUTBOUND, name,
        covers(after, name)
            ? NULL
            : ls_strdup("The new certificate does not hold this name, so who "
                        "connects by it hangs up."));
}

/* Without a table every name of the old one is somebody's. */
static void find_names(struct replacement *replacement,
                       const struct certificate_facts *before,
                       const struct certificate_facts *after)
{
    for (size_t i = 0; i < before->name_count; i++) {
        const struct certificate_name *name = &before->names[i];

        if (name->fault == NAME_SOUND &&
            (name->source == NAME_SAN_DNS || name->source == NAME_SUBJECT_CN) &&
            covers(before, text_of(name)) &&
            (i == 0 ||
             !ls_str_equal_nocase(text_of(name), text_of(&before->names[0]))))
            add_outbound(replacement, text_of(name), after);
    }
}

static void find_servers(struct replacement *replacement,
                         const struct certificate_facts *before,
                         const struct certificate_facts *after,
                         const struct known_servers *known)
{
    for (size_t i = 0; i < known_servers_count(known); i++) {
        struct ls_str name = ls_str_from(known_servers_at(known, i)->fqdn);

        if (covers(before, name))
            add_outbound(replacement, name, after);
    }
}

static struct ls_str first_name(const struct peer_candidates *candidates)
{
    return candidates->count > 0 ? candidates->items[0].text
                                 : ls_str_from(NULL);
}

static void compare_speakers(struct replacement *replacement,
                             const struct certificate_facts *before,
                             const struct certificate_facts *after,
                             const struct trust_policy *policy)
{
    struct peer_candidates old, new;
    char *speaker;

    peer_identity_candidates(&old, before, policy->rule, policy->cn);
    peer_identity_candidates(&new, after, policy->rule, policy->cn);
    speaker = escaped(first_name(&new));
    if (old.count > 0)
        add(replacement, REPLACEMENT_INBOUND, first_name(&old),
            ls_str_equal_nocase(first_name(&old), first_name(&new))
                ? NULL
                : ls_strf("The Front End would look up \"%s\" instead.",
                          speaker));
    free(speaker);
    peer_candidates_clear(&old);
    peer_candidates_clear(&new);
}

static void decide(struct trust_verdict *verdict,
                   const struct certificate_facts *facts,
                   const struct trust_policy *policy, int64_t at_s)
{
    const struct trust_evidence evidence = {.leaf = facts, .at_s = at_s};

    trust_verdict_decide(verdict, policy, &evidence);
}

/* That the old one has ended is why it is replaced: it is judged as it was.
 * The new one comes into use when it is valid, and may have ended already. */
static int64_t in_its_days(const struct certificate_facts *facts, int64_t at_s)
{
    if (at_s < facts->not_before_s)
        return facts->not_before_s;
    return at_s > facts->not_after_s ? facts->not_after_s : at_s;
}

static void compare_verdicts(struct replacement *replacement,
                             const struct certificate_facts *before,
                             const struct certificate_facts *after,
                             const struct trust_policy *policy, int64_t at_s)
{
    struct trust_verdict old, new;

    decide(&old, before, policy, in_its_days(before, at_s));
    decide(&new, after, policy,
           at_s > after->not_before_s ? at_s : after->not_before_s);
    if (old.outcome == TRUST_ACCEPTED)
        add(replacement, REPLACEMENT_INBOUND,
            ls_str_from_bytes(old.identity_name, old.identity_length),
            new.outcome == TRUST_ACCEPTED
                ? NULL
                : ls_strf("The Front End refuses the new certificate: %s.",
                          trust_check_text(new.reason)));
    trust_verdict_clear(&old);
    trust_verdict_clear(&new);
}

void replacement_find(struct replacement *replacement,
                      const struct certificate_facts *before,
                      const struct certificate_facts *after,
                      const struct trust_policy *policy, int64_t at_s)
{
    *replacement = (struct replacement){0};
    if (policy->known == NULL) {
        compare_speakers(replacement, before, after, policy);
        find_names(replacement, before, after);
        return;
    }
    compare_verdicts(replacement, before, after, policy, at_s);
    find_servers(replacement, before, after, policy->known);
}

void replacement_clear(struct replacement *replacement)
{
    for (size_t i = 0; i < replacement->count; i++) {
        free(replacement->items[i].name);
        free(replacement->items[i].why);
    }
    free(replacement->items);
    *replacement = (struct replacement){0};
}
