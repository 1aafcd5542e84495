#include "support/raw_client.h"

#include <stdlib.h>

#include "support/wire_pair.h"

void raw_client_begin(struct raw_client *client,
                      const struct tls_context *context,
                      struct wire_machine machine, uint64_t now_ms)
{
    *client = (struct raw_client){
        .session = tls_session_new(context, NULL, (int64_t)(now_ms / 1000)),
        .machine = machine,
        .now_ms = now_ms,
    };
}

void raw_client_end(struct raw_client *client)
{
    tls_session_free(client->session);
    ls_buf_clear(&client->heard);
}

static void take_events(struct raw_client *client)
{
    struct tls_event event;

    while (tls_session_next(client->session, &event))
        switch (event.kind) {
        case TLS_READY:
            client->is_ready = true;
            break;
        case TLS_PLAINTEXT:
            ls_buf_add(&client->heard, event.bytes);
            break;
        case TLS_CLOSE_NOTIFY:
            client->is_closed = true;
            break;
        case TLS_FAILED:
            client->is_failed = true;
            break;
        }
}

static bool take_actions(struct raw_client *client)
{
    struct wire_action action;
    bool moved = false;

    while (client->machine.ops->next(client->machine.self, &action)) {
        moved = true;
        if (action.kind == WIRE_SEND) {
            client->send_count++;
            tls_session_feed(client->session, action.bytes);
        } else {
            client->has_last = true;
            client->last = action.kind;
        }
    }
    return moved;
}

void raw_client_run(struct raw_client *client)
{
    bool moved = true;

    while (moved) {
        struct ls_str output;

        take_events(client);
        output = tls_session_output(client->session);
        moved = output.length > 0;
        wire_feed(client->machine, output, client->piece_bytes, client->now_ms);
        tls_session_output_taken(client->session, output.length);
        moved |= take_actions(client);
    }
}

void raw_client_say(struct raw_client *client, struct ls_str text)
{
    if (tls_session_write(client->session, text) != LS_OK)
        abort();
    raw_client_run(client);
}
