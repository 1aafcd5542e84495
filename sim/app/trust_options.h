/*
 * Whom is to be trusted, and what have they taken back, by --ca and --crl?
 */
#ifndef LYNCSIM_APP_TRUST_OPTIONS_H
#define LYNCSIM_APP_TRUST_OPTIONS_H

#include "lyncsim/app.h"
#include "lyncsim/trust_anchors.h"

#include "options.h"

/* Add what --ca and --crl name to *anchors, which is made when it is NULL and
 * anything is named. False, *code and a sentence on standard error when a
 * file cannot be used, or a list comes without a root to trust. */
bool trust_options_load(const struct options *options,
                        struct trust_anchors **anchors, enum app_exit *code);

#endif
