/*
 * What was measured, and how is it shown? A figure of a metric, a server and
 * a round; medians, and the ratio to the floor taken in the same round.
 */
#ifndef TESTS_BENCH_FIGURES_H
#define TESTS_BENCH_FIGURES_H

#include <stdio.h>

#include "bench_peer.h"

#define BENCH_ROUNDS_MAX 32

/* clang-format off */
#define BENCH_METRIC_LIST(X)                                                   \
    X(RSA_1_2,  "handshakes", "RSA-2048, TLS 1.2", "us CPU")                   \
    X(RSA_1_3,  "handshakes", "RSA-2048, TLS 1.3", "us CPU")                   \
    X(EC_1_2,   "handshakes", "P-256, TLS 1.2", "us CPU")                      \
    X(EC_1_3,   "handshakes", "P-256, TLS 1.3", "us CPU")                      \
    X(P99_1_3,  "handshakes", "64 at once, RSA 1.3, p99", "ms")                \
    X(REFUSED_1_2, "refusals", "refused, RSA 1.2", "us CPU")                   \
    X(REFUSED_1_3, "refusals", "refused, RSA 1.3", "us CPU")                   \
    X(OVER_1_2, "refusals", "refused / accepted, RSA 1.2", "")                 \
    X(OVER_1_3, "refusals", "refused / accepted, RSA 1.3", "")                 \
    X(OPTIONS_16, "options", "OPTIONS, 16 x 8", "us CPU")                      \
    X(OPTIONS_100, "options", "OPTIONS, 100 x 1", "us CPU")                    \
    X(PACED_P50, "options", "2000/s, p50", "ms")                               \
    X(PACED_P99, "options", "2000/s, p99", "ms")                               \
    X(START,    "start", "start to first handshake", "ms")                     \
    X(JUDGE,    "judge", "judge one certificate, a process", "ms")             \
    X(ACCEPTS,  "judge", "verdicts in a process, accepted", "1000/s")          \
    X(REFUSES,  "judge", "verdicts in a process, refused", "1000/s")           \
    X(BASE,     "idle", "before any connection", "MiB")                        \
    X(IDLE,     "idle", "an idle connection", "KiB")                           \
    X(AFTER,    "idle", "after all have closed, over base", "MiB")             \
    X(STALL_P50, "slow", "good peer beside 2000 stalled, p50", "ms")           \
    X(QUIET_P50, "slow", "the same beside none", "ms")                         \
    X(STALL_LOST, "slow", "good peers lost beside 2000", "of 20")              \
    X(STALL_ENDED, "slow", "of 2000, ended after 32 s", "")                    \
    X(STALL_AFTER, "slow", "memory left of them, over base", "MiB")

enum bench_metric {
#define X(name, section, text, unit) name,
    BENCH_METRIC_LIST(X)
#undef X
    BENCH_METRIC_COUNT
};
/* clang-format on */

struct bench_figures {
    unsigned rounds;
    double each[BENCH_METRIC_COUNT][BENCH_PEER_COUNT][BENCH_ROUNDS_MAX];
    unsigned counts[BENCH_METRIC_COUNT][BENCH_PEER_COUNT];
    unsigned failures[BENCH_PEER_COUNT];
};

double bench_median(const double *figures, unsigned count);

void bench_figures_note(struct bench_figures *figures, enum bench_metric metric,
                        enum bench_peer peer, double figure);
/* A table for people, and the members of a JSON array for programs. */
void bench_figures_print(const struct bench_figures *table);
void bench_figures_print_json(const struct bench_figures *table, FILE *file);

#endif
