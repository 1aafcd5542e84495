/*
 * What do --rule, --names, --cn, --refuse, --tls and the like mean? The texts
 * were checked when they were read; here they become values.
 */
#ifndef LYNCSIM_APP_POLICY_OPTIONS_H
#define LYNCSIM_APP_POLICY_OPTIONS_H

#include "lyncsim/scenario.h"

#include "options.h"

/* Only what was given is set; commands that do not take an option simply
 * never have it. */
void policy_options_read(const struct options *options,
                         struct scenario_front_end *settings);

enum sipstack_style policy_options_style(const struct options *options);
enum sipstack_fields policy_options_fields(const struct options *options);

#endif
