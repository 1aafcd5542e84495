/*
 * A search over which certificates are reissued under which name; what the
 * topologies then lack follows from that.
 */
#include "lyncsim/trust_change.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/x509_vfy.h>

#include "lyncsim/alloc.h"

#include "trust_change_search.h"

/* Up to here every combination is looked at. */
#define COMBINATIONS_MAX 4096u

/* Whether an earlier certificate lacks the same in that topology already. */
static bool is_shared(const struct search *search, const struct lack *lack,
                      size_t certificate, size_t topology)
{
    for (size_t i = 0; i < certificate; i++)
        if (trust_change_lack(search, i, search->best[i], topology)->number ==
            lack->number)
            return true;
    return false;
}

static void keep_if_better(struct search *search)
{
    if (search->cost >= search->best_cost)
        return;
    search->best_cost = search->cost;
    memcpy(search->best, search->chosen,
           search->ground->certificate_count * sizeof *search->best);
}

/* The next combination, counting up; false after the last. */
static bool advance(struct search *search)
{
    for (size_t i = 0; i < search->ground->certificate_count; i++) {
        if (search->chosen[i] + 1 < search->candidates[i].count) {
            trust_change_choose(search, i, search->chosen[i] + 1);
            return true;
        }
        trust_change_choose(search, i, 0);
    }
    return false;
}

static void better_one(struct search *search, size_t certificate)
{
    for (size_t i = 0; i < search->candidates[certificate].count; i++) {
        trust_change_choose(search, certificate, i);
        keep_if_better(search);
    }
    trust_change_choose(search, certificate, search->best[certificate]);
}

/* Better one certificate at a time until none can be bettered. */
static void climb(struct search *search)
{
    unsigned long before;

    do {
        before = search->best_cost;
        for (size_t i = 0; i < search->ground->certificate_count; i++)
            better_one(search, i);
    } while (search->best_cost < before);
}

/* Start where everyone who can has one name: from there sharing is seen. */
static void climb_from(struct search *search, const char *cn)
{
    for (size_t i = 0; i < search->ground->certificate_count; i++) {
        const struct candidate *candidate = &search->candidates[i];
        size_t variant = 0;

        for (size_t j = 1; j < candidate->count; j++)
            if (strcmp(candidate->variants[j].cn, cn) == 0)
                variant = j;
        trust_change_choose(search, i, variant);
    }
    keep_if_better(search);
    for (size_t i = 0; i < search->ground->certificate_count; i++)
        trust_change_choose(search, i, search->best[i]);
    climb(search);
}

static void climb_everywhere(struct search *search)
{
    climb(search);
    for (size_t i = 0; i < search->ground->certificate_count; i++)
        for (size_t j = 1; j < search->candidates[i].count; j++)
            climb_from(search, search->candidates[i].variants[j].cn);
}

static bool is_small(const struct search *search)
{
    size_t combinations = 1;

    for (size_t i = 0; i < search->ground->certificate_count; i++) {
        combinations *= search->candidates[i].count;
        if (combinations > COMBINATIONS_MAX)
            return false;
    }
    return true;
}

static struct trust_change *add_change(struct trust_changes *changes)
{
    changes->items = ls_realloc_array(changes->items, changes->count + 1,
                                      sizeof *changes->items);
    changes->items[changes->count] = (struct trust_change){0};
    return &changes->items[changes->count++];
}

static void add_edit(struct trust_change *change,
                     const struct topology_edit *edit)
{
    change->edits = ls_realloc_array(change->edits, change->edit_count + 1,
                                     sizeof *change->edits);
    change->edits[change->edit_count++] = topology_edit_copy(edit);
}

static void write_text(struct trust_change *change, const char *where)
{
    struct ls_buf text = {0};

    ls_buf_printf(&text, "%s: ", where);
    for (size_t i = 0; i < change->edit_count; i++) {
        if (change->edits[i].kind == EDIT_PUBLISH ||
            change->edits[i].kind == EDIT_ENABLE)
            continue;
        ls_buf_add_text(&text, i == 0 ? "" : ", ");
        topology_edit_print(&change->edits[i], &text);
    }
    change->text = ls_buf_take(&text);
}

/* The plan of the verdict's own first remedy that has one. */
static void edit_room(const struct search *search, struct trust_change *change,
                      size_t certificate, const char *cn)
{
    struct trust_policy policy = trust_change_policy(search, change->index);
    const struct trust_evidence *evidence =
        &search->ground->evidences[certificate];
    struct trust_verdict verdict;
    size_t i = 0;

    if (cn == NULL)
        trust_verdict_decide(&verdict, &policy, evidence);
    else
        trust_change_judge_reissued(&verdict, &policy, evidence,
                                    (char *)(uintptr_t)cn);
    while (i < verdict.remedy_count && verdict.remedies[i].edit_count == 0)
        i++;
    /* Edits have no way to say that one option is set. */
    if (i < verdict.remedy_count && verdict.reason == TRUST_OUTBOUND_ONLY)
        change->text = ls_strf("%s: set OutboundOnly of the pool %s to False",
                               search->ground->topology_names[change->index],
                               verdict.entry.pool);
    for (size_t j = 0;
         i < verdict.remedy_count && j < verdict.remedies[i].edit_count; j++)
        add_edit(change, &verdict.remedies[i].edits[j]);
    trust_verdict_clear(&verdict);
}

static void edit_name(const struct search *search, struct trust_change *change,
                      const struct lack *lack)
{
    struct topology_edit edit = {.kind = EDIT_ADD_COMPUTER,
                                 .fqdn = lack->name,
                                 .other = lack->near_pool};
    struct topology_edit publish = {.kind = EDIT_PUBLISH};

    if (lack->near_pool == NULL) {
        edit = (struct topology_edit){.kind = EDIT_ADD_POOL};
        edit.pool = pool_new(ls_str_from(lack->name));
        edit.pool->interface = search->ground->policy->interface;
    }
    add_edit(change, &edit);
    add_edit(change, &publish);
    pool_free(edit.pool);
}

static void change_topology(const struct search *search,
                            struct trust_changes *changes, size_t certificate,
                            size_t topology)
{
    const struct lack *lack = trust_change_lack(
        search, certificate, search->best[certificate], topology);
    struct trust_change *change;

    if (lack->kind == LACK_UNSOLVED) {
        changes->unsolved++;
        changes->is_unsolved[certificate * search->ground->topology_count +
                             topology] = true;
    }
    if ((lack->kind != LACK_NAME && lack->kind != LACK_ROOM) ||
        is_shared(search, lack, certificate, topology))
        return;
    change = add_change(changes);
    change->index = topology;
    if (lack->kind == LACK_NAME)
        edit_name(search, change, lack);
    else
        edit_room(search, change, certificate,
                  search->candidates[certificate]
                      .variants[search->best[certificate]]
                      .cn);
    if (change->text == NULL)
        write_text(change, search->ground->topology_names[topology]);
}

static bool has_subject_cn(const struct certificate_facts *leaf, const char *cn)
{
    for (size_t i = 0; leaf != NULL && i < leaf->name_count; i++)
        if (leaf->names[i].source == NAME_SUBJECT_CN &&
            ls_str_equal_nocase(
                ls_str_from_bytes(leaf->names[i].text, leaf->names[i].length),
                ls_str_from(cn)))
            return true;
    return false;
}

/* Why it is refused as it is, wherever that comes first. */
static enum trust_check_id fault_of(const struct search *search, size_t index)
{
    size_t last = search->ground->topology_count - 1;
    size_t i = 0;

    while (i < last &&
           trust_change_lack(search, index, 0, i)->kind == LACK_NOTHING)
        i++;
    return trust_change_lack(search, index, 0, i)->reason;
}

/* It came alone, which an intermediate certificate may mend. */
static bool lacks_an_issuer(const struct chain_report *chain)
{
    for (size_t i = 0; chain != NULL && i < chain->fault_count; i++)
        if (chain->faults[i].depth == 0 &&
            chain->faults[i].code ==
                X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY &&
            !chain->same_name_other_key)
            return true;
    return false;
}

/* A name alone does not mend a chain. */
static char *reissue_text(const struct search *search, size_t index,
                          const char *cn)
{
    const struct trust_evidence *evidence = &search->ground->evidences[index];
    const char *name = search->ground->certificate_names[index];
    enum trust_check_id fault = fault_of(search, index);
    bool is_own = has_subject_cn(evidence->leaf, cn);

    if (fault == TRUST_INCOMPLETE_CHAIN && is_own)
        return ls_strf("%s: send its intermediate certificates with it", name);
    if (fault == TRUST_UNTRUSTED_ROOT && is_own &&
        lacks_an_issuer(evidence->chain))
        return ls_strf("%s: send its intermediate certificates with it, or "
                       "reissue it from a trusted authority",
                       name);
    return ls_strf("%s: reissue it with the subject name %s%s", name, cn,
                   fault == TRUST_UNTRUSTED_ROOT ? " from a trusted authority"
                   : fault == TRUST_INCOMPLETE_CHAIN
                       ? ", and send its intermediate certificates with it"
                       : "");
}

static void write_changes(const struct search *search,
                          struct trust_changes *changes)
{
    const struct trust_change_ground *ground = search->ground;

    changes->is_unsolved =
        ls_alloc_array(ground->certificate_count * ground->topology_count,
                       sizeof *changes->is_unsolved);
    for (size_t i = 0; i < ground->certificate_count; i++) {
        const char *cn = search->candidates[i].variants[search->best[i]].cn;

        if (cn != NULL) {
            struct trust_change *change = add_change(changes);

            change->is_reissue = true;
            change->index = i;
            change->subject_cn = ls_strdup(cn);
            change->text = reissue_text(search, i, cn);
        }
        for (size_t j = 0; j < ground->topology_count; j++)
            change_topology(search, changes, i, j);
    }
}

static void search_best(struct search *search, struct trust_changes *changes)
{
    changes->is_smallest = is_small(search);
    search->best_cost = search->cost;
    if (!changes->is_smallest) {
        climb_everywhere(search);
        return;
    }
    do
        keep_if_better(search);
    while (advance(search));
}

void trust_changes_find(struct trust_changes *changes,
                        const struct trust_change_ground *ground)
{
    size_t certificates = ground->certificate_count;
    struct search search = {
        .ground = ground,
        .known = ls_alloc_array(ground->topology_count, sizeof *search.known),
        .candidates = ls_alloc_array(certificates, sizeof *search.candidates),
        .chosen = ls_alloc_array(certificates, sizeof *search.chosen),
        .best = ls_alloc_array(certificates, sizeof *search.best),
    };

    *changes = (struct trust_changes){0};
    for (size_t i = 0; i < ground->topology_count; i++)
        search.known[i] = known_servers_new(ground->topologies[i]);
    for (size_t i = 0; i < certificates; i++)
        trust_change_gather_names(&search, i, &search.candidates[i]);
    trust_change_weigh_first(&search);
    search_best(&search, changes);
    write_changes(&search, changes);
    for (size_t i = 0; i < certificates; i++)
        trust_change_clear_candidate(&search.candidates[i],
                                     ground->topology_count);
    for (size_t i = 0; i < ground->topology_count; i++)
        known_servers_free(search.known[i]);
    free(search.known);
    free(search.needed);
    free(search.candidates);
    free(search.chosen);
    free(search.best);
}

void trust_changes_clear(struct trust_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        struct trust_change *change = &changes->items[i];

        for (size_t j = 0; j < change->edit_count; j++)
            topology_edit_clear(&change->edits[j]);
        free(change->edits);
        free(change->subject_cn);
        free(change->text);
    }
    free(changes->items);
    free(changes->is_unsolved);
    *changes = (struct trust_changes){0};
}
