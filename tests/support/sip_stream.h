/*
 * A stream of bytes to a Front End from a trusted server: what is answered,
 * and whether the stream goes on.
 */
#ifndef TESTS_SUPPORT_SIP_STREAM_H
#define TESTS_SUPPORT_SIP_STREAM_H

#include <stdbool.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

/* A request that is answered wherever a stream is in step; it is found in
 * answers by its Call-ID. */
extern const char sip_stream_probe[];

/* Feed bytes in pieces to a Front End of its own; what it says is added to
 * answers. True when it closed the stream. */
bool sip_stream_converse(struct ls_str bytes, size_t piece,
                         struct ls_buf *answers);
/* Whether the probe was answered. */
bool sip_stream_is_probed(struct ls_str answers);
/* "200 OK|404 Not Found|", owned by the caller. */
char *sip_stream_status_lines(struct ls_str answers);

#endif
