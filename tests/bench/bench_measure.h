/*
 * How is each figure taken? A server is started for it and ended after it;
 * what it costs is read before and after a load. Handshakes are the matter of
 * a race, all others of one server at a time.
 */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

#include <stdbool.h>

#include "bench_figures.h"
#include "bench_lab.h"
#include "bench_load.h"
#include "bench_server.h"

struct bench {
    struct bench_lab lab;
    struct bench_figures figures;
    unsigned round;
    unsigned rounds;
    const char *json;
    const char *picture; /* of growth */
    const char *only;    /* beside the floor, this server alone; or NULL */
    char **sections;
    int section_count;
};

/* Whether a section is asked for, or runs where none is. */
bool bench_wants(const struct bench *bench, const char *section);
bool bench_wants_peer(const struct bench *bench, enum bench_peer peer);

/* Start a server with this table; false, and noted, when it is not there or
 * does not come up. */
bool bench_begin(struct bench *bench, enum bench_peer peer, enum bench_key key,
                 struct bench_server *server);

/* All servers in turn: bench_handshakes.c. */
void bench_handshakes(struct bench *bench);
void bench_refusals(struct bench *bench);
/* What else is asked for, of one server. */
void bench_measure(struct bench *bench, enum bench_peer peer);
/* The tool without a server: bench_judge.c. */
void bench_judge(struct bench *bench);

#endif
