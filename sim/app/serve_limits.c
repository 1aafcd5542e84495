/*
 * The limits and their defaults.
 */
#include "serve_limits.h"

#define SECOND_MS 1000u

/* Without a byte in this time a peer has gone, or had better. */
#define IDLE_TIME_S 3600
/* 22 KiB each: half a gigabyte. */
#define CONNECTIONS_MAX 20000
/* A pool of servers behind one address, many times over. */
#define PER_ADDRESS_MAX 1000
#define IN_FLIGHT_BYTES (256 * 1024)
#define HEADER_BYTES (64 * 1024)
#define BODY_BYTES (1024 * 1024)
/* Half of what a processor answers: no lab needs it, no flood gets it. */
#define REQUESTS_PER_SECOND 50000

void serve_limits_read(struct serve_limits *limits,
                       const struct options *options)
{
    *limits = (struct serve_limits){
        .handshake_ms =
            SECOND_MS * options_number(options, OPTION_HANDSHAKE_TIME,
                                       HANDSHAKE_TIMEOUT_MS / SECOND_MS),
        .idle_ms =
            SECOND_MS * options_number(options, OPTION_IDLE_TIME, IDLE_TIME_S),
        .requests_per_second =
            options_number(options, OPTION_REQUESTS, REQUESTS_PER_SECOND),
        .client_requests_per_second = options_number(
            options, OPTION_CLIENT_REQUESTS, CLIENT_REQUESTS_PER_SECOND),
        .connections =
            options_number(options, OPTION_CONNECTIONS, CONNECTIONS_MAX),
        .per_address =
            options_number(options, OPTION_PER_ADDRESS, PER_ADDRESS_MAX),
        .spares_loopback = !options_has(options, OPTION_PER_ADDRESS),
        .in_flight_bytes =
            options_number(options, OPTION_IN_FLIGHT, IN_FLIGHT_BYTES),
        .headers_bytes =
            options_number(options, OPTION_HEADER_BYTES, HEADER_BYTES),
        .body_bytes = options_number(options, OPTION_BODY_BYTES, BODY_BYTES),
    };
}

void serve_limits_apply(const struct serve_limits *limits,
                        struct front_end_settings *settings)
{
    settings->handshake_timeout_ms = limits->handshake_ms;
    settings->idle_timeout_ms = limits->idle_ms;
    settings->requests_per_second = limits->requests_per_second;
    settings->client_requests_per_second = limits->client_requests_per_second;
    settings->headers_max_bytes = limits->headers_bytes;
    settings->body_max_bytes = limits->body_bytes;
    settings->in_flight_max_bytes = limits->in_flight_bytes;
}
