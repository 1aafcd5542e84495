/*
 * What does the Front End cost beside its peers? Every figure is taken in
 * rounds that go through all servers in turn, so that a busy moment of the
 * machine falls on all alike; what counts is CPU time of the server, and the
 * ratio to the floor measured in the same round.
 *
 * usage: bench_front_end [--rounds N] [--only SERVER] [--json FILE]
 * [--picture FILE] [SECTION...]
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "lyncsim/alloc.h"

#include "bench_growth.h"
#include "bench_measure.h"

static bool parse_options(struct bench *bench, int argc, char **argv)
{
    int i = 1;

    bench->rounds = 3;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--rounds") == 0)
            bench->rounds = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--json") == 0)
            bench->json = argv[i + 1];
        else if (strcmp(argv[i], "--picture") == 0)
            bench->picture = argv[i + 1];
        else if (strcmp(argv[i], "--only") == 0)
            bench->only = argv[i + 1];
        else
            return false;
    }
    bench->sections = argv + i;
    bench->section_count = argc - i;
    return bench->rounds > 0 && bench->rounds <= BENCH_ROUNDS_MAX &&
           (i == argc || strncmp(argv[i], "--", 2) != 0);
}

/* Thousands of connections need as many descriptors. */
static void raise_limits(void)
{
    struct rlimit limit;

    signal(SIGPIPE, SIG_IGN);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static FILE *open_output(const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file) {
        perror(path);
        exit(3);
    }
    return file;
}

static void measure_rounds(struct bench *bench)
{
    for (bench->round = 0; bench->round < bench->rounds; bench->round++) {
        fprintf(stderr, "bench: round %u of %u\n", bench->round + 1,
                bench->rounds);
        if (bench_wants(bench, "handshakes"))
            bench_handshakes(bench);
        if (bench_wants(bench, "refusals"))
            bench_refusals(bench);
        for (int peer = 0; peer < BENCH_PEER_COUNT; peer++)
            if (bench_wants_peer(bench, (enum bench_peer)peer))
                bench_measure(bench, (enum bench_peer)peer);
        if (bench_wants(bench, "judge"))
            bench_judge(bench);
    }
}

static void show(const struct bench *bench, const struct bench_growth *growth)
{
    FILE *file;

    bench_figures_print(&bench->figures);
    if (bench_wants(bench, "growth"))
        bench_growth_print(growth);
    if (bench->json) {
        file = open_output(bench->json);
        fprintf(file, "{\"version\":1,\"rounds\":%u,\"figures\":[",
                bench->rounds);
        bench_figures_print_json(&bench->figures, file);
        fprintf(file, "\n],\"growth\":[");
        bench_growth_print_json(growth, file);
        fprintf(file, "\n]}\n");
        fclose(file);
    }
    if (bench->picture && bench_wants(bench, "growth")) {
        file = open_output(bench->picture);
        bench_growth_draw(growth, file);
        fclose(file);
    }
}

int main(int argc, char **argv)
{
    struct bench *bench = ls_alloc(sizeof *bench);
    struct bench_growth growth = {0};

    if (!parse_options(bench, argc, argv)) {
        fprintf(stderr,
                "usage: bench_front_end [--rounds N] [--only SERVER] "
                "[--json FILE] [--picture FILE]\n"
                "       [handshakes|refusals|options|start|judge|idle|growth|"
                "slow]...\n");
        return 2;
    }
    raise_limits();
    bench_lab_make(&bench->lab);
    bench->figures.rounds = bench->rounds;
    measure_rounds(bench);
    if (bench_wants(bench, "growth")) {
        fprintf(stderr, "bench: growth\n");
        bench_growth_measure(&growth, bench);
    }
    show(bench, &growth);
    bench_lab_remove(&bench->lab);
    free(bench);
    return 0;
}
