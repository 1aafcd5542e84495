/*
 * What do the options mean that judge and the cert commands share?
 */
#ifndef LYNCSIM_APP_CERT_OPTIONS_H
#define LYNCSIM_APP_CERT_OPTIONS_H

#include <stdint.h>

#include "lyncsim/app.h"
#include "lyncsim/credential.h"
#include "lyncsim/known_servers.h"
#include "lyncsim/trust_anchors.h"

#include "options.h"

/* --at, or now. */
int64_t cert_options_at(const struct options *options);

/* What is in file, opened with --password-file. NULL, *code, and a sentence
 * on standard error when it cannot be had. Owned by the caller. */
struct credential *cert_options_load(const struct options *options,
                                     const char *file, enum app_exit *code);
/* Everything in the --ca files; NULL with APP_EXIT_OK when there is none.
 * Owned by the caller. */
struct trust_anchors *cert_options_anchors(const struct options *options,
                                           enum app_exit *code);
/* The table of --topology; NULL with APP_EXIT_OK when none was named. Owned by
 * the caller. */
struct known_servers *cert_options_known(const struct options *options,
                                         enum app_exit *code);

#endif
