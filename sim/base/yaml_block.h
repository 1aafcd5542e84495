/*
 * Does a line belong to the text of a block (| or >) that nobody indented?
 */
#ifndef LYNCSIM_BASE_YAML_BLOCK_H
#define LYNCSIM_BASE_YAML_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/buf.h"

/* Where it stands in the text, in bytes. */
struct yaml_block {
    size_t mark;  /* of the | or > */
    size_t first; /* of its lines … */
    size_t end;   /* … and behind the last of them */
};

/* Whether such a text begins in line number; lines end in LF. */
bool yaml_block_find_shallow(struct ls_str text, unsigned number,
                             struct yaml_block *block);
/* Write a text of one letter in its place. */
void yaml_block_repair(const struct yaml_block *block, struct ls_buf *text);

#endif
