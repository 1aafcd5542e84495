/*
 * How does a Front End behave where its settings say something, and where they
 * say nothing? What is written, laid over; the defaults of the product.
 */
#ifndef LYNCSIM_SCENARIO_SETTINGS_H
#define LYNCSIM_SCENARIO_SETTINGS_H

#include "lyncsim/scenario.h"

/* Lay what is written in over upon settings; texts stay borrowed. */
void scenario_settings_lay_over(struct scenario_front_end *settings,
                                const struct scenario_front_end *over);

/* All of a Front End in a step, 0 being that of front-end:, the others those
 * of front-ends: from 1 on; texts stay borrowed. */
struct scenario_front_end
scenario_settings_of(const struct scenario *scenario, size_t number,
                     const struct scenario_step *step);
/* Which of them a peer goes to. */
size_t scenario_settings_number(const struct scenario *scenario,
                                const struct scenario_peer *peer);

/* Everything but the tables. */
struct trust_policy
scenario_settings_policy(const struct scenario_front_end *settings);
struct refusal
scenario_settings_refusal(const struct scenario_front_end *settings);
struct tls_versions
scenario_settings_tls(const struct scenario_front_end *settings);
/* The ceiling of who is throttled as a client; 0: none. */
uint32_t
scenario_settings_client_requests(const struct scenario_front_end *settings);

#endif
