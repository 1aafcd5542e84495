#include "lyncsim/sip_transaction.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>
#include <utlist.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

struct transaction {
    char *key;
    char *answer;
    size_t answer_length;
    uint64_t connection_id;
    uint64_t digest; /* of the request */
    uint64_t forget_ms;
    struct transaction *prev, *next;
    UT_hash_handle hh;
};

struct sip_transactions {
    struct transaction *by_key;
    struct transaction *by_age; /* the oldest first */
    size_t bytes;
};

struct sip_transactions *sip_transactions_new(void)
{
    return ls_alloc(sizeof(struct sip_transactions));
}

/* What one costs, about. */
static size_t cost(const struct transaction *transaction)
{
    return sizeof(*transaction) + strlen(transaction->key) +
           transaction->answer_length;
}

static void forget(struct sip_transactions *transactions,
                   struct transaction *transaction)
{
    transactions->bytes -= cost(transaction);
    HASH_DEL(transactions->by_key, transaction);
    DL_DELETE(transactions->by_age, transaction);
    free(transaction->key);
    free(transaction->answer);
    free(transaction);
}

void sip_transactions_free(struct sip_transactions *transactions)
{
    if (!transactions)
        return;
    while (transactions->by_age)
        forget(transactions, transactions->by_age);
    free(transactions);
}

char *sip_transaction_key(uint64_t connection_id,
                          const struct sip_message *request,
                          struct ls_str method)
{
    struct ls_buf key = {0};

    /* No value holds a line end, so none can pass for another. */
    ls_buf_printf(&key, "%llX\n%u\n%.*s\n", (unsigned long long)connection_id,
                  sip_message_cseq(request), LS_STR_ARG(method));
    ls_buf_add(&key, sip_message_branch(request));
    ls_buf_add_byte(&key, '\n');
    ls_buf_add(&key, sip_message_from_tag(request));
    ls_buf_add_byte(&key, '\n');
    ls_buf_add(&key, sip_message_call_id(request));
    return ls_buf_take(&key);
}

static struct transaction *find(const struct sip_transactions *transactions,
                                const char *key)
{
    struct transaction *transaction;

    HASH_FIND_STR(transactions->by_key, key, transaction);
    return transaction;
}

/* FNV-1a. Nobody gains by a collision but an old answer to himself. */
static uint64_t digest_of(const struct sip_message *request)
{
    struct ls_str bytes = sip_message_bytes(request);
    uint64_t digest = 0xCBF29CE484222325u;

    for (size_t i = 0; i < bytes.length; i++)
        digest = (digest ^ (unsigned char)bytes.at[i]) * 0x100000001B3u;
    return digest;
}

bool sip_transactions_find(const struct sip_transactions *transactions,
                           const char *key, const struct sip_message *request,
                           struct ls_str *answer)
{
    const struct transaction *transaction = find(transactions, key);

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

static void keep(struct sip_transactions *transactions,
                 struct transaction *transaction, struct ls_str answer,
                 uint64_t now_ms)
{
    transaction->answer = ls_str_dup(answer);
    transaction->answer_length = answer.length;
    transaction->forget_ms = now_ms + SIP_TRANSACTION_KEPT_MS;
    DL_APPEND(transactions->by_age, transaction);
    transactions->bytes += cost(transaction);
    forget_old(transactions, now_ms);
}

void sip_transactions_add(struct sip_transactions *transactions,
                          uint64_t connection_id, const char *key,
                          const struct sip_message *request,
                          struct ls_str answer, uint64_t now_ms)
{
    struct transaction *transaction = find(transactions, key);

    if (transaction)
        forget(transactions, transaction);
    transaction = ls_alloc(sizeof(*transaction));
    transaction->key = ls_strdup(key);
    transaction->connection_id = connection_id;
    transaction->digest = digest_of(request);
    HASH_ADD_STR(transactions->by_key, key, transaction);
    keep(transactions, transaction, answer, now_ms);
}

void sip_transactions_answer(struct sip_transactions *transactions,
                             const char *key, struct ls_str answer,
                             uint64_t now_ms)
{
    struct transaction *transaction = find(transactions, key);

    if (!transaction)
        return;
    transactions->bytes -= cost(transaction);
    DL_DELETE(transactions->by_age, transaction);
    free(transaction->answer);
    keep(transactions, transaction, answer, now_ms);
}

void sip_transactions_remove_connection(struct sip_transactions *transactions,
                                        uint64_t connection_id)
{
    struct transaction *transaction;
    struct transaction *next;

    DL_FOREACH_SAFE(transactions->by_age, transaction, next)
        if (transaction->connection_id == connection_id)
            forget(transactions, transaction);
}

size_t sip_transactions_count(const struct sip_transactions *transactions)
{
    return HASH_COUNT(transactions->by_key);
}
