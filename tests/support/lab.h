/*
 * What does a test of connections need around it? A root, a Front End, peers
 * of every kind and a table that knows one of them, minted anew in each test
 * from one seed.
 */
#ifndef TESTS_SUPPORT_LAB_H
#define TESTS_SUPPORT_LAB_H

#include "lyncsim/connection.h"
#include "lyncsim/credential.h"
#include "lyncsim/front_end.h"
#include "lyncsim/tls_context.h"
#include "lyncsim/trace_event.h"

/* 2015-01-01T00:00:00Z */
#define LAB_NOW_MS 1420070400000u
#define LAB_KNOWN_NAME "cas.contoso.com"
#define LAB_UNKNOWN_NAME "stranger.contoso.com"
/* Where an application of it is dialled. */
#define LAB_KNOWN_PORT 5075
#define LAB_PEER_ADDRESS "192.0.2.7:49732"

enum lab_peer {
    LAB_KNOWN,    /* its CN is a known server */
    LAB_UNKNOWN,  /* its CN is not */
    LAB_EXPIRED,  /* known, and out of date */
    LAB_STRANGER, /* known, from another root of the same name */
    LAB_MISFIT,   /* known, with a key that is not the certificate's */
    LAB_NONE,     /* shows no certificate */
    LAB_PEER_COUNT,
};

struct lab;

struct lab *lab_new(void);
void lab_free(struct lab *lab);

/* All borrowed, valid as long as the lab. */
const struct tls_context *lab_server_tls(struct lab *lab,
                                         struct tls_versions versions);
/* trusts: whether it trusts the Front End's root. */
const struct tls_context *lab_peer_tls(struct lab *lab, enum lab_peer peer,
                                       struct tls_versions versions,
                                       bool trusts);
/* The Front End's as it dials, and the port of a peer that it dials. */
const struct tls_context *lab_dial_tls(struct lab *lab,
                                       struct tls_versions versions);
const struct tls_context *lab_port_tls(struct lab *lab, enum lab_peer peer,
                                       struct tls_versions versions,
                                       bool trusts);
const struct credential *lab_credential(struct lab *lab, enum lab_peer peer);
const struct trust_policy *lab_policy(const struct lab *lab);
struct trace_journal *lab_journal(struct lab *lab);

/* A Front End of the lab, refusing as the product does, handshakes of at most
 * 30 s. Change settings before use as the test needs. */
struct front_end_settings lab_front_end_settings(struct lab *lab,
                                                 struct tls_versions versions);

/* Take everything out of the journal and count what is of kind. */
size_t lab_count_events(struct lab *lab, enum trace_event_kind kind);

#endif
