#include "sip_relays.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/share.h"
#include "lyncsim/sip_message.h"
#include "lyncsim/sip_router.h"

/* A connection that requests came over which wait. */
struct sip_asker {
    uint64_t connection_id;
    struct sip_relay *relays;
    size_t count;
    size_t bytes;
    UT_hash_handle hh;
};

static struct sip_asker *find_asker(const struct sip_relays *relays,
                                    uint64_t connection_id)
{
    struct sip_asker *asker;

    HASH_FIND(hh, relays->askers, &connection_id, sizeof(connection_id), asker);
    return asker;
}

static struct sip_asker *add_asker(struct sip_relays *relays,
                                   uint64_t connection_id)
{
    struct sip_asker *asker = find_asker(relays, connection_id);

    if (!asker) {
        asker = ls_alloc(sizeof(*asker));
        asker->connection_id = connection_id;
        HASH_ADD(hh, relays->askers, connection_id, sizeof(connection_id),
                 asker);
    }
    return asker;
}

static size_t cost(size_t message_bytes)
{
    return sizeof(struct sip_relay) + message_bytes;
}

bool sip_relays_have_room(const struct sip_relays *relays,
                          uint64_t connection_id, size_t message_bytes)
{
    const struct sip_asker *asker = find_asker(relays, connection_id);
    struct share count = {asker ? asker->count : 0, sip_relays_count(relays)};
    struct share bytes = {asker ? asker->bytes : 0, relays->bytes};

    return count.own < SIP_ROUTER_CONNECTION_MAX &&
           share_has_room(count, 1, SIP_ROUTER_PENDING_MAX) &&
           share_has_room(bytes, cost(message_bytes),
                          SIP_ROUTER_PENDING_MAX_BYTES);
}

void sip_relays_add(struct sip_relays *relays, struct sip_relay *relay)
{
    struct sip_asker *asker = add_asker(relays, relay->caller.connection_id);

    relay->asker = asker;
    relay->bytes = cost(sip_message_bytes(relay->message).length);
    asker->count++;
    asker->bytes += relay->bytes;
    relays->bytes += relay->bytes;
    DL_APPEND2(asker->relays, relay, prev_of_asker, next_of_asker);
    DL_APPEND(relays->all, relay);
    HASH_ADD_KEYPTR(hh, relays->by_branch, relay->branch, strlen(relay->branch),
                    relay);
}

void sip_relays_remove(struct sip_relays *relays, struct sip_relay *relay)
{
    struct sip_asker *asker = relay->asker;

    HASH_DEL(relays->by_branch, relay);
    DL_DELETE(relays->all, relay);
    DL_DELETE2(asker->relays, relay, prev_of_asker, next_of_asker);
    asker->bytes -= relay->bytes;
    relays->bytes -= relay->bytes;
    if (--asker->count == 0) {
        HASH_DEL(relays->askers, asker);
        free(asker);
    }
    sip_message_free(relay->message);
    free(relay->branch);
    free(relay->address);
    free(relay->uri);
    free(relay);
}

void sip_relays_clear(struct sip_relays *relays)
{
    while (relays->all)
        sip_relays_remove(relays, relays->all);
}

struct sip_relay *sip_relays_find(const struct sip_relays *relays,
                                  struct ls_str branch)
{
    struct sip_relay *relay;

    HASH_FIND(hh, relays->by_branch, branch.at, branch.length, relay);
    return relay;
}

struct sip_relay *sip_relays_of(const struct sip_relays *relays,
                                uint64_t connection_id)
{
    const struct sip_asker *asker = find_asker(relays, connection_id);

    return asker ? asker->relays : NULL;
}

size_t sip_relays_count(const struct sip_relays *relays)
{
    return HASH_COUNT(relays->by_branch);
}
