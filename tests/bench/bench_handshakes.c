/*
 * Handshakes of all servers, and at those that know who may connect the
 * refused ones beside the accepted.
 */
#include <string.h>

#include <openssl/ssl.h>

#include "bench_race.h"

static const char *const versions[] = {"1.2", "1.3"};

/* The servers of one race: where is_there says so, they run. */
struct field {
    struct bench_server servers[BENCH_PEER_COUNT];
    bool is_there[BENCH_PEER_COUNT];
};

static void start_all(struct bench *bench, enum bench_key key,
                      bool (*takes_part)(enum bench_peer peer),
                      struct field *field)
{
    memset(field, 0, sizeof *field);
    for (int i = 0; i < BENCH_PEER_COUNT; i++) {
        enum bench_peer peer = (enum bench_peer)i;

        field->is_there[i] = bench_wants_peer(bench, peer) &&
                             takes_part(peer) &&
                             bench_begin(bench, peer, key, &field->servers[i]);
    }
}

static void stop_all(struct field *field)
{
    for (int i = 0; i < BENCH_PEER_COUNT; i++)
        if (field->is_there[i])
            bench_server_stop(&field->servers[i]);
}

static unsigned add_runners(struct bench_runner *runners, unsigned count,
                            const struct field *field, SSL_CTX *context,
                            bool awaits_drop)
{
    for (int i = 0; i < BENCH_PEER_COUNT; i++)
        if (field->is_there[i])
            runners[count++] =
                (struct bench_runner){.peer = (enum bench_peer)i,
                                      .server = &field->servers[i],
                                      .context = context,
                                      .awaits_drop = awaits_drop};
    return count;
}

static void race_accepted(struct bench *bench, enum bench_key key,
                          const struct field *field, unsigned version)
{
    const struct bench_files *files = &bench->lab.files[key];
    enum bench_metric metric = (key == BENCH_RSA ? RSA_1_2 : EC_1_2) + version;
    SSL_CTX *known =
        bench_client_context(files->known, files->known_key, versions[version]);
    struct bench_runner runners[BENCH_PEER_COUNT];
    unsigned count = add_runners(runners, 0, field, known, false);

    bench_race(bench, runners, count);
    for (unsigned i = 0; i < count; i++) {
        bench_figures_note(&bench->figures, metric, runners[i].peer,
                           runners[i].cpu_us);
        if (metric == RSA_1_3)
            bench_figures_note(&bench->figures, P99_1_3, runners[i].peer,
                               (double)runners[i].p99_ns / 1e6);
    }
    SSL_CTX_free(known);
}

/* Half of the runners are known, and the same servers refuse the others. */
static void race_refused(struct bench *bench, const struct field *field,
                         unsigned version)
{
    const struct bench_files *files = &bench->lab.files[BENCH_RSA];
    SSL_CTX *known =
        bench_client_context(files->known, files->known_key, versions[version]);
    SSL_CTX *unknown = bench_client_context(files->unknown, files->unknown_key,
                                            versions[version]);
    struct bench_runner runners[2 * BENCH_PEER_COUNT];
    unsigned half = add_runners(runners, 0, field, known, false);
    unsigned count = add_runners(runners, half, field, unknown, true);

    bench_race(bench, runners, count);
    for (unsigned i = half; i < count; i++) {
        bench_figures_note(&bench->figures, REFUSED_1_2 + version,
                           runners[i].peer, runners[i].cpu_us);
        bench_figures_note(&bench->figures, OVER_1_2 + version, runners[i].peer,
                           runners[i].cpu_us / runners[i - half].cpu_us);
    }
    SSL_CTX_free(known);
    SSL_CTX_free(unknown);
}

static bool any(enum bench_peer peer)
{
    (void)peer;
    return true;
}

static bool refuses(enum bench_peer peer)
{
    return peer == BENCH_FLOOR || peer == BENCH_LYNCSIM;
}

void bench_handshakes(struct bench *bench)
{
    struct field field;

    for (int key = 0; key < BENCH_KEY_COUNT; key++) {
        start_all(bench, (enum bench_key)key, any, &field);
        for (unsigned version = 0; version < 2; version++)
            race_accepted(bench, (enum bench_key)key, &field, version);
        stop_all(&field);
    }
}

void bench_refusals(struct bench *bench)
{
    struct field field;

    start_all(bench, BENCH_RSA, refuses, &field);
    for (unsigned version = 0; version < 2; version++)
        race_refused(bench, &field, version);
    stop_all(&field);
}
