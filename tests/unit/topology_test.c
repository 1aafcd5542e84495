#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology.h"

static struct ls_str str(const char *text)
{
    return ls_str_from(text);
}

static void expect_why(char *why, const char *part, const char *label)
{
    if (part == NULL)
        cr_expect_null(why, "%s: %s", label, why);
    else
        cr_expect(why != NULL && strstr(why, part) != NULL, "%s: %s", label,
                  why == NULL ? "done" : why);
    free(why);
}

/* The article's: one pool, one computer, one application. */
static struct topology *article(void)
{
    struct topology *topology = topology_new();
    struct pool *pool = pool_new(str("mail.deitterick.com"));

    free(pool_add_computer(pool, str("LAB-EX2010.lab.deitterick.com")));
    free(pool_add_application(pool, str("owa"), 5199));
    free(topology_add(topology, pool));
    return topology;
}

Test(topology, finds_a_pool_whatever_its_letter_case)
{
    struct topology *topology = article();

    cr_expect_not_null(topology_find(topology, str("Mail.Deitterick.COM")));
    cr_expect_null(topology_find(topology, str("deitterick.com")));
    cr_expect_null(topology_find(topology, str("")));
    topology_free(topology);
}

Test(topology, refuses_a_second_pool_of_a_name)
{
    struct topology *topology = article();
    char *why = NULL;

    cr_expect_null(
        topology_add_pool(topology, str("MAIL.deitterick.com"), &why));
    expect_why(why, "already", "again");
    cr_expect_null(topology_add_pool(topology, str(""), &why));
    expect_why(why, "needs a name", "empty");
    cr_expect_not_null(
        topology_add_pool(topology, str("um.deitterick.com"), &why));
    expect_why(why, NULL, "another");
    topology_free(topology);
}

Test(topology, never_renames_a_pool)
{
    struct topology *topology = article();

    expect_why(topology_rename_pool(topology, str("mail.deitterick.com"),
                                    str("deitterick.com")),
               "cannot be renamed", "article");
    expect_why(
        topology_rename_pool(topology, str("x.com"), str("deitterick.com")),
        "no pool \"x.com\"", "unknown");
    cr_expect_not_null(topology_find(topology, str("mail.deitterick.com")));
    topology_free(topology);
}

Test(topology, removes_a_pool_with_all_it_has)
{
    struct topology *topology = article();

    expect_why(topology_remove_pool(topology, str("mail.deitterick.com")), NULL,
               "there");
    expect_why(topology_remove_pool(topology, str("mail.deitterick.com")),
               "no pool", "gone");
    expect_why(topology_add_application(topology, str("mail.deitterick.com"),
                                        str("owa"), 1),
               "no pool", "its application");
    cr_expect_eq(topology->count, 0u);
    topology_free(topology);
}

Test(topology, keeps_a_pool_that_others_are_registered_with)
{
    struct topology *topology = topology_new();
    struct pool *home = pool_new(str("fe.a.com"));
    struct pool *pool = pool_new(str("mail.a.com"));

    home->role = POOL_FRONT_END;
    pool->registrar = ls_strdup("FE.a.com");
    cr_assert_null(topology_add(topology, home));
    cr_assert_null(topology_add(topology, pool));
    expect_why(topology_remove_pool(topology, str("fe.a.com")),
               "\"fe.a.com\" is the Registrar of \"mail.a.com\"", "its home");
    expect_why(topology_remove_pool(topology, str("mail.a.com")), NULL,
               "the pool");
    expect_why(topology_remove_pool(topology, str("fe.a.com")), NULL, "then");
    topology_free(topology);
}

Test(topology, keeps_a_pool_that_has_no_registrar)
{
    struct topology *topology = article();

    topology->pools[0]->registrar = ls_strdup("");
    expect_why(topology_remove_pool(topology, str("mail.deitterick.com")),
               "no Registrar", "none");
    topology_free(topology);
}

Test(topology, adds_no_computer_to_a_single_computer_pool)
{
    struct topology *topology = article();
    char *why = NULL;

    topology_add_pool(topology, str("um.deitterick.com"), &why);
    expect_why(topology_add_computer(topology, str("um.deitterick.com"),
                                     str("um2.deitterick.com")),
               "single-computer pool", "single");
    expect_why(topology_add_computer(topology, str("mail.deitterick.com"),
                                     str("LAB-EX2.lab.deitterick.com")),
               NULL, "multiple");
    expect_why(topology_add_computer(topology, str("nowhere.com"), str("a")),
               "no pool", "unknown");
    expect_why(topology_remove_computer(topology, str("nowhere.com"), str("a")),
               "no pool", "unknown");
    topology_free(topology);
}

Test(topology, has_a_name_by_hand_and_by_discovery_at_once)
{
    struct topology *topology = article();

    expect_why(
        topology_add_autodiscovered(topology, str("mail.deitterick.com")), NULL,
        "duplicate");
    expect_why(
        topology_add_autodiscovered(topology, str("MAIL.deitterick.com")),
        "already", "twice discovered");
    cr_expect_eq(topology_find(topology, str("mail.deitterick.com"))->role,
                 POOL_TRUSTED_APPLICATION);
    expect_why(topology_remove_pool(topology, str("mail.deitterick.com")), NULL,
               "the one by hand goes");
    cr_expect_eq(topology_find(topology, str("mail.deitterick.com"))->role,
                 POOL_AUTODISCOVERED);
    expect_why(topology_remove_pool(topology, str("mail.deitterick.com")),
               "Exchange UM routing", "the discovered one stays");
    topology_free(topology);
}

Test(topology, copies_to_the_ground)
{
    struct topology *topology = article();
    struct topology *copy = topology_copy(topology);

    topology_free(topology);
    cr_expect(pool_has_computer(topology_find(copy, str("mail.deitterick.com")),
                                str("LAB-EX2010.lab.deitterick.com")));
    expect_why(topology_remove_application(copy, str("mail.deitterick.com"),
                                           str("owa")),
               NULL, "application");
    expect_why(
        topology_remove_application(copy, str("nowhere.com"), str("owa")),
        "no pool", "unknown");
    topology_free(copy);
    topology_free(NULL);
}
