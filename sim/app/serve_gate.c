/*
 * Counting at the door. The lock is held for the time of one look into a
 * table, when a connection comes or goes: no byte of one that is there ever
 * waits for it.
 */
#include "serve_gate.h"

#include <arpa/inet.h>
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/hash.h"
#include "lyncsim/str.h"

/* Whom one address stands for: of IPv6 the network, as its host chooses the
 * rest. */
struct visitor_key {
    unsigned char bytes[8];
};

struct visitors {
    struct visitor_key key;
    size_t count;
    UT_hash_handle hh;
};

struct serve_gate {
    const struct serve_limits *limits;
    pthread_mutex_t lock;
    size_t count;
    struct visitors *by_address;
};

struct serve_gate *serve_gate_new(const struct serve_limits *limits)
{
    struct serve_gate *gate = ls_alloc(sizeof *gate);

    gate->limits = limits;
    pthread_mutex_init(&gate->lock, NULL);
    return gate;
}

static void forget(struct serve_gate *gate, struct visitors *visitors)
{
    HASH_DEL(gate->by_address, visitors);
    free(visitors);
}

void serve_gate_free(struct serve_gate *gate)
{
    if (gate == NULL)
        return;
    while (gate->by_address != NULL)
        forget(gate, gate->by_address);
    pthread_mutex_destroy(&gate->lock);
    free(gate);
}

/* "192.0.2.7:49732", "[2001:db8::1]:49732" */
static struct visitor_key key_of(const char *peer, bool *is_loopback)
{
    struct visitor_key key = {0};
    struct in6_addr six;
    struct in_addr four;
    struct ls_str text = ls_str_from(peer);
    char *address;

    if (strrchr(peer, ':') != NULL)
        text.length = (size_t)(strrchr(peer, ':') - peer);
    if (ls_str_starts_with(text, "["))
        text = ls_str_from_bytes(text.at + 1, text.length - 2);
    address = ls_str_dup(text);
    *is_loopback = false;
    if (inet_pton(AF_INET, address, &four) == 1) {
        memcpy(key.bytes, &four, sizeof four);
        *is_loopback = key.bytes[0] == 127;
    } else if (inet_pton(AF_INET6, address, &six) == 1) {
        memcpy(key.bytes, &six, sizeof key.bytes);
        *is_loopback = IN6_IS_ADDR_LOOPBACK(&six);
    }
    free(address);
    return key;
}

static struct visitors *find(struct serve_gate *gate,
                             const struct visitor_key *key)
{
    struct visitors *visitors;

    HASH_FIND(hh, gate->by_address, key, sizeof *key, visitors);
    return visitors;
}

static void count_in(struct serve_gate *gate, const struct visitor_key *key)
{
    struct visitors *visitors = find(gate, key);

    if (visitors == NULL) {
        visitors = ls_alloc(sizeof *visitors);
        visitors->key = *key;
        HASH_ADD(hh, gate->by_address, key, sizeof visitors->key, visitors);
    }
    visitors->count++;
    gate->count++;
}

bool serve_gate_enter(struct serve_gate *gate, const char *peer,
                      enum trace_limit *limit)
{
    bool is_loopback, enters = false;
    struct visitor_key key = key_of(peer, &is_loopback);
    const struct visitors *visitors;

    pthread_mutex_lock(&gate->lock);
    visitors = find(gate, &key);
    if (gate->count >= gate->limits->connections)
        *limit = LIMIT_CONNECTIONS;
    else if (visitors != NULL && visitors->count >= gate->limits->per_address &&
             !(is_loopback && gate->limits->spares_loopback))
        *limit = LIMIT_ADDRESS;
    else
        enters = true;
    if (enters)
        count_in(gate, &key);
    pthread_mutex_unlock(&gate->lock);
    return enters;
}

void serve_gate_leave(struct serve_gate *gate, const char *peer)
{
    bool is_loopback;
    struct visitor_key key = key_of(peer, &is_loopback);
    struct visitors *visitors;

    pthread_mutex_lock(&gate->lock);
    visitors = find(gate, &key);
    assert(visitors != NULL && gate->count > 0);
    gate->count--;
    if (--visitors->count == 0)
        forget(gate, visitors);
    pthread_mutex_unlock(&gate->lock);
}
