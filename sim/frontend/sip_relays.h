/*
 * Which requests were sent on and wait for their final answer? Found by the
 * branch of their answers, and by the connection of who asked, of which none
 * may have more than its share; bounded.
 */
#ifndef LYNCSIM_SIP_RELAYS_H
#define LYNCSIM_SIP_RELAYS_H

#include "lyncsim/front_end_answer.h"
#include "lyncsim/hash.h"
#include "lyncsim/sip_transaction.h"

struct sip_asker;

struct sip_relay {
    char *branch; /* ours; what its answers are known by */
    struct sip_message *message;
    struct sip_caller caller; /* who asked; its address is owned here */
    char *address;
    struct sip_transaction_key key; /* of who asked */
    char *uri;                      /* where it went */
    uint64_t target_connection;
    uint64_t deadline_ms;
    bool is_invite;
    bool is_cancelled;
    size_t bytes; /* about what it takes */
    struct sip_asker *asker;
    struct sip_relay *prev, *next;
    struct sip_relay *prev_of_asker, *next_of_asker;
    UT_hash_handle hh;
};

/* Zero-initialised is valid. */
struct sip_relays {
    struct sip_relay *all; /* the oldest first */
    struct sip_relay *by_branch;
    struct sip_asker *askers;
    size_t bytes;
};

void sip_relays_clear(struct sip_relays *relays);

/* Whether one more of so many bytes may wait for this connection. */
bool sip_relays_have_room(const struct sip_relays *relays,
                          uint64_t connection_id, size_t message_bytes);
/* relay is taken; its texts and message are freed with it. */
void sip_relays_add(struct sip_relays *relays, struct sip_relay *relay);
void sip_relays_remove(struct sip_relays *relays, struct sip_relay *relay);
/* Borrowed; NULL when there is none. */
struct sip_relay *sip_relays_find(const struct sip_relays *relays,
                                  struct ls_str branch);
/* The first of those asked for over a connection, linked by next_of_asker; NULL
 * when there are none. */
struct sip_relay *sip_relays_of(const struct sip_relays *relays,
                                uint64_t connection_id);
size_t sip_relays_count(const struct sip_relays *relays);

#endif
