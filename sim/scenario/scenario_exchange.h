/*
 * Who meets whom? A peer that connects and the connection of the Front End
 * that it meets, with what a step does to the wire between them.
 */
#ifndef LYNCSIM_SCENARIO_EXCHANGE_H
#define LYNCSIM_SCENARIO_EXCHANGE_H

#include <stdint.h>

#include "lyncsim/connection.h"

#include "scenario_stage.h"
#include "talk_player.h"

struct scenario_exchange;

/* stage and step are borrowed. NULL and a sentence in *why, owned by the
 * caller, when there can be no such peer. Owned by the caller. */
struct scenario_exchange *
scenario_exchange_new(struct scenario_stage *stage,
                      const struct scenario_step *step, uint64_t now_ms,
                      char **why);
void scenario_exchange_free(struct scenario_exchange *exchange);
/* Whether the Front End is reached by IPv6. */
bool scenario_exchange_is_ipv6(const struct scenario_exchange *exchange);

/* The two machines; *clock_ms (borrowed) is lab time, which a stall moves on.
 * Called once a connection; what happens to the peer's own wire happens to
 * the first. */
void scenario_exchange_machines(struct scenario_exchange *exchange,
                                int64_t *clock_ms, struct wire_machine *peer,
                                struct wire_machine *front_end);
/* After a connection that is over: whether the peer comes with another one,
 * which it does when *clock_ms has moved on. */
bool scenario_exchange_again(struct scenario_exchange *exchange,
                             int64_t *clock_ms);
/* Begin its talk, told in result (borrowed, as the others); NULL where it has
 * none. */
struct talk_player *scenario_exchange_talk(struct scenario_exchange *exchange,
                                           struct step_result *result,
                                           struct talk_labels *labels,
                                           int64_t *clock_ms);
/* Borrowed. One of the two peers is there, the other is NULL. */
const struct talk_peer *
scenario_exchange_talk_peer(const struct scenario_exchange *exchange);
struct talk_player *
scenario_exchange_player(const struct scenario_exchange *exchange);
struct cas_peer *
scenario_exchange_peer(const struct scenario_exchange *exchange);
/* What came over the connections that the Front End opened, appended. */
void scenario_exchange_received(const struct scenario_exchange *exchange,
                                struct cas_texts *received);
struct connection *
scenario_exchange_connection(const struct scenario_exchange *exchange);

/* What the Front End shows; valid as long as the lab. */
const struct certificate_facts *
scenario_exchange_certificate(const struct scenario_exchange *exchange);

#endif
