/*
 * How much may strangers ask of a Front End that serves? Every limit with its
 * default, and its option.
 */
#ifndef LYNCSIM_APP_SERVE_LIMITS_H
#define LYNCSIM_APP_SERVE_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/front_end.h"

#include "options.h"

struct serve_limits {
    uint32_t handshake_ms;
    uint32_t idle_ms;
    uint32_t requests_per_second;
    uint32_t client_requests_per_second;
    size_t connections;
    size_t per_address;
    bool spares_loopback; /* per_address is for other machines */
    size_t in_flight_bytes;
    size_t headers_bytes;
    size_t body_bytes;
};

void serve_limits_read(struct serve_limits *limits,
                       const struct options *options);
/* Set those that a Front End looks after itself. */
void serve_limits_apply(const struct serve_limits *limits,
                        struct front_end_settings *settings);

#endif
