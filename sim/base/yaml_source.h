/*
 * Which bytes may the YAML library see? It hangs or reads beyond its input on
 * some that are no text, so they are refused before it is asked.
 */
#ifndef LYNCSIM_BASE_YAML_SOURCE_H
#define LYNCSIM_BASE_YAML_SOURCE_H

#include <stdbool.h>

#include "lyncsim/buf.h"
#include "lyncsim/diag.h"

/* Append diags->text to out: UTF-8 without byte order mark, lines ending in
 * LF. False and faults in diags when it is no such text. */
bool yaml_source_clean(struct ls_diags *diags, struct ls_buf *out);

/* Where a tab stands behind a colon while a ? may mark a key: over the two of
 * them the library frees its memory twice. Line 0: nowhere. */
struct ls_place yaml_source_trap(struct ls_str text);

#endif
