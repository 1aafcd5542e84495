/*
 * Which certificates did the user name: to be judged, or to be trusted?
 */
#ifndef LYNCSIM_APP_TRUST_FILES_H
#define LYNCSIM_APP_TRUST_FILES_H

#include "lyncsim/app.h"
#include "lyncsim/credential.h"
#include "lyncsim/trust_anchors.h"

#include "options.h"

/* The certificate in a file: PEM, DER, PKCS#12 or PKCS#7, with the chain that
 * stands beside it; no key is needed. NULL, *code and a sentence on standard
 * error when it cannot be had. Owned by the caller. */
struct credential *trust_files_certificate(const struct options *options,
                                           const char *file,
                                           enum app_exit *code);

/* Everything in the --ca files: roots are trusted, the rest is known. NULL
 * with *code APP_EXIT_OK when there is no --ca. Owned by the caller. */
struct trust_anchors *trust_files_anchors(const struct options *options,
                                          enum app_exit *code);

#endif
