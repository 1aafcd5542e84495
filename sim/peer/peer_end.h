/*
 * Which outcome is it for the connecting side when its connection or TLS ends?
 */
#ifndef LYNCSIM_PEER_END_H
#define LYNCSIM_PEER_END_H

#include <stdbool.h>

#include "lyncsim/cas_peer.h"
#include "lyncsim/tls_session.h"
#include "lyncsim/wire.h"

/* Where the peer stood when it ended. */
struct peer_standing {
    bool in_handshake;
    bool has_heard; /* a byte came */
};

/* What a failure of TLS is. In TLS 1.3 an alert for our certificate comes when
 * the handshake is long over for us. */
enum peer_outcome peer_end_of_tls(const struct tls_failure *failure);
/* What an end of the connection is, and its words where it came without. */
enum peer_outcome peer_end_of_wire(enum wire_end ended,
                                   struct peer_standing standing);
const char *peer_end_text(enum wire_end ended);

#endif
