/*
 * Any bytes, to a whole connection: as its very first ones, as records after
 * the handshake, as plaintext of a trusted server or of a client. The first
 * byte chooses, the second is the size of the pieces; it ends closed, with a
 * verdict, and nothing is served without one.
 */
#include <assert.h>

#include "support/lab.h"
#include "support/raw_client.h"
#include "support/wire_pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct tls_versions versions = {TLS_1_0, TLS_1_3};

static void feed_raw(struct raw_client *client, struct ls_str bytes)
{
    wire_feed(client->machine, bytes, client->piece_bytes, LAB_NOW_MS);
    raw_client_run(client);
}

static void feed_plain(struct raw_client *client, struct ls_str bytes)
{
    if (tls_session_write(client->session, bytes) == LS_OK)
        raw_client_run(client);
}

static void talk(struct lab *lab, struct connection *connection, unsigned mode,
                 struct ls_str bytes, size_t piece)
{
    struct raw_client client;

    raw_client_begin(
        &client,
        lab_peer_tls(lab, mode & 4 ? LAB_NONE : LAB_KNOWN, versions, true),
        connection_machine(connection), LAB_NOW_MS);
    if (mode & 1)
        raw_client_run(&client);
    client.piece_bytes = piece;
    if (mode & 2)
        feed_plain(&client, bytes);
    else
        feed_raw(&client, bytes);
    raw_client_end(&client);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lab *lab;
    static struct front_end *front_end;
    struct front_end_settings settings;
    struct connection *connection;
    struct wire_machine machine;

    if (size < 2)
        return 0;
    if (!lab) {
        lab = lab_new();
        settings = lab_front_end_settings(lab, versions);
        front_end = front_end_new(&settings);
    }
    connection = connection_new(front_end, LAB_PEER_ADDRESS, "192.0.2.1:5061",
                                LAB_NOW_MS);
    machine = connection_machine(connection);
    talk(lab, connection, data[0], ls_str_from_bytes(data + 2, size - 2),
         data[1]);
    machine.ops->feed_end(machine.self, WIRE_END_RESET, NULL, LAB_NOW_MS);
    wire_drain(machine, NULL);
    assert(connection_state(connection) == CONNECTION_CLOSED);
    assert(connection_verdict(connection));
    connection_free(connection);
    lab_count_events(lab, TRACE_OPENED);
    return 0;
}
