/*
 * A lack of memory that a test sets: preloaded, it refuses one allocation of
 * the process, the one with the number $MEMORY_REFUSED.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static bool is_refused(void)
{
    static atomic_long asked;
    const char *number = getenv("MEMORY_REFUSED");

    if (number == NULL ||
        atomic_fetch_add(&asked, 1) != strtol(number, NULL, 10))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return is_refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return is_refused() ? NULL : __libc_realloc(memory, size);
}
