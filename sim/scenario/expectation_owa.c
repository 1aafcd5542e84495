/*
 * The fields of a step that tell what the users of OWA see.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "expectation_field.h"

/* text is taken. */
static void take_text(struct field_value *value, char *text)
{
    value->text = text;
    value->length = text ? strlen(text) : 0;
}

static void copy_texts(struct field_value *value, const struct cas_texts *texts)
{
    value->items = ls_alloc_array(texts->count + 1, sizeof(*value->items));
    for (size_t i = 0; i < texts->count; i++)
        value->items[value->count++] = ls_strdup(texts->items[i]);
}

void expectation_owa(const struct step_result *result, size_t index,
                     struct field_value *value)
{
    (void)index;
    take_text(value, ls_strdup(result->owa));
}

void expectation_owa_standing(const struct step_result *result, size_t index,
                              struct field_value *value)
{
    (void)index;
    if (result->owa && strcmp(result->owa, "available") != 0)
        take_text(value, ls_strdup(owa_text_standing(result->step->peer.owa)));
}

void expectation_owa_available(const struct step_result *result, size_t index,
                               struct field_value *value)
{
    (void)index;
    if (result->owa)
        take_text(value, ls_strf("%zu of %zu", result->available_count,
                                 result->step->peer.user_count));
}

void expectation_owa_seen(const struct step_result *result, size_t index,
                          struct field_value *value)
{
    (void)index;
    copy_texts(value, &result->seen);
}

void expectation_owa_sent(const struct step_result *result, size_t index,
                          struct field_value *value)
{
    (void)index;
    copy_texts(value, &result->sent);
}

void expectation_owa_received(const struct step_result *result, size_t index,
                              struct field_value *value)
{
    (void)index;
    copy_texts(value, &result->received);
}

void expectation_owa_connections(const struct step_result *result, size_t index,
                                 struct field_value *value)
{
    (void)index;
    copy_texts(value, &result->connections);
}
