/*
 * A TLS client that says what a test tells it to, joined in memory to a
 * machine.
 */
#ifndef TESTS_SUPPORT_RAW_CLIENT_H
#define TESTS_SUPPORT_RAW_CLIENT_H

#include "lyncsim/tls_session.h"
#include "lyncsim/wire.h"

struct raw_client {
    struct tls_session *session;
    struct wire_machine machine;
    uint64_t now_ms;
    size_t piece_bytes;  /* fed at a time; 0: all there is */
    struct ls_buf heard; /* plaintext */
    size_t send_count;   /* WIRE_SEND actions of the machine */
    bool has_last;
    enum wire_action_kind last; /* of the machine, that was no WIRE_SEND */
    bool is_ready;
    bool is_failed;
    bool is_closed; /* close_notify came */
};

void raw_client_begin(struct raw_client *client,
                      const struct tls_context *context,
                      struct wire_machine machine, uint64_t now_ms);
/* Exchange until nothing moves any more. */
void raw_client_run(struct raw_client *client);
/* Write and run. */
void raw_client_say(struct raw_client *client, struct ls_str text);
void raw_client_end(struct raw_client *client);

#endif
