#include "name_index.h"

#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"

#define KEY_SHIFT 32
#define NO_POOL ((uint64_t)1 << 31)

static struct ls_str without_dot(struct ls_str name)
{
    if (name.length > 1 && name.at[name.length - 1] == '.')
        return ls_str_first(name, name.length - 1);
    return name;
}

/* FNV-1a of 32 bits. */
uint32_t name_index_key(enum known_part part, struct ls_str text)
{
    uint32_t sum = 0x811C9DC5u ^ (uint32_t)part;

    text = without_dot(text);
    for (size_t i = 0; i < text.length; i++)
        sum = (sum ^ (unsigned char)ls_byte_lower(text.at[i])) * 0x01000193u;
    return sum;
}

/* A wildcard, or of international form. */
static bool is_odd(struct ls_str name)
{
    for (size_t i = 0; i < name.length; i++)
        if ((unsigned char)name.at[i] >= 0x80 || name.at[i] == '*' ||
            (name.at[i] == '-' && i + 1 < name.length && name.at[i + 1] == '-'))
            return true;
    return false;
}

static void add_part(struct name_index *index, enum known_part part,
                     struct ls_str text, uint64_t place)
{
    LS_GROW(index->entries, index->count, index->capacity);
    index->entries[index->count++] =
        (uint64_t)name_index_key(part, text) << KEY_SHIFT | place;
}

void name_index_add(struct name_index *index, struct ls_str name, bool is_pool,
                    size_t place)
{
    size_t dot = ls_str_find(name, '.');

    assert(place < NO_POOL);
    if (!is_pool)
        place |= NO_POOL;
    if (is_odd(name))
        add_part(index, KNOWN_ODD, ls_str_from(NULL), place);
    add_part(index, KNOWN_WHOLE, name, place);
    add_part(index, KNOWN_HOST, ls_str_first(name, dot), place);
    add_part(index, KNOWN_PARENT, ls_str_skip(name, dot + 1), place);
}

static int compare(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

void name_index_sort(struct name_index *index)
{
    if (index->count > 0)
        qsort(index->entries, index->count, sizeof *index->entries, compare);
}

void name_index_clear(struct name_index *index)
{
    free(index->entries);
    *index = (struct name_index){0};
}

size_t name_index_find(const struct name_index *index, uint32_t key)
{
    uint64_t wanted = (uint64_t)key << KEY_SHIFT;
    size_t first = 0;
    size_t count = index->count;

    while (count > 0) {
        size_t half = count / 2;

        if (index->entries[first + half] < wanted) {
            first += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return first;
}

bool name_index_at(const struct name_index *index, size_t at, uint32_t key,
                   size_t *place)
{
    if (at >= index->count || index->entries[at] >> KEY_SHIFT != key)
        return false;
    *place = (size_t)(index->entries[at] & (NO_POOL - 1));
    return true;
}
