/*
 * What does a Front End know, and what would another topology change, for
 * people and for pipelines?
 */
#ifndef LYNCSIM_TOPOLOGY_REPORT_H
#define LYNCSIM_TOPOLOGY_REPORT_H

#include "lyncsim/buf.h"
#include "lyncsim/judge_table.h"
#include "lyncsim/known_servers_diff.h"
#include "lyncsim/topology.h"

/* Append the known servers of a topology and its applications. */
void topology_report_print(const struct topology *topology, bool color,
                           struct ls_buf *out);
/* The same on one line: {"known": [...], "topology": {...}}. */
void topology_report_print_json(const struct topology *topology,
                                struct ls_buf *out);

/* Append what is different in the second of table's two topologies, and whose
 * verdict that changes; table may have no certificates. */
void topology_report_print_diff(const struct judge_table *table, bool color,
                                struct ls_buf *out);
/* {"draft": {"before", "after"}, "appears": [...], "disappears": [...],
 * "changes": [...], "pools": [{"pool", "what", "before", "after"}],
 * "verdicts": [...]} */
void topology_report_print_diff_json(const struct judge_table *table,
                                     struct ls_buf *out);

#endif
