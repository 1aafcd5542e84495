/*
 * Is every limit of serve met as promised, over real sockets: the peer is
 * stopped, whoever looks is told by which limit, and others go on?
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "bench/bench_load.h"
#include "stand.h"

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static bool is_told(const struct stand *stand, const char *limit)
{
    char *text = ls_strf("a limit is reached: %s\n", limit);
    bool told = stand_tells(stand, text);

    free(text);
    return told;
}

/* A good peer is served. */
static void expect_service(const struct stand *stand)
{
    SSL *session = stand_dial(stand, stand->known);

    cr_assert_not_null(session);
    cr_expect(stand_say(session, stand_options(1, "")));
    cr_expect(stand_hears(session, "SIP/2.0 200 OK"));
    stand_hang_up(session);
}

Test(serve_limits, closes_in_order_who_says_nothing)
{
    struct stand stand;
    SSL *session;

    stand_begin(&stand, NULL, ARGUMENTS("--idle-time", "1"));
    session = stand_dial(&stand, stand.known);
    cr_assert_not_null(session);

    cr_expect_not(stand_hears(session, "never"));
    cr_expect_eq(SSL_get_shutdown(session) & SSL_RECEIVED_SHUTDOWN,
                 SSL_RECEIVED_SHUTDOWN);
    cr_expect(is_told(&stand, "idle time"));
    stand_hang_up(session);
    expect_service(&stand);
    stand_end(&stand);
}

static void expect_turned_away(const struct stand *stand, const char *limit)
{
    cr_expect_null(stand_dial(stand, stand->known));
    cr_expect(is_told(stand, limit), "%s", limit);
}

static void fill_and_empty(const char *first, const char *const *arguments,
                           unsigned room, const char *limit)
{
    struct stand stand;
    SSL **sessions = ls_alloc_array(room, sizeof(SSL *));
    unsigned count = 0;

    stand_begin(&stand, first, arguments);
    while (count < room &&
           (sessions[count] = stand_dial(&stand, stand.known)) != NULL)
        count++;
    if (first == NULL)
        cr_expect_eq(count, room, "%s: %u", limit, count);
    expect_turned_away(&stand, limit);
    /* Whoever is there goes on, and who leaves makes room. */
    cr_expect(stand_say(sessions[0], stand_options(1, "")));
    cr_expect(stand_hears(sessions[0], "SIP/2.0 200 OK"));
    while (count > 0)
        stand_hang_up(sessions[--count]);
    cr_expect(stand_tells(&stand, "has gone"));
    for (int i = 0; i < 100 && sessions[0] != NULL; i++) {
        SSL *again = stand_dial(&stand, stand.known);

        if (again != NULL)
            sessions[0] = NULL;
        stand_hang_up(again);
    }
    expect_service(&stand);
    free(sessions);
    stand_end(&stand);
}

Test(serve_limits, turns_away_whom_there_is_no_room_for)
{
    fill_and_empty(NULL, ARGUMENTS("--connections", "3"), 3, "connections");
}

Test(serve_limits, turns_away_the_many_of_one_address)
{
    fill_and_empty(NULL, ARGUMENTS("--connections-per-address", "3"), 3,
                   "connections of one address");
}

Test(serve_limits, keeps_file_descriptors_to_spare)
{
    fill_and_empty("ulimit -n 64", ARGUMENTS("-v"), 64, "file descriptors");
}

Test(serve_limits, stops_reading_who_does_not_read)
{
    enum { COUNT = 20000 };
    struct stand stand;
    SSL *session;
    unsigned said = 0, heard = 0;
    char chunk[16384];
    size_t before_kib, held_kib;

    stand_begin(&stand, NULL, ARGUMENTS("--bytes-in-flight", "16384"));
    session = stand_dial(&stand, stand.known);
    cr_assert_not_null(session);
    before_kib = stand_memory_kib(&stand);
    SSL_set_mode(session, SSL_MODE_ENABLE_PARTIAL_WRITE);
    if (fork() == 0) {
        /* A second hand, that writes until nothing is taken any more. */
        struct timeval wait = {2, 0};

        setsockopt(SSL_get_fd(session), SOL_SOCKET, SO_SNDTIMEO, &wait,
                   sizeof wait);
        while (said < COUNT && stand_say(session, stand_options(said, "")))
            said++;
        _exit(said < COUNT ? 0 : 1);
    }
    cr_expect(is_told(&stand, "bytes in flight"));
    held_kib = stand_memory_kib(&stand);
    /* 2 MiB of answers are remembered for retransmissions, of all peers. */
    cr_expect_leq(held_kib, before_kib + 12 * 1024, "%zu KiB, %zu before",
                  held_kib, before_kib);
    expect_service(&stand);
    while (heard < 100 && SSL_read(session, chunk, sizeof chunk) > 0)
        heard++;
    cr_expect_gt(heard, 0u);
    stand_hang_up(session);
    stand_end(&stand);
}

Test(serve_limits, refuses_headers_that_are_too_long)
{
    struct stand stand;
    SSL *session;
    char header[3000];

    stand_begin(&stand, NULL, ARGUMENTS("--header-bytes", "2048"));
    session = stand_dial(&stand, stand.known);
    cr_assert_not_null(session);
    memset(header, 'x', sizeof header);
    memcpy(header, "Subject: ", 9);
    memcpy(header + sizeof header - 3, "\r\n", 3);

    cr_expect(stand_say(session, stand_options(1, header)));
    cr_expect(stand_hears(session, "SIP/2.0 513"));
    cr_expect(stand_is_closed(session));
    cr_expect(is_told(&stand, "header bytes"));
    stand_hang_up(session);
    expect_service(&stand);
    stand_end(&stand);
}

Test(serve_limits, refuses_a_body_that_is_too_long)
{
    struct stand stand;
    SSL *session;

    stand_begin(&stand, NULL, ARGUMENTS("--body-bytes", "1024"));
    session = stand_dial(&stand, stand.known);
    cr_assert_not_null(session);

    cr_expect(stand_say(session,
                        "OPTIONS sip:fe.contoso.com SIP/2.0\r\n"
                        "Via: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK1\r\n"
                        "Max-Forwards: 70\r\n"
                        "From: <sip:cas.contoso.com>;tag=1\r\n"
                        "To: <sip:fe.contoso.com>\r\n"
                        "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
                        "Content-Type: text/plain\r\n"
                        "Content-Length: 1025\r\n\r\n"));
    cr_expect(stand_hears(session, "SIP/2.0 413"));
    cr_expect(stand_is_closed(session));
    cr_expect(is_told(&stand, "body bytes"));
    stand_hang_up(session);
    stand_end(&stand);
}

Test(serve_limits, answers_503_to_who_asks_too_often)
{
    struct stand stand;
    SSL *session;

    stand_begin(&stand, NULL, ARGUMENTS("--requests-per-second", "5"));
    session = stand_dial(&stand, stand.known);
    cr_assert_not_null(session);

    for (unsigned i = 0; i < 50; i++)
        cr_expect(stand_say(session, stand_options(i, "")));
    cr_expect(stand_hears(session, "SIP/2.0 503"));
    cr_expect(is_told(&stand, "requests a second"));
    stand_hang_up(session);
    expect_service(&stand);
    stand_end(&stand);
}

Test(serve_limits, gives_clients_a_ceiling_of_their_own)
{
    struct stand stand;
    SSL *client, *server;

    stand_begin(&stand, NULL, ARGUMENTS("--client-requests", "2"));
    client = stand_dial(&stand, stand.nobody);
    server = stand_dial(&stand, stand.known);
    cr_assert(client != NULL && server != NULL);

    for (unsigned i = 0; i < 20; i++) {
        cr_expect(stand_say(client, stand_options(i, "")));
        cr_expect(stand_say(server, stand_options(i, "")));
        cr_expect(stand_hears(server, "SIP/2.0 200 OK"));
    }
    cr_expect(stand_hears(client, "SIP/2.0 503 Service Unavailable"));
    cr_expect(is_told(&stand, "requests a second"));
    stand_hang_up(client);
    stand_hang_up(server);
    stand_end(&stand);
}

/* --- half-open handshakes ---------------------------------------------------
 */

/* The full size is 2000 and 30 s: LYNCSIM_HALF_OPEN=2000 in the environment,
 * as ./dev bench slow measures it. */
static unsigned half_open_count(void)
{
    const char *text = getenv("LYNCSIM_HALF_OPEN");

    return text != NULL ? (unsigned)strtoul(text, NULL, 10) : 600;
}

static const char *half_open_time(void)
{
    return half_open_count() < 1000 ? "4" : "30";
}

static double probe_ms(const struct stand *stand)
{
    struct bench_load *load = bench_load_new(stand->known, stand->server.port);
    struct bench_times all = {0}, times;
    double median;

    all.each = ls_alloc_array(20, sizeof *all.each);
    for (unsigned i = 0; i < 20; i++) {
        bench_load_handshakes(load, 1, 1, false, &times);
        cr_expect_eq(times.failed, 0u);
        if (times.count > 0)
            all.each[all.count++] = times.each[0];
        bench_times_clear(&times);
    }
    cr_expect_eq(all.count, 20u, "%zu of 20 good peers were served", all.count);
    median = (double)bench_times_quantile(&all, 0.5) / 1e6;
    bench_times_clear(&all);
    bench_load_free(load);
    return median;
}

static void hold(bool drips)
{
    unsigned count = half_open_count();
    bool small = count < 1000;
    struct stand stand;
    struct bench_load *bad;
    double quiet_ms, held_ms;
    uint64_t began_ns, deadline_ns, patience_ns;
    size_t base_kib, left_kib;

    stand_begin(&stand, "ulimit -n 20000",
                ARGUMENTS("--handshake-time", half_open_time(), "--trace",
                          "/dev/null"));
    deadline_ns = strtoul(half_open_time(), NULL, 10) * 1000000000u;
    bad = bench_load_new(stand.known, stand.server.port);
    quiet_ms = probe_ms(&stand);
    base_kib = stand_memory_kib(&stand);
    began_ns = bench_now_ns();
    cr_assert(bench_load_stall(bad, count, drips));
    bench_load_drip(bad);
    /* The flights they asked for are made first. */
    probe_ms(&stand);
    held_ms = probe_ms(&stand);
    printf("%u half-open (%s): a good peer takes %.1f ms, %.1f ms beside none; "
           "memory %zu KiB, %zu before\n",
           count, drips ? "dripping" : "stalled", held_ms, quiet_ms,
           stand_memory_kib(&stand), base_kib);
    /* Beside other tests only the sense of it can be told. */
    cr_expect_leq(held_ms, small ? 5 * quiet_ms + 50 : 1.5 * quiet_ms);
    patience_ns = small ? 15 * deadline_ns : deadline_ns + 4000000000u;
    while (bench_load_ended(bad) < count &&
           bench_now_ns() - began_ns < patience_ns) {
        bench_load_drip(bad);
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    }
    cr_expect_eq(bench_load_ended(bad), count);
    left_kib = stand_memory_kib(&stand);
    for (int i = 0; i < 50 && left_kib >= base_kib + 8192; i++) {
        nanosleep(&(struct timespec){0, 100000000}, NULL);
        left_kib = stand_memory_kib(&stand);
    }
    printf("memory left of them: %zd KiB\n", (ssize_t)(left_kib - base_kib));
    cr_expect_lt(left_kib, base_kib + 8192);
    bench_load_free(bad);
    expect_service(&stand);
    cr_expect(stand_count(&stand, "a limit is reached: handshake time") >=
              count);
    stand_end(&stand);
}

Test(serve_limits, outlives_those_who_stall_in_the_handshake)
{
    hold(false);
}

Test(serve_limits, outlives_those_who_drip_in_the_handshake)
{
    hold(true);
}
