/*
 * What became of each file of a run? Played, faulty or left out: the rows that
 * JSON, JUnit, TAP and HTML are made from.
 */
#ifndef LYNCSIM_RUN_ENTRY_H
#define LYNCSIM_RUN_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/diag.h"
#include "lyncsim/scenario_result.h"

/* All is borrowed. */
struct run_entry {
    const char *file;                     /* as it is named to people */
    const struct scenario *scenario;      /* NULL: it could not be read */
    const struct scenario_result *result; /* NULL: it was not played */
    const struct ls_diags *faults;        /* why it could not be read … */
    const char *unread;   /* … or a sentence: there is no such file */
    const char *unplayed; /* a sentence: why it was left out; or NULL */
};

struct run_report {
    const struct run_entry *entries;
    size_t count;
};

enum run_outcome { RUN_PASSED, RUN_FAILED, RUN_ERROR, RUN_SKIPPED, RUN_COUNT };
/* "passed", "failed", "error", "skipped". */
const char *run_outcome_text(enum run_outcome outcome);

/* The row of a scenario that was played. */
struct run_entry run_entry_from_result(const struct scenario_result *result);

enum run_outcome run_entry_outcome(const struct run_entry *entry);
/* The scenario's title, or the file's name where there is none. */
const char *run_entry_title(const struct run_entry *entry);
/* One sentence: why it could not be played. NULL: it was. Owned by the
 * caller. */
char *run_entry_why(const struct run_entry *entry);
/* What a terminal is shown of a faulty file: every fault with its line and
 * caret. NULL: it has none. Owned by the caller. */
char *run_entry_faults(const struct run_entry *entry);

/* How many of each outcome. */
void run_report_count(const struct run_report *report,
                      size_t counts[RUN_COUNT]);

#endif
