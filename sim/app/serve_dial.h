/*
 * Over which connection does serve reach applications, and where does it look
 * for them?
 */
#ifndef LYNCSIM_APP_SERVE_DIAL_H
#define LYNCSIM_APP_SERVE_DIAL_H

#include "lyncsim/front_end.h"

#include "options.h"

enum application_way serve_dial_way(const struct options *options);
/* Say so where that leads out of this machine. */
void serve_dial_warn(const struct options *options);

#endif
