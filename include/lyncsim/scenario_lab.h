/*
 * What must exist before a scenario can be played? Its authorities and
 * certificates, minted from the seed, ready to be shown and trusted.
 */
#ifndef LYNCSIM_SCENARIO_LAB_H
#define LYNCSIM_SCENARIO_LAB_H

#include "lyncsim/credential.h"
#include "lyncsim/scenario.h"
#include "lyncsim/trust_anchors.h"

struct scenario_lab;

/* Mint everything scenario names. NULL and a sentence in *why, owned by the
 * caller, when something cannot be made. scenario is borrowed. */
struct scenario_lab *scenario_lab_new(const struct scenario *scenario,
                                      char **why);
void scenario_lab_free(struct scenario_lab *lab);

/* Borrowed, valid as long as the lab; NULL for "none". The Front End's is
 * made when the file names none. */
const struct credential *scenario_lab_credential(struct scenario_lab *lab,
                                                 const char *name);
const struct credential *
scenario_lab_front_end(struct scenario_lab *lab,
                       const struct scenario_front_end *settings);

/* What a peer shows: a certificate of the file, one with a named fault, or
 * NULL for none. A fault is made for the name the peer comes from, else for
 * the first pool that is known under these settings. */
const struct credential *
scenario_lab_peer(struct scenario_lab *lab, const struct scenario_peer *peer,
                  const struct scenario_front_end *settings);

/* What a party trusts: the named authorities, the others being known to it.
 * names NULL: all authorities. Borrowed. */
const struct trust_anchors *scenario_lab_anchors(struct scenario_lab *lab,
                                                 char *const *names,
                                                 size_t count);
/* What a peer trusts that says nothing: the Front End's issuer. */
const struct trust_anchors *
scenario_lab_peer_anchors(struct scenario_lab *lab,
                          const struct scenario_front_end *settings);

#endif
