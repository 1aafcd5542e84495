#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_transaction.h"

static struct sip_transactions *transactions;

static void setup(void)
{
    transactions = sip_transactions_new();
}

static void teardown(void)
{
    sip_transactions_free(transactions);
}

TestSuite(sip_transaction, .init = setup, .fini = teardown);

static struct sip_message *message_of(const char *method, const char *branch,
                                      const char *call_id, unsigned cseq,
                                      const char *more)
{
    char *text = ls_strf("%s sip:b@c SIP/2.0\r\nVia: SIP/2.0/TLS h;branch=%s"
                         "\r\nFrom: <sip:a@c>;tag=1\r\nTo: <sip:b@c>\r\n"
                         "Call-ID: %s\r\nCSeq: %u %s\r\n%s\r\n",
                         method, branch, call_id, cseq, method, more);
    struct sip_message *message;
    const char *reason;
    int status;

    cr_assert_eq(
        sip_message_parse(ls_str_from(text), &message, &status, &reason),
        LS_OK);
    free(text);
    return message;
}

static struct sip_transaction_key key_of(uint64_t connection_id,
                                         const struct sip_message *message)
{
    return sip_transaction_key_of(connection_id, message,
                                  sip_message_method(message));
}

static bool is_known(uint64_t connection_id, const struct sip_message *message,
                     const char *expected)
{
    struct sip_transaction_key key = key_of(connection_id, message);
    struct ls_str answer = {0};
    bool found = sip_transactions_find(transactions, key, message, &answer);

    if (found)
        cr_expect(ls_str_equal_text(answer, expected));
    return found;
}

static void add(uint64_t connection_id, const struct sip_message *message,
                const char *answer, uint64_t now_ms)
{
    sip_transactions_add(transactions, key_of(connection_id, message), message,
                         ls_str_from(answer), now_ms);
}

Test(sip_transaction, remembers_the_last_answer)
{
    struct sip_message *message = message_of("MESSAGE", "b", "c", 1, "");
    struct sip_transaction_key key = key_of(1, message);

    cr_expect_not(is_known(1, message, ""));
    add(1, message, "", 0);
    cr_expect(is_known(1, message, ""));
    sip_transactions_answer(transactions, key, ls_str_from("200"), 5);
    cr_expect(is_known(1, message, "200"));
    cr_expect_eq(sip_transactions_count(transactions), 1u);
    sip_message_free(message);
}

Test(sip_transaction, tells_requests_apart)
{
    static const struct {
        const char *label;
        uint64_t connection_id;
        const char *method, *branch, *call_id;
        unsigned cseq;
        const char *more;
    } rows[] = {
        {"connection", 2, "MESSAGE", "b", "c", 1, ""},
        {"method", 1, "INFO", "b", "c", 1, ""},
        {"branch", 1, "MESSAGE", "B", "c", 1, ""},
        {"Call-ID", 1, "MESSAGE", "b", "C", 1, ""},
        {"CSeq", 1, "MESSAGE", "b", "c", 2, ""},
        {"what it says", 1, "MESSAGE", "b", "c", 1, "X: y\r\n"},
    };
    struct sip_message *message = message_of("MESSAGE", "b", "c", 1, "");

    add(1, message, "200", 0);
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct sip_message *other =
            message_of(rows[i].method, rows[i].branch, rows[i].call_id,
                       rows[i].cseq, rows[i].more);

        cr_expect_not(is_known(rows[i].connection_id, other, ""), "%s",
                      rows[i].label);
        sip_message_free(other);
    }
    sip_message_free(message);
}

Test(sip_transaction, finds_the_invite_of_a_cancel)
{
    struct sip_message *invite = message_of("INVITE", "b", "c", 1, "");
    struct sip_message *cancel = message_of("CANCEL", "b", "c", 1, "");
    struct sip_transaction_key key =
        sip_transaction_key_of(1, cancel, ls_str_from("INVITE"));
    struct ls_str answer;

    add(1, invite, "486", 0);
    cr_expect(sip_transactions_find(transactions, key, NULL, &answer));
    sip_message_free(invite);
    sip_message_free(cancel);
}

Test(sip_transaction, forgets_in_time)
{
    struct sip_message *message = message_of("MESSAGE", "b", "c", 1, "");
    struct sip_message *other = message_of("MESSAGE", "b", "c", 2, "");

    add(1, message, "200", 0);
    add(1, other, "200", SIP_TRANSACTION_KEPT_MS - 1);
    cr_expect_eq(sip_transactions_count(transactions), 2u);
    add(1, other, "200", SIP_TRANSACTION_KEPT_MS);
    cr_expect_eq(sip_transactions_count(transactions), 1u);
    cr_expect_not(is_known(1, message, ""));
    sip_message_free(message);
    sip_message_free(other);
}

Test(sip_transaction, forgets_a_connection_that_ended)
{
    struct sip_message *message = message_of("MESSAGE", "b", "c", 1, "");

    add(1, message, "200", 0);
    add(2, message, "200", 0);
    sip_transactions_remove_connection(transactions, 1);
    cr_expect_not(is_known(1, message, ""));
    cr_expect(is_known(2, message, "200"));
    sip_message_free(message);
}

Test(sip_transaction, bounds_what_it_remembers)
{
    char *answer = ls_alloc(100001);

    memset(answer, 'x', 100000);
    for (unsigned i = 0; i < 200; i++) {
        struct sip_message *message = message_of("MESSAGE", "b", "c", i, "");

        add(1, message, answer, 0);
        sip_message_free(message);
    }
    cr_expect_lt(sip_transactions_count(transactions), 22u);
    cr_expect_gt(sip_transactions_count(transactions), 17u);
    free(answer);
}

Test(sip_transaction, finds_each_of_many_while_others_come_and_go)
{
    struct sip_message *messages[3000];

    for (unsigned i = 0; i < LS_COUNT(messages); i++) {
        messages[i] = message_of("MESSAGE", "b", "c", i, "");
        add(i % 7, messages[i], "200", 0);
        if (i % 500 == 499)
            sip_transactions_remove_connection(transactions, i % 7);
    }
    for (unsigned i = 0; i < LS_COUNT(messages); i++) {
        bool is_gone = false;

        for (unsigned k = 499; k < LS_COUNT(messages); k += 500)
            is_gone = is_gone || (i <= k && i % 7 == k % 7);
        cr_expect_eq(is_known(i % 7, messages[i], "200"), !is_gone, "%u", i);
        sip_message_free(messages[i]);
    }
}

Test(sip_transaction, answers_nothing_that_is_forgotten)
{
    struct sip_message *message = message_of("MESSAGE", "b", "c", 1, "");

    sip_transactions_answer(transactions, key_of(1, message),
                            ls_str_from("200"), 0);
    cr_expect_eq(sip_transactions_count(transactions), 0u);
    sip_message_free(message);
}
