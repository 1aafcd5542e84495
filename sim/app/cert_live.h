/*
 * Which certificate does a live server show?
 */
#ifndef LYNCSIM_APP_CERT_LIVE_H
#define LYNCSIM_APP_CERT_LIVE_H

#include "lyncsim/app.h"
#include "lyncsim/credential.h"

#include "options.h"

/* Ask "host:port" in a handshake, with --certificate where one is given.
 * NULL, *code, and a sentence on standard error when nothing was shown. What
 * was shown before the server hung up counts; a sentence says so. Owned by
 * the caller. */
struct credential *cert_live_load(const struct options *options,
                                  const char *server, enum app_exit *code);

#endif
