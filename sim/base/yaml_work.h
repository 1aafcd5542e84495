/*
 * Is the YAML library asked for more work than anybody would wait for?
 */
#ifndef LYNCSIM_YAML_WORK_H
#define LYNCSIM_YAML_WORK_H

#include <stdbool.h>

#include "lyncsim/diag.h"
#include "lyncsim/str.h"

struct yaml_excess {
    struct ls_place place; /* line 0: there is none */
    bool is_blank;         /* one of many blank lines */
};

/* Where that is. Outside of a JSON document the library looks, from closing
 * quotes and brackets, anchors and tags, to the end of the line again and
 * again, and passes for each byte all that come before it; so it does with
 * blank lines that are part of a text. */
struct yaml_excess yaml_work_excess(struct ls_str text);

#endif
