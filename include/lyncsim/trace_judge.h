/*
 * What is the verdict about a name that a log shows refused? The rule engine
 * of run, serve and judge, given the certificate where it is at hand and the
 * name alone where it is not.
 */
#ifndef LYNCSIM_TRACE_JUDGE_H
#define LYNCSIM_TRACE_JUDGE_H

#include <stdbool.h>

#include "lyncsim/trace_summary.h"
#include "lyncsim/trust_verdict.h"

/* Whether the certificate, by the policy's rule, would be looked up under that
 * name. */
bool trace_judge_is_of(const struct trust_policy *policy,
                       const struct certificate_facts *facts,
                       const struct trace_finding *refusal);

/* Decide. facts is the certificate, or NULL: then only the checks of the table
 * are made and all others skipped. It is judged at now_s, or at the time of
 * the log where it has expired since. The verdict is the caller's to clear. */
void trace_judge_decide(struct trust_verdict *verdict,
                        const struct trust_policy *policy,
                        const struct trace_finding *refusal,
                        const struct certificate_facts *facts, int64_t now_s);

#endif
