/*
 * What does the manual page say? What help says, from the same tables.
 */
#ifndef LYNCSIM_APP_HELP_MAN_H
#define LYNCSIM_APP_HELP_MAN_H

#include "lyncsim/buf.h"

/* Append the page in man(7). */
void help_man_print(struct ls_buf *out);

#endif
