/*
 * Names by text.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"

#define uthash_malloc(size) ls_alloc(size)
#include "noted_name.h"

/* Names up to here are looked up without touching the heap: every name of the
 * table is. */
#define NAME_ON_STACK 256

struct noted_name *noted_name_find(struct noted_name *names, struct ls_str text)
{
    char on_stack[NAME_ON_STACK];
    char *key =
        text.length <= sizeof on_stack ? on_stack : ls_str_dup_lower(text);
    struct noted_name *found = NULL;

    if (key == on_stack)
        ls_str_copy_lower(key, text);
    HASH_FIND(hh, names, key, text.length, found);
    if (key != on_stack)
        free(key);
    return found;
}

void noted_name_add(struct noted_name **names, struct ls_str text,
                    const struct certificate_name *name)
{
    struct noted_name *noted;

    if (noted_name_find(*names, text) != NULL)
        return;
    noted = ls_alloc(sizeof *noted);
    noted->key = ls_str_dup_lower(text);
    noted->name = name;
    HASH_ADD_KEYPTR(hh, *names, noted->key, text.length, noted);
}

void noted_name_forget(struct noted_name *names)
{
    struct noted_name *name = names;
    struct noted_name *next;

    HASH_CLEAR(hh, names);
    for (; name != NULL; name = next) {
        next = name->hh.next;
        free(name->key);
        free(name);
    }
}
