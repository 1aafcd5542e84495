/*
 * Is the value of an option written as it has to be?
 */
#ifndef LYNCSIM_APP_OPTION_FORM_H
#define LYNCSIM_APP_OPTION_FORM_H

#include "options.h"

/* What is wrong with the value of an option that has no list of values:
 * numbers and times have bounds, names and addresses a form. A sentence, owned
 * by the caller, or NULL. */
char *option_form_check(enum option_id id, const char *value);

#endif
