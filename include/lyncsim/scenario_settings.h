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
