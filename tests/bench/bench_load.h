/*
 * How much work does a server get, and how does it take it? The load
 * generator: TLS clients in one epoll loop, driven step by step so that the
 * server's cost can be read between the steps.
 */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ssl_ctx_st;
struct bench_load;

struct bench_times { /* of one step, in ns */
    uint64_t *each;
    size_t count;
    size_t failed;
};

/* value: 0.5 the median, 0.99 … */
uint64_t bench_times_quantile(struct bench_times *times, double value);
void bench_times_clear(struct bench_times *times);

uint64_t bench_now_ns(void);

/* A client context: certificate and key of files (NULL: none), one version
 * ("1.2", "1.3"; NULL: any), never resuming. */
struct ssl_ctx_st *bench_client_context(const char *certificate,
                                        const char *key, const char *version);

/* context is borrowed. */
struct bench_load *bench_load_new(struct ssl_ctx_st *context, uint16_t port);
void bench_load_free(struct bench_load *load);

/* total handshakes, at_once of them at a time; each connection is closed in
 * order and the server's end awaited (awaits_drop: it is the server that
 * ends, as it refuses). times hold connect to completion. */
void bench_load_handshakes(struct bench_load *load, unsigned total,
                           unsigned at_once, bool awaits_drop,
                           struct bench_times *times);

/* Open count connections and complete their handshakes; false if not all. */
bool bench_load_open(struct bench_load *load, unsigned count);
/* total OPTIONS over the open ones, in_flight on each; times from request to
 * answer. */
void bench_load_options(struct bench_load *load, unsigned total,
                        unsigned in_flight, struct bench_times *times);
/* rate OPTIONS a second for seconds, whatever the answers do; times from when
 * each was due. */
void bench_load_paced(struct bench_load *load, unsigned rate, unsigned seconds,
                      struct bench_times *times);
void bench_load_close(struct bench_load *load);

/* Half-open handshakes: count connections that send part of a ClientHello and
 * then a byte a second (drips), or a whole one and nothing more. False when
 * they cannot all be opened. bench_load_drip gives each its next byte. */
bool bench_load_stall(struct bench_load *load, unsigned count, bool drips);
void bench_load_drip(struct bench_load *load);
/* How many of them the server has ended. */
unsigned bench_load_ended(struct bench_load *load);

#endif
