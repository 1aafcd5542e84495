/*
 * Why could a message not be sent on to a server that the Front End dialled?
 * What its sender is told in ms-diagnostics, and what the trace says. The ids,
 * the names of the parameters and the record of a wrong name are evidenced;
 * which id goes with which failure of a trusted application is assumed.
 */
#ifndef LYNCSIM_DIAL_FAILURE_H
#define LYNCSIM_DIAL_FAILURE_H

#include <stdbool.h>

#include "lyncsim/next_hop.h"
#include "lyncsim/trust_verdict.h"
#include "lyncsim/wire.h"

struct dial_failure {
    unsigned diagnostic; /* the ErrorId of the 504 */
    char *more;          /* its further parameters: ";a=\"b\"" */
    const char *text;    /* of the trace's records; static */
    char *result_code;   /* of messages: "0xc3e93d67 SIPPROXY_E_…" */
    char *socket_code;   /* of the connection: "0x8007274d WSAECONNREFUSED" */
    char *data;          /* of the diagnostic record */
    bool is_of_tls;
};

/* No connection came about: how it ended, and what the socket said. Owned by
 * the caller, as below. */
void dial_failure_of_connect(struct dial_failure *failure,
                             const struct next_hop_target *target,
                             enum wire_end end, const char *detail);
/* The handshake failed, or its certificate was refused; expected is the name
 * it should have had. */
void dial_failure_of_verdict(struct dial_failure *failure,
                             const struct next_hop_target *target,
                             const char *expected,
                             const struct trust_verdict *verdict);
void dial_failure_clear(struct dial_failure *failure);

#endif
