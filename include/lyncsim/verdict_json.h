/*
 * A verdict as JSON: the object of run, serve and judge alike.
 */
#ifndef LYNCSIM_VERDICT_JSON_H
#define LYNCSIM_VERDICT_JSON_H

#include "lyncsim/trust_verdict.h"

struct json_t;

/* A new reference, owned by the caller. What is not UTF-8 is escaped. */
struct json_t *verdict_json_from(const struct trust_verdict *verdict);

#endif
