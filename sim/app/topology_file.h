/*
 * Which trusted-server table does --topology name? A YAML file whose topology:
 * is as in a scenario, one of its topologies, or a deployment's export.
 */
#ifndef LYNCSIM_APP_TOPOLOGY_FILE_H
#define LYNCSIM_APP_TOPOLOGY_FILE_H

#include "lyncsim/app.h"
#include "lyncsim/diag.h"
#include "lyncsim/topology.h"

/* The FILE of "FILE" or "FILE#NAME"; owned by the caller. */
char *topology_file_name(const char *argument);
/* Load "FILE" or "FILE#NAME". NULL, *code, and the faults on standard error
 * when it cannot be had. Owned by the caller. */
struct topology *topology_file_load(const char *argument, enum app_exit *code);

/* Whether the text is a topology file: an export, or YAML that has a table and
 * plays nothing. */
bool topology_file_is(struct ls_str text);
/* Check every table in diags->text. */
void topology_file_check(struct ls_diags *diags);

#endif
