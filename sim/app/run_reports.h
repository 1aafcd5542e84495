/*
 * What is written of a run? Its reports, trace and event log, each to where
 * its option says.
 */
#ifndef LYNCSIM_APP_RUN_REPORTS_H
#define LYNCSIM_APP_RUN_REPORTS_H

#include "lyncsim/run_entry.h"
#include "lyncsim/scenario_runner.h"

#include "options.h"
#include "output.h"

#define RUN_REPORT_KINDS 4

struct run_reports {
    struct output trace, events;
    struct output reports[RUN_REPORT_KINDS]; /* JSON, JUnit, TAP, HTML */
};

/* Open what was asked for, before anything is played. False: one of them
 * cannot be written, and a sentence was. */
bool run_reports_open(struct run_reports *reports,
                      const struct options *options);
/* Was anything asked for at all? */
bool run_reports_are_wanted(const struct run_reports *reports);
/* Does one of them have standard output for itself? */
bool run_reports_take_stdout(const struct run_reports *reports);

/* What was logged while this was played. */
void run_reports_log(struct run_reports *reports,
                     const struct scenario_runner *runner);
void run_reports_write(struct run_reports *reports,
                       const struct run_report *report);
/* False, and a sentence was written, when not everything got there. */
bool run_reports_close(struct run_reports *reports);

#endif
