/*
 * How is a scenario played, step by step? A machine that builds the lab, the
 * Front End and its peers, says which two must be joined by a connection, and
 * judges each step when it is over. It knows no socket: whoever drives it
 * has them.
 */
#ifndef LYNCSIM_SCENARIO_RUNNER_H
#define LYNCSIM_SCENARIO_RUNNER_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/event_log.h"
#include "lyncsim/scenario.h"
#include "lyncsim/scenario_result.h"
#include "lyncsim/wire.h"

/* Settings of the command line, laid over the file's and over its cases'. */
struct runner_options {
    struct scenario_front_end front_end; /* only what has_… or non-NULL */
    /* Of what is written by --trace; expectations see what the file says. */
    bool has_style, has_fields;
    enum sipstack_style style;
    enum sipstack_fields fields;
    enum event_log_format event_format;
};

enum runner_action_kind {
    RUNNER_EXCHANGE, /* join the two machines by a byte stream, drive both
                        until both have closed, then call _exchanged; ask at
                        once what is to be done besides */
    RUNNER_WAIT,     /* nothing, until machines have moved */
    RUNNER_FINISHED,
};

struct runner_action {
    enum runner_action_kind kind;
    struct wire_machine peer;      /* connects */
    struct wire_machine front_end; /* accepts */
    const struct scenario_step *step;
    size_t exchange; /* which it is, for _exchanged */
    bool is_ipv6;    /* the stream goes over this */
};

/* How an exchange went for whoever had the sockets; texts are borrowed. */
struct runner_exchange {
    size_t exchange;
    const char *cut_off; /* a sentence: the watchdog, no socket to be had; the
                            step's outcome is then error. NULL: it ended */
    const char *sockets; /* the real addresses, or NULL */
    double duration_ms;
};

struct scenario_runner;

/* scenario and options are borrowed. Never NULL; a lab that cannot be made is
 * the result's error. Owned by the caller. */
struct scenario_runner *
scenario_runner_new(const struct scenario *scenario,
                    const struct runner_options *options);
void scenario_runner_free(struct scenario_runner *runner);

/* The next thing to do; steps that need no connection are played inside.
 * False after RUNNER_FINISHED. */
bool scenario_runner_next(struct scenario_runner *runner,
                          struct runner_action *action);
/* The self of a machine that has something to do though no byte has come for
 * it; false when there is none. Asked each time machines have moved, and
 * before waiting for that. */
bool scenario_runner_wake(struct scenario_runner *runner, const void **self);
/* An exchange is over. */
void scenario_runner_exchanged(struct scenario_runner *runner,
                               const struct runner_exchange *exchange);

/* The machines' clock: lab time, milliseconds since 1970. */
uint64_t scenario_runner_now_ms(const struct scenario_runner *runner);

/* After RUNNER_FINISHED; borrowed, valid as long as the runner. */
const struct scenario_result *
scenario_runner_result(const struct scenario_runner *runner);
/* How long it all took, for the result: the runner has no clock for that. */
void scenario_runner_set_duration(struct scenario_runner *runner,
                                  double duration_ms);

/* All trace records of the run and all event log lines, as --trace and
 * --events write them; borrowed. */
struct ls_str scenario_runner_trace(const struct scenario_runner *runner);
struct ls_str scenario_runner_events(const struct scenario_runner *runner);

#endif
