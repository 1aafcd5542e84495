/*
 * The parts of the HTML report.
 */
#ifndef LYNCSIM_REPORT_HTML_INTERNAL_H
#define LYNCSIM_REPORT_HTML_INTERNAL_H

#include "lyncsim/html_report.h"

#include "markup.h"

/* The style sheet: light, dark, and on paper. */
extern const char html_style[];

/* Append <TAG CLASS>text</TAG>, the text made safe; class may be NULL. */
void html_element(struct ls_buf *out, const char *tag, const char *class,
                  const char *text);

/* Both sides of an exchange on one time line, as inline SVG. */
void html_diagram(struct ls_buf *out, const struct step_result *result);
/* Certificates, table, proof, near misses, remedies, trace, failures. */
void html_step(struct ls_buf *out, const struct scenario_result *scenario,
               const struct step_result *result);

#endif
