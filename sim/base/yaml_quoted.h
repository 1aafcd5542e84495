/*
 * What does a text in single quotes say? The library loses memory on each one
 * with more than 16 quotes in it, so these are read by ourselves.
 */
#ifndef LYNCSIM_YAML_QUOTED_H
#define LYNCSIM_YAML_QUOTED_H

#include "lyncsim/buf.h"

/* Append what stands between the quotes, read. */
void yaml_quoted_read(struct ls_str text, struct ls_buf *out);

#endif
