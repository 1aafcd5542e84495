#include "bench_growth.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/ssl.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "bench_race.h"

static const unsigned connection_counts[] = {1000, 5000, 15000};
static const unsigned server_counts[] = {10, 100, 1000, 10000, 100000};

static const struct {
    const char *along;
    const char *text;
    const char *unit;
} curves[] = {
#define X(name, along, text, unit) {along, text, unit},
    GROWTH_LIST(X)
#undef X
};

const char *growth_along(enum growth growth)
{
    return curves[growth].along;
}

const char *growth_text(enum growth growth)
{
    return curves[growth].text;
}

/* --- many connections ---------------------------------------------------- */

static void hold(struct bench *bench, enum bench_peer peer, unsigned count,
                 double figures[GROWTH_COUNT])
{
    const struct bench_files *files = &bench->lab.files[BENCH_RSA];
    SSL_CTX *known =
        bench_client_context(files->known, files->known_key, "1.3");
    struct bench_server server;
    struct bench_times times;
    struct bench_load *load;
    double base_kib;
    uint64_t before_ns;

    if (!bench_begin(bench, peer, BENCH_RSA, &server))
        return;
    load = bench_load_new(known, server.port);
    base_kib = (double)bench_server_pss_kib(&server);
    before_ns = bench_server_cpu_ns(&server);
    if (bench_load_open(load, count)) {
        figures[GROWTH_SHAKE] =
            (double)(bench_server_cpu_ns(&server) - before_ns) / 1e3 / count;
        before_ns = bench_server_cpu_ns(&server);
        bench_load_options(load, 2 * count, 1, &times);
        figures[GROWTH_ASK] =
            (double)(bench_server_cpu_ns(&server) - before_ns) / 2e3 / count;
        bench->figures.failures[peer] += (unsigned)times.failed;
        bench_times_clear(&times);
        bench_server_leave_alone_ms(1000);
        figures[GROWTH_HOLD] =
            ((double)bench_server_pss_kib(&server) - base_kib) / count;
    } else {
        bench->figures.failures[peer]++;
    }
    bench_load_free(load);
    bench_server_stop(&server);
    SSL_CTX_free(known);
}

static void add_point(struct growth_curve *curve, unsigned at, double ours,
                      double base)
{
    if (ours <= 0 || base <= 0)
        return;
    curve->at[curve->count] = at;
    curve->ours[curve->count] = ours;
    curve->floor[curve->count++] = base;
}

static void measure_connections(struct bench_growth *growth,
                                struct bench *bench)
{
    for (size_t i = 0; i < LS_COUNT(connection_counts); i++) {
        double ours[GROWTH_COUNT] = {0}, base[GROWTH_COUNT] = {0};

        hold(bench, BENCH_FLOOR, connection_counts[i], base);
        hold(bench, BENCH_LYNCSIM, connection_counts[i], ours);
        for (int g = GROWTH_SHAKE; g <= GROWTH_ASK; g++)
            add_point(&growth->curves[g], connection_counts[i], ours[g],
                      base[g]);
    }
}

/* --- many known servers -------------------------------------------------- */

/* Among so many others, the one that the lab's peer is. */
static void write_table(const struct bench *bench, unsigned count,
                        struct bench_lab *lab)
{
    struct ls_buf text = {0};
    char name[32];

    *lab = bench->lab;
    ls_buf_add_text(&text, "topology:\n  pools:\n");
    for (unsigned i = 1; i < count; i++)
        ls_buf_printf(&text, "    - fqdn: pool%06u.contoso.com\n", i);
    ls_buf_add_text(&text, "    - fqdn: cas.contoso.com\n");
    snprintf(name, sizeof name, "topology-%u.yaml", count);
    bench_lab_write(&bench->lab, name, ls_buf_str(&text).at, lab->topology);
    ls_buf_clear(&text);
}

/* The floor has no table: its figures are those of the same seconds. */
static void shake(struct bench *bench, const struct bench_server *base,
                  const struct bench_server *ours, unsigned at, bool is_known,
                  struct growth_curve *curve)
{
    const struct bench_files *files = &bench->lab.files[BENCH_RSA];
    SSL_CTX *context =
        is_known
            ? bench_client_context(files->known, files->known_key, "1.2")
            : bench_client_context(files->unknown, files->unknown_key, "1.2");
    struct bench_runner runners[] = {
        {.peer = BENCH_FLOOR,
         .server = base,
         .context = context,
         .awaits_drop = !is_known},
        {.peer = BENCH_LYNCSIM,
         .server = ours,
         .context = context,
         .awaits_drop = !is_known},
    };

    bench_race(bench, runners, 2);
    add_point(curve, at, runners[1].cpu_us, runners[0].cpu_us);
    SSL_CTX_free(context);
}

static void measure_servers(struct bench_growth *growth, struct bench *bench)
{
    struct bench_server ours, base;
    struct bench_lab before = bench->lab;

    for (size_t i = 0; i < LS_COUNT(server_counts); i++) {
        struct bench_lab lab;

        write_table(bench, server_counts[i], &lab);
        bench->lab = lab;
        if (bench_begin(bench, BENCH_FLOOR, BENCH_RSA, &base)) {
            if (bench_begin(bench, BENCH_LYNCSIM, BENCH_RSA, &ours)) {
                shake(bench, &base, &ours, server_counts[i], true,
                      &growth->curves[GROWTH_ACCEPT]);
                shake(bench, &base, &ours, server_counts[i], false,
                      &growth->curves[GROWTH_REFUSE]);
                bench_server_stop(&ours);
            }
            bench_server_stop(&base);
        }
        bench->lab = before;
    }
}

void bench_growth_measure(struct bench_growth *growth, struct bench *bench)
{
    measure_connections(growth, bench);
    measure_servers(growth, bench);
}

/* --- as numbers ---------------------------------------------------------- */

void bench_growth_print(const struct bench_growth *growth)
{
    printf("\n| growth | at | unit | floor | lyncsim | x floor |\n"
           "|---|---|---|---|---|---|\n");
    for (int g = 0; g < GROWTH_COUNT; g++) {
        const struct growth_curve *curve = &growth->curves[g];

        for (unsigned i = 0; i < curve->count; i++)
            printf("| %s | %u %s | %s | %.2f | %.2f | %.2f |\n", curves[g].text,
                   curve->at[i], curves[g].along, curves[g].unit,
                   curve->floor[i], curve->ours[i],
                   curve->ours[i] / curve->floor[i]);
    }
}

void bench_growth_print_json(const struct bench_growth *growth, FILE *file)
{
    const char *comma = "";

    for (int g = 0; g < GROWTH_COUNT; g++) {
        const struct growth_curve *curve = &growth->curves[g];

        for (unsigned i = 0; i < curve->count; i++) {
            fprintf(file,
                    "%s\n{\"figure\":\"%s\",\"unit\":\"%s\",\"at\":%u,"
                    "\"along\":\"%s\",\"floor\":%.4f,\"lyncsim\":%.4f}",
                    comma, curves[g].text, curves[g].unit, curve->at[i],
                    curves[g].along, curve->floor[i], curve->ours[i]);
            comma = ",";
        }
    }
}
