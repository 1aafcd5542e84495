/*
 * Which names come, go or change from one table to another?
 */
#ifndef LYNCSIM_KNOWN_SERVERS_DIFF_H
#define LYNCSIM_KNOWN_SERVERS_DIFF_H

#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/known_servers.h"

struct known_servers_difference {
    const struct known_server *before; /* NULL: it appears */
    const struct known_server *after;  /* NULL: it disappears */
};

/* Every difference: what disappears or changes in the order of before, then
 * what appears in the order of after. *count of them, owned by the caller;
 * they point into the tables. */
struct known_servers_difference *
known_servers_diff(const struct known_servers *before,
                   const struct known_servers *after, size_t *count);

/* Append what changes: "pool a.com -> b.com, version 5 -> 6"; nothing for
 * servers that are the same, or where one of them is missing. */
void known_servers_diff_print(const struct known_servers_difference *difference,
                              struct ls_buf *out);

#endif
