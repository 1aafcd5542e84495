#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/known_servers.h"

static struct ls_str str(const char *text)
{
    return ls_str_from(text);
}

static struct pool *add(struct topology *topology, const char *fqdn,
                        const char *computer)
{
    struct pool *pool = pool_new(str(fqdn));

    if (computer != NULL)
        free(pool_add_computer(pool, str(computer)));
    cr_assert_null(topology_add(topology, pool));
    return pool;
}

Test(known_servers, are_the_pools_and_their_computers)
{
    struct topology *topology = topology_new();
    struct known_servers *table;
    const struct known_server *found;

    add(topology, "mail.contoso.com", "cas1.contoso.com")->version = 6;
    table = known_servers_new(topology);
    topology_free(topology);

    cr_assert_eq(known_servers_count(table), 2u);
    found =
        known_servers_find(table, str("cas1.contoso.com"), NAMES_INSENSITIVE);
    cr_assert_not_null(found);
    cr_expect_eq(found->kind, KNOWN_SERVER_COMPUTER);
    cr_expect_str_eq(found->pool, "mail.contoso.com");
    cr_expect_eq(found->version, 6);
    cr_expect_eq(found->order, 1u);
    found = known_servers_at(table, 0);
    cr_expect_eq(found->kind, KNOWN_SERVER_POOL);
    cr_expect_str_eq(found->fqdn, "mail.contoso.com");
    known_servers_free(table);
}

Test(known_servers, are_found_by_their_whole_name_only)
{
    static const struct {
        const char *label;
        const char *name;
        bool insensitive;
        bool sensitive;
    } rows[] = {
        {"as written", "Mail.contoso.com", true, true},
        {"other case", "mail.CONTOSO.com", true, false},
        {"trailing dot", "Mail.contoso.com.", false, false},
        {"parent", "contoso.com", false, false},
        {"wildcard", "*.contoso.com", false, false},
        {"prefix", "Mail.contoso.co", false, false},
        {"empty", "", false, false},
    };
    struct topology *topology = topology_new();
    struct known_servers *table;

    add(topology, "Mail.contoso.com", NULL);
    table = known_servers_new(topology);
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_str name = str(rows[i].name);

        cr_expect_eq(known_servers_find(table, name, NAMES_INSENSITIVE) != NULL,
                     rows[i].insensitive, "%s", rows[i].label);
        cr_expect_eq(known_servers_find(table, name, NAMES_SENSITIVE) != NULL,
                     rows[i].sensitive, "%s", rows[i].label);
    }
    known_servers_free(table);
    topology_free(topology);
}

Test(known_servers, do_not_read_past_a_nul)
{
    struct topology *topology = topology_new();
    struct known_servers *table;

    add(topology, "mail.contoso.com", NULL);
    table = known_servers_new(topology);
    cr_expect_null(known_servers_find(
        table, ls_str_from_bytes("mail.contoso.com\0.evil.com", 26),
        NAMES_INSENSITIVE));
    known_servers_free(table);
    topology_free(topology);
}

Test(known_servers, speak_as_pool_where_they_are_both)
{
    struct topology *topology = topology_new();
    struct known_servers *table;
    const struct known_server *found;

    add(topology, "array.contoso.com", "mail.contoso.com");
    add(topology, "mail.contoso.com", NULL);
    table = known_servers_new(topology);
    found =
        known_servers_find(table, str("mail.contoso.com"), NAMES_INSENSITIVE);
    cr_expect_eq(found->kind, KNOWN_SERVER_POOL);
    cr_expect_str_eq(found->pool, "mail.contoso.com");
    cr_expect_not(found->is_duplicate);
    cr_expect_eq(known_servers_count(table), 2u);
    known_servers_free(table);
    topology_free(topology);
}

Test(known_servers, know_the_duplicate_that_stops_the_integration)
{
    static const char *const discovered[] = {"cas1.contoso.com",
                                             "CAS1.contoso.com"};

    for (size_t i = 0; i < LS_COUNT(discovered); i++) {
        struct topology *topology = topology_new();
        struct known_servers *table;
        const struct known_server *found;

        add(topology, "mail.contoso.com", "cas1.contoso.com");
        cr_assert_null(
            topology_add_autodiscovered(topology, str(discovered[i])));
        table = known_servers_new(topology);
        found = known_servers_find(table, str("cas1.contoso.com"),
                                   NAMES_INSENSITIVE);
        cr_expect(found->is_duplicate, "%s", discovered[i]);
        cr_expect_eq(found->kind, KNOWN_SERVER_COMPUTER);
        found = known_servers_find(table, str("mail.contoso.com"),
                                   NAMES_INSENSITIVE);
        cr_expect_not(found->is_duplicate);
        known_servers_free(table);
        topology_free(topology);
    }
}

Test(known_servers, tell_own_and_discovered_ones_apart)
{
    struct topology *topology = topology_new();
    struct known_servers *table;

    add(topology, "pool01.contoso.com", "fe01.contoso.com")->role =
        POOL_FRONT_END;
    cr_assert_null(
        topology_add_autodiscovered(topology, str("um.contoso.com")));
    table = known_servers_new(topology);
    cr_expect_eq(known_servers_at(table, 0)->kind, KNOWN_SERVER_FRONT_END);
    cr_expect_eq(known_servers_at(table, 1)->kind, KNOWN_SERVER_FRONT_END);
    cr_expect_eq(known_servers_at(table, 2)->kind, KNOWN_SERVER_AUTODISCOVERED);
    cr_expect_eq(known_servers_at(table, 2)->version, 0);
    cr_expect_str_eq(known_server_kind_text(KNOWN_SERVER_AUTODISCOVERED),
                     "autodiscovered");
    known_servers_free(table);
    topology_free(topology);
}

Test(known_servers, merge_without_what_is_excepted)
{
    struct topology *before = topology_new();
    struct topology *after = topology_new();
    struct known_servers *was;
    struct known_servers *is;
    struct known_servers *gone;

    add(before, "a.contoso.com", "b.contoso.com");
    add(after, "b.contoso.com", NULL);
    was = known_servers_new(before);
    is = known_servers_new(after);
    gone = known_servers_merge(NULL, was, is);
    cr_assert_eq(known_servers_count(gone), 1u);
    cr_expect_str_eq(known_servers_at(gone, 0)->fqdn, "a.contoso.com");
    known_servers_free(gone);
    known_servers_free(was);
    known_servers_free(is);
    topology_free(before);
    topology_free(after);
}

Test(known_servers, answer_of_a_hundred_thousand)
{
    struct topology *topology = topology_new();
    struct known_servers *table;

    for (unsigned i = 0; i < 50000; i++) {
        char *pool = ls_strf("pool%u.contoso.com", i);
        char *computer = ls_strf("Computer%u.contoso.com", i);

        add(topology, pool, computer);
        free(pool);
        free(computer);
    }
    table = known_servers_new(topology);
    cr_expect_eq(known_servers_count(table), 100000u);
    for (unsigned i = 0; i < 50000; i++) {
        char *computer = ls_strf("computer%u.contoso.com", i);

        cr_expect_not_null(
            known_servers_find(table, str(computer), NAMES_INSENSITIVE));
        cr_expect_null(
            known_servers_find(table, str(computer), NAMES_SENSITIVE));
        free(computer);
    }
    known_servers_free(table);
    topology_free(topology);
}
