/*
 * Certificates and tables for tests of trust, from one line of text each.
 */
#ifndef LYNCSIM_TESTS_TRUST_LAB_H
#define LYNCSIM_TESTS_TRUST_LAB_H

#include "lyncsim/certificate_facts.h"
#include "lyncsim/topology.h"
#include "lyncsim/trust_verdict.h"

/* 2015-01-01T00:00:00Z; the certificates below are valid then. */
#define TRUST_LAB_NOW_S INT64_C(1420070400)

/* "cn=a.com dns=b.com uri=sip:c.com": a sound RSA-2048 certificate for server
 * and client authentication with these names, CNs first. The caller frees it
 * with trust_lab_free_facts(). */
struct certificate_facts *trust_lab_facts(const char *names);
void trust_lab_free_facts(struct certificate_facts *facts);

/* "mail.a.com{cas1.a.com,cas2.a.com} owa.a.com": pools and their computers;
 * "~um.a.com" is autodiscovered, ">out.a.com" outbound-only and "@ext.a.com"
 * on the external interface. */
struct topology *trust_lab_topology(const char *pools);

/* Everything a verdict needs, with the names of its parts. */
struct trust_lab {
    struct topology *topology;
    struct topology *draft_topology;
    struct known_servers *known;
    struct known_servers *draft;
    struct known_servers *removed;
    struct certificate_facts *facts;
    struct trust_policy policy;
    struct trust_evidence evidence;
    struct trust_verdict verdict;
};

/* pools and draft as above; draft NULL: as pools; names NULL: no certificate.
 * The verdict is not made yet. */
void trust_lab_open(struct trust_lab *lab, const char *names, const char *pools,
                    const char *draft);
/* Make the verdict, anew. */
void trust_lab_decide(struct trust_lab *lab);
void trust_lab_close(struct trust_lab *lab);

/* Append all that a verdict says as plain text. */
void trust_lab_explain(const struct trust_verdict *verdict, struct ls_buf *out);

#endif
