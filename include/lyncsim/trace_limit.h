/*
 * Which limits are there, and how is one called where it is told that it was
 * reached? Each protects memory, time or other peers from one of them.
 */
#ifndef LYNCSIM_TRACE_LIMIT_H
#define LYNCSIM_TRACE_LIMIT_H

/* clang-format off */
#define TRACE_LIMIT_LIST(X)                                                    \
    X(LIMIT_CONNECTIONS, "connections")                                        \
    X(LIMIT_ADDRESS, "connections of one address")                             \
    X(LIMIT_DESCRIPTORS, "file descriptors")                                   \
    X(LIMIT_HANDSHAKE_TIME, "handshake time")                                  \
    X(LIMIT_IDLE_TIME, "idle time")                                            \
    X(LIMIT_KEY_UPDATES, "key updates")                                        \
    X(LIMIT_REQUESTS, "requests a second")                                     \
    X(LIMIT_HEADERS, "header bytes")                                           \
    X(LIMIT_BODY, "body bytes")                                                \
    X(LIMIT_IN_FLIGHT, "bytes in flight")                                      \
    X(LIMIT_STATE, "bytes of presence")                                        \
    X(LIMIT_MAIL, "bytes from others")                                         \
    X(LIMIT_BINDINGS, "registrations")                                         \
    X(LIMIT_WATCHERS, "subscriptions")                                         \
    X(LIMIT_PENDING, "requests that wait")

enum trace_limit {
#define X(name, text) name,
    TRACE_LIMIT_LIST(X)
#undef X
    LIMIT_COUNT
};
/* clang-format on */

const char *trace_limit_text(enum trace_limit limit);

#endif
