#include "support/tls_pair.h"

static void take_events(struct tls_end *end)
{
    struct tls_event event;

    while (tls_session_next(end->session, &event))
        switch (event.kind) {
        case TLS_READY:
            end->is_ready = true;
            break;
        case TLS_PLAINTEXT:
            ls_buf_add(&end->plain, event.bytes);
            break;
        case TLS_CLOSE_NOTIFY:
            end->is_closed = true;
            break;
        case TLS_FAILED:
            end->is_failed = true;
            break;
        }
}

static bool carry(struct tls_end *from, struct tls_end *to, size_t piece)
{
    struct ls_str output;
    bool moved = false;

    take_events(from);
    while ((output = tls_session_output(from->session)).length > 0) {
        size_t count = piece && piece < output.length ? piece : output.length;

        moved = true;
        tls_session_feed(to->session, ls_str_first(output, count));
        tls_session_output_taken(from->session, count);
        take_events(to);
    }
    return moved;
}

void tls_pair_run(struct tls_pair *pair)
{
    bool moved = true;

    while (moved) {
        moved = carry(&pair->client, &pair->server, pair->piece_bytes);
        moved |= carry(&pair->server, &pair->client, pair->piece_bytes);
    }
}

void tls_pair_clear(struct tls_pair *pair)
{
    tls_session_free(pair->server.session);
    tls_session_free(pair->client.session);
    ls_buf_clear(&pair->server.plain);
    ls_buf_clear(&pair->client.plain);
}
