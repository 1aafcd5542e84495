/*
 * What does an application do on the port where the Front End dials it? The
 * simulated CAS as TLS server: verifies the Front End, takes what it sends and
 * says yes to every request. A feed/next/deadline machine of one connection.
 */
#ifndef LYNCSIM_CAS_PORT_H
#define LYNCSIM_CAS_PORT_H

#include <stddef.h>
#include <stdint.h>

#include "lyncsim/id_source.h"
#include "lyncsim/tls_context.h"
#include "lyncsim/wire.h"

/* All borrowed for the life of the port. */
struct cas_port_settings {
    const struct tls_context *tls; /* of TLS_PEER_LISTENS */
    int status;                    /* what requests are answered; 0: 200 */
    struct id_source ids;
};

struct cas_port;

/* Of one connection that was accepted. Owned by the caller. */
struct cas_port *cas_port_new(const struct cas_port_settings *settings,
                              uint64_t now_ms);
void cas_port_free(struct cas_port *port);
struct wire_machine cas_port_machine(struct cas_port *port);

/* Requests that came. */
size_t cas_port_request_count(const struct cas_port *port);
/* Everything that was received and sent as SIP text, in order; borrowed. */
struct ls_str cas_port_transcript(const struct cas_port *port);
/* What TLS said against it, or NULL; borrowed. */
const char *cas_port_fault(const struct cas_port *port);

#endif
