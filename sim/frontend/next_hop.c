#include "lyncsim/next_hop.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/hash.h"
#include "lyncsim/str.h"

struct hop {
    char *place; /* "cas.contoso.com:5075", what it is found by */
    char *fqdn;
    char *pool;
    uint16_t port;
    uint64_t connection_id; /* 0: the last dial failed */
    unsigned waiting_count;
    unsigned failure_count; /* one after the other */
    unsigned diagnostic;    /* of the last failure, as what follows */
    char *more;
    uint64_t rests_until_ms;
    bool is_open;
    bool is_wanted; /* is in the list of what is to be dialled */
    struct hop *prev, *next;
    UT_hash_handle hh;
};

struct next_hops {
    struct hop *by_place;
    struct hop *wanted;
    uint32_t first_rest_ms;
};

struct next_hops *next_hops_new(uint32_t first_rest_ms)
{
    struct next_hops *hops = ls_alloc(sizeof *hops);

    hops->first_rest_ms = first_rest_ms;
    return hops;
}

static void remove_hop(struct next_hops *hops, struct hop *hop)
{
    if (hop->is_wanted)
        DL_DELETE(hops->wanted, hop);
    HASH_DEL(hops->by_place, hop);
    free(hop->place);
    free(hop->fqdn);
    free(hop->pool);
    free(hop->more);
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
        *at = ls_byte_lower(*at);
    return place;
}

static struct hop *add_hop(struct next_hops *hops,
                           const struct next_hop_target *target, char *place)
{
    struct hop *hop = ls_alloc(sizeof *hop);

    hop->place = place;
    hop->fqdn = ls_strdup(target->fqdn);
    hop->pool = ls_strdup(target->pool);
    hop->port = target->port;
    HASH_ADD_KEYPTR(hh, hops->by_place, hop->place, strlen(hop->place), hop);
    return hop;
}

static void want(struct next_hops *hops, struct hop *hop,
                 uint64_t connection_id)
{
    hop->connection_id = connection_id;
    hop->waiting_count = 0;
    hop->is_wanted = true;
    DL_APPEND(hops->wanted, hop);
}

/* One that only rests gives way to one that is wanted. */
static void make_room(struct next_hops *hops)
{
    struct hop *hop;
    struct hop *next;

    if (next_hops_count(hops) < NEXT_HOPS_MAX)
        return;
    HASH_ITER(hh, hops->by_place, hop, next) {
        if (hop->connection_id == 0) {
            remove_hop(hops, hop);
            return;
        }
    }
}

static struct hop *find_place(const struct next_hops *hops,
                              const struct next_hop_target *target)
{
    char *place = place_of(target);
    struct hop *hop;

    HASH_FIND_STR(hops->by_place, place, hop);
    free(place);
    return hop;
}

uint64_t next_hops_join(struct next_hops *hops,
                        const struct next_hop_target *target, uint64_t fresh_id)
{
    struct hop *hop = find_place(hops, target);

    if (!hop) {
        make_room(hops);
        if (next_hops_count(hops) == NEXT_HOPS_MAX)
            return 0;
        hop = add_hop(hops, target, place_of(target));
    }
    if (hop->connection_id == 0)
        want(hops, hop, fresh_id);
    if (!hop->is_open && hop->waiting_count == NEXT_HOP_WAITING_MAX)
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
    hop->failure_count = 0;
}

static uint64_t rest_ms(const struct next_hops *hops, const struct hop *hop)
{
    uint64_t ms = hops->first_rest_ms;

    for (unsigned i = 1; i < hop->failure_count && ms < NEXT_HOP_REST_MAX_MS;
         i++)
        ms *= 2;
    return ms < NEXT_HOP_REST_MAX_MS ? ms : NEXT_HOP_REST_MAX_MS;
}

void next_hops_rest(struct next_hops *hops, uint64_t connection_id,
                    const struct next_hop_failure *failure, uint64_t now_ms)
{
    struct hop *hop = find_connection(hops, connection_id);

    if (!hop || hops->first_rest_ms == 0)
        return;
    if (hop->is_wanted)
        DL_DELETE(hops->wanted, hop);
    hop->is_wanted = hop->is_open = false;
    hop->connection_id = 0;
    if (hop->failure_count < UINT_MAX)
        hop->failure_count++;
    free(hop->more);
    hop->diagnostic = failure->diagnostic;
    hop->more = ls_strdup(failure->more);
    hop->rests_until_ms = now_ms + rest_ms(hops, hop);
}

bool next_hops_is_resting(const struct next_hops *hops,
                          const struct next_hop_target *target, uint64_t now_ms,
                          struct next_hop_failure *failure)
{
    const struct hop *hop = find_place(hops, target);

    if (!hop || hop->connection_id != 0 || now_ms >= hop->rests_until_ms)
        return false;
    *failure = (struct next_hop_failure){hop->diagnostic, hop->more};
    return true;
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
