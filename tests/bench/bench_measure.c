#include "bench_measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "lyncsim/alloc.h"

#define OPTIONS_TOTAL 24000
#define IDLE_COUNT 5000
#define SLOW_COUNT 2000
/* Our deadline for a handshake, and time to act on it. */
#define DEADLINE_MS 32000

bool bench_wants(const struct bench *bench, const char *section)
{
    if (bench->section_count == 0)
        return strcmp(section, "slow") != 0;
    for (int i = 0; i < bench->section_count; i++)
        if (strcmp(bench->sections[i], section) == 0)
            return true;
    return false;
}

bool bench_wants_peer(const struct bench *bench, enum bench_peer peer)
{
    return peer == BENCH_FLOOR || !bench->only ||
           strcmp(bench_peer_text(peer), bench->only) == 0;
}

/* --- requests ------------------------------------------------------------ */

static void measure_exchange(struct bench *bench, enum bench_peer peer,
                             const struct bench_server *server,
                             SSL_CTX *context, enum bench_metric metric,
                             unsigned connections, unsigned in_flight)
{
    struct bench_load *load = bench_load_new(context, server->port);
    struct bench_times times;
    uint64_t before_ns;

    if (!bench_load_open(load, connections)) {
        bench->figures.failures[peer]++;
        bench_load_free(load);
        return;
    }
    bench_load_options(load, OPTIONS_TOTAL / 8, in_flight, &times);
    bench_times_clear(&times);
    before_ns = bench_server_cpu_ns(server);
    bench_load_options(load, OPTIONS_TOTAL, in_flight, &times);
    bench_figures_note(&bench->figures, metric, peer,
                       (double)(bench_server_cpu_ns(server) - before_ns) / 1e3 /
                           OPTIONS_TOTAL);
    bench->figures.failures[peer] += (unsigned)times.failed;
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
        bench_figures_note(&bench->figures, PACED_P50, peer,
                           (double)bench_times_quantile(&times, 0.5) / 1e6);
        bench_figures_note(&bench->figures, PACED_P99, peer,
                           (double)bench_times_quantile(&times, 0.99) / 1e6);
        bench->figures.failures[peer] += (unsigned)times.failed;
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

    bench_figures_note(&bench->figures, BASE, peer, base / 1024);
    if (!bench_load_open(load, IDLE_COUNT)) {
        bench->figures.failures[peer]++;
    } else {
        if (bench_peer_speaks_sip(peer)) {
            bench_load_options(load, IDLE_COUNT, 1, &times);
            bench->figures.failures[peer] += (unsigned)times.failed;
            bench_times_clear(&times);
        }
        bench_server_leave_alone_ms(1000);
        bench_figures_note(&bench->figures, IDLE, peer,
                           ((double)bench_server_pss_kib(server) - base) /
                               IDLE_COUNT);
        bench_load_close(load);
        bench_server_leave_alone_ms(5000);
        bench_figures_note(&bench->figures, AFTER, peer,
                           ((double)bench_server_pss_kib(server) - base) /
                               1024);
    }
    bench_load_free(load);
    SSL_CTX_free(known);
}

/* --- half-open handshakes ------------------------------------------------ */

static double probe(struct bench *bench, enum bench_peer peer,
                    const struct bench_server *server, SSL_CTX *context,
                    enum bench_metric metric)
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
    bench_figures_note(&bench->figures, metric, peer,
                       (double)bench_times_quantile(&all, 0.5) / 1e6);
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
        bench_server_leave_alone_ms(3000);
        bench_figures_note(&bench->figures, STALL_LOST, peer,
                           probe(bench, peer, server, known, STALL_P50));
        bench_server_leave_alone_ms(DEADLINE_MS - 3000);
        bench_figures_note(&bench->figures, STALL_ENDED, peer,
                           bench_load_ended(bad));
        bench_figures_note(&bench->figures, STALL_AFTER, peer,
                           ((double)bench_server_pss_kib(server) - base) /
                               1024);
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
    char *trace = ls_strf("%s/trace", bench->lab.folder);
    struct bench_server server;
    struct bench_times times;
    struct bench_load *load;
    uint64_t began_ns;

    /* Emptying what a load has left, 100 MB, takes longer than to start. */
    unlink(trace);
    free(trace);
    began_ns = bench_now_ns();
    if (bench_peer_start(peer, &bench->lab, BENCH_RSA, &server)) {
        load = bench_load_new(known, server.port);
        bench_load_handshakes(load, 1, 1, false, &times);
        bench_figures_note(&bench->figures, START, peer,
                           (double)(bench_now_ns() - began_ns) / 1e6);
        bench_times_clear(&times);
        bench_load_free(load);
        bench_server_stop(&server);
    }
    SSL_CTX_free(known);
}

bool bench_begin(struct bench *bench, enum bench_peer peer, enum bench_key key,
                 struct bench_server *server)
{
    if (!bench_peer_is_there(peer))
        return false;
    if (bench_peer_start(peer, &bench->lab, key, server))
        return true;
    fprintf(stderr, "bench: %s did not start\n", bench_peer_text(peer));
    bench->figures.failures[peer]++;
    return false;
}

void bench_measure(struct bench *bench, enum bench_peer peer)
{
    struct bench_server server;

    if (bench_peer_speaks_sip(peer) && bench_wants(bench, "options") &&
        bench_begin(bench, peer, BENCH_RSA, &server)) {
        measure_options(bench, peer, &server);
        bench_server_stop(&server);
    }
    if (bench_wants(bench, "start") && bench_peer_is_there(peer))
        measure_start(bench, peer);
    if (bench_wants(bench, "slow") &&
        bench_begin(bench, peer, BENCH_RSA, &server)) {
        measure_slow(bench, peer, &server);
        bench_server_stop(&server);
    }
    if (bench->round == 0 && bench_wants(bench, "idle") &&
        bench_begin(bench, peer, BENCH_RSA, &server)) {
        measure_idle(bench, peer, &server);
        bench_server_stop(&server);
    }
}
