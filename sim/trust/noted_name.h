/*
 * Has the certificate a name like this? Its names by text, letter case aside.
 */
#ifndef LYNCSIM_SIM_TRUST_NOTED_NAME_H
#define LYNCSIM_SIM_TRUST_NOTED_NAME_H

#include <uthash.h>

#include "lyncsim/certificate_facts.h"

/* A name of the certificate, to be found again. */
struct noted_name {
    char *key; /* lower case */
    const struct certificate_name *name;
    UT_hash_handle hh;
};

/* name is borrowed; the first of a text is kept. */
void noted_name_add(struct noted_name **names, struct ls_str text,
                    const struct certificate_name *name);
/* NULL when there is none. */
struct noted_name *noted_name_find(struct noted_name *names,
                                   struct ls_str text);
/* Forget all of them. */
void noted_name_forget(struct noted_name *names);

#endif
