/*
 * How does a name inside a certificate become text? Shared by what reads
 * certificates; private to this folder.
 */
#ifndef LYNCSIM_PKI_CERTIFICATE_NAME_H
#define LYNCSIM_PKI_CERTIFICATE_NAME_H

#include <openssl/x509.h>

#include "lyncsim/certificate_facts.h"

/* Collect every CN of the subject, then every alternative name. LS_ELIMIT
 * when there are more than CERTIFICATE_NAMES_MAX; the first are kept. */
enum ls_err certificate_names_read(struct certificate_facts *facts,
                                   X509 *x509) LS_MUST_CHECK;

/* One line, in encoded order, RDNs joined by ", " and the values of one RDN
 * by "+"; owned by the caller. */
char *certificate_name_line(const X509_NAME *name);

#endif
