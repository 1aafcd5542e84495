/*
 * What is left of a text when the entries with faults of syntax are taken
 * out? Enough to look for other faults in the same go.
 */
#ifndef LYNCSIM_BASE_YAML_REMAINDER_H
#define LYNCSIM_BASE_YAML_REMAINDER_H

#include <stdbool.h>

#include "lyncsim/buf.h"

/* Write blanks over the entry that a line is in: an item of a list or a key
 * with all beneath it, at most one below the top, and the top key too where
 * nothing else is under it. Its name, or that of the one it was under, is
 * appended to sections with a line feed. False when nothing was there. */
bool yaml_remainder_cut(struct ls_buf *text, unsigned line,
                        struct ls_buf *sections);

#endif
