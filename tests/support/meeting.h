/*
 * A connection of a lab's Front End and the simulated CAS, joined in memory:
 * set up, let happen, look at both sides.
 */
#ifndef TESTS_SUPPORT_MEETING_H
#define TESTS_SUPPORT_MEETING_H

#include "lyncsim/cas_peer.h"

#include "support/lab.h"
#include "support/wire_pair.h"

/* What differs from test to test; zero-initialised is a known peer that
 * connects to a Front End which refuses as the product does. */
struct meeting_plan {
    enum lab_peer peer;
    struct refusal refuse; /* {0} is handshake:alert, so set has_refusal */
    bool has_refusal;
    struct tls_versions versions; /* of both; {0}: TLS 1.2 */
    bool distrusts;               /* the peer does not trust the Front End */
    enum cas_task task;
    /* Of a sign-in; none: sip:test@contoso.com. All borrowed. */
    char *const *users;
    size_t user_count;
    const struct cas_says *says;
    size_t says_count;
    struct cas_reconnect reconnect;
    enum owa_version owa;
    size_t piece_bytes;
};

struct meeting {
    struct front_end *front_end;
    struct connection *connection;
    struct cas_peer *peer;
    struct wire_pair pair;
};

void meeting_begin(struct meeting *meeting, struct lab *lab,
                   const struct meeting_plan *plan);
void meeting_end(struct meeting *meeting);

#endif
