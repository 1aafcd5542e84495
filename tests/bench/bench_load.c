#include "bench_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>

#include "lyncsim/alloc.h"

#include "bench_link.h"

#define EVENTS_MAX 256
#define STEP_TIMEOUT_NS (300 * SECOND_NS)

/* --- figures ------------------------------------------------------------- */

uint64_t bench_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

static int compare_ns(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

uint64_t bench_times_quantile(struct bench_times *times, double value)
{
    if (times->count == 0)
        return 0;
    qsort(times->each, times->count, sizeof *times->each, compare_ns);
    return times->each[(size_t)(value * (double)(times->count - 1))];
}

void bench_times_clear(struct bench_times *times)
{
    free(times->each);
    *times = (struct bench_times){0};
}

void bench_load_begin(struct bench_load *load, struct bench_times *times)
{
    *times = (struct bench_times){0};
    load->times = times;
    load->capacity = 0;
    load->to_start = load->to_send = 0;
    load->is_handshake_step = false;
}

SSL_CTX *bench_client_context(const char *certificate, const char *key,
                              const char *version)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    int number = version && strcmp(version, "1.3") == 0 ? TLS1_3_VERSION
                                                        : TLS1_2_VERSION;

    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS |
                                  SSL_MODE_NO_AUTO_CHAIN |
                                  SSL_MODE_ENABLE_PARTIAL_WRITE);
    if (version) {
        SSL_CTX_set_min_proto_version(context, number);
        SSL_CTX_set_max_proto_version(context, number);
    }
    if (certificate &&
        (SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
         SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)) {
        ERR_print_errors_fp(stderr);
        exit(3);
    }
    return context;
}

/* One turn of the loop; wait_ms at most. */
static void turn(struct bench_load *load, int wait_ms)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(load->epoll, events, EVENTS_MAX, wait_ms);

    for (int i = 0; i < count; i++)
        bench_link_move(load, events[i].data.ptr);
}

struct bench_load *bench_load_new(SSL_CTX *context, uint16_t port)
{
    struct bench_load *load = ls_alloc(sizeof *load);

    load->context = context;
    load->port = port;
    load->epoll = epoll_create1(0);
    return load;
}

void bench_load_make_links(struct bench_load *load, unsigned count)
{
    free(load->links);
    load->links = ls_alloc_array(count, sizeof *load->links);
    load->link_count = count;
    for (unsigned i = 0; i < count; i++)
        load->links[i].state = LINK_ENDED;
}

void bench_load_free(struct bench_load *load)
{
    bench_load_close(load);
    close(load->epoll);
    free(load->links);
    free(load);
}

void bench_load_handshakes(struct bench_load *load, unsigned total,
                           unsigned at_once, bool awaits_drop,
                           struct bench_times *times)
{
    uint64_t until_ns = bench_now_ns() + STEP_TIMEOUT_NS;

    bench_load_begin(load, times);
    bench_load_make_links(load, at_once);
    load->is_handshake_step = true;
    load->awaits_drop = awaits_drop;
    load->to_start = total;
    for (unsigned i = 0; i < at_once && load->to_start > 0; i++) {
        load->to_start--;
        if (!bench_link_start(load, &load->links[i]))
            times->failed++;
    }
    while (load->live > 0 && bench_now_ns() < until_ns)
        turn(load, 100);
    times->failed += load->live + load->to_start;
    bench_load_close(load);
}

bool bench_load_open(struct bench_load *load, unsigned count)
{
    struct bench_times times;
    uint64_t until_ns = bench_now_ns() + STEP_TIMEOUT_NS;
    unsigned started = 0, open = 0;

    bench_load_begin(load, &times);
    bench_load_make_links(load, count);
    while (open < count && times.failed == 0 && bench_now_ns() < until_ns) {
        /* No more at a time than a backlog holds. */
        while (started < count && started < open + 64)
            if (!bench_link_start(load, &load->links[started++]))
                return false;
        turn(load, 100);
        open = 0;
        for (unsigned i = 0; i < started; i++)
            open += load->links[i].state == LINK_OPEN;
    }
    return open == count;
}

static unsigned waiting_count(const struct bench_load *load)
{
    unsigned count = 0;

    for (unsigned i = 0; i < load->link_count; i++)
        if (load->links[i].state == LINK_OPEN)
            count += load->links[i].waiting;
    return count;
}

void bench_load_options(struct bench_load *load, unsigned total,
                        unsigned in_flight, struct bench_times *times)
{
    uint64_t until_ns = bench_now_ns() + STEP_TIMEOUT_NS;

    bench_load_begin(load, times);
    load->to_send = total;
    load->in_flight = in_flight;
    for (unsigned i = 0; i < load->link_count; i++)
        if (load->links[i].state == LINK_OPEN)
            bench_link_send(load, &load->links[i]);
    while (times->count + times->failed < total && load->live > 0 &&
           bench_now_ns() < until_ns)
        turn(load, 100);
    times->failed += waiting_count(load) + load->to_send;
}

void bench_load_paced(struct bench_load *load, unsigned rate, unsigned seconds,
                      struct bench_times *times)
{
    uint64_t began_ns = bench_now_ns();
    uint64_t end_ns = began_ns + seconds * SECOND_NS;
    uint64_t interval_ns = SECOND_NS / rate;
    unsigned sent = 0;

    bench_load_begin(load, times);
    load->in_flight = 0;
    while (bench_now_ns() < end_ns) {
        uint64_t due_ns = began_ns + sent * interval_ns;
        struct link *link = &load->links[sent % load->link_count];

        if (bench_now_ns() < due_ns) {
            turn(load, 0);
            continue;
        }
        sent++;
        times->failed += !bench_link_send_one(load, link, due_ns);
    }
    for (uint64_t until_ns = bench_now_ns() + 2 * SECOND_NS;
         waiting_count(load) > 0 && bench_now_ns() < until_ns;)
        turn(load, 10);
    times->failed += waiting_count(load);
}

void bench_load_close(struct bench_load *load)
{
    struct bench_times times = {0};

    load->times = &times;
    load->to_start = 0;
    for (unsigned i = 0; i < load->link_count; i++) {
        struct link *link = &load->links[i];

        if (link->state == LINK_OPEN)
            SSL_shutdown(link->ssl);
        bench_link_end(load, link, true);
    }
}
