#include "bench_race.h"

#include <assert.h>
#include <string.h>

#include "lyncsim/alloc.h"

#define AT_ONCE 64
#define SLICES 8
#define RUNNERS_MAX 8
/* What a slice leaves to do, records to write, is part of its cost. */
#define SETTLE_MS 20

struct lane {
    struct bench_load *load;
    struct bench_times all;
    size_t capacity;
    uint64_t cpu_ns;
};

static void add_times(struct lane *lane, struct bench_times *times)
{
    for (size_t i = 0; i < times->count; i++) {
        LS_GROW(lane->all.each, lane->all.count, lane->capacity);
        lane->all.each[lane->all.count++] = times->each[i];
    }
    lane->all.failed += times->failed;
    bench_times_clear(times);
}

static void run_slice(const struct bench_runner *runner, struct lane *lane)
{
    uint64_t before_ns = bench_server_cpu_ns(runner->server);
    struct bench_times times;

    bench_load_handshakes(lane->load, AT_ONCE, AT_ONCE, runner->awaits_drop,
                          &times);
    bench_server_leave_alone_ms(SETTLE_MS);
    lane->cpu_ns += bench_server_cpu_ns(runner->server) - before_ns;
    add_times(lane, &times);
}

static void warm_up(const struct bench_runner *runner, struct lane *lane)
{
    struct bench_times times;

    lane->load = bench_load_new(runner->context, runner->server->port);
    bench_load_handshakes(lane->load, AT_ONCE, AT_ONCE, runner->awaits_drop,
                          &times);
    bench_server_leave_alone_ms(SETTLE_MS);
    bench_times_clear(&times);
}

static void finish(struct bench *bench, struct bench_runner *runner,
                   struct lane *lane)
{
    runner->cpu_us = (double)lane->cpu_ns / 1e3 / (SLICES * AT_ONCE);
    runner->p99_ns = bench_times_quantile(&lane->all, 0.99);
    bench->figures.failures[runner->peer] += (unsigned)lane->all.failed;
    bench_times_clear(&lane->all);
    bench_load_free(lane->load);
}

/* There and back, so that none is always the one behind another. */
void bench_race(struct bench *bench, struct bench_runner *runners,
                unsigned count)
{
    struct lane lanes[RUNNERS_MAX] = {{0}};

    assert(count <= RUNNERS_MAX);
    for (unsigned i = 0; i < count; i++)
        warm_up(&runners[i], &lanes[i]);
    for (unsigned slice = 0; slice < SLICES; slice++)
        for (unsigned i = 0; i < count; i++) {
            unsigned turn = slice % 2 ? count - 1 - i : i;

            run_slice(&runners[turn], &lanes[turn]);
        }
    for (unsigned i = 0; i < count; i++)
        finish(bench, &runners[i], &lanes[i]);
}
