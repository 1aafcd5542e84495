/*
 * Where made-up identifiers come from: tags, branches, Call-IDs, serials,
 * lab ports. Seeded it repeats itself, so that two runs of a scenario are the
 * same to the byte; unseeded it draws from the system. Never used for keys.
 */
#ifndef LYNCSIM_ID_SOURCE_H
#define LYNCSIM_ID_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

#define ID_SOURCE_DRAWN_COUNT 16

/* One that has been drawn from is not to be copied: both would go on with the
 * same numbers. */
struct id_source {
    bool seeded;
    uint64_t state[2];
    uint64_t drawn[ID_SOURCE_DRAWN_COUNT]; /* from the system, ahead */
    unsigned left;                         /* of them */
};

void id_source_init_seeded(struct id_source *ids, struct ls_str seed);
void id_source_init_system(struct id_source *ids);

uint64_t id_source_u64(struct id_source *ids);
/* A number in [0, bound). */
uint32_t id_source_below(struct id_source *ids, uint32_t bound);
/* Append count upper-case hex digits. */
void id_source_add_hex(struct id_source *ids, struct ls_buf *out,
                       unsigned count);

#endif
