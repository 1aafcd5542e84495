/*
 * What does a handshake cost each of several servers? They run side by side
 * and are loaded in turn, a slice at a time, so that a busy moment of the
 * machine, which lasts longer than a slice, falls on all alike.
 */
#ifndef TESTS_BENCH_RACE_H
#define TESTS_BENCH_RACE_H

#include "bench_measure.h"

/* A server and who connects to it, all borrowed; and how it did. */
struct bench_runner {
    enum bench_peer peer;
    const struct bench_server *server;
    struct ssl_ctx_st *context;
    bool awaits_drop; /* the server knows the peer and drops it */
    double cpu_us;    /* of one handshake */
    uint64_t p99_ns;  /* from connect to completion */
};

/* Handshakes of all, 64 at once; failures are noted. */
void bench_race(struct bench *bench, struct bench_runner *runners,
                unsigned count);

#endif
