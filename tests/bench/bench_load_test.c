/*
 * Does the load generator count what happens? Against the floor, whose answers
 * are known. And is what a server has used counted once?
 */
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <openssl/ssl.h>

#include "bench_load.h"
#include "bench_peer.h"

struct rig {
    struct bench_lab lab;
    struct bench_server server;
    SSL_CTX *known;
    SSL_CTX *unknown;
};

static void set_up(struct rig *rig)
{
    const struct bench_files *files = &rig->lab.files[BENCH_EC];

    bench_lab_make(&rig->lab);
    cr_assert(bench_peer_start(BENCH_FLOOR, &rig->lab, BENCH_EC, &rig->server));
    rig->known = bench_client_context(files->known, files->known_key, "1.3");
    rig->unknown =
        bench_client_context(files->unknown, files->unknown_key, "1.2");
}

static void tear_down(struct rig *rig)
{
    bench_server_stop(&rig->server);
    SSL_CTX_free(rig->known);
    SSL_CTX_free(rig->unknown);
    bench_lab_remove(&rig->lab);
}

Test(bench_load, counts_handshakes_and_waits_for_the_servers_end)
{
    struct rig rig;
    struct bench_load *load;
    struct bench_times times;
    uint64_t before_ns;

    set_up(&rig);
    load = bench_load_new(rig.known, rig.server.port);
    before_ns = bench_server_cpu_ns(&rig.server);
    bench_load_handshakes(load, 50, 8, false, &times);

    cr_expect_eq(times.count, 50u);
    cr_expect_eq(times.failed, 0u);
    cr_expect_gt(bench_times_quantile(&times, 0.5), 0u);
    cr_expect_geq(bench_times_quantile(&times, 1), times.each[0]);
    cr_expect_gt(bench_server_cpu_ns(&rig.server), before_ns);
    bench_times_clear(&times);
    bench_load_free(load);
    tear_down(&rig);
}

Test(bench_load, takes_the_drop_of_one_who_is_refused_as_its_end)
{
    struct rig rig;
    struct bench_load *load;
    struct bench_times times;

    set_up(&rig);
    load = bench_load_new(rig.unknown, rig.server.port);
    bench_load_handshakes(load, 20, 4, true, &times);

    cr_expect_eq(times.count, 20u);
    cr_expect_eq(times.failed, 0u);
    bench_times_clear(&times);
    bench_load_free(load);
    tear_down(&rig);
}

Test(bench_load, counts_every_answer_once)
{
    struct rig rig;
    struct bench_load *load;
    struct bench_times times;

    set_up(&rig);
    load = bench_load_new(rig.known, rig.server.port);
    cr_assert(bench_load_open(load, 10));
    bench_load_options(load, 1000, 8, &times);
    cr_expect_eq(times.count, 1000u);
    cr_expect_eq(times.failed, 0u);
    bench_times_clear(&times);
    bench_load_paced(load, 500, 1, &times);
    cr_expect_geq(times.count, 400u);
    cr_expect_eq(times.failed, 0u);
    bench_times_clear(&times);
    bench_load_free(load);
    tear_down(&rig);
}

Test(bench_load, fails_where_nobody_listens)
{
    SSL_CTX *context = bench_client_context(NULL, NULL, NULL);
    struct bench_load *load = bench_load_new(context, bench_server_free_port());
    struct bench_times times;

    bench_load_handshakes(load, 5, 2, false, &times);
    cr_expect_eq(times.count, 0u);
    cr_expect_eq(times.failed, 5u);
    bench_times_clear(&times);
    cr_expect_not(bench_load_open(load, 2));
    bench_load_free(load);
    SSL_CTX_free(context);
}

Test(bench_load, sees_whom_the_server_has_ended)
{
    struct rig rig;
    struct bench_load *load;

    set_up(&rig);
    load = bench_load_new(rig.known, rig.server.port);
    cr_assert(bench_load_stall(load, 5, true));
    bench_load_drip(load);
    cr_expect_eq(bench_load_ended(load), 0u);
    bench_server_stop(&rig.server);
    cr_expect_eq(bench_load_ended(load), 5u);
    bench_load_free(load);
    tear_down(&rig);
}

/* What the other account says: of getrusage(), for the process that asks. */
static uint64_t used_ns(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return ((uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
                1000000 +
            (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)) *
           1000;
}

static void *work(void *arg)
{
    uint64_t until_ns = used_ns() + UINT64_C(100000000);

    while (used_ns() < until_ns)
        continue;
    return arg;
}

/* Each thread once, be it the first, another or one that has ended. */
Test(bench_server, counts_what_a_process_has_used_once)
{
    const struct bench_server ourselves = {.pid = getpid()};
    uint64_t before_ns, after_ns, counted_ns;
    pthread_t other;

    work(NULL);
    cr_assert_eq(pthread_create(&other, NULL, work, NULL), 0);
    pthread_join(other, NULL);
    before_ns = used_ns();
    counted_ns = bench_server_cpu_ns(&ourselves);
    after_ns = used_ns();
    cr_expect_geq(before_ns, 200000000u);
    /* The other account is kept in microseconds, twice. */
    cr_expect_geq(counted_ns + 2000, before_ns);
    cr_expect_leq(counted_ns, after_ns + 2000);
}
