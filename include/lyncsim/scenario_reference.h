/*
 * What can be written in a scenario file? The tables that the parser works
 * from, as help for a terminal, as Markdown and as a JSON Schema for editors.
 */
#ifndef LYNCSIM_SCENARIO_REFERENCE_H
#define LYNCSIM_SCENARIO_REFERENCE_H

#include "lyncsim/buf.h"

void scenario_reference_text(struct ls_buf *out);
void scenario_reference_markdown(struct ls_buf *out);
/* JSON Schema, draft 7, as the YAML servers of editors read it. */
void scenario_reference_schema(struct ls_buf *out);

#endif
