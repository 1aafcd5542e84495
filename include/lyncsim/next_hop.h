/*
 * Over which connection does a message reach a place that the Front End dials
 * itself? One connection a place, named before it is there: what is left for
 * it meanwhile waits in the outbox, and whoever has the sockets asks what is
 * to be dialled.
 */
#ifndef LYNCSIM_NEXT_HOP_H
#define LYNCSIM_NEXT_HOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Places that are dialled at a time: a peer that names many meets a limit. */
#define NEXT_HOPS_MAX 256
/* Requests that wait for one connection to be made. */
#define NEXT_HOP_WAITING_MAX 64

/* A port of a trusted application; texts are borrowed. */
struct next_hop_target {
    const char *fqdn; /* what is dialled: a pool or one of its computers */
    const char *pool; /* its pool's FQDN; the same for a pool */
    uint16_t port;
};

/* After a dial that failed a place rests: so long at first, twice as long with
 * each further failure, this long at most. */
#define NEXT_HOP_REST_MAX_MS 8000

/* What whoever waited was told, and whoever comes meanwhile is told too. */
struct next_hop_failure {
    unsigned diagnostic; /* the ErrorId */
    const char *more;    /* its further parameters; borrowed */
};

struct next_hops;

/* first_rest_ms 0: a place is dialled anew at once. */
struct next_hops *next_hops_new(uint32_t first_rest_ms);
void next_hops_free(struct next_hops *hops);

/* The connection of that place, for one more request; fresh_id is taken for
 * one that is not there yet, and it is to be dialled then. 0 at a limit. */
uint64_t next_hops_join(struct next_hops *hops,
                        const struct next_hop_target *target,
                        uint64_t fresh_id);
/* The next place to be dialled, each named once; *target is valid until the
 * connection is removed. False when there is none. */
bool next_hops_next(struct next_hops *hops, struct next_hop_target *target,
                    uint64_t *connection_id);
/* It is there: no request waits for it any more. */
void next_hops_open(struct next_hops *hops, uint64_t connection_id);
/* It could not be made: the place rests. */
void next_hops_rest(struct next_hops *hops, uint64_t connection_id,
                    const struct next_hop_failure *failure, uint64_t now_ms);
/* False unless the place rests; *failure is valid until the next call. */
bool next_hops_is_resting(const struct next_hops *hops,
                          const struct next_hop_target *target, uint64_t now_ms,
                          struct next_hop_failure *failure);
/* It has ended; who comes next has it dialled anew. */
void next_hops_remove(struct next_hops *hops, uint64_t connection_id);
size_t next_hops_count(const struct next_hops *hops);

#endif
