/*
 * Which list says that certificates are revoked? cert mint --revoke.
 */
#ifndef LYNCSIM_APP_CERT_REVOKE_H
#define LYNCSIM_APP_CERT_REVOKE_H

#include "lyncsim/app.h"
#include "lyncsim/credential.h"
#include "lyncsim/mint.h"

#include "options.h"

/* Make issuer's list of all --revoke names, and write it where --output and
 * --form say. What goes wrong is said on standard error. */
enum app_exit cert_revoke(const struct options *options, struct mint *mint,
                          const struct credential *issuer);

#endif
