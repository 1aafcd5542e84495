/*
 * What can this machine do that another may not? Features by name, looked for
 * when they are asked for.
 */
#ifndef LYNCSIM_MACHINE_FEATURE_H
#define LYNCSIM_MACHINE_FEATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/str.h"

/* "tls-1.0" …, "ipv6", "legacy-provider"; "cipher NAME" for one cipher. False
 * when nothing is called so; else *why is NULL where the machine has it, or a
 * sentence, owned by the caller. */
bool machine_feature_find(struct ls_str name, char **why);
/* Their names, for whoever lists them; NULL ends them. Static. */
const char *const *machine_feature_names(size_t *count);

#endif
