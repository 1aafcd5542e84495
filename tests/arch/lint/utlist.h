/*
 * What ./dev lint reads in place of utlist; see uthash.h beside it.
 */
#ifndef LINT_UTLIST_H
#define LINT_UTLIST_H

#include "uthash.h"

#define DL_APPEND(head, item) lint_change(&(head), (item))
#define DL_APPEND2(head, item, prev, next) lint_change(&(head), (item))
#define DL_DELETE(head, item) lint_change(&(head), (item))
#define DL_DELETE2(head, item, prev, next) lint_change(&(head), (item))
#define DL_PREPEND2(head, item, prev, next) lint_change(&(head), (item))
#define DL_FOREACH(head, item)                                                 \
    for ((item) = lint_next((head), NULL); (item);                             \
         (item) = lint_next((head), (item)))
#define DL_FOREACH2(head, item, next) DL_FOREACH(head, item)
#define DL_FOREACH_SAFE(head, item, after)                                     \
    for ((item) = lint_next((head), NULL);                                     \
         (item) && ((after) = lint_next((head), (item)), 1); (item) = (after))

#endif
