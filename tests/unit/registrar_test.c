#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/registrar.h"

#define USER "sip:test@deitterick.com"

static struct registrar *registrar;

static void setup(void)
{
    registrar = registrar_new();
}

static void teardown(void)
{
    registrar_free(registrar);
}

TestSuite(registrar, .init = setup, .fini = teardown);

static const struct binding *add(const char *user, const char *contact,
                                 const char *epid, uint64_t connection_id,
                                 uint64_t expires_ms)
{
    struct binding binding = {
        .user = (char *)user,
        .contact = (char *)contact,
        .epid = (char *)epid,
        .connection_id = connection_id,
        .expires_ms = expires_ms,
    };

    return registrar_add(registrar, &binding);
}

static const struct binding *find(const char *user, uint64_t now_ms)
{
    return registrar_find(registrar, ls_str_from(user), now_ms);
}

Test(registrar, finds_who_signed_in)
{
    add(USER, "sip:192.0.2.7", "e1", 0x2500, 1000);

    const struct binding *binding = find(USER, 0);
    cr_assert(binding);
    cr_expect_str_eq(binding->user, USER);
    cr_expect_str_eq(binding->contact, "sip:192.0.2.7");
    cr_expect_str_eq(binding->epid, "e1");
    cr_expect_eq(binding->connection_id, 0x2500u);
    cr_expect_eq(registrar_count(registrar), 1u);
}

Test(registrar, knows_a_user_by_address_of_record)
{
    add("sip:Test@Deitterick.com", "sip:192.0.2.7", NULL, 1, 1000);

    cr_expect(find(USER, 0));
    cr_expect(find("sip:%74est@deitterick.com:5061;transport=tls", 0));
    cr_expect_null(find("sip:test@example.com", 0));
    cr_expect_null(find("sip:test@deitterick.com.example.com", 0));
    cr_expect_null(find("", 0));
}

Test(registrar, forgets_at_the_time_given)
{
    add(USER, "sip:a", NULL, 1, 1000);

    cr_expect(find(USER, 999));
    cr_expect_null(find(USER, 1000));
    registrar_expire(registrar, 999);
    cr_expect_eq(registrar_count(registrar), 1u);
    registrar_expire(registrar, 1000);
    cr_expect_eq(registrar_count(registrar), 0u);
}

Test(registrar, refreshes_an_endpoint_instead_of_adding_one)
{
    add(USER, "sip:a", "e1", 1, 1000);
    add(USER, "sip:b", "e1", 2, 2000);
    add("sip:other@b", "sip:c", NULL, 1, 1000);
    add("sip:other@b", "sip:c", NULL, 1, 2000);

    cr_expect_eq(registrar_count(registrar), 2u);
    cr_expect_str_eq(find(USER, 1500)->contact, "sip:b");
    cr_expect(find("sip:other@b", 1500));
}

Test(registrar, keeps_several_endpoints_of_a_user_the_last_first)
{
    add(USER, "sip:a", "e1", 1, 1000);
    add(USER, "sip:b", "e2", 2, 2000);
    add(USER, "sip:c", NULL, 3, 3000);

    struct ls_str user = ls_str_from(USER);
    cr_expect_str_eq(find(USER, 0)->contact, "sip:c");
    cr_expect_str_eq(registrar_find_next(registrar, user, 0, 1)->contact,
                     "sip:b");
    cr_expect_str_eq(registrar_find_next(registrar, user, 0, 2)->contact,
                     "sip:a");
    cr_expect_null(registrar_find_next(registrar, user, 0, 3));
    cr_expect_null(registrar_find_next(registrar, user, 1000, 2));
}

Test(registrar, bounds_the_endpoints_of_a_user)
{
    for (unsigned i = 0; i < 2 * REGISTRAR_ENDPOINTS_MAX; i++) {
        char contact[32];

        snprintf(contact, sizeof(contact), "sip:%u", i);
        cr_expect(add(USER, contact, NULL, 1, 1000));
    }
    cr_expect_eq(registrar_count(registrar), REGISTRAR_ENDPOINTS_MAX);
    cr_expect_str_eq(find(USER, 0)->contact, "sip:31");
}

Test(registrar, bounds_what_it_keeps)
{
    for (unsigned i = 0; i < REGISTRAR_BINDINGS_MAX; i++) {
        char user[32];

        snprintf(user, sizeof(user), "sip:%u@b", i);
        cr_assert(add(user, "sip:c", NULL, i / 100, 1000));
    }
    cr_expect_null(add(USER, "sip:c", NULL, 1, 1000));
    cr_expect(add("sip:7@b", "sip:c", NULL, 1, 2000), "a refresh has room");
    registrar_expire(registrar, 1000);
    cr_expect_eq(registrar_count(registrar), 1u);
    cr_expect(add(USER, "sip:c", NULL, 1, 2000));
}

Test(registrar, keeps_no_more_of_one_connection_than_its_share)
{
    for (unsigned i = 0; i < REGISTRAR_CONNECTION_MAX; i++) {
        char user[32];

        snprintf(user, sizeof(user), "sip:%u@b", i);
        cr_assert(add(user, "sip:c", NULL, 1, 1000));
    }
    cr_expect_null(add(USER, "sip:c", NULL, 1, 1000));
    cr_expect(add(USER, "sip:c", NULL, 2, 1000));
    cr_expect(add("sip:7@b", "sip:c", NULL, 1, 2000), "a refresh has room");
    registrar_remove_connection(registrar, 1);
    cr_expect(add("sip:7@b", "sip:c", NULL, 1, 2000));
}

/* Until there is no room; how many were taken. */
static unsigned add_large(uint64_t connection_id, unsigned count)
{
    static char contact[60000];
    unsigned i = 0;

    memset(contact, 'x', sizeof(contact) - 1);
    for (; i < count; i++) {
        char user[64];

        snprintf(user, sizeof(user), "sip:%u@%u", i, (unsigned)connection_id);
        if (!add(user, contact, NULL, connection_id, 1000))
            break;
    }
    return i;
}

Test(registrar, is_bounded_by_bytes)
{
    const unsigned share = REGISTRAR_CONNECTION_MAX_BYTES / 60000;
    unsigned count = add_large(1, 1000);

    cr_expect_gt(count, share * 9 / 10);
    cr_expect_leq(count, share);
    for (uint64_t id = 2; id < 10; id++)
        count += add_large(id, share / 2);
    cr_expect_gt(count, REGISTRAR_MAX_BYTES / 60000 * 9 / 10);
    cr_expect_leq(count, REGISTRAR_MAX_BYTES / 60000);
    registrar_remove_connection(registrar, 1);
    cr_expect_gt(add_large(10, 1), 0u);
}

/* RFC 3261 10.3: a registration that fails changes nothing. */
Test(registrar, keeps_what_was_there_when_a_refresh_finds_no_room)
{
    static char longer[REGISTRAR_CONNECTION_MAX_BYTES];

    memset(longer, 'x', sizeof(longer) - 1);
    add(USER, "sip:a", "e1", 1, 1000);
    cr_expect_null(add(USER, longer, "e1", 1, 2000));
    cr_assert_not_null(find(USER, 0));
    cr_expect_str_eq(find(USER, 0)->contact, "sip:a");
    cr_expect(add(USER, "sip:b", "e1", 1, 2000));
    cr_expect_eq(registrar_count(registrar), 1u);
    cr_expect_str_eq(find(USER, 0)->contact, "sip:b");
}

Test(registrar, makes_room_once_a_second)
{
    add(USER, "sip:a", NULL, 1, 1000);
    add(USER, "sip:b", NULL, 1, 1500);
    registrar_make_room(registrar, 1000);
    cr_expect_eq(registrar_count(registrar), 1u);
    registrar_make_room(registrar, 1999);
    cr_expect_eq(registrar_count(registrar), 1u);
    registrar_make_room(registrar, 2000);
    cr_expect_eq(registrar_count(registrar), 0u);
}

Test(registrar, removes_users_and_endpoints)
{
    struct binding other = {.user = (char *)USER, .contact = (char *)"sip:b"};

    add(USER, "sip:a", "e1", 1, 1000);
    add(USER, "sip:b", NULL, 1, 1000);

    cr_expect(registrar_remove_endpoint(registrar, &other));
    cr_expect_not(registrar_remove_endpoint(registrar, &other));
    cr_expect_eq(registrar_count(registrar), 1u);
    cr_expect(registrar_remove(registrar, ls_str_from(USER)));
    cr_expect_not(registrar_remove(registrar, ls_str_from(USER)));
    cr_expect_null(find(USER, 0));
}

Test(registrar, removes_what_came_over_a_connection)
{
    add("sip:a@b", "sip:a", NULL, 1, 1000);
    add("sip:b@b", "sip:a", NULL, 1, 1000);
    add("sip:a@b", "sip:c", NULL, 2, 1000);

    registrar_remove_connection(registrar, 1);
    cr_expect_eq(registrar_count(registrar), 1u);
    cr_expect_str_eq(find("sip:a@b", 0)->contact, "sip:c");
    cr_expect_null(find("sip:b@b", 0));
    registrar_remove_connection(registrar, 1);
    registrar_remove_connection(registrar, 3);
    cr_expect_eq(registrar_count(registrar), 1u);
}
