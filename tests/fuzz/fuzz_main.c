/*
 * Drives a fuzz target without libFuzzer: replays a corpus, then feeds it
 * mutations of that corpus for some seconds. The sequence of mutations is
 * always the same; only where it stops depends on the machine.
 *
 * usage: fuzz_NAME SECONDS CORPUS_DIRECTORY
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/id_source.h"

#define INPUT_MAX_BYTES 8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __sanitizer_set_death_callback(void (*callback)(void))
    __attribute__((weak));

struct corpus {
    struct ls_buf *inputs;
    size_t count;
    size_t capacity;
};

/* What the target is looking at; the one thing a death may still read. */
static struct ls_buf current;

static void save_current(void)
{
    FILE *file = fopen("fuzz-crash", "wb");

    if (!file)
        return;
    if (current.length > 0)
        fwrite(current.at, 1, current.length, file);
    fclose(file);
    fprintf(stderr, "the input is in fuzz-crash, %zu bytes\n", current.length);
}

static void on_signal(int number)
{
    save_current();
    signal(number, SIG_DFL);
    raise(number);
}

static void load_file(struct corpus *corpus, const char *path)
{
    char chunk[4096];
    size_t count;
    FILE *file = fopen(path, "rb");

    if (!file)
        return;
    LS_GROW(corpus->inputs, corpus->count, corpus->capacity);
    struct ls_buf *input = &corpus->inputs[corpus->count++];
    *input = (struct ls_buf){0};
    while ((count = fread(chunk, 1, sizeof(chunk), file)) > 0)
        ls_buf_add(input, ls_str_from_bytes(chunk, count));
    fclose(file);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* In order of names, so that the mutations are the same everywhere. */
static void load_directory(struct corpus *corpus, const char *directory)
{
    struct dirent **entries;
    int count = scandir(directory, &entries, is_visible, alphasort);

    for (int i = 0; i < count; i++) {
        char *path = ls_strf("%s/%s", directory, entries[i]->d_name);

        load_file(corpus, path);
        free(path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

static void run_target(void)
{
    /* A copy of its exact size, so that one byte too far is seen. */
    uint8_t *data = ls_alloc(current.length);

    if (current.length)
        memcpy(data, current.at, current.length);
    LLVMFuzzerTestOneInput(data, current.length);
    free(data);
}

static void splice(struct ls_buf *text, size_t at, size_t removed,
                   struct ls_str added)
{
    struct ls_buf made = {0};

    ls_buf_add(&made, ls_str_first(ls_buf_str(text), at));
    ls_buf_add(&made, added);
    ls_buf_add(&made, ls_str_skip(ls_buf_str(text), at + removed));
    ls_buf_clear(text);
    *text = made;
    if (text->length > INPUT_MAX_BYTES)
        text->length = INPUT_MAX_BYTES;
}

static void mutate(struct id_source *ids, const struct corpus *corpus,
                   struct ls_buf *text)
{
    size_t at = id_source_below(ids, (uint32_t)text->length + 1);
    const struct ls_buf *other =
        &corpus->inputs[id_source_below(ids, (uint32_t)corpus->count)];
    struct ls_str piece = ls_str_skip(
        ls_buf_str(other), id_source_below(ids, (uint32_t)other->length + 1));
    char byte = (char)id_source_u64(ids);

    piece = ls_str_first(piece, id_source_below(ids, 64));
    switch (id_source_below(ids, 5)) {
    case 0: /* a byte becomes another */
        splice(text, at, 1, ls_str_from_bytes(&byte, 1));
        break;
    case 1: /* a byte comes in */
        splice(text, at, 0, ls_str_from_bytes(&byte, 1));
        break;
    case 2: /* some bytes go */
        splice(text, at, 1 + id_source_below(ids, 16), ls_str_from(""));
        break;
    case 3: /* a piece of another input comes in */
        splice(text, at, 0, piece);
        break;
    default: /* one takes the place of what stood there */
        splice(text, at, piece.length, piece);
        break;
    }
}

static unsigned long fuzz(const struct corpus *corpus, time_t seconds)
{
    struct id_source ids;
    struct timespec start, now;
    unsigned long runs = 0;

    id_source_init_seeded(&ids, ls_str_from("fuzz"));
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        const struct ls_buf *seed =
            &corpus->inputs[id_source_below(&ids, (uint32_t)corpus->count)];

        ls_buf_reset(&current);
        ls_buf_add(&current, ls_buf_str(seed));
        for (uint32_t i = id_source_below(&ids, 6); i-- > 0;)
            mutate(&ids, corpus, &current);
        run_target();
        runs++;
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec - start.tv_sec < seconds);
    return runs;
}

static void clear_corpus(struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->count; i++)
        ls_buf_clear(&corpus->inputs[i]);
    free(corpus->inputs);
    ls_buf_clear(&current);
}

int main(int argc, char **argv)
{
    struct corpus corpus = {0};
    unsigned long runs;

    if (argc != 3) {
        fprintf(stderr, "usage: %s SECONDS CORPUS_DIRECTORY\n", argv[0]);
        return 2;
    }
    load_directory(&corpus, argv[2]);
    if (corpus.count == 0) {
        fprintf(stderr, "%s: there is no input in %s\n", argv[0], argv[2]);
        return 2;
    }
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(save_current);
    signal(SIGABRT, on_signal);
    for (size_t i = 0; i < corpus.count; i++) {
        ls_buf_reset(&current);
        ls_buf_add(&current, ls_buf_str(&corpus.inputs[i]));
        run_target();
    }
    runs = fuzz(&corpus, (time_t)strtol(argv[1], NULL, 10));
    printf("%zu inputs replayed, %lu mutations survived\n", corpus.count, runs);
    clear_corpus(&corpus);
    return 0;
}
