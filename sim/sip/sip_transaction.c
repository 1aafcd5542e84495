#include "lyncsim/sip_transaction.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/hash.h"

/* One block of memory each: thousands of them are made and forgotten in a
 * second. */
struct transaction {
    uint64_t digest; /* of the request */
    uint64_t forget_ms;
    struct speaker *speaker;
    struct transaction *prev, *next;     /* of all */
    struct transaction *earlier, *later; /* of the connection */
    uint64_t hash;                       /* the digest of the key */
    size_t answer_length;
    char answer[];
};

/* A connection that is remembered something of. */
struct speaker {
    uint64_t connection_id;
    struct transaction *transactions; /* the earliest first */
    UT_hash_handle hh;
};

/* Where a transaction is found by its key: beside its hash, so that memory
 * which nothing has touched for long is read for the right one only. */
struct slot {
    uint64_t hash;
    struct transaction *transaction; /* NULL: free */
};

struct sip_transactions {
    struct slot *slots; /* a power of two of them, half of them free */
    size_t slot_count;
    size_t count;
    struct transaction *by_age; /* the oldest first */
    struct speaker *speakers;
    size_t bytes;
};

struct sip_transactions *sip_transactions_new(void)
{
    return ls_alloc(sizeof(struct sip_transactions));
}

/* What one costs, about. */
static size_t cost(const struct transaction *transaction)
{
    return sizeof(*transaction) + transaction->answer_length;
}

static void put_slot(struct slot *slots, size_t mask,
                     struct transaction *transaction)
{
    size_t i = transaction->hash & mask;

    while (slots[i].transaction)
        i = (i + 1) & mask;
    slots[i] = (struct slot){transaction->hash, transaction};
}

static void add_slot(struct sip_transactions *transactions,
                     struct transaction *transaction)
{
    if (2 * (transactions->count + 1) > transactions->slot_count) {
        size_t count =
            transactions->slot_count ? 2 * transactions->slot_count : 64;

        free(transactions->slots);
        transactions->slots = ls_alloc_array(count, sizeof(struct slot));
        transactions->slot_count = count;
        for (struct transaction *known = transactions->by_age; known;
             known = known->next)
            put_slot(transactions->slots, count - 1, known);
    }
    put_slot(transactions->slots, transactions->slot_count - 1, transaction);
    transactions->count++;
}

/* Whoever stands behind the gap and could not be found across it moves up. */
static void remove_slot(struct sip_transactions *transactions,
                        const struct transaction *transaction)
{
    struct slot *slots = transactions->slots;
    size_t mask = transactions->slot_count - 1;
    size_t gap = transaction->hash & mask;

    while (slots[gap].transaction != transaction)
        gap = (gap + 1) & mask;
    for (size_t i = (gap + 1) & mask; slots[i].transaction; i = (i + 1) & mask)
        if (((i - slots[i].hash) & mask) >= ((i - gap) & mask)) {
            slots[gap] = slots[i];
            gap = i;
        }
    slots[gap] = (struct slot){0};
    transactions->count--;
}

static void forget(struct sip_transactions *transactions,
                   struct transaction *transaction)
{
    struct speaker *speaker = transaction->speaker;

    transactions->bytes -= cost(transaction);
    remove_slot(transactions, transaction);
    DL_DELETE(transactions->by_age, transaction);
    DL_DELETE2(speaker->transactions, transaction, earlier, later);
    if (!speaker->transactions) {
        HASH_DEL(transactions->speakers, speaker);
        free(speaker);
    }
    free(transaction);
}

void sip_transactions_free(struct sip_transactions *transactions)
{
    if (!transactions)
        return;
    while (transactions->by_age)
        forget(transactions, transactions->by_age);
    free(transactions->slots);
    free(transactions);
}

struct sip_transaction_key
sip_transaction_key_of(uint64_t connection_id,
                       const struct sip_message *request, struct ls_str method)
{
    const struct ls_str parts[] = {
        method,
        sip_message_branch(request),
        sip_message_from_tag(request),
        sip_message_call_id(request),
    };
    uint64_t sums[LS_COUNT(parts) + 1] = {sip_message_cseq(request)};

    for (size_t i = 0; i < LS_COUNT(parts); i++)
        sums[i + 1] = ls_str_digest(parts[i]);
    return (struct sip_transaction_key){
        connection_id,
        /* Slots stand side by side: many in one place are slow to pass. */
        ls_hash_digest(ls_str_from_bytes(sums, sizeof sums))};
}

bool sip_transaction_key_equal(struct sip_transaction_key a,
                               struct sip_transaction_key b)
{
    return a.connection_id == b.connection_id && a.digest == b.digest;
}

static struct transaction *find(const struct sip_transactions *transactions,
                                struct sip_transaction_key key)
{
    size_t mask = transactions->slot_count - 1;

    if (transactions->count == 0)
        return NULL;
    for (size_t i = key.digest & mask; transactions->slots[i].transaction;
         i = (i + 1) & mask) {
        struct transaction *transaction = transactions->slots[i].transaction;

        if (transactions->slots[i].hash == key.digest &&
            transaction->speaker->connection_id == key.connection_id)
            return transaction;
    }
    return NULL;
}

static uint64_t digest_of(const struct sip_message *request)
{
    return ls_str_digest(sip_message_bytes(request));
}

bool sip_transactions_find(const struct sip_transactions *transactions,
                           struct sip_transaction_key key,
                           const struct sip_message *request,
                           struct ls_str *answer)
{
    const struct transaction *transaction = find(transactions, key);

    /* Nobody gains by a collision but an old answer to himself. */
    if (!transaction || (request && transaction->digest != digest_of(request)))
        return false;
    *answer =
        ls_str_from_bytes(transaction->answer, transaction->answer_length);
    return true;
}

static void forget_old(struct sip_transactions *transactions, uint64_t now_ms)
{
    while (transactions->by_age &&
           (transactions->by_age->forget_ms <= now_ms ||
            transactions->bytes > SIP_TRANSACTIONS_MAX_BYTES))
        forget(transactions, transactions->by_age);
}

static struct speaker *speaker_of(struct sip_transactions *transactions,
                                  uint64_t connection_id)
{
    struct speaker *speaker;

    HASH_FIND(hh, transactions->speakers, &connection_id, sizeof connection_id,
              speaker);
    if (!speaker) {
        speaker = ls_alloc(sizeof *speaker);
        speaker->connection_id = connection_id;
        HASH_ADD(hh, transactions->speakers, connection_id,
                 sizeof speaker->connection_id, speaker);
    }
    return speaker;
}

static struct transaction *transaction_new(uint64_t digest,
                                           struct ls_str answer)
{
    struct transaction *transaction =
        ls_realloc_array(NULL, sizeof *transaction + answer.length, 1);

    *transaction = (struct transaction){
        .digest = digest,
        .answer_length = answer.length,
    };
    if (answer.length > 0)
        memcpy(transaction->answer, answer.at, answer.length);
    return transaction;
}

/* In the place of known, if that is not NULL. */
static void keep(struct sip_transactions *transactions,
                 struct transaction *known, struct transaction *transaction,
                 struct sip_transaction_key key, uint64_t now_ms)
{
    if (known)
        forget(transactions, known);
    transaction->hash = key.digest;
    transaction->speaker = speaker_of(transactions, key.connection_id);
    transaction->forget_ms = now_ms + SIP_TRANSACTION_KEPT_MS;
    add_slot(transactions, transaction);
    DL_APPEND(transactions->by_age, transaction);
    DL_APPEND2(transaction->speaker->transactions, transaction, earlier, later);
    transactions->bytes += cost(transaction);
    forget_old(transactions, now_ms);
}

void sip_transactions_add(struct sip_transactions *transactions,
                          struct sip_transaction_key key,
                          const struct sip_message *request,
                          struct ls_str answer, uint64_t now_ms)
{
    keep(transactions, find(transactions, key),
         transaction_new(digest_of(request), answer), key, now_ms);
}

void sip_transactions_answer(struct sip_transactions *transactions,
                             struct sip_transaction_key key,
                             struct ls_str answer, uint64_t now_ms)
{
    struct transaction *known = find(transactions, key);

    if (known)
        keep(transactions, known, transaction_new(known->digest, answer), key,
             now_ms);
}

void sip_transactions_remove_connection(struct sip_transactions *transactions,
                                        uint64_t connection_id)
{
    struct speaker *speaker;

    do {
        HASH_FIND(hh, transactions->speakers, &connection_id,
                  sizeof connection_id, speaker);
        if (speaker)
            forget(transactions, speaker->transactions);
    } while (speaker);
}

size_t sip_transactions_count(const struct sip_transactions *transactions)
{
    return transactions->count;
}
