/*
 * Who is measured side by side? Ourselves, the floor, and what a user would
 * take instead, each started with the lab's files.
 */
#ifndef TESTS_BENCH_PEER_H
#define TESTS_BENCH_PEER_H

#include "bench_lab.h"
#include "bench_server.h"

/* The first one is what the others are divided by. */
/* clang-format off */
#define BENCH_PEER_LIST(X)                                                     \
    X(BENCH_FLOOR, "floor", "", true)                                          \
    X(BENCH_LYNCSIM, "lyncsim", "", true)                                      \
    X(BENCH_NGINX, "nginx", "nginx", false)                                    \
    X(BENCH_HAPROXY, "haproxy", "haproxy", false)                              \
    X(BENCH_KAMAILIO, "kamailio", "kamailio", true)                            \
    X(BENCH_NODE, "node", "node", true)

enum bench_peer {
#define X(name, text, program, speaks_sip) name,
    BENCH_PEER_LIST(X)
#undef X
    BENCH_PEER_COUNT
};
/* clang-format on */

const char *bench_peer_text(enum bench_peer peer);
bool bench_peer_speaks_sip(enum bench_peer peer);
/* Whether its program is to be had here. */
bool bench_peer_is_there(enum bench_peer peer);

/* Our own program. */
const char *bench_peer_ours(void);

/* Start it with the certificates of key; false when it does not come up. */
bool bench_peer_start(enum bench_peer peer, const struct bench_lab *lab,
                      enum bench_key key, struct bench_server *server);

#endif
