/*
 * Does the cost of one connection stay what it is when there are many of
 * them, or many known servers? Curves, as numbers and as a picture.
 */
#ifndef TESTS_BENCH_GROWTH_H
#define TESTS_BENCH_GROWTH_H

#include <stdio.h>

#include "bench_measure.h"

#define GROWTH_POINTS_MAX 5

/* clang-format off */
#define GROWTH_LIST(X)                                                         \
    X(GROWTH_SHAKE, "connections", "a handshake", "us CPU")                    \
    X(GROWTH_HOLD, "connections", "an idle connection", "KiB")                 \
    X(GROWTH_ASK, "connections", "an OPTIONS on each", "us CPU")               \
    X(GROWTH_ACCEPT, "known servers", "an accepted handshake", "us CPU")       \
    X(GROWTH_REFUSE, "known servers", "a refused handshake", "us CPU")

enum growth {
#define X(name, along, text, unit) name,
    GROWTH_LIST(X)
#undef X
    GROWTH_COUNT
};
/* clang-format on */

struct growth_curve {
    unsigned count;
    unsigned at[GROWTH_POINTS_MAX];
    double ours[GROWTH_POINTS_MAX];
    double floor[GROWTH_POINTS_MAX];
};

struct bench_growth {
    struct growth_curve curves[GROWTH_COUNT];
};

const char *growth_along(enum growth growth);
const char *growth_text(enum growth growth);

void bench_growth_measure(struct bench_growth *growth, struct bench *bench);
void bench_growth_print(const struct bench_growth *growth);
void bench_growth_print_json(const struct bench_growth *growth, FILE *file);
/* An SVG: each curve as a multiple of the floor at the same point. */
void bench_growth_draw(const struct bench_growth *growth, FILE *file);

#endif
