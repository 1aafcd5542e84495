/*
 * Who stands on the stage? One Front End with its deployment.
 */
#ifndef LYNCSIM_SCENARIO_STAGE_H
#define LYNCSIM_SCENARIO_STAGE_H

#include <stdint.h>

#include "lyncsim/deployment.h"
#include "lyncsim/front_end.h"
#include "lyncsim/scenario.h"
#include "lyncsim/scenario_lab.h"
#include "lyncsim/trace_event.h"

#include "scenario_outbound.h"

struct scenario_stage;

/* What every stage of a run stands on; borrowed. */
struct stage_ground {
    const struct scenario *scenario;
    struct scenario_lab *lab;
    struct trace_journal *journal;
    unsigned number; /* of the Front End; 0: that of front-end: */
};

#define STAGE_NO_DOOR ((size_t)-1)

/* host (or NULL) is one that stands already and outlives this: both work on
 * one deployment if they begin with the same topology. settings are laid out
 * whole; what they point at is borrowed. NULL and a sentence in *why, owned by
 * the caller, when it cannot be set up. */
struct scenario_stage *
scenario_stage_new(const struct stage_ground *ground,
                   const struct scenario_front_end *settings,
                   struct scenario_stage *host, char **why);
void scenario_stage_free(struct scenario_stage *stage);

/* What a peer shows here; NULL: no certificate. Borrowed from the lab. */
const struct credential *scenario_stage_shown(struct scenario_stage *stage,
                                              const struct scenario_peer *peer);
struct deployment *scenario_stage_deployment(struct scenario_stage *stage);
/* The Front End's own name. */
const char *scenario_stage_fqdn(const struct scenario_stage *stage);
/* The certificate it shows; borrowed, valid as long as the lab. */
const struct certificate_facts *
scenario_stage_certificate(const struct scenario_stage *stage, size_t door);
/* The deployment has changed: judge by what it is now. */
void scenario_stage_refresh(struct scenario_stage *stage);

/* Answer by these rules (borrowed) from now on; line is where they stand. */
void scenario_stage_set_rules(struct scenario_stage *stage,
                              const struct scenario_rules *rules,
                              unsigned line);
/* What happens to the bytes of connections that are made from now on. */
void scenario_stage_set_wire(struct scenario_stage *stage,
                             const struct scenario_wire *wire);
const struct scenario_wire *
scenario_stage_wire(const struct scenario_stage *stage);
const struct stage_ground *
scenario_stage_ground(const struct scenario_stage *stage);
const struct scenario_front_end *
scenario_stage_settings(const struct scenario_stage *stage, size_t door);
/* "192.0.2.10:5061", as it is shown. */
const char *scenario_stage_address(const struct scenario_stage *stage,
                                   size_t door);
/* By which of its interfaces a peer comes; STAGE_NO_DOOR: it does not listen
 * there. */
size_t scenario_stage_door(const struct scenario_stage *stage,
                           const struct scenario_peer *peer);
/* Where what it dials leads; NULL where nobody listens. */
struct scenario_outbound *
scenario_stage_outbound(const struct scenario_stage *stage);
struct front_end *scenario_stage_front_end(struct scenario_stage *stage);
/* Ids that come from the scenario's seed, from whose they are and from the
 * line that asks for them. */
void scenario_stage_seed_ids(const struct scenario_stage *stage,
                             const char *whose, unsigned line,
                             struct id_source *ids);

#endif
