/*
 * Who does a From or To header name? Its address and tag, read by us and by
 * libosip2; values that come again and again are remembered.
 */
#ifndef LYNCSIM_SIP_PARTY_H
#define LYNCSIM_SIP_PARTY_H

#include <stdbool.h>

#include "lyncsim/sip_field.h"
#include "lyncsim/str.h"

/* Views of the value. */
struct sip_party {
    struct sip_address address;
    struct ls_str tag; /* empty: none */
};

/* A few values that were found sound lately, each forgotten for another one;
 * what is remembered says to the byte what reading it anew would. */
struct sip_parties;

struct sip_parties *sip_parties_new(void);
void sip_parties_free(struct sip_parties *parties);

/* Read a value (trimmed); false when it is malformed, and then its tag at most
 * is told. parties may be NULL: nothing is remembered. */
bool sip_party_read(struct sip_parties *parties, struct ls_str value,
                    struct sip_party *party);

#endif
