#include "peer_wire.h"

#define TRANSCRIPT_MAX_BYTES (256u * 1024)

void peer_wire_end(struct peer_wire *wire, enum wire_action_kind last)
{
    wire->last = last;
    wire->last_is_due = true;
}

void peer_wire_taken(struct peer_wire *wire, struct tls_session *tls)
{
    tls_session_output_taken(tls, wire->shown_count);
    wire->shown_count = 0;
}

bool peer_wire_next(struct peer_wire *wire, struct tls_session *tls,
                    struct wire_action *action)
{
    *action = (struct wire_action){0};
    if (!wire->is_ended && !(wire->last_is_due && wire->last == WIRE_RESET))
        action->bytes = tls_session_output(tls);
    if (action->bytes.length > 0) {
        action->kind = WIRE_SEND;
        wire->shown_count = action->bytes.length;
        return true;
    }
    if (!wire->last_is_due || wire->is_ended)
        return false;
    action->kind = wire->last;
    wire->last_is_due = false;
    wire->is_ended = wire->last != WIRE_SHUTDOWN;
    return true;
}

void peer_wire_note(struct ls_buf *transcript, const char *direction,
                    struct ls_str bytes)
{
    if (transcript->length + bytes.length > TRANSCRIPT_MAX_BYTES)
        return;
    ls_buf_add_text(transcript, direction);
    ls_buf_add(transcript, bytes);
}
