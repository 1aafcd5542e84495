/*
 * What does the Front End cost beside its peers? Every figure is taken in
 * rounds that go through all servers in turn, so that a busy moment of the
 * machine falls on all alike; what counts is CPU time of the server, and the
 * ratio to the floor measured in the same round.
 *
 * usage: bench_front_end [--rounds N] [--only SERVER] [--json FILE]
 * [SECTION...]
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <openssl/ssl.h>

#include "lyncsim/alloc.h"

#include "bench_load.h"
#include "bench_peer.h"

#define ROUNDS_MAX 32
#define HANDSHAKES 400
#define AT_ONCE 64
#define OPTIONS_TOTAL 24000
#define IDLE_COUNT 5000
#define SLOW_COUNT 2000
/* Our deadline for a handshake, and time to act on it. */
#define DEADLINE_S 32

/* clang-format off */
#define METRIC_LIST(X)                                                         \
    X(RSA_1_2,  "handshakes", "RSA-2048, TLS 1.2", "us CPU")                   \
    X(RSA_1_3,  "handshakes", "RSA-2048, TLS 1.3", "us CPU")                   \
    X(EC_1_2,   "handshakes", "P-256, TLS 1.2", "us CPU")                      \
    X(EC_1_3,   "handshakes", "P-256, TLS 1.3", "us CPU")                      \
    X(P99_1_3,  "handshakes", "64 at once, RSA 1.3, p99", "ms")                \
    X(REFUSED_1_2, "refusals", "refused, RSA 1.2", "us CPU")                   \
    X(REFUSED_1_3, "refusals", "refused, RSA 1.3", "us CPU")                   \
    X(OPTIONS_16, "options", "OPTIONS, 16 x 8", "us CPU")                      \
    X(OPTIONS_100, "options", "OPTIONS, 100 x 1", "us CPU")                    \
    X(PACED_P50, "options", "2000/s, p50", "ms")                               \
    X(PACED_P99, "options", "2000/s, p99", "ms")                               \
    X(START,    "start", "start to first handshake", "ms")                     \
    X(BASE,     "idle", "before any connection", "MiB")                        \
    X(IDLE,     "idle", "an idle connection", "KiB")                           \
    X(AFTER,    "idle", "after all have closed, over base", "MiB")             \
    X(STALL_P50, "slow", "good peer beside 2000 stalled, p50", "ms")           \
    X(QUIET_P50, "slow", "the same beside none", "ms")                         \
    X(STALL_LOST, "slow", "good peers lost beside 2000", "of 20")              \
    X(STALL_ENDED, "slow", "of 2000, ended after 32 s", "")                    \
    X(STALL_AFTER, "slow", "memory left of them, over base", "MiB")

enum metric {
#define X(name, section, text, unit) name,
    METRIC_LIST(X)
#undef X
    METRIC_COUNT
};
/* clang-format on */

static const struct {
    const char *name;
    const char *section;
    const char *text;
    const char *unit;
} metrics[] = {
#define X(name, section, text, unit) {#name, section, text, unit},
    METRIC_LIST(X)
#undef X
};

struct bench {
    struct bench_lab lab;
    unsigned rounds;
    unsigned round;
    const char *json;
    const char *only; /* beside the floor, this server alone; or NULL */
    char **sections;
    int section_count;
    double figures[METRIC_COUNT][BENCH_PEER_COUNT][ROUNDS_MAX];
    unsigned counts[METRIC_COUNT][BENCH_PEER_COUNT];
    unsigned failures[BENCH_PEER_COUNT];
};

static bool is_wanted(const struct bench *bench, const char *section)
{
    if (bench->section_count == 0)
        return strcmp(section, "slow") != 0;
    for (int i = 0; i < bench->section_count; i++)
        if (strcmp(bench->sections[i], section) == 0)
            return true;
    return false;
}

static void note(struct bench *bench, enum metric metric, enum bench_peer peer,
                 double figure)
{
    unsigned *count = &bench->counts[metric][peer];

    bench->figures[metric][peer][(*count)++] = figure;
}

static void sleep_s(time_t seconds)
{
    nanosleep(&(struct timespec){seconds, 0}, NULL);
}

/* --- handshakes ---------------------------------------------------------- */

static double shake(struct bench *bench, enum bench_peer peer,
                    const struct bench_server *server, SSL_CTX *context,
                    bool awaits_drop, struct bench_times *times)
{
    struct bench_load *load = bench_load_new(context, server->port);
    uint64_t before_ns, after_ns;

    bench_load_handshakes(load, AT_ONCE, AT_ONCE, awaits_drop, times);
    bench_times_clear(times);
    before_ns = bench_server_cpu_ns(server);
    bench_load_handshakes(load, HANDSHAKES, AT_ONCE, awaits_drop, times);
    after_ns = bench_server_cpu_ns(server);
    bench->failures[peer] += (unsigned)times->failed;
    bench_load_free(load);
    return (double)(after_ns - before_ns) / 1e3 / HANDSHAKES;
}

static void measure_handshakes(struct bench *bench, enum bench_peer peer,
                               enum bench_key key,
                               const struct bench_server *server)
{
    const struct bench_files *files = &bench->lab.files[key];
    static const char *const versions[] = {"1.2", "1.3"};

    for (unsigned i = 0; i < 2; i++) {
        SSL_CTX *known =
            bench_client_context(files->known, files->known_key, versions[i]);
        enum metric metric = (key == BENCH_RSA ? RSA_1_2 : EC_1_2) + i;
        struct bench_times times;

        note(bench, metric, peer,
             shake(bench, peer, server, known, false, &times));
        if (metric == RSA_1_3)
            note(bench, P99_1_3, peer,
                 (double)bench_times_quantile(&times, 0.99) / 1e6);
        bench_times_clear(&times);
        SSL_CTX_free(known);
    }
}

static void measure_refusals(struct bench *bench, enum bench_peer peer,
                             const struct bench_server *server)
{
    const struct bench_files *files = &bench->lab.files[BENCH_RSA];
    static const char *const versions[] = {"1.2", "1.3"};

    for (unsigned i = 0; i < 2; i++) {
        SSL_CTX *unknown = bench_client_context(
            files->unknown, files->unknown_key, versions[i]);
        struct bench_times times;

        note(bench, REFUSED_1_2 + i, peer,
             shake(bench, peer, server, unknown, true, &times));
        bench_times_clear(&times);
        SSL_CTX_free(unknown);
    }
}

/* --- requests ------------------------------------------------------------ */

static void measure_exchange(struct bench *bench, enum bench_peer peer,
                             const struct bench_server *server,
                             SSL_CTX *context, enum metric metric,
                             unsigned connections, unsigned in_flight)
{
    struct bench_load *load = bench_load_new(context, server->port);
    struct bench_times times;
    uint64_t before_ns;

    if (!bench_load_open(load, connections)) {
        bench->failures[peer]++;
        bench_load_free(load);
        return;
    }
    bench_load_options(load, OPTIONS_TOTAL / 8, in_flight, &times);
    bench_times_clear(&times);
    before_ns = bench_server_cpu_ns(server);
    bench_load_options(load, OPTIONS_TOTAL, in_flight, &times);
    note(bench, metric, peer,
         (double)(bench_server_cpu_ns(server) - before_ns) / 1e3 /
             OPTIONS_TOTAL);
    bench->failures[peer] += (unsigned)times.failed;
    bench_times_clear(&times);
    bench_load_free(load);
}

static void measure_options(struct bench *bench, enum bench_peer peer,
                            const struct bench_server *server)
{
    const struct bench_files *files = &bench->lab.files[BENCH_RSA];
    SSL_CTX *known =
        bench_client_context(files->known, files->known_key, "1.3");
    struct bench_load *load = bench_load_new(known, server->port);
    struct bench_times times;

    measure_exchange(bench, peer, server, known, OPTIONS_16, 16, 8);
    measure_exchange(bench, peer, server, known, OPTIONS_100, 100, 1);
    if (bench_load_open(load, 50)) {
        bench_load_paced(load, 2000, 3, &times);
        note(bench, PACED_P50, peer,
             (double)bench_times_quantile(&times, 0.5) / 1e6);
        note(bench, PACED_P99, peer,
             (double)bench_times_quantile(&times, 0.99) / 1e6);
        bench->failures[peer] += (unsigned)times.failed;
        bench_times_clear(&times);
    }
    bench_load_free(load);
    SSL_CTX_free(known);
}

/* --- memory -------------------------------------------------------------- */

static void measure_idle(struct bench *bench, enum bench_peer peer,
                         const struct bench_server *server)
{
    const struct bench_files *files = &bench->lab.files[BENCH_RSA];
    SSL_CTX *known =
        bench_client_context(files->known, files->known_key, "1.3");
    struct bench_load *load = bench_load_new(known, server->port);
    double base = (double)bench_server_pss_kib(server);
    struct bench_times times;

    note(bench, BASE, peer, base / 1024);
    if (!bench_load_open(load, IDLE_COUNT)) {
        bench->failures[peer]++;
    } else {
        if (bench_peer_speaks_sip(peer)) {
            bench_load_options(load, IDLE_COUNT, 1, &times);
            bench->failures[peer] += (unsigned)times.failed;
            bench_times_clear(&times);
        }
        sleep_s(1);
        note(bench, IDLE, peer,
             ((double)bench_server_pss_kib(server) - base) / IDLE_COUNT);
        bench_load_close(load);
        sleep_s(5);
        note(bench, AFTER, peer,
             ((double)bench_server_pss_kib(server) - base) / 1024);
    }
    bench_load_free(load);
    SSL_CTX_free(known);
}

/* --- half-open handshakes ------------------------------------------------ */

static double probe(struct bench *bench, enum bench_peer peer,
                    const struct bench_server *server, SSL_CTX *context,
                    enum metric metric)
{
    struct bench_load *load = bench_load_new(context, server->port);
    struct bench_times all = {0};
    size_t capacity = 0;
    double lost = 0;

    for (unsigned i = 0; i < 20; i++) {
        struct bench_times times;

        bench_load_handshakes(load, 1, 1, false, &times);
        lost += (double)times.failed;
        LS_GROW(all.each, all.count, capacity);
        all.each[all.count++] = times.count ? times.each[0] : UINT64_MAX;
        bench_times_clear(&times);
    }
    note(bench, metric, peer, (double)bench_times_quantile(&all, 0.5) / 1e6);
    bench_times_clear(&all);
    bench_load_free(load);
    return lost;
}

static void measure_slow(struct bench *bench, enum bench_peer peer,
                         const struct bench_server *server)
{
    const struct bench_files *files = &bench->lab.files[BENCH_RSA];
    SSL_CTX *known =
        bench_client_context(files->known, files->known_key, "1.3");
    struct bench_load *bad = bench_load_new(known, server->port);
    double base = (double)bench_server_pss_kib(server);

    probe(bench, peer, server, known, QUIET_P50);
    if (bench_load_stall(bad, SLOW_COUNT, false)) {
        sleep_s(3);
        note(bench, STALL_LOST, peer,
             probe(bench, peer, server, known, STALL_P50));
        sleep_s(DEADLINE_S - 3);
        note(bench, STALL_ENDED, peer, bench_load_ended(bad));
        note(bench, STALL_AFTER, peer,
             ((double)bench_server_pss_kib(server) - base) / 1024);
    }
    bench_load_free(bad);
    SSL_CTX_free(known);
}

/* --- rounds -------------------------------------------------------------- */

static void measure_start(struct bench *bench, enum bench_peer peer)
{
    const struct bench_files *files = &bench->lab.files[BENCH_RSA];
    SSL_CTX *known =
        bench_client_context(files->known, files->known_key, "1.3");
    uint64_t began_ns = bench_now_ns();
    struct bench_server server;
    struct bench_times times;
    struct bench_load *load;

    if (bench_peer_start(peer, &bench->lab, BENCH_RSA, &server)) {
        load = bench_load_new(known, server.port);
        bench_load_handshakes(load, 1, 1, false, &times);
        note(bench, START, peer, (double)(bench_now_ns() - began_ns) / 1e6);
        bench_times_clear(&times);
        bench_load_free(load);
        bench_server_stop(&server);
    }
    SSL_CTX_free(known);
}

static bool begin(struct bench *bench, enum bench_peer peer, enum bench_key key,
                  struct bench_server *server)
{
    if (!bench_peer_is_there(peer))
        return false;
    if (bench_peer_start(peer, &bench->lab, key, server))
        return true;
    fprintf(stderr, "bench: %s did not start\n", bench_peer_text(peer));
    bench->failures[peer]++;
    return false;
}

static void measure_peer(struct bench *bench, enum bench_peer peer)
{
    bool refuses = peer == BENCH_FLOOR || peer == BENCH_LYNCSIM;
    struct bench_server server;

    for (int key = 0; key < BENCH_KEY_COUNT; key++)
        if (is_wanted(bench, "handshakes") &&
            begin(bench, peer, (enum bench_key)key, &server)) {
            measure_handshakes(bench, peer, (enum bench_key)key, &server);
            bench_server_stop(&server);
        }
    if (refuses && is_wanted(bench, "refusals") &&
        begin(bench, peer, BENCH_RSA, &server)) {
        measure_refusals(bench, peer, &server);
        bench_server_stop(&server);
    }
    if (bench_peer_speaks_sip(peer) && is_wanted(bench, "options") &&
        begin(bench, peer, BENCH_RSA, &server)) {
        measure_options(bench, peer, &server);
        bench_server_stop(&server);
    }
    if (is_wanted(bench, "start") && bench_peer_is_there(peer))
        measure_start(bench, peer);
    if (is_wanted(bench, "slow") && begin(bench, peer, BENCH_RSA, &server)) {
        measure_slow(bench, peer, &server);
        bench_server_stop(&server);
    }
    if (bench->round == 0 && is_wanted(bench, "idle") &&
        begin(bench, peer, BENCH_RSA, &server)) {
        measure_idle(bench, peer, &server);
        bench_server_stop(&server);
    }
}

/* --- results ------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static double median(const double *figures, unsigned count)
{
    double sorted[ROUNDS_MAX];

    memcpy(sorted, figures, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    return count % 2 ? sorted[count / 2]
                     : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static double extreme(const double *figures, unsigned count, int sign)
{
    double found = figures[0];

    for (unsigned i = 1; i < count; i++)
        if (compare(&figures[i], &found) == sign)
            found = figures[i];
    return found;
}

/* The median of the ratios to the floor, each of one round. */
static double ratio(const struct bench *bench, enum metric metric,
                    enum bench_peer peer)
{
    unsigned count = bench->counts[metric][peer];
    double ratios[ROUNDS_MAX];

    if (count == 0 || bench->counts[metric][BENCH_FLOOR] < count)
        return 0;
    for (unsigned i = 0; i < count; i++) {
        if (bench->figures[metric][BENCH_FLOOR][i] <= 0)
            return 0; /* nothing to divide by */
        ratios[i] = bench->figures[metric][peer][i] /
                    bench->figures[metric][BENCH_FLOOR][i];
    }
    return median(ratios, count);
}

static void print_row(const struct bench *bench, enum metric metric)
{
    for (int peer = 0; peer < BENCH_PEER_COUNT; peer++) {
        const double *figures = bench->figures[metric][peer];
        unsigned count = bench->counts[metric][peer];

        if (count == 0)
            continue;
        printf("| %s | %s | %s | %.2f [%.2f..%.2f] | %.2f |\n",
               metrics[metric].text, metrics[metric].unit,
               bench_peer_text((enum bench_peer)peer), median(figures, count),
               extreme(figures, count, -1), extreme(figures, count, 1),
               ratio(bench, metric, (enum bench_peer)peer));
    }
}

static void print_table(const struct bench *bench)
{
    printf("| what | unit | server | median [min..max] of %u rounds | x floor "
           "|\n|---|---|---|---|---|\n",
           bench->rounds);
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        print_row(bench, (enum metric)metric);
    for (int peer = 0; peer < BENCH_PEER_COUNT; peer++) {
        if (!bench_peer_is_there((enum bench_peer)peer))
            printf("%s is not here and was left out\n",
                   bench_peer_text((enum bench_peer)peer));
        if (bench->failures[peer])
            printf("%s: %u attempts failed\n",
                   bench_peer_text((enum bench_peer)peer),
                   bench->failures[peer]);
    }
}

static void write_json(const struct bench *bench)
{
    FILE *file = fopen(bench->json, "w");
    const char *comma = "";

    if (!file) {
        perror(bench->json);
        exit(3);
    }
    fprintf(file, "{\"version\":1,\"rounds\":%u,\"figures\":[", bench->rounds);
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        for (int peer = 0; peer < BENCH_PEER_COUNT; peer++) {
            const double *figures = bench->figures[metric][peer];
            unsigned count = bench->counts[metric][peer];

            if (count == 0)
                continue;
            fprintf(file,
                    "%s\n{\"figure\":\"%s\",\"unit\":\"%s\",\"server\":\"%s\","
                    "\"median\":%.4f,\"min\":%.4f,\"max\":%.4f,"
                    "\"ratio\":%.4f}",
                    comma, metrics[metric].text, metrics[metric].unit,
                    bench_peer_text((enum bench_peer)peer),
                    median(figures, count), extreme(figures, count, -1),
                    extreme(figures, count, 1),
                    ratio(bench, (enum metric)metric, (enum bench_peer)peer));
            comma = ",";
        }
    fprintf(file, "\n]}\n");
    fclose(file);
}

static bool parse_options(struct bench *bench, int argc, char **argv)
{
    int i = 1;

    bench->rounds = 3;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        if (strcmp(argv[i], "--rounds") == 0)
            bench->rounds = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--json") == 0)
            bench->json = argv[i + 1];
        else if (strcmp(argv[i], "--only") == 0)
            bench->only = argv[i + 1];
        else
            return false;
    }
    bench->sections = argv + i;
    bench->section_count = argc - i;
    return bench->rounds > 0 && bench->rounds <= ROUNDS_MAX &&
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

int main(int argc, char **argv)
{
    struct bench *bench = ls_alloc(sizeof *bench);

    if (!parse_options(bench, argc, argv)) {
        fprintf(
            stderr,
            "usage: bench_front_end [--rounds N] [--only SERVER] "
            "[--json FILE] [handshakes|refusals|options|start|idle|slow]...\n");
        return 2;
    }
    raise_limits();
    bench_lab_make(&bench->lab);
    for (bench->round = 0; bench->round < bench->rounds; bench->round++) {
        fprintf(stderr, "bench: round %u of %u\n", bench->round + 1,
                bench->rounds);
        for (int peer = 0; peer < BENCH_PEER_COUNT; peer++)
            if (peer == BENCH_FLOOR || !bench->only ||
                strcmp(bench_peer_text((enum bench_peer)peer), bench->only) ==
                    0)
                measure_peer(bench, (enum bench_peer)peer);
    }
    print_table(bench);
    if (bench->json)
        write_json(bench);
    bench_lab_remove(&bench->lab);
    free(bench);
    return 0;
}
