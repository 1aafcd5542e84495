/*
 * Memory. Running out of it is not an error to handle: one sentence on
 * standard error and exit code 4.
 */
#ifndef LYNCSIM_ALLOC_H
#define LYNCSIM_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

#include "lyncsim/str.h"

/* The sentence and the exit code, for whoever learns it from a library. */
_Noreturn void ls_out_of_memory(void);

/* Zeroed memory, owned by the caller (free() it). Never NULL. */
void *ls_alloc(size_t size);
void *ls_alloc_array(size_t count, size_t size);
/* Grow or shrink an array; what is added is not zeroed. */
void *ls_realloc_array(void *array, size_t count, size_t size);

/* A NUL-terminated copy, owned by the caller; NULL in gives NULL out. */
char *ls_strdup(const char *text);
char *ls_str_dup(struct ls_str str);
/* The same with its ASCII letters in lower case. */
char *ls_str_dup_lower(struct ls_str str);
/* A NUL-terminated text made as printf does, owned by the caller. */
char *ls_strf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *ls_vstrf(const char *format, va_list args)
    __attribute__((format(printf, 1, 0)));

/* Make room for one more element in array[count]. */
#define LS_GROW(array, count, capacity)                                        \
    do {                                                                       \
        if ((count) == (capacity)) {                                           \
            (capacity) = (capacity) ? 2 * (capacity) : 8;                      \
            (array) = ls_realloc_array((array), (capacity), sizeof *(array));  \
        }                                                                      \
    } while (0)

#define LS_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
