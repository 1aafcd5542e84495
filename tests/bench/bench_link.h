/*
 * What the files of the load generator share: its connections and the step
 * under way.
 */
#ifndef TESTS_BENCH_LINK_H
#define TESTS_BENCH_LINK_H

#include <openssl/ssl.h>

#include "bench_load.h"

#define IN_FLIGHT_MAX 64
#define SECOND_NS 1000000000ull

enum link_state { LINK_SHAKING, LINK_OPEN, LINK_CLOSING, LINK_ENDED };

struct link {
    SSL *ssl;
    int fd;
    enum link_state state;
    uint64_t began_ns;
    uint64_t sent_ns[IN_FLIGHT_MAX]; /* of requests without answer, a ring */
    unsigned first, waiting;
    unsigned matched; /* bytes of a blank line seen at the end */
    size_t dripped;
};

struct bench_load {
    SSL_CTX *context;
    uint16_t port;
    int epoll;
    struct link *links;
    unsigned link_count;
    /* Of the step under way. */
    struct bench_times *times;
    size_t capacity;
    bool awaits_drop;
    bool is_handshake_step;
    unsigned to_start, live;
    unsigned to_send;
    unsigned in_flight;
    uint64_t next_number; /* of a request */
};

bool bench_link_start(struct bench_load *load, struct link *link);
void bench_link_end(struct bench_load *load, struct link *link, bool is_well);
/* As many requests as may be under way on it. */
void bench_link_send(struct bench_load *load, struct link *link);
/* One request that was due at due_ns, whatever is under way; false when it
 * cannot be sent. */
bool bench_link_send_one(struct bench_load *load, struct link *link,
                         uint64_t due_ns);
/* Something can be read or written. */
void bench_link_move(struct bench_load *load, struct link *link);

/* What all steps begin with; count links that are not connected. */
void bench_load_begin(struct bench_load *load, struct bench_times *times);
void bench_load_make_links(struct bench_load *load, unsigned count);

#endif
