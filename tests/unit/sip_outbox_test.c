#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/sip_outbox.h"

static struct sip_outbox *outbox;

static void setup(void)
{
    outbox = sip_outbox_new();
}

static void teardown(void)
{
    sip_outbox_free(outbox);
}

TestSuite(sip_outbox, .init = setup, .fini = teardown);

static void expect_mail(uint64_t connection_id, const char *expected)
{
    struct ls_buf out = {0};

    sip_outbox_take(outbox, connection_id, &out);
    char *text = ls_buf_take(&out);
    cr_expect_str_eq(text, expected);
    free(text);
}

Test(sip_outbox, keeps_messages_apart_by_connection)
{
    sip_outbox_add(outbox, 1, ls_str_from("a"));
    sip_outbox_add(outbox, 2, ls_str_from("b"));
    sip_outbox_add(outbox, 1, ls_str_from("c"));

    expect_mail(1, "ac");
    expect_mail(1, "");
    expect_mail(2, "b");
    expect_mail(3, "");
}

Test(sip_outbox, names_who_has_mail_once)
{
    uint64_t id = 0;

    cr_expect_not(sip_outbox_next(outbox, &id));
    sip_outbox_add(outbox, 1, ls_str_from("a"));
    sip_outbox_add(outbox, 2, ls_str_from("b"));
    sip_outbox_add(outbox, 1, ls_str_from("c"));
    cr_expect(sip_outbox_next(outbox, &id));
    cr_expect_eq(id, 1u);
    cr_expect(sip_outbox_next(outbox, &id));
    cr_expect_eq(id, 2u);
    cr_expect_not(sip_outbox_next(outbox, &id));
    sip_outbox_add(outbox, 2, ls_str_from("d"));
    cr_expect(sip_outbox_next(outbox, &id));
    cr_expect_eq(id, 2u);
    expect_mail(2, "bd");
}

Test(sip_outbox, refuses_mail_for_who_does_not_fetch_it)
{
    char kilobyte[1024] = {0};
    size_t count = 0;

    while (sip_outbox_add(outbox, 1,
                          ls_str_from_bytes(kilobyte, sizeof(kilobyte))))
        cr_assert_lt(count++, 1000u);
    cr_expect_eq(count, SIP_OUTBOX_MAX_BYTES / 1024 + 1);
    cr_expect(sip_outbox_add(outbox, 2, ls_str_from("a")));
    cr_expect_eq(sip_outbox_refused_count(outbox, 1), 1u);
    cr_expect(sip_outbox_refuses(outbox, 1));
    cr_expect_eq(sip_outbox_refused_count(outbox, 1), 2u);
    cr_expect_not(sip_outbox_refuses(outbox, 2));
    cr_expect_eq(sip_outbox_refused_count(outbox, 2), 0u);
}

Test(sip_outbox, leaves_room_for_others_when_many_do_not_fetch_theirs)
{
    static const char bytes[16 * 1024];
    const struct ls_str message = ls_str_from_bytes(bytes, sizeof bytes);
    const size_t most = SIP_OUTBOX_ALL_MAX_BYTES / sizeof bytes;
    uint64_t id = 0;
    size_t count = 0;

    for (; count < most; id++)
        while (count < 2 * most && sip_outbox_add(outbox, id, message))
            count++;
    cr_expect_eq(count, most);
    for (uint64_t i = 0; i < 100; i++) {
        cr_expect(sip_outbox_add(outbox, id + i, message));
        cr_expect_not(sip_outbox_add(outbox, id + i, message));
    }
    while (count < 3 * most && sip_outbox_add(outbox, id + count, message))
        count++;
    cr_expect_eq(count + 100, 2 * most);
}

Test(sip_outbox, has_room_again_when_somebody_fetches)
{
    static const char bytes[SIP_OUTBOX_MAX_BYTES];
    const struct ls_str message = ls_str_from_bytes(bytes, sizeof bytes);
    struct ls_buf out = {0};
    uint64_t id = 0;

    while (id < 10000 && sip_outbox_add(outbox, id, message))
        id++;
    cr_assert_lt(id, 10000u);
    sip_outbox_take(outbox, 0, &out);
    cr_expect(sip_outbox_add(outbox, id, message));
    cr_expect_not(sip_outbox_add(outbox, id + 1, message));
    sip_outbox_remove_connection(outbox, 1);
    cr_expect(sip_outbox_add(outbox, id + 1, message));
    ls_buf_clear(&out);
}

Test(sip_outbox, forgets_a_connection_that_ended)
{
    uint64_t id;

    sip_outbox_add(outbox, 1, ls_str_from("a"));
    sip_outbox_remove_connection(outbox, 1);
    sip_outbox_remove_connection(outbox, 7);
    cr_expect_not(sip_outbox_next(outbox, &id));
    expect_mail(1, "");
}
