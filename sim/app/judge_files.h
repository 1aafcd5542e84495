/*
 * What is to be judged, by what? The options that judge and topology diff
 * share, as a table to be decided.
 */
#ifndef LYNCSIM_APP_JUDGE_FILES_H
#define LYNCSIM_APP_JUDGE_FILES_H

#include "lyncsim/app.h"
#include "lyncsim/judge_table.h"

#include "options.h"

/* The policy, the time and the --ca files of a table that is empty yet. The
 * result is APP_EXIT_OK or what the command ends with; a sentence was written
 * then. table is the caller's to clear in any case. */
enum app_exit judge_files_open(const struct options *options,
                               struct judge_table *table);
/* The names are borrowed, as table borrows them. */
enum app_exit judge_files_add_topologies(struct judge_table *table,
                                         const char *const *files,
                                         size_t count);
enum app_exit judge_files_add_certificates(const struct options *options,
                                           struct judge_table *table,
                                           const char *const *files,
                                           size_t count);

#endif
