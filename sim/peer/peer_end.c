#include "peer_end.h"

#include <assert.h>

#include "lyncsim/alloc.h"

enum peer_outcome peer_end_of_tls(const struct tls_failure *failure)
{
    if (failure->refused_by_us)
        return PEER_REFUSED_BY_PEER;
    if (failure->alert_received)
        return PEER_ALERT;
    return failure->in_handshake ? PEER_CLOSED_IN_HANDSHAKE
                                 : PEER_CLOSED_AFTER_HANDSHAKE;
}

enum peer_outcome peer_end_of_wire(enum wire_end ended,
                                   struct peer_standing standing)
{
    switch (ended) {
    case WIRE_END_EOF:
        return standing.in_handshake ? PEER_CLOSED_IN_HANDSHAKE
                                     : PEER_CLOSED_AFTER_HANDSHAKE;
    case WIRE_END_RESET:
        return PEER_RESET;
    case WIRE_END_FAILED:
        return standing.has_heard ? PEER_RESET : PEER_UNREACHABLE;
    case WIRE_END_TIMEOUT:
        return PEER_TIMEOUT;
    }
    return PEER_TIMEOUT;
}

const char *peer_end_text(enum wire_end ended)
{
    static const char *const texts[] = {
        [WIRE_END_EOF] = "EOF",
        [WIRE_END_RESET] = "ECONNRESET",
        [WIRE_END_FAILED] = "the connection failed",
        [WIRE_END_TIMEOUT] = "no answer in time",
    };

    assert((size_t)ended < LS_COUNT(texts));
    return texts[ended];
}
