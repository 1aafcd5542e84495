/*
 * What ./dev lint reads in place of uthash: each of its macros is a dozen
 * branches, which hide the size of the functions that use them and lead the
 * analyzers astray. Nothing is ever built with this.
 */
#ifndef LINT_UTHASH_H
#define LINT_UTHASH_H

#include <stddef.h>

typedef struct UT_hash_handle {
    void *next;
    unsigned hashv;
} UT_hash_handle;

void *lint_find(const void *head, const void *key, size_t length);
void *lint_next(const void *head, const void *item);
void lint_change(void *head, const void *item);
unsigned lint_count(const void *head);

#define HASH_FIND(hh, head, key, length, item)                                 \
    ((item) = lint_find((head), (key), (length)))
#define HASH_FIND_STR(head, key, item) ((item) = lint_find((head), (key), 0))
#define HASH_ADD(hh, head, field, length, item) lint_change(&(head), (item))
#define HASH_ADD_KEYPTR(hh, head, key, length, item)                           \
    (lint_find((head), (key), (length)), lint_change(&(head), (item)))
#define HASH_ADD_STR(head, field, item) lint_change(&(head), (item))
#define HASH_DEL(head, item) lint_change(&(head), (item))
#define HASH_CLEAR(hh, head) lint_change(&(head), NULL)
#define HASH_COUNT(head) lint_count(head)
#define HASH_ITER(hh, head, item, after)                                       \
    for ((item) = lint_next((head), NULL);                                     \
         (item) && ((after) = lint_next((head), (item)), 1); (item) = (after))

#endif
