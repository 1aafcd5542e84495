#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_dialog.h"

static struct sip_dialogs *dialogs;

static void setup(void)
{
    dialogs = sip_dialogs_new();
}

static void teardown(void)
{
    sip_dialogs_free(dialogs);
}

TestSuite(sip_dialog, .init = setup, .fini = teardown);

static struct sip_message *message_of(const char *from_tag, const char *to_tag,
                                      const char *call_id)
{
    char *text = ls_strf("BYE sip:b@c SIP/2.0\r\nVia: SIP/2.0/TLS h\r\n"
                         "From: <sip:a@c>;tag=%s\r\nTo: <sip:b@c>;tag=%s\r\n"
                         "Call-ID: %s\r\nCSeq: 1 BYE\r\n\r\n",
                         from_tag, to_tag, call_id);
    struct sip_message *message;
    const char *reason;
    int status;

    cr_assert_eq(
        sip_message_parse(ls_str_from(text), &message, &status, &reason),
        LS_OK);
    free(text);
    return message;
}

/* Ann's tag is a, over connection 1; Bob's is b, over 2. */
static void add(const char *call_id)
{
    struct sip_message *response = message_of("a", "b", call_id);

    sip_dialogs_add(dialogs, response, 1, 2);
    sip_message_free(response);
}

/* The connection it goes to; 0 for none. */
static uint64_t route(const char *from_tag, const char *to_tag,
                      const char *call_id, uint64_t from_connection)
{
    struct sip_message *request = message_of(from_tag, to_tag, call_id);
    uint64_t from = 0, to = 0;
    bool found = sip_dialogs_find(dialogs, request, &from, &to);

    sip_message_free(request);
    return found && from == from_connection ? to : 0;
}

Test(sip_dialog, leads_from_either_side_to_the_other)
{
    add("x");
    cr_expect_eq(route("a", "b", "x", 1), 2u);
    cr_expect_eq(route("b", "a", "x", 2), 1u);
}

Test(sip_dialog, leads_nobody_else_anywhere)
{
    static const struct {
        const char *label, *from_tag, *to_tag, *call_id;
        uint64_t from_connection;
    } rows[] = {
        {"another Call-ID", "a", "b", "y", 1},
        {"another tag", "a", "c", "x", 1},
        {"a tag in other letters", "A", "b", "x", 1},
        {"tags run together", "ab", "b", "x", 1},
        {"the other side's connection", "a", "b", "x", 2},
        {"a third connection", "a", "b", "x", 3},
    };

    add("x");
    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_eq(route(rows[i].from_tag, rows[i].to_tag, rows[i].call_id,
                           rows[i].from_connection),
                     0u, "%s", rows[i].label);
}

Test(sip_dialog, stays_as_it_was_made)
{
    struct sip_message *again = message_of("a", "b", "x");

    add("x");
    sip_dialogs_add(dialogs, again, 7, 8);
    cr_expect_eq(sip_dialogs_count(dialogs), 1u);
    cr_expect_eq(route("a", "b", "x", 1), 2u);
    sip_message_free(again);
}

Test(sip_dialog, ends_from_either_side)
{
    struct sip_message *from_callee = message_of("b", "a", "x");

    add("x");
    add("y");
    sip_dialogs_remove(dialogs, from_callee);
    sip_dialogs_remove(dialogs, from_callee);
    cr_expect_eq(sip_dialogs_count(dialogs), 1u);
    cr_expect_eq(route("a", "b", "y", 1), 2u);
    sip_message_free(from_callee);
}

Test(sip_dialog, ends_with_either_connection)
{
    add("x");
    sip_dialogs_remove_connection(dialogs, 3);
    cr_expect_eq(sip_dialogs_count(dialogs), 1u);
    sip_dialogs_remove_connection(dialogs, 2);
    cr_expect_eq(sip_dialogs_count(dialogs), 0u);
    add("x");
    sip_dialogs_remove_connection(dialogs, 1);
    cr_expect_eq(sip_dialogs_count(dialogs), 0u);
}

Test(sip_dialog, bounds_how_many_there_are)
{
    for (unsigned i = 0; i <= SIP_DIALOGS_MAX; i++) {
        char call_id[16];

        snprintf(call_id, sizeof(call_id), "%u", i);
        add(call_id);
    }
    cr_expect_eq(sip_dialogs_count(dialogs), SIP_DIALOGS_MAX);
    cr_expect_eq(route("a", "b", "0", 1), 0u, "the oldest is forgotten");
    cr_expect_eq(route("a", "b", "1", 1), 2u);
}

Test(sip_dialog, bounds_the_bytes_of_all)
{
    const unsigned most = SIP_DIALOGS_MAX_BYTES / 60000;

    for (unsigned i = 0; i < most + 20; i++) {
        char *call_id = ls_strf("%060000u", i);

        add(call_id);
        free(call_id);
    }
    cr_expect_leq(sip_dialogs_count(dialogs), most);
    cr_expect_gt(sip_dialogs_count(dialogs), most * 9 / 10);
    sip_dialogs_remove_connection(dialogs, 1);
    add("x");
    cr_expect_eq(route("a", "b", "x", 1), 2u);
}
