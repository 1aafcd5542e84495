/*
 * Points in time and durations as text. Time is milliseconds since
 * 1970-01-01T00:00:00Z; nothing here asks what time it is.
 */
#ifndef LYNCSIM_TIMESTAMP_H
#define LYNCSIM_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

/* RFC 3339: 2011-12-20T20:45:01.704Z, offsets allowed, fraction optional; a
 * date alone is its midnight UTC. False when it is none of these. */
bool timestamp_parse(struct ls_str text, int64_t *ms);
/* 2011-12-20T20:45:01Z, with .mmm where there are milliseconds. */
void timestamp_format(struct ls_buf *out, int64_t ms);
/* The same with .mmm always, as of an event: a column of them is even. */
void timestamp_format_ms(struct ls_buf *out, int64_t ms);

/* "90 seconds", "2 days", "1h", "30 min": a whole number and s, min, h, d, w
 * or their words, singular or plural. */
bool timestamp_parse_duration(struct ls_str text, int64_t *ms);

#endif
