/*
 * Who is told of whom, and how much of that one connection may keep.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/watchers.h"

static const struct ls_str ann = LS_STR("sip:ann@contoso.com");

static struct watchers *watchers;
static size_t dialog;

static void setup(void)
{
    watchers = watchers_new();
    dialog = 0;
}

static void teardown(void)
{
    watchers_free(watchers);
}

TestSuite(watchers, .init = setup, .fini = teardown);

/* A subscription to Ann in the dialog of that number. */
static struct watcher make(uint64_t connection_id, size_t number,
                           uint64_t expires_ms)
{
    struct watcher watcher = {
        .event = ls_strdup("presence"),
        .call_id = ls_strf("%zu", number),
        .tag = ls_strdup("1"),
        .from = ls_strdup("<sip:ann@contoso.com>;tag=2"),
        .to = ls_strdup("<sip:bob@contoso.com>;tag=1"),
        .subscriber = ls_strdup("sip:bob@contoso.com"),
        .target = ls_strdup("sip:192.0.2.8"),
        .connection_id = connection_id,
        .expires_ms = expires_ms,
        .users = ls_alloc(sizeof(char *)),
        .user_count = 1,
    };

    watcher.users[0] = ls_str_dup(ann);
    return watcher;
}

static bool add(uint64_t connection_id, uint64_t expires_ms, uint64_t now_ms)
{
    struct watcher watcher = make(connection_id, dialog++, expires_ms);

    return watchers_set(watchers, &watcher, now_ms) != NULL;
}

/* Ask for a large user name besides. */
static bool add_large(uint64_t connection_id, size_t number, size_t bytes)
{
    struct watcher watcher = make(connection_id, number, 1000);

    free(watcher.users[0]);
    watcher.users[0] = ls_alloc(bytes + 1);
    memset(watcher.users[0], 'x', bytes);
    return watchers_set(watchers, &watcher, 0) != NULL;
}

static size_t count_of_ann(uint64_t now_ms)
{
    struct watchers_walk walk = watchers_of(watchers, ann, now_ms);
    size_t count = 0;

    while (watchers_next(&walk))
        count++;
    return count;
}

Test(watchers, are_walked_while_they_live)
{
    add(1, 1000, 0);
    add(1, 500, 0);
    add(2, 1000, 0);

    cr_expect_eq(count_of_ann(0), 3u);
    cr_expect_eq(count_of_ann(500), 2u);
    cr_expect_eq(count_of_ann(1000), 0u);
    watchers_remove_connection(watchers, 1);
    cr_expect_eq(count_of_ann(0), 1u);
    watchers_remove_connection(watchers, 3);
    watchers_remove_subscriber(watchers, ls_str_from("sip:bob@contoso.com"), 1);
    cr_expect_eq(count_of_ann(0), 1u);
    watchers_remove_subscriber(watchers, ls_str_from("sip:bob@contoso.com"), 2);
    cr_expect_eq(watchers_count(watchers), 0u);
}

Test(watchers, of_one_connection_leave_room_for_others)
{
    for (size_t i = 0; i < WATCHERS_CONNECTION_MAX; i++)
        cr_assert(add(1, 1000, 0));
    cr_expect_not(add(1, 1000, 0));
    cr_expect(add(2, 1000, 0));
    dialog = 0;
    cr_expect(add(1, 1000, 0), "a refresh has room");
    cr_expect_eq(watchers_count(watchers), WATCHERS_CONNECTION_MAX + 1u);
}

Test(watchers, are_bounded_in_all)
{
    for (size_t i = 0; i < WATCHERS_MAX; i++)
        cr_assert(add(i / WATCHERS_CONNECTION_MAX, 1000, 0));
    cr_expect_not(add(7, 1000, 0));
    cr_expect(add(7, 2000, 1000), "those that have run out make room");
    cr_expect_eq(watchers_count(watchers), 1u);
}

Test(watchers, of_one_connection_are_bounded_by_bytes)
{
    const size_t each = WATCHERS_CONNECTION_MAX_BYTES / 10;

    for (size_t i = 0; i < 4; i++)
        cr_assert(add_large(1, i, each));
    cr_expect_not(add_large(1, 4, each), "each name is kept twice");
    cr_expect_not(add_large(1, 0, 2 * each));
    cr_expect_eq(watchers_count(watchers), 4u, "what there was stays");
    cr_expect(add_large(1, 0, each), "a refresh has room");
    cr_expect(add_large(2, 5, each));
    cr_expect(add(1, 1000, 0));
    watchers_remove_connection(watchers, 1);
    cr_expect(add_large(1, 4, each));
}

Test(watchers, are_bounded_by_bytes_in_all)
{
    const size_t each = WATCHERS_CONNECTION_MAX_BYTES / 4;
    size_t count = 0;

    while (count < 100 && add_large(count, count, each))
        count++;
    cr_expect_eq(count, (WATCHERS_MAX_BYTES - 1) / (2 * each));
}
