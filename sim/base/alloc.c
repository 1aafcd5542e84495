#include "lyncsim/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What glibc's per-thread cache holds. */
#define SMALL_BYTES 1032

_Noreturn void ls_out_of_memory(void)
{
    static const char sentence[] = "lyncsim: out of memory\n";

    /* Nothing that could allocate: no stdio, no exit handlers. */
    ssize_t ignored = write(STDERR_FILENO, sentence, sizeof(sentence) - 1);
    (void)ignored;
    _exit(4);
}

void *ls_alloc(size_t size)
{
    return ls_alloc_array(1, size);
}

void *ls_alloc_array(size_t count, size_t size)
{
    size_t bytes;
    void *memory;

    if (__builtin_mul_overflow(count, size, &bytes))
        ls_out_of_memory();
    /* glibc keeps small blocks at hand for malloc() alone. */
    memory =
        bytes <= SMALL_BYTES ? malloc(bytes ? bytes : 1) : calloc(bytes, 1);
    if (!memory)
        ls_out_of_memory();
    return bytes <= SMALL_BYTES ? memset(memory, 0, bytes) : memory;
}

void *ls_realloc_array(void *array, size_t count, size_t size)
{
    void *memory = reallocarray(array, count ? count : 1, size ? size : 1);

    if (!memory)
        ls_out_of_memory();
    return memory;
}

char *ls_strdup(const char *text)
{
    return text ? ls_str_dup(ls_str_from(text)) : NULL;
}

char *ls_str_dup(struct ls_str str)
{
    char *copy = malloc(str.length + 1);

    if (!copy)
        ls_out_of_memory();
    if (str.length)
        memcpy(copy, str.at, str.length);
    copy[str.length] = '\0';
    return copy;
}

char *ls_str_dup_lower(struct ls_str str)
{
    char *lower = ls_str_dup(str);

    ls_str_copy_lower(lower, str);
    return lower;
}

/* Most texts are short: they are written once, and copied to where they fit.
 * vasprintf() asks for memory three times. */
#define TEXT_ON_STACK 256

char *ls_vstrf(const char *format, va_list args)
{
    char on_stack[TEXT_ON_STACK];
    va_list again;
    size_t size;
    char *text;

    va_copy(again, args);
    size = (size_t)vsnprintf(on_stack, sizeof on_stack, format, args) + 1;
    text = ls_realloc_array(NULL, size, 1);
    if (size <= sizeof on_stack)
        memcpy(text, on_stack, size);
    else
        vsnprintf(text, size, format, again);
    va_end(again);
    return text;
}

char *ls_strf(const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = ls_vstrf(format, args);
    va_end(args);
    return text;
}
