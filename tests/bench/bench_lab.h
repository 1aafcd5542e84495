/*
 * The files that servers and clients of a measurement share: keys and
 * certificates of each kind, and the table of known servers.
 */
#ifndef TESTS_BENCH_LAB_H
#define TESTS_BENCH_LAB_H

enum bench_key { BENCH_RSA, BENCH_EC, BENCH_KEY_COUNT };
/* "RSA-2048", "P-256". */
const char *bench_key_text(enum bench_key key);

#define BENCH_PATH_MAX 128

struct bench_lab {
    char folder[BENCH_PATH_MAX / 2];
    char topology[BENCH_PATH_MAX];
    struct bench_files {
        char authority[BENCH_PATH_MAX];
        char server[BENCH_PATH_MAX], server_key[BENCH_PATH_MAX];
        char both[BENCH_PATH_MAX]; /* the server's, in one file */
        char known[BENCH_PATH_MAX], known_key[BENCH_PATH_MAX];
        char unknown[BENCH_PATH_MAX], unknown_key[BENCH_PATH_MAX];
    } files[BENCH_KEY_COUNT];
};

/* Make all files in a new folder under /tmp. */
void bench_lab_make(struct bench_lab *lab);
void bench_lab_remove(struct bench_lab *lab);
/* Write a file into the folder; its path. */
void bench_lab_write(const struct bench_lab *lab, const char *name,
                     const char *text, char path[BENCH_PATH_MAX]);

#endif
