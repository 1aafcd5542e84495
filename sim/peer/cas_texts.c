/*
 * Lists of texts that grow as a peer goes along.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/cas_peer.h"

void cas_texts_add(struct cas_texts *texts, char *text)
{
    texts->items =
        ls_realloc_array(texts->items, texts->count + 1, sizeof *texts->items);
    texts->items[texts->count++] = text;
}

void cas_texts_copy(struct cas_texts *copy, const struct cas_texts *texts)
{
    *copy = (struct cas_texts){0};
    for (size_t i = 0; i < texts->count; i++)
        cas_texts_add(copy, ls_strdup(texts->items[i]));
}

void cas_texts_clear(struct cas_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    free(texts->items);
    *texts = (struct cas_texts){0};
}
