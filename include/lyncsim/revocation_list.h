/*
 * What has an authority taken back, by the files it publishes? Revocation
 * lists as bytes, for whoever judges chains.
 */
#ifndef LYNCSIM_REVOCATION_LIST_H
#define LYNCSIM_REVOCATION_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/str.h"

struct trust_anchors;
struct X509_crl_st;

/* Add every list that text holds, as PEM (any number) or DER (one). False
 * and a sentence in *why, owned by the caller, when there is none or one is
 * damaged. */
bool revocation_lists_add(struct trust_anchors *anchors, struct ls_str text,
                          char **why);

/* PEM or DER of a list (borrowed); bytes owned by the caller. */
char *revocation_list_format_pem(struct X509_crl_st *list);
char *revocation_list_format_der(struct X509_crl_st *list, size_t *length);

#endif
