#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/pool.h"

static struct ls_str str(const char *text)
{
    return ls_str_from(text);
}

/* Expect a refusal whose sentence contains part; part NULL: expect none. */
static void expect_why(char *why, const char *part, const char *label)
{
    if (part == NULL)
        cr_expect_null(why, "%s: %s", label, why);
    else
        cr_expect(why != NULL && strstr(why, part) != NULL, "%s: %s", label,
                  why == NULL ? "done" : why);
    free(why);
}

Test(pool, has_the_defaults_of_the_product)
{
    struct pool *pool = pool_new(str("mail.contoso.com"));

    cr_expect_eq(pool->role, POOL_TRUSTED_APPLICATION);
    cr_expect(pool->treat_as_authenticated && pool->throttle_as_server &&
              pool->requires_replication);
    cr_expect_not(pool->outbound_only);
    cr_expect_eq(pool->interface, INTERFACE_PRIMARY);
    pool_free(pool);
}

Test(pool, of_a_single_computer_has_its_own_name)
{
    struct pool *pool = pool_new(str("mail.contoso.com"));

    cr_expect(pool_has_computer(pool, str("MAIL.contoso.com")));
    cr_expect_not(pool_has_computer(pool, str("cas1.contoso.com")));
    pool_free(pool);
}

Test(pool, takes_and_refuses_computers)
{
    static const struct {
        const char *label;
        const char *fqdn;
        const char *why;
    } rows[] = {
        {"first", "cas1.contoso.com", NULL},
        {"second", "cas2.contoso.com", NULL},
        {"again", "CAS1.contoso.com", "has the computer"},
        {"the pool's own name", "Mail.contoso.com", "own FQDN"},
        {"empty", "", "needs a name"},
        {"blank inside", "cas 3", "holds a blank"},
        {"control byte", "cas\n3", "cas\\x0A3"},
        {"not UTF-8", "cas\xff", "not UTF-8"},
        {"an address", "192.168.0.240", NULL},
    };
    struct pool *pool = pool_new(str("mail.contoso.com"));

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        expect_why(pool_add_computer(pool, str(rows[i].fqdn)), rows[i].why,
                   rows[i].label);
    cr_expect_eq(pool->computer_count, 3u);
    pool_free(pool);
}

Test(pool, has_so_many_computers_and_applications_and_no_more)
{
    struct pool *pool = pool_new(str("mail.contoso.com"));

    for (int i = 0; i < POOL_MEMBERS_MAX; i++) {
        char *fqdn = ls_strf("cas%d.contoso.com", i);

        cr_assert_null(pool_add_computer(pool, str(fqdn)), "%s", fqdn);
        free(fqdn);
    }
    for (uint16_t port = 1; port <= POOL_MEMBERS_MAX; port++) {
        char *id = ls_strf("app%u", port);

        cr_assert_null(pool_add_application(pool, str(id), port), "%s", id);
        free(id);
    }

    expect_why(pool_add_computer(pool, str("cas.contoso.com")),
               "1000 computers", "a computer");
    expect_why(pool_add_application(pool, str("owa"), 5199),
               "1000 applications", "an application");
    pool_free(pool);
}

Test(pool, refuses_a_name_of_absurd_length)
{
    char name[2000];

    memset(name, 'a', sizeof name);
    expect_why(pool_refuse_name(ls_str_from_bytes(name, sizeof name)),
               "too long", "2000 bytes");
}

Test(pool, takes_a_name_for_what_it_is)
{
    static const struct {
        const char *name;
        const char *why;
    } rows[] = {
        {"mail.contoso.com", NULL},
        {"*.contoso.com", NULL},
        {"192.0.2.7", NULL},
        {"2001:db8::7", NULL},
        {"http://mail.contoso.com", "the host alone"},
        {"mail.contoso.com/owa", "the host alone"},
        {"mail.contoso.com:5061", "the host alone"},
        {"sip:mail.contoso.com", "the host alone"},
        {"owa@contoso.com", "the host alone"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        expect_why(pool_refuse_name(str(rows[i].name)), rows[i].why,
                   rows[i].name);
}

Test(pool, keeps_its_last_computer)
{
    struct pool *pool = pool_new(str("mail.contoso.com"));

    free(pool_add_computer(pool, str("cas1.contoso.com")));
    free(pool_add_computer(pool, str("cas2.contoso.com")));
    expect_why(pool_remove_computer(pool, str("cas3.contoso.com")),
               "has no computer", "stranger");
    expect_why(pool_remove_computer(pool, str("Cas1.contoso.com")), NULL,
               "first");
    expect_why(pool_remove_computer(pool, str("cas2.contoso.com")),
               "only computer", "last");
    cr_expect_str_eq(pool->computers[0], "cas2.contoso.com");
    pool_free(pool);
}

Test(pool, adds_the_prefix_of_an_application_itself)
{
    struct pool *pool = pool_new(str("mail.contoso.com"));

    expect_why(pool_add_application(pool, str("owa"), 5199), NULL, "short");
    expect_why(pool_add_application(pool, str("urn:application:um"), 5061),
               NULL, "long");
    cr_expect_str_eq(pool->applications[0].id, "urn:application:owa");
    cr_expect_str_eq(pool->applications[1].id, "urn:application:um");
    pool_free(pool);
}

Test(pool, refuses_applications_the_product_refuses)
{
    static const struct {
        const char *label;
        const char *id;
        uint16_t port;
        const char *why;
    } rows[] = {
        {"port taken", "other", 5199, "unique in its pool"},
        {"id taken", "OWA", 5200, "already"},
        {"id taken, long form", "urn:application:owa", 5200, "already"},
        {"no port", "other", 0, "1 to 65535"},
        {"no id", "", 5200, "a word"},
        {"prefix alone", "urn:application:", 5200, "a word"},
        {"blank", "o w a", 5200, "a word"},
    };
    struct pool *pool = pool_new(str("mail.contoso.com"));

    expect_why(pool_add_application(pool, str("owa"), 5199), NULL, "first");
    for (size_t i = 0; i < LS_COUNT(rows); i++)
        expect_why(pool_add_application(pool, str(rows[i].id), rows[i].port),
                   rows[i].why, rows[i].label);
    cr_expect_eq(pool->application_count, 1u);
    pool_free(pool);
}

Test(pool, removes_an_application_by_either_name)
{
    struct pool *pool = pool_new(str("mail.contoso.com"));

    free(pool_add_application(pool, str("owa"), 5199));
    free(pool_add_application(pool, str("um"), 5200));
    expect_why(pool_remove_application(pool, str("cwa")), "no application",
               "unknown");
    expect_why(pool_remove_application(pool, str("urn:application:owa")), NULL,
               "long");
    expect_why(pool_remove_application(pool, str("um")), NULL, "short");
    cr_expect_eq(pool->application_count, 0u);
    pool_free(pool);
}

Test(pool, copies_to_the_ground)
{
    struct pool *pool = pool_new(str("mail.contoso.com"));
    struct pool *copy;

    pool->site = ls_strdup("LAB");
    free(pool_add_computer(pool, str("cas1.contoso.com")));
    free(pool_add_application(pool, str("owa"), 5199));
    copy = pool_copy(pool);
    pool_free(pool);
    cr_expect_str_eq(copy->fqdn, "mail.contoso.com");
    cr_expect_str_eq(copy->site, "LAB");
    cr_expect_str_eq(copy->computers[0], "cas1.contoso.com");
    cr_expect_str_eq(copy->applications[0].id, "urn:application:owa");
    free(pool_add_computer(copy, str("cas2.contoso.com")));
    cr_expect_eq(copy->computer_count, 2u);
    pool_free(copy);
}
