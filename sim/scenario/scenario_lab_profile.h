/*
 * What is minted for a certificate of a scenario file? Its keys as a profile,
 * with the lab's defaults where the file is silent.
 */
#ifndef SCENARIO_LAB_PROFILE_H
#define SCENARIO_LAB_PROFILE_H

#include <stdint.h>

#include "lyncsim/mint.h"
#include "lyncsim/scenario.h"

/* The profile and what it borrows. */
struct lab_profile {
    struct certificate_profile profile;
    struct profile_attribute *subject;
    struct profile_san *sans;
    struct ls_str *usages;
    struct ls_str *key_usages;
    struct ls_str *permitted;
    struct ls_str *crl_urls;
    struct ls_str *issuer_urls;
    char *name;
    char *key_name;
};

/* Seconds since 1970, rounded down. */
int64_t lab_seconds(int64_t ms);

/* clock_s is where the scenario starts; certificate is borrowed. */
void lab_profile_init(struct lab_profile *lab, const struct scenario *scenario,
                      const struct scenario_certificate *certificate,
                      int64_t clock_s);
void lab_profile_clear(struct lab_profile *lab);

#endif
