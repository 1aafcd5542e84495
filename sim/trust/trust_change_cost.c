/*
 * What a choice of variants costs. It is kept up as one certificate after the
 * other is chosen for: weighed anew each time, a hundred certificates took
 * minutes.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#define uthash_malloc(size) ls_alloc(size)
#include <uthash.h>

#include "trust_change_search.h"

/* One refusal that stays outweighs any number of changes. */
#define UNSOLVED_COST 1000000u
/* A reissue costs a little more than a line in a topology. */
#define REISSUE_COST 1001u
#define TOPOLOGY_COST 1000u

const struct lack *trust_change_lack(const struct search *search,
                                     size_t certificate, size_t variant,
                                     size_t topology)
{
    return &search->candidates[certificate].variants[variant].lacks[topology];
}

/* A lack that one change of a topology mends, for whoever has it. */
struct need {
    char *key;
    size_t number;
    UT_hash_handle hh;
};

static void number_lack(struct need **needs, struct lack *lack, size_t topology)
{
    struct need *need = NULL;
    char *text, *key;

    if (lack->kind != LACK_NAME && lack->kind != LACK_ROOM)
        return;
    text = ls_strf("%zu %d %s", topology, (int)lack->kind, lack->name);
    key = ls_str_dup_lower(ls_str_from(text));
    free(text);
    HASH_FIND_STR(*needs, key, need);
    if (need == NULL) {
        need = ls_alloc(sizeof *need);
        need->key = key;
        need->number = HASH_COUNT(*needs) + 1;
        HASH_ADD_KEYPTR(hh, *needs, need->key, strlen(key), need);
    } else {
        free(key);
    }
    lack->number = need->number;
}

static void number_candidate(struct need **needs, struct candidate *candidate,
                             size_t topologies)
{
    for (size_t i = 0; i < candidate->count; i++)
        for (size_t j = 0; j < topologies; j++)
            number_lack(needs, &candidate->variants[i].lacks[j], j);
}

static void number_lacks(struct search *search)
{
    struct need *needs = NULL, *need, *next;

    for (size_t i = 0; i < search->ground->certificate_count; i++)
        number_candidate(&needs, &search->candidates[i],
                         search->ground->topology_count);
    search->needed =
        ls_alloc_array(HASH_COUNT(needs) + 1, sizeof *search->needed);
    HASH_ITER(hh, needs, need, next) {
        HASH_DEL(needs, need);
        free(need->key);
        free(need);
    }
}

static void add_cost(struct search *search, size_t certificate)
{
    size_t variant = search->chosen[certificate];

    search->cost += variant > 0 ? REISSUE_COST : 0;
    for (size_t i = 0; i < search->ground->topology_count; i++) {
        const struct lack *lack =
            trust_change_lack(search, certificate, variant, i);

        if (lack->kind == LACK_UNSOLVED)
            search->cost += UNSOLVED_COST;
        else if (lack->number > 0 && search->needed[lack->number]++ == 0)
            search->cost += TOPOLOGY_COST;
    }
}

static void take_cost(struct search *search, size_t certificate)
{
    size_t variant = search->chosen[certificate];

    search->cost -= variant > 0 ? REISSUE_COST : 0;
    for (size_t i = 0; i < search->ground->topology_count; i++) {
        const struct lack *lack =
            trust_change_lack(search, certificate, variant, i);

        if (lack->kind == LACK_UNSOLVED)
            search->cost -= UNSOLVED_COST;
        else if (lack->number > 0 && --search->needed[lack->number] == 0)
            search->cost -= TOPOLOGY_COST;
    }
}

void trust_change_weigh_first(struct search *search)
{
    number_lacks(search);
    for (size_t i = 0; i < search->ground->certificate_count; i++)
        add_cost(search, i);
}

void trust_change_choose(struct search *search, size_t certificate,
                         size_t variant)
{
    if (variant == search->chosen[certificate])
        return;
    take_cost(search, certificate);
    search->chosen[certificate] = variant;
    add_cost(search, certificate);
}
