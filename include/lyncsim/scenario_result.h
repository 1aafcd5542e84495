/*
 * How did a scenario play out? The one value that the story, JSON, JUnit, TAP
 * and HTML are made from.
 */
#ifndef LYNCSIM_SCENARIO_RESULT_H
#define LYNCSIM_SCENARIO_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/cas_peer.h"
#include "lyncsim/certificate_facts.h"
#include "lyncsim/scenario.h"
#include "lyncsim/trust_verdict.h"

enum play_outcome { PLAY_PASSED, PLAY_FAILED, PLAY_ERROR };
/* "passed", "failed", "error". */
const char *play_outcome_text(enum play_outcome outcome);
/* How a topology step ended: "applied" or "refused". */
const char *topology_outcome_text(bool refused);

struct step_failure {
    struct ls_place place;
    char *field;
    char *expected;
    char *actual;
    char *message; /* the whole one that was looked at, or NULL */
};

/* What became of a line of a talk. */
struct line_result {
    const struct talk_line *line; /* borrowed */
    enum play_outcome outcome;    /* of one that was played */
    bool was_played;
    char *message; /* that was sent or received, whole; or NULL */
};

/* A row of the table that a name was looked up in. */
struct step_server {
    char *fqdn;
    enum known_server_kind kind;
    char *pool;
};

/* More rows than these are not kept for reports. */
#define STEP_SERVERS_MAX 64

struct step_result {
    const struct scenario_step *step; /* borrowed from the scenario */
    enum play_outcome outcome;
    char *error; /* of PLAY_ERROR: a sentence */
    bool has_verdict;
    struct trust_verdict verdict;
    const struct certificate_facts *certificate; /* shown; borrowed; or NULL */
    const struct certificate_facts *front_end;   /* the other side's */
    struct step_server *servers; /* what was known at that time */
    size_t server_count;
    size_t servers_left_out;
    bool has_peer;
    enum peer_outcome peer_outcome;
    char *tls; /* "TLSv1.2", or NULL */
    int alert; /* or -1 */
    char *alert_text;
    char *peer_detail;
    char *owa;                    /* or NULL */
    size_t available_count;       /* of the users; see struct cas_result */
    struct cas_texts seen;        /* what owa was, in order */
    struct cas_texts sent;        /* messages, and why not */
    struct cas_texts received;    /* the same as they came */
    struct cas_texts connections; /* how each of them ended */
    bool has_topology;
    bool topology_refused;
    char *topology_why;
    char **records; /* TF_CONNECTION records of this step */
    size_t record_count;
    char **all_records;
    size_t all_record_count;
    struct line_result *lines; /* of a talk */
    size_t line_count;
    char **unexpected; /* messages that came and nobody had asked for, whole */
    size_t unexpected_count;
    char *transcript; /* the SIP the peer sent and received; or NULL */
    struct step_failure *failures;
    size_t failure_count;
    double duration_ms; /* wall time, never compared */
    char *sockets;      /* the real addresses, never compared; or NULL */
};

struct scenario_result {
    const struct scenario *scenario; /* borrowed */
    enum play_outcome outcome;
    char *error; /* the scenario could not be played: a sentence, or NULL */
    struct step_result *steps;
    size_t step_count;
    double duration_ms;
};

/* An expectation that was not met fails the step; what failure holds is taken.
 */
void step_result_add_failure(struct step_result *result,
                             const struct step_failure *failure);
void step_result_clear(struct step_result *result);
void step_failure_clear(struct step_failure *failure);
void scenario_result_clear(struct scenario_result *result);

#endif
