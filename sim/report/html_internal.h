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
/* Lines with carets below them: not broken, and moved by keys where they are
 * too long. */
void html_carets(struct ls_buf *out, const char *text);
/* A heading of that level, from 1. */
void html_heading(struct ls_buf *out, unsigned level, const char *text);

/* Where in the page: the heading's level, and what is unique in it. */
struct html_place {
    unsigned level;
    size_t article, step;
};

/* All steps of a scenario in one table, where there are several to be compared:
 * who was let in, who was not. */
void html_overview(struct ls_buf *out, const struct scenario_result *scenario,
                   size_t article);
/* Both sides of an exchange on one time line, as inline SVG. */
void html_diagram(struct ls_buf *out, const struct step_result *result,
                  struct html_place place);
/* Certificates and table: who showed what, and where it was looked up. */
void html_sides(struct ls_buf *out, const struct step_result *result);
/* Proof, near misses and ways out, under headings of that level. */
void html_proof(struct ls_buf *out, const struct trust_verdict *verdict,
                unsigned level);
/* All of a step below its heading, which is at place. */
void html_step(struct ls_buf *out, const struct scenario_result *scenario,
               const struct step_result *result, struct html_place place);

#endif
