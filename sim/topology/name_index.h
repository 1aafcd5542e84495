/*
 * Which names of a table share the whole, the host or the parent with a name?
 * One sorted row of numbers: names that share something stand side by side,
 * and a hundred thousand take few pages.
 */
#ifndef LYNCSIM_SIM_TOPOLOGY_NAME_INDEX_H
#define LYNCSIM_SIM_TOPOLOGY_NAME_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/known_servers.h"

/* Zero-initialised is valid: no names. */
struct name_index {
    /* The key of a part of a name, then whether it is no pool, then the name's
     * place in the table, from the highest bit down: sorted by number they
     * stand as they are walked. */
    uint64_t *entries;
    size_t count;
    size_t capacity;
};

/* A number for a part of a name, letter case and a dot at the end aside. Those
 * of different parts may be the same, by rare chance. */
uint32_t name_index_key(enum known_part part, struct ls_str text);

void name_index_add(struct name_index *index, struct ls_str name, bool is_pool,
                    size_t place);
/* Once all names are in it, and before the first of them is looked for. */
void name_index_sort(struct name_index *index);
void name_index_clear(struct name_index *index);

/* Where the names with this key begin. */
size_t name_index_find(const struct name_index *index, uint32_t key);
/* The place of the name that stands there; false when it has another key. */
bool name_index_at(const struct name_index *index, size_t at, uint32_t key,
                   size_t *place);

#endif
