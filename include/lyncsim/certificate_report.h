/*
 * How are a certificate, its findings, a comparison and the catalogue shown?
 * Pure formatters, for people and as JSON.
 */
#ifndef LYNCSIM_CERTIFICATE_REPORT_H
#define LYNCSIM_CERTIFICATE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/certificate_catalogue.h"
#include "lyncsim/certificate_diff.h"
#include "lyncsim/certificate_finding.h"
#include "lyncsim/replacement.h"
#include "lyncsim/trust_verdict.h"

/* One certificate as it is to be shown; everything is borrowed. */
struct shown_certificate {
    const char *file;
    const struct credential *credential;
    const struct certificate_findings *findings;
    int64_t at_s;
    const struct staple_report *staple;  /* of a live server; or NULL */
    const struct trust_verdict *verdict; /* under a table; or NULL */
};

void certificate_report_print(const struct shown_certificate *shown,
                              struct ls_buf *out);
/* All of them, a JSON array. */
void certificate_report_print_json(const struct shown_certificate *shown,
                                   size_t count, struct ls_buf *out);

/* The consequence first, then field by field. */
void certificate_report_print_diff(const struct certificate_diff *diff,
                                   const struct replacement *replacement,
                                   struct ls_buf *out);
void certificate_report_print_diff_json(const struct certificate_diff *diff,
                                        const struct replacement *replacement,
                                        struct ls_buf *out);
/* Whether anybody may notice. */
bool certificate_report_has_consequence(const struct certificate_diff *diff,
                                        const struct replacement *replacement);

void certificate_report_print_faults(const struct catalogue_entry *faults,
                                     size_t count, bool verbose,
                                     struct ls_buf *out);
void certificate_report_print_faults_json(const struct catalogue_entry *faults,
                                          size_t count, struct ls_buf *out);

#endif
