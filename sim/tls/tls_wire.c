#include "lyncsim/tls_wire.h"

void tls_wire_end(struct tls_wire *wire, enum wire_action_kind last)
{
    wire->last = last;
    wire->last_is_due = true;
}

void tls_wire_taken(struct tls_wire *wire, struct tls_session *tls)
{
    tls_session_output_taken(tls, wire->shown_count);
    wire->shown_count = 0;
}

void tls_wire_drop(struct tls_wire *wire, struct tls_session *tls)
{
    tls_session_output_taken(tls, tls_session_output(tls).length);
    wire->shown_count = 0;
}

bool tls_wire_next(struct tls_wire *wire, struct tls_session *tls,
                   struct wire_action *action)
{
    struct ls_str output = tls_session_output(tls);

    if (wire->is_ended)
        return false;
    if (output.length > 0) {
        *action = (struct wire_action){WIRE_SEND, output};
        wire->shown_count = output.length;
        return true;
    }
    if (!wire->last_is_due)
        return false;
    *action = (struct wire_action){.kind = wire->last};
    wire->last_is_due = false;
    wire->is_ended = wire->last != WIRE_SHUTDOWN;
    return true;
}
