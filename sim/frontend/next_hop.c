#include "lyncsim/next_hop.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>
#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/str.h"

struct hop {
    char *place; /* "cas.contoso.com:5075", what it is found by */
    char *fqdn;
    char *pool;
    uint16_t port;
    uint64_t connection_id;
    unsigned waiting_count;
    bool is_open;
    bool is_wanted; /* is in the list of what is to be dialled */
    struct hop *prev, *next;
    UT_hash_handle hh;
};

struct next_hops {
    struct hop *by_place;
    struct hop *wanted;
};

struct next_hops *next_hops_new(void)
{
    return ls_alloc(sizeof(struct next_hops));
}

static void remove_hop(struct next_hops *hops, struct hop *hop)
{
    if (hop->is_wanted)
        DL_DELETE(hops->wanted, hop);
    HASH_DEL(hops->by_place, hop);
    free(hop->place);
    free(hop->fqdn);
    free(hop->pool);
    free(hop);
}

void next_hops_free(struct next_hops *hops)
{
    if (!hops)
        return;
    while (hops->by_place)
        remove_hop(hops, hops->by_place);
    free(hops);
}

static char *place_of(const struct next_hop_target *target)
{
    char *place = ls_strf("%s:%u", target->fqdn, (unsigned)target->port);

    for (char *at = place; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return place;
}

static struct hop *add_hop(struct next_hops *hops,
                           const struct next_hop_target *target, char *place,
                           uint64_t connection_id)
{
    struct hop *hop = ls_alloc(sizeof *hop);

    hop->place = place;
    hop->fqdn = ls_strdup(target->fqdn);
    hop->pool = ls_strdup(target->pool);
    hop->port = target->port;
    hop->connection_id = connection_id;
    hop->is_wanted = true;
    HASH_ADD_KEYPTR(hh, hops->by_place, hop->place, strlen(hop->place), hop);
    DL_APPEND(hops->wanted, hop);
    return hop;
}

uint64_t next_hops_join(struct next_hops *hops,
                        const struct next_hop_target *target, uint64_t fresh_id)
{
    char *place = place_of(target);
    struct hop *hop;

    HASH_FIND_STR(hops->by_place, place, hop);
    if (!hop && next_hops_count(hops) < NEXT_HOPS_MAX)
        hop = add_hop(hops, target, place, fresh_id);
    else
        free(place);
    if (!hop || (!hop->is_open && hop->waiting_count == NEXT_HOP_WAITING_MAX))
        return 0;
    if (!hop->is_open)
        hop->waiting_count++;
    return hop->connection_id;
}

bool next_hops_next(struct next_hops *hops, struct next_hop_target *target,
                    uint64_t *connection_id)
{
    struct hop *hop = hops->wanted;

    if (!hop)
        return false;
    hop->is_wanted = false;
    DL_DELETE(hops->wanted, hop);
    *target = (struct next_hop_target){hop->fqdn, hop->pool, hop->port};
    *connection_id = hop->connection_id;
    return true;
}

/* There are few of them. */
static struct hop *find_connection(const struct next_hops *hops,
                                   uint64_t connection_id)
{
    struct hop *hop;
    struct hop *next;

    HASH_ITER(hh, hops->by_place, hop, next) {
        if (hop->connection_id == connection_id)
            return hop;
    }
    return NULL;
}

void next_hops_open(struct next_hops *hops, uint64_t connection_id)
{
    struct hop *hop = find_connection(hops, connection_id);

    if (!hop)
        return;
    hop->is_open = true;
    hop->waiting_count = 0;
}

void next_hops_remove(struct next_hops *hops, uint64_t connection_id)
{
    struct hop *hop = find_connection(hops, connection_id);

    if (hop)
        remove_hop(hops, hop);
}

size_t next_hops_count(const struct next_hops *hops)
{
    return HASH_COUNT(hops->by_place);
}
