/*
 * What is minted for a certificate of a scenario file? Its keys as a recipe,
 * with the lab's defaults where the file is silent.
 */
#ifndef SCENARIO_LAB_RECIPE_H
#define SCENARIO_LAB_RECIPE_H

#include <stdint.h>

#include "lyncsim/mint.h"
#include "lyncsim/scenario.h"

/* Seconds since 1970, rounded down. */
int64_t lab_seconds(int64_t ms);

/* For whom it is made; all borrowed. */
struct lab_recipe_use {
    struct mint *mint;
    const struct scenario *scenario;
    const struct credential *issuer; /* NULL: itself */
    int64_t clock_s;                 /* where the scenario starts */
};

/* NULL and a sentence in *why; both are the caller's. */
struct credential *
lab_recipe_issue(const struct scenario_certificate *certificate,
                 const struct lab_recipe_use *use, char **why);

#endif
