/*
 * What is kept of what users publish, and what is not.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/presence.h"

#define CONNECTION 0x2500

static const struct ls_str ann = LS_STR("sip:ann@contoso.com");

static struct presence *presence;
static char *large; /* a tenth of what a user may keep */

static void setup(void)
{
    presence = presence_new();
    large = ls_alloc(PRESENCE_USER_MAX_BYTES / 10 + 1);
    memset(large, 'x', PRESENCE_USER_MAX_BYTES / 10);
}

static void teardown(void)
{
    presence_free(presence);
    free(large);
}

TestSuite(presence, .init = setup, .fini = teardown);

static struct publication note(uint32_t instance, uint32_t version,
                               const char *content)
{
    return (struct publication){
        .name = ls_str_from("note"),
        .instance = instance,
        .container = 200,
        .version = version,
        .expire_type = ls_str_from("endpoint"),
        .content = ls_str_from(content),
    };
}

static enum presence_outcome publish(const struct publication *publication)
{
    uint32_t version;

    return presence_publish(presence, ann, CONNECTION, publication, 0,
                            &version);
}

Test(presence, keeps_what_there_was_when_there_is_no_room_for_the_new)
{
    struct publication small = note(0, 0, "small");
    struct ls_buf seen = {0};

    cr_assert_eq(publish(&small), PRESENCE_PUBLISHED);
    for (uint32_t i = 1; i < 10; i++) {
        struct publication filling = note(i, 0, large);

        cr_assert_eq(publish(&filling), PRESENCE_PUBLISHED);
    }
    small = note(0, 1, large);
    cr_expect_eq(publish(&small), PRESENCE_FULL);
    cr_expect_eq(presence_version(presence, ann, &small), 1u);
    presence_add_seen(&seen, presence, ann);
    cr_expect_not_null(strstr(seen.at, ">small</category>"));
    ls_buf_clear(&seen);
}

Test(presence, makes_room_for_the_new_by_the_old_in_its_place)
{
    for (uint32_t i = 0; i < 9; i++) {
        struct publication filling = note(i, 0, large);

        cr_assert_eq(publish(&filling), PRESENCE_PUBLISHED);
    }
    for (uint32_t version = 1; version < 5; version++) {
        struct publication again = note(0, version, large);

        cr_expect_eq(publish(&again), PRESENCE_PUBLISHED);
    }
}

Test(presence, is_bounded_in_all)
{
    enum presence_outcome outcome = PRESENCE_PUBLISHED;
    size_t published = 0;

    while (outcome == PRESENCE_PUBLISHED && published < 1000) {
        char *aor = ls_strf("sip:%zu@contoso.com", published / 9);
        struct publication filling = note((uint32_t)published % 9, 0, large);
        uint32_t version;

        outcome = presence_publish(presence, ls_str_from(aor), published / 100,
                                   &filling, 0, &version);
        published += outcome == PRESENCE_PUBLISHED;
        free(aor);
    }
    cr_expect_eq(outcome, PRESENCE_FULL);
    cr_expect_gt(published, PRESENCE_MAX_BYTES / strlen(large) * 9 / 10);
}

/* As many users as there is room for; how many those are. */
static size_t fill(uint64_t connection_id, size_t first)
{
    struct publication filling = note(0, 0, large);
    size_t count = 0;
    uint32_t version;

    for (; count < 1000; count++) {
        char *aor = ls_strf("sip:%zu@contoso.com", first + count);
        enum presence_outcome outcome = presence_publish(
            presence, ls_str_from(aor), connection_id, &filling, 0, &version);

        free(aor);
        if (outcome != PRESENCE_PUBLISHED)
            break;
    }
    return count;
}

Test(presence, keeps_no_more_of_one_connection_than_its_share)
{
    struct publication small = note(0, 0, "small");
    const size_t share = PRESENCE_CONNECTION_MAX_BYTES / strlen(large);
    struct ls_buf users = {0};
    size_t count = fill(1, 0);

    cr_expect_gt(count, share * 9 / 10);
    cr_expect_leq(count, share);
    cr_expect_gt(fill(2, 1000), 0u);
    presence_withdraw(presence, 1, &users);
    cr_expect(ls_str_starts_with(
        ls_buf_str(&users),
        "sip:0@contoso.com\nsip:1@contoso.com\nsip:2@contoso.com\n"));
    cr_expect_eq(fill(1, 0), count);
    cr_expect_eq(publish(&small), PRESENCE_PUBLISHED);
    ls_buf_clear(&users);
}

Test(presence, withdraws_a_user_once_and_not_what_is_static)
{
    struct publication one = note(0, 0, "x"), other = note(1, 0, "x");
    struct publication lasting = note(2, 0, "x");
    struct ls_buf users = {0};

    lasting.expire_type = ls_str_from("static");
    cr_assert_eq(publish(&one), PRESENCE_PUBLISHED);
    cr_assert_eq(publish(&lasting), PRESENCE_PUBLISHED);
    cr_assert_eq(publish(&other), PRESENCE_PUBLISHED);
    presence_withdraw(presence, CONNECTION, &users);
    cr_expect_str_eq(users.at, "sip:ann@contoso.com\n");
    cr_expect_eq(presence_version(presence, ann, &one), 0u);
    cr_expect_eq(presence_version(presence, ann, &other), 0u);
    cr_expect_eq(presence_version(presence, ann, &lasting), 1u);
    ls_buf_reset(&users);
    presence_withdraw(presence, CONNECTION, &users);
    cr_expect_eq(users.length, 0u);
    lasting.version = 1;
    cr_expect_eq(publish(&lasting), PRESENCE_PUBLISHED, "by another one");
    ls_buf_clear(&users);
}

Test(presence, forgets_who_has_taken_everything_back)
{
    struct publication one = note(0, 0, "x");
    struct publication back = note(0, 1, "");

    back.is_withdrawn = true;
    cr_assert_eq(publish(&one), PRESENCE_PUBLISHED);
    cr_expect_eq(presence_user_count(presence), 1u);
    cr_expect_eq(publish(&back), PRESENCE_PUBLISHED);
    cr_expect_eq(presence_user_count(presence), 0u);
    cr_assert_eq(publish(&one), PRESENCE_PUBLISHED);
    cr_expect(presence_withdraw_user(presence, ann, CONNECTION));
    cr_expect_eq(presence_user_count(presence), 0u);
}
