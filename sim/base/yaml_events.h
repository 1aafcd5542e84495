/*
 * What does a text hold when it is read once, to its end or first fault of
 * syntax?
 */
#ifndef LYNCSIM_BASE_YAML_EVENTS_H
#define LYNCSIM_BASE_YAML_EVENTS_H

#include "lyncsim/buf.h"
#include "lyncsim/diag.h"
#include "lyncsim/yaml.h"

struct yaml_pass {
    struct yaml_document *document; /* the caller's; its root may be NULL */
    size_t slips; /* faults in seen that leave the tree as it was meant */
};

/* Faults that the tree shows are told to seen; one of syntax to syntax. True
 * when that one was repaired in text, which is worth another pass. */
bool yaml_events_read(struct ls_buf *text, struct ls_diags *seen,
                      struct ls_diags *syntax, struct yaml_pass *pass);

#endif
