/*
 * How is a log that was read back shown? Refusals first, each with its verdict
 * where there is one; then what else went wrong.
 */
#ifndef LYNCSIM_TRACE_REPORT_H
#define LYNCSIM_TRACE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/trace_summary.h"
#include "lyncsim/trust_verdict.h"

/* What is known of one finding besides the log; all borrowed. */
struct trace_report_row {
    const struct trust_verdict *verdict; /* or NULL */
    /* The certificate that is looked up under that name, or NULL. */
    const struct certificate_facts *facts;
};

struct trace_report {
    const char *file;
    uint64_t lines;
    const struct trace_summary *summary;
    const struct trace_report_row *rows; /* one a finding, in its order */
    bool has_topology;
    bool has_certificate;
    bool verbose;
};

void trace_report_print(const struct trace_report *report, bool color,
                        struct ls_buf *out);
/* {"version", "file", "lines", "records", "refusals", "findings"}, a line. */
void trace_report_print_json(const struct trace_report *report,
                             struct ls_buf *out);

#endif
