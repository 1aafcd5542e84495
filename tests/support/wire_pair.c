#include "support/wire_pair.h"

void wire_pair_init(struct wire_pair *pair, struct wire_machine front_end,
                    struct wire_machine peer, uint64_t now_ms)
{
    *pair = (struct wire_pair){
        .front_end.machine = front_end,
        .peer.machine = peer,
        .now_ms = now_ms,
        .vanish_after_bytes = SIZE_MAX,
    };
}

void wire_pair_clear(struct wire_pair *pair)
{
    ls_buf_clear(&pair->front_end.coming);
    ls_buf_clear(&pair->peer.coming);
}

/* Let from act; whether it did anything. */
static bool take_actions(struct wire_side *from, struct wire_side *to)
{
    struct wire_action action;
    bool moved = false;

    while (!from->is_closed &&
           from->machine.ops->next(from->machine.self, &action)) {
        moved = true;
        switch (action.kind) {
        case WIRE_SEND:
            from->sent_actions++;
            ls_buf_add(&to->coming, action.bytes);
            break;
        case WIRE_SHUTDOWN:
            to->eof_is_coming = true;
            break;
        case WIRE_CLOSE:
            to->eof_is_coming = true;
            from->is_closed = true;
            break;
        case WIRE_RESET:
            to->reset_is_coming = true;
            from->is_closed = from->has_reset = true;
            break;
        }
    }
    return moved;
}

static void tell_end(struct wire_side *to, enum wire_end end, uint64_t now_ms)
{
    to->is_told_end = true;
    to->machine.ops->feed_end(to->machine.self, end, NULL, now_ms);
}

/* Bring to what is on its way, at most piece bytes; whether it moved. */
static bool deliver(struct wire_side *to, size_t piece, uint64_t now_ms)
{
    size_t count = to->coming.length;

    if (to->is_closed || to->is_told_end)
        return false;
    if (piece > 0 && count > piece)
        count = piece;
    if (count > 0) {
        to->fed_bytes += count;
        to->machine.ops->feed(to->machine.self,
                              ls_str_first(ls_buf_str(&to->coming), count),
                              now_ms);
        ls_buf_consume(&to->coming, count);
        return true;
    }
    if (to->is_deaf_to_end || (!to->reset_is_coming && !to->eof_is_coming))
        return false;
    tell_end(to, to->reset_is_coming ? WIRE_END_RESET : WIRE_END_EOF, now_ms);
    return true;
}

/* The peer dies after so many bytes; what it had sent beyond is lost. */
static bool vanish(struct wire_pair *pair)
{
    struct wire_side *to = &pair->front_end;

    if (to->fed_bytes < pair->vanish_after_bytes || pair->peer.is_closed)
        return false;
    pair->peer.is_closed = true;
    ls_buf_clear(&to->coming);
    if (!to->is_closed && !to->is_told_end)
        tell_end(to, pair->vanish_how, pair->now_ms);
    return true;
}

static size_t piece_for_front_end(const struct wire_pair *pair)
{
    size_t left = pair->vanish_after_bytes - pair->front_end.fed_bytes;

    if (pair->vanish_after_bytes == SIZE_MAX)
        return pair->piece_bytes;
    return pair->piece_bytes && pair->piece_bytes < left ? pair->piece_bytes
                                                         : left;
}

void wire_pair_run(struct wire_pair *pair)
{
    bool moved = true;

    while (moved) {
        moved = take_actions(&pair->peer, &pair->front_end);
        moved |= vanish(pair);
        moved |=
            deliver(&pair->front_end, piece_for_front_end(pair), pair->now_ms);
        moved |= take_actions(&pair->front_end, &pair->peer);
        moved |= deliver(&pair->peer, pair->piece_bytes, pair->now_ms);
    }
}

void wire_feed(struct wire_machine machine, struct ls_str bytes,
               size_t piece_bytes, uint64_t now_ms)
{
    size_t piece = piece_bytes ? piece_bytes : bytes.length;

    while (bytes.length > 0) {
        size_t count = bytes.length < piece ? bytes.length : piece;

        machine.ops->feed(machine.self, ls_str_first(bytes, count), now_ms);
        bytes = ls_str_skip(bytes, count);
    }
}

enum wire_action_kind wire_drain(struct wire_machine machine,
                                 struct ls_buf *out)
{
    enum wire_action_kind last = WIRE_SEND;
    struct wire_action action;

    while (machine.ops->next(machine.self, &action)) {
        if (action.kind != WIRE_SEND)
            last = action.kind;
        else if (out)
            ls_buf_add(out, action.bytes);
    }
    return last;
}
