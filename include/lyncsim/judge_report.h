/*
 * What did judging come to, for people and for pipelines?
 */
#ifndef LYNCSIM_JUDGE_REPORT_H
#define LYNCSIM_JUDGE_REPORT_H

#include "lyncsim/judge_table.h"
#include "lyncsim/story.h"

/* Append one verdict as a story, or several as a table, with the rows of the
 * rules where they were asked for, and what would let everybody in. */
void judge_report_print(const struct judge_table *table,
                        const struct story_style *style, struct ls_buf *out);
/* One line a verdict. */
void judge_report_print_short(const struct judge_table *table,
                              struct ls_buf *out);
/* The object of one verdict, an array for several, on one line. */
void judge_report_print_json(const struct judge_table *table,
                             struct ls_buf *out);

#endif
