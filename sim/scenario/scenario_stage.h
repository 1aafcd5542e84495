/*
 * Who stands on the stage? One Front End with its deployment and, while an
 * exchange lasts, the peer that connects to it.
 */
#ifndef LYNCSIM_SCENARIO_STAGE_H
#define LYNCSIM_SCENARIO_STAGE_H

#include <stdint.h>

#include "lyncsim/connection.h"
#include "lyncsim/deployment.h"
#include "lyncsim/scenario.h"
#include "lyncsim/scenario_lab.h"
#include "lyncsim/trace_event.h"

struct scenario_stage;

/* What every stage of a run stands on; borrowed. */
struct stage_ground {
    const struct scenario *scenario;
    struct scenario_lab *lab;
    struct trace_journal *journal;
};

/* settings are laid out whole; what they point at is borrowed. NULL and a
 * sentence in *why, owned by the caller, when it cannot be set up. */
struct scenario_stage *
scenario_stage_new(const struct stage_ground *ground,
                   const struct scenario_front_end *settings, char **why);
void scenario_stage_free(struct scenario_stage *stage);

/* What a peer shows here; NULL: no certificate. Borrowed from the lab. */
const struct credential *scenario_stage_shown(struct scenario_stage *stage,
                                              const struct scenario_peer *peer);
/* The two machines of the exchange, with what its step does to the wire
 * between them; *clock_ms (borrowed) is lab time, which a stall moves on. */
void scenario_stage_machines(struct scenario_stage *stage,
                             const struct scenario_wire *wire,
                             int64_t *clock_ms, struct wire_machine *peer,
                             struct wire_machine *front_end);
struct deployment *scenario_stage_deployment(struct scenario_stage *stage);
/* The Front End's own name. */
const char *scenario_stage_fqdn(const struct scenario_stage *stage);
/* The certificate it shows; borrowed, valid as long as the lab. */
const struct certificate_facts *
scenario_stage_certificate(const struct scenario_stage *stage);
/* The deployment has changed: judge by what it is now. */
void scenario_stage_refresh(struct scenario_stage *stage);

/* Bring the peer of a step on, and the connection it will meet. False and a
 * sentence in *why, owned by the caller, when it cannot be. */
bool scenario_stage_enter(struct scenario_stage *stage,
                          const struct scenario_step *step, uint64_t now_ms,
                          char **why);
struct cas_peer *scenario_stage_peer(struct scenario_stage *stage);
struct connection *scenario_stage_connection(struct scenario_stage *stage);
/* Both go; nothing of them is left. */
void scenario_stage_leave(struct scenario_stage *stage);

#endif
