/*
 * May one more come in? Counts who is connected, in all and by address, over
 * all loops that serve.
 */
#ifndef LYNCSIM_APP_SERVE_GATE_H
#define LYNCSIM_APP_SERVE_GATE_H

#include <stdbool.h>

#include "lyncsim/trace_limit.h"

#include "serve_limits.h"

struct serve_gate;

/* limits is borrowed. Owned by the caller. */
struct serve_gate *serve_gate_new(const struct serve_limits *limits);
void serve_gate_free(struct serve_gate *gate);

/* peer is "address:port". False, and which limit stands against it, when it
 * must stay outside; otherwise it is counted until it leaves. May be called
 * by any thread, as may the other one. */
bool serve_gate_enter(struct serve_gate *gate, const char *peer,
                      enum trace_limit *limit);
void serve_gate_leave(struct serve_gate *gate, const char *peer);

#endif
