/*
 * One connection of a Front End, accepted or dialled, from its first byte to
 * its end: handshake, verdict, refusal or service. A feed/next/deadline machine
 * over tls_session and sip_framer; no decrypted byte goes further than a
 * counter before the verdict is accepted or client.
 */
#ifndef LYNCSIM_CONNECTION_H
#define LYNCSIM_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/front_end.h"
#include "lyncsim/trust_verdict.h"
#include "lyncsim/wire.h"

/* clang-format off */
#define CONNECTION_STATE_LIST(X)                                               \
    X(CONNECTION_CONNECTING, "connecting") /* dialled, not there yet */        \
    X(CONNECTION_HANDSHAKING, "handshaking")                                   \
    X(CONNECTION_WAITING, "waiting") /* refused, until the first request */    \
    X(CONNECTION_SERVING, "serving")                                           \
    X(CONNECTION_DRAINING, "draining")                                         \
    X(CONNECTION_CLOSED, "closed")

enum connection_state {
#define X(name, text) name,
    CONNECTION_STATE_LIST(X)
#undef X
    CONNECTION_STATE_COUNT
};
/* clang-format on */

const char *connection_state_text(enum connection_state state);

struct connection;

/* front_end is borrowed and must outlive the connection. peer and local are
 * "address:port" as they are to be shown. Owned by the caller. */
struct connection *connection_new(struct front_end *front_end, const char *peer,
                                  const char *local, uint64_t now_ms);
/* The same of one that comes by another door of it. */
struct connection *connection_new_at(struct front_end *front_end, size_t door,
                                     const char *peer, const char *local,
                                     uint64_t now_ms);
/* One that the Front End opens to a place that front_end_next_dial() named.
 * peer and local are told once it is connected. */
struct next_hop_target;
struct connection *connection_new_dialled(struct front_end *front_end,
                                          const struct next_hop_target *target,
                                          uint64_t connection_id,
                                          uint64_t now_ms);
void connection_joined(struct connection *connection, const char *peer,
                       const char *local, uint64_t now_ms);
void connection_free(struct connection *connection);

/* The machine, for whoever owns the socket; valid as long as connection. */
struct wire_machine connection_machine(struct connection *connection);

/* As ms-received-cid shows it. */
uint64_t connection_id(const struct connection *connection);
enum connection_state connection_state(const struct connection *connection);
/* NULL until there is one, and where the settings say to forget the proof once
 * the peer is served; borrowed. */
const struct trust_verdict *
connection_verdict(const struct connection *connection);
/* Decrypted bytes that arrived before or without a verdict that lets them
 * through; they were counted and dropped. */
uint64_t connection_discarded_bytes(const struct connection *connection);

/* Whoever carries its bytes has met a limit of its own on it. */
void connection_note_limit(struct connection *connection,
                           enum trace_limit limit, uint64_t now_ms);

/* Ask it to end in order (the server shuts down). */
void connection_drain(struct connection *connection, uint64_t now_ms);

#endif
