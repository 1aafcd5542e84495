/*
 * What happened, for a person to read? A scenario's result and a verdict as a
 * story: the steps, what each side saw, the proof, near misses, the ways out.
 */
#ifndef LYNCSIM_STORY_H
#define LYNCSIM_STORY_H

#include <stdbool.h>

#include "lyncsim/buf.h"
#include "lyncsim/scenario_result.h"

struct story_style {
    bool color;
    bool verbose; /* every check, all records, real addresses, SIP, times */
};

/* Append the story of a result. */
void story_print(const struct scenario_result *result,
                 const struct story_style *style, struct ls_buf *out);
/* The same in pieces: what comes before the steps, and one of them. */
void story_print_opening(const struct scenario_result *result,
                         const struct story_style *style, struct ls_buf *out);
void story_print_step(const struct scenario_result *result, size_t index,
                      const struct story_style *style, struct ls_buf *out);
/* Append one line: how it ended, its file and title. */
void story_print_line(const struct scenario_result *result,
                      const struct story_style *style, struct ls_buf *out);
/* Append only what went wrong in it; nothing when nothing did. */
void story_print_failures(const struct scenario_result *result,
                          const struct story_style *style, struct ls_buf *out);

/* Append text from outside so that it cannot steer a terminal. */
void story_add_safe(struct ls_buf *out, const char *text);

/* Append the certificate's names (facts NULL: only the one that was looked up)
 * and the verdict, its proof, near misses and remedies. */
void story_print_verdict(const struct trust_verdict *verdict,
                         const struct certificate_facts *facts,
                         const struct story_style *style, struct ls_buf *out);

#endif
