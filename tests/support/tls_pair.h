/*
 * Two TLS sessions joined in memory.
 */
#ifndef TESTS_SUPPORT_TLS_PAIR_H
#define TESTS_SUPPORT_TLS_PAIR_H

#include "lyncsim/tls_session.h"

struct tls_end {
    struct tls_session *session;
    struct ls_buf plain; /* what it has received */
    bool is_ready;
    bool is_failed;
    bool is_closed; /* close_notify came */
};

struct tls_pair {
    struct tls_end server;
    struct tls_end client;
    size_t piece_bytes; /* fed at a time; 0: all there is */
};

/* Exchange until nothing moves any more. */
void tls_pair_run(struct tls_pair *pair);
/* Sessions are freed. */
void tls_pair_clear(struct tls_pair *pair);

#endif
