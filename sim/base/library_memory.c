#include "lyncsim/library_memory.h"

#include <stdlib.h>

#include <jansson.h>
#include <openssl/crypto.h>

#include "lyncsim/alloc.h"

static void *take(size_t size)
{
    void *memory = malloc(size);

    if (memory == NULL && size > 0)
        ls_out_of_memory();
    return memory;
}

static void *retake(void *memory, size_t size)
{
    if (size == 0) {
        free(memory);
        return NULL;
    }
    memory = realloc(memory, size);
    if (memory == NULL)
        ls_out_of_memory();
    return memory;
}

/* OpenSSL says where it asks from. */
static void *take_there(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return take(size);
}

static void *retake_there(void *memory, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return retake(memory, size);
}

static void free_there(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    free(memory);
}

void library_memory_init(void)
{
    CRYPTO_set_mem_functions(take_there, retake_there, free_there);
    json_set_alloc_funcs(take, free);
}
