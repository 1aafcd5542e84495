/*
 * What does a test of the program that serves need around it? The program with
 * a lab's files, what it has told so far, and a client that blocks and does as
 * it is told.
 */
#ifndef TESTS_E2E_STAND_H
#define TESTS_E2E_STAND_H

#include <stdbool.h>

#include <openssl/ssl.h>

#include "bench/bench_lab.h"
#include "bench/bench_server.h"

struct stand {
    struct bench_lab lab;
    struct bench_server server;
    char log[BENCH_PATH_MAX]; /* what it tells, and its complaints */
    SSL_CTX *known;           /* a client's, with a name of the table */
    SSL_CTX *nobody;          /* without a certificate */
};

/* serve with arguments, which end with NULL, run by a shell that has
 * done first before ("ulimit -n 64"; NULL: nothing). The test fails when it
 * does not come up. */
void stand_begin(struct stand *stand, const char *first,
                 const char *const *arguments);
/* It must end with 0. */
void stand_end(struct stand *stand);

/* Wait up to ten seconds until it is so by what is told. */
bool stand_until(const struct stand *stand,
                 bool (*is_so)(const struct stand *stand, void *arg),
                 void *arg);
/* The same until all of text has been told. */
bool stand_tells(const struct stand *stand, const char *text);
unsigned stand_count(const struct stand *stand, const char *text);
/* The longest that any connection was there until it ended with "has gone: "
 * and how, by the times that were told; and how many ended so. */
unsigned stand_longest_stay_ms(const struct stand *stand, const char *how,
                               unsigned *count);

/* Its memory now. A sanitizer keeps what was freed, so nothing is to be told
 * there, and this is 0. */
size_t stand_memory_kib(const struct stand *stand);

/* A connected socket; -1 when there is none to be had. */
int stand_connect(const struct stand *stand);
/* A session over one, or NULL. */
SSL *stand_dial(const struct stand *stand, SSL_CTX *context);
void stand_hang_up(SSL *session);
/* Write whole; false when the server has gone. */
bool stand_say(SSL *session, const char *text);
/* Read until the end, an answer with text, or ten seconds without a byte. */
bool stand_hears(SSL *session, const char *text);
/* Whether the server ends it, within ten seconds. */
bool stand_is_closed(SSL *session);

/* "OPTIONS …" with headers ("Name: value\r\n", or "") in it, in memory that
 * the next call uses again. */
const char *stand_options(unsigned cseq, const char *headers);

#endif
