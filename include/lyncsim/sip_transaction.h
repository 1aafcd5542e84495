/*
 * Has this request been seen before, and what was said to it? The memory that
 * answers a retransmission with the same bytes (RFC 3261 17.2), bounded.
 */
#ifndef LYNCSIM_SIP_TRANSACTION_H
#define LYNCSIM_SIP_TRANSACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/sip_message.h"
#include "lyncsim/str.h"

/* 64*T1 (RFC 3261 17.1.2.2). Timers J and H are 0 over a stream for peers
 * that never repeat themselves; those that do are answered. */
#define SIP_TRANSACTION_KEPT_MS 32000
/* What is kept in all; beyond it the oldest is forgotten. At 2,000 requests a
 * second that is after the first two times that one would be repeated; more
 * would not stay in the processor's cache. */
#define SIP_TRANSACTIONS_MAX_BYTES (2u * 1024 * 1024)

struct sip_transactions;

struct sip_transactions *sip_transactions_new(void);
void sip_transactions_free(struct sip_transactions *transactions);

/* What a request is known by on its connection: a digest of branch, Call-ID,
 * From tag and CSeq; method stands for its own (an ACK or CANCEL asks for its
 * INVITE). Who takes the trouble to send two with one digest deceives nobody
 * but himself. */
struct sip_transaction_key {
    uint64_t connection_id;
    uint64_t digest;
};
struct sip_transaction_key
sip_transaction_key_of(uint64_t connection_id,
                       const struct sip_message *request, struct ls_str method);
bool sip_transaction_key_equal(struct sip_transaction_key a,
                               struct sip_transaction_key b);

/* Whether it is known, and its last answer, empty while there is none; valid
 * until the next call. A retransmission is the same to the byte: a request
 * that shares the key and says something else is not found. request NULL asks
 * for the key alone. */
bool sip_transactions_find(const struct sip_transactions *transactions,
                           struct sip_transaction_key key,
                           const struct sip_message *request,
                           struct ls_str *answer);
/* Remember a request and its answer, if there is one yet. */
void sip_transactions_add(struct sip_transactions *transactions,
                          struct sip_transaction_key key,
                          const struct sip_message *request,
                          struct ls_str answer, uint64_t now_ms);
/* The newest answer to a request, if that is still known. */
void sip_transactions_answer(struct sip_transactions *transactions,
                             struct sip_transaction_key key,
                             struct ls_str answer, uint64_t now_ms);
/* The connection has ended. */
void sip_transactions_remove_connection(struct sip_transactions *transactions,
                                        uint64_t connection_id);
size_t sip_transactions_count(const struct sip_transactions *transactions);

#endif
