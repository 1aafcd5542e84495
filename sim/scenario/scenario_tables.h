/*
 * Which tables is the language made of? Those of this folder and those of a
 * topology, in the order a reader wants them.
 */
#ifndef SCENARIO_TABLES_H
#define SCENARIO_TABLES_H

#include <stddef.h>

#include "lyncsim/scenario.h"

#define SCENARIO_TABLES_MAX 48

struct scenario_tables {
    struct scenario_key_table tables[SCENARIO_TABLES_MAX];
    size_t count;
};

void scenario_tables_collect(struct scenario_tables *all);
const struct scenario_key_table *
scenario_tables_find(const struct scenario_tables *all, struct ls_str where);

/* "\"rule\" is a key of front-end: and …", owned by the caller; NULL where no
 * table has it, or too many. */
char *scenario_tables_home(struct ls_str key);

#endif
