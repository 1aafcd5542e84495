#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/replacement.h"
#include "lyncsim/topology.h"

#include "support/test_lab.h"

static struct known_servers *table_of(const char *const *names)
{
    struct topology *topology = topology_new();
    struct known_servers *known;
    char *why = NULL;

    for (; **names != '\0'; names++)
        cr_assert_not_null(
            topology_add_pool(topology, ls_str_from(*names), &why), "%s", why);
    known = known_servers_new(topology);
    topology_free(topology);
    return known;
}

static void compare(struct replacement *replacement,
                    const struct credential *before,
                    const struct credential *after,
                    const struct known_servers *known)
{
    const struct trust_policy policy = {.rule = identity_rule_default(),
                                        .known = known};

    replacement_find(replacement, credential_facts(before),
                     credential_facts(after), &policy, TEST_LAB_NOW_S);
}

Test(replacement, keeps_every_connection_of_a_renewal)
{
    static const char *const sans[] = {"mail.a.b", "cas.a.b", ""};
    static const char *const pools[] = {"mail.a.b", "other.a.b", ""};
    struct credential *before = test_lab_leaf("CN=mail.a.b", sans, NULL);
    struct credential *after = test_lab_leaf("CN=MAIL.a.b", sans, NULL);
    struct known_servers *known = table_of(pools);
    struct replacement replacement;

    compare(&replacement, before, after, known);

    cr_expect_eq(replacement.refused_count, 0u);
    cr_assert_eq(replacement.count, 2u);
    cr_expect_eq(replacement.items[0].direction, REPLACEMENT_INBOUND);
    cr_expect_str_eq(replacement.items[1].name, "mail.a.b");
    replacement_clear(&replacement);
    known_servers_free(known);
    credential_free(before);
    credential_free(after);
}

/* The article: the new certificate still holds the pool name, as an
 * alternative one. */
Test(replacement, refuses_a_pool_name_that_is_no_longer_the_subject)
{
    static const char *const sans[] = {"deitterick.com", "mail.deitterick.com",
                                       ""};
    static const char *const pools[] = {"mail.deitterick.com", ""};
    struct credential *before =
        test_lab_leaf("CN=mail.deitterick.com", sans, NULL);
    struct credential *after = test_lab_leaf("CN=deitterick.com", sans, NULL);
    struct known_servers *known = table_of(pools);
    struct replacement replacement;

    compare(&replacement, before, after, known);

    cr_expect_eq(replacement.refused_count, 1u);
    cr_assert_eq(replacement.count, 2u);
    cr_expect_not(replacement.items[0].is_kept);
    cr_expect_not_null(strstr(replacement.items[0].why, "unknown-server"));
    cr_expect(replacement.items[1].is_kept);
    replacement_clear(&replacement);
    known_servers_free(known);
    credential_free(before);
    credential_free(after);
}

Test(replacement, asks_only_for_connections_that_worked_before)
{
    static const char *const pools[] = {"elsewhere.a.b", ""};
    struct credential *before = test_lab_leaf("CN=mail.a.b", NULL, NULL);
    struct credential *after = test_lab_leaf("CN=x.a.b", NULL, NULL);
    struct known_servers *known = table_of(pools);
    struct replacement replacement;

    compare(&replacement, before, after, known);

    cr_expect_eq(replacement.count, 0u);
    replacement_clear(&replacement);
    known_servers_free(known);
    credential_free(before);
    credential_free(after);
}

/* What has expired is what gets replaced. */
Test(replacement, judges_each_in_its_own_days)
{
    static const char *const pools[] = {"mail.a.b", ""};
    const struct certificate_profile ended = {.not_after_s =
                                                  TEST_LAB_NOW_S - 1};
    const struct certificate_profile begins = {.not_before_s =
                                                   TEST_LAB_NOW_S + 1};
    struct credential *old = test_lab_issue("CN=mail.a.b", NULL, &ended);
    struct credential *next = test_lab_issue("CN=mail.a.b", NULL, &begins);
    struct credential *other = test_lab_issue("CN=x.a.b", NULL, &begins);
    struct known_servers *known = table_of(pools);
    struct replacement replacement;
    const struct {
        const struct credential *before, *after;
        size_t refused_count;
    } rows[] = {{old, next, 0}, {old, other, 2}, {next, old, 1}};

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        compare(&replacement, rows[i].before, rows[i].after, known);
        cr_expect_eq(replacement.count, 2u, "%zu", i);
        cr_expect_eq(replacement.refused_count, rows[i].refused_count, "%zu",
                     i);
        replacement_clear(&replacement);
    }
    known_servers_free(known);
    credential_free(other);
    credential_free(next);
    credential_free(old);
}

Test(replacement, compares_names_where_there_is_no_table)
{
    static const char *const many[] = {"a.b.c", "d.b.c", "*.x.y", ""};
    static const char *const few[] = {"*.b.c", ""};
    struct credential *before = test_lab_leaf("CN=a.b.c", many, NULL);
    struct credential *after = test_lab_leaf("CN=d.b.c", few, NULL);
    struct replacement replacement;
    static const struct {
        const char *name;
        bool is_kept;
    } rows[] = {
        {"a.b.c", false}, {"a.b.c", true}, {"d.b.c", true}, {"*.x.y", false}};

    compare(&replacement, before, after, NULL);

    cr_assert_eq(replacement.count, LS_COUNT(rows));
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        cr_expect_str_eq(replacement.items[i].name, rows[i].name);
        cr_expect_eq(replacement.items[i].is_kept, rows[i].is_kept, "%s",
                     rows[i].name);
    }
    cr_expect_eq(replacement.refused_count, 2u);
    replacement_clear(&replacement);
    credential_free(before);
    credential_free(after);
}
