/*
 * Where do the connections lead that the Front End opens itself? To the port
 * of a peer that listens, joined in memory, in lab time; where nobody does,
 * they are refused.
 */
#ifndef SCENARIO_OUTBOUND_H
#define SCENARIO_OUTBOUND_H

#include "lyncsim/scenario.h"
#include "lyncsim/scenario_lab.h"

struct scenario_outbound;
struct outbound_end;

/* front_end is borrowed. Owned by the caller, to be freed before it. */
struct scenario_outbound *scenario_outbound_new(struct front_end *front_end);
void scenario_outbound_free(struct scenario_outbound *outbound);

/* A port is there from now on. Borrowed, but for tls, which is taken. */
struct outbound_port {
    const char *fqdn; /* or NULL: whoever is dialled */
    const struct scenario_listen *listen;
    struct tls_context *tls; /* of TLS_PEER_LISTENS */
    struct id_source ids;
    const char *address;
};
struct outbound_end *
scenario_outbound_listen(struct scenario_outbound *outbound,
                         const struct outbound_port *port);
/* The port and its connections go; or NULL. */
void scenario_outbound_leave(struct outbound_end *end);

/* The end of a connection that was accepted, which lets the others go on
 * whenever it is asked; inner and clock_ms are borrowed. */
struct wire_machine scenario_outbound_machine(struct outbound_end *end,
                                              struct wire_machine inner,
                                              int64_t *clock_ms);
/* What came over the connections of a port: "b@c from a@c: text"; appended. */
void scenario_outbound_received(const struct outbound_end *end,
                                struct cas_texts *received);

#endif
