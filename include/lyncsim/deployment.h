/*
 * What does the Front End work on, and what is only intended? The draft that
 * edits change, what was published of it, and what is enabled, with the names
 * that have been removed on the way.
 */
#ifndef LYNCSIM_DEPLOYMENT_H
#define LYNCSIM_DEPLOYMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/known_servers.h"
#include "lyncsim/topology.h"
#include "lyncsim/topology_edit.h"

struct deployment;

/* topology is taken as draft, published and enabled alike. enable_by_hand:
 * publish does not enable. */
struct deployment *deployment_new(struct topology *topology,
                                  bool enable_by_hand);
void deployment_free(struct deployment *deployment);

/* Apply the edits whole or not at all. NULL when done, else the sentence of
 * the edit that was refused, owned by the caller; *refused is its index. */
char *deployment_apply(struct deployment *deployment,
                       const struct topology_edit *edits, size_t count,
                       size_t *refused);

/* Borrowed, valid until the next apply: the known servers the Front End
 * works on, those the draft would make, and those that once were enabled and
 * are no more. */
const struct known_servers *
deployment_enabled(const struct deployment *deployment);
const struct known_servers *
deployment_draft(const struct deployment *deployment);
const struct known_servers *
deployment_removed(const struct deployment *deployment);
const struct topology *
deployment_draft_topology(const struct deployment *deployment);
const struct topology *
deployment_enabled_topology(const struct deployment *deployment);

#endif
