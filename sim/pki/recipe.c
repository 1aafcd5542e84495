/*
 * Laying recipes over one another.
 */
#include "lyncsim/recipe.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"

static void clear_list(struct recipe_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct recipe_list){0};
}

static void apply_list(struct recipe_list *list,
                       const struct recipe_list *change)
{
    if (!change->is_set)
        return;
    clear_list(list);
    list->is_set = true;
    list->items = ls_alloc_array(change->count + 1, sizeof *list->items);
    for (size_t i = 0; i < change->count; i++)
        list->items[list->count++] = ls_strdup(change->items[i]);
}

static void apply_text(char **text, const char *change)
{
    if (change == NULL)
        return;
    free(*text);
    *text = ls_strdup(change);
}

static void apply_answer(enum recipe_answer *answer, enum recipe_answer change)
{
    if (change != RECIPE_UNSAID)
        *answer = change;
}

static void apply_number(int64_t *number, int64_t change)
{
    if (change != 0)
        *number = change;
}

void recipe_clear(struct recipe *recipe)
{
    free(recipe->subject);
    free(recipe->key);
    free(recipe->key_of);
    free(recipe->digest);
    free(recipe->serial);
    free(recipe->version);
    free(recipe->issuer);
    free(recipe->staple);
    clear_list(&recipe->sans);
    clear_list(&recipe->usages);
    clear_list(&recipe->key_usages);
    clear_list(&recipe->crl_urls);
    clear_list(&recipe->issuer_urls);
    clear_list(&recipe->ocsp_urls);
    clear_list(&recipe->permitted);
    clear_list(&recipe->chain);
    *recipe = (struct recipe){0};
}

void recipe_apply(struct recipe *recipe, const struct recipe *change)
{
    apply_text(&recipe->subject, change->subject);
    apply_text(&recipe->key, change->key);
    apply_text(&recipe->key_of, change->key_of);
    apply_text(&recipe->digest, change->digest);
    apply_text(&recipe->serial, change->serial);
    apply_text(&recipe->version, change->version);
    apply_text(&recipe->issuer, change->issuer);
    apply_text(&recipe->staple, change->staple);
    apply_list(&recipe->sans, &change->sans);
    apply_list(&recipe->usages, &change->usages);
    apply_list(&recipe->key_usages, &change->key_usages);
    apply_list(&recipe->crl_urls, &change->crl_urls);
    apply_list(&recipe->issuer_urls, &change->issuer_urls);
    apply_list(&recipe->ocsp_urls, &change->ocsp_urls);
    apply_list(&recipe->permitted, &change->permitted);
    apply_list(&recipe->chain, &change->chain);
    apply_answer(&recipe->authority, change->authority);
    apply_answer(&recipe->pss, change->pss);
    apply_answer(&recipe->key_ids, change->key_ids);
    apply_answer(&recipe->foreign_key, change->foreign_key);
    apply_number(&recipe->san_count, change->san_count);
    apply_number(&recipe->subject_bytes, change->subject_bytes);
    apply_number(&recipe->depth, change->depth);
    if (change->not_before.is_set)
        recipe->not_before = change->not_before;
    if (change->not_after.is_set)
        recipe->not_after = change->not_after;
    if (change->has_path_length) {
        recipe->has_path_length = true;
        recipe->path_length = change->path_length;
    }
}
