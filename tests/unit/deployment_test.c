#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/deployment.h"

static struct ls_str str(const char *text)
{
    return ls_str_from(text);
}

static struct deployment *article(bool enable_by_hand)
{
    struct topology *topology = topology_new();
    struct pool *pool = pool_new(str("mail.deitterick.com"));

    free(pool_add_computer(pool, str("LAB-EX2010.lab.deitterick.com")));
    free(topology_add(topology, pool));
    return deployment_new(topology, enable_by_hand);
}

static bool knows(const struct known_servers *table, const char *name)
{
    return known_servers_find(table, str(name), NAMES_INSENSITIVE) != NULL;
}

static char new_pool_name[] = "deitterick.com";
static char old_pool_name[] = "mail.deitterick.com";

static struct topology_edit remove_old(void)
{
    return (struct topology_edit){.kind = EDIT_REMOVE_POOL,
                                  .fqdn = old_pool_name};
}

static struct topology_edit add_new(struct pool *pool)
{
    return (struct topology_edit){.kind = EDIT_ADD_POOL, .pool = pool};
}

Test(deployment, starts_with_everything_enabled)
{
    struct deployment *deployment = article(false);

    cr_expect(knows(deployment_enabled(deployment), "mail.deitterick.com"));
    cr_expect(knows(deployment_draft(deployment), "mail.deitterick.com"));
    cr_expect_eq(known_servers_count(deployment_removed(deployment)), 0u);
    deployment_free(deployment);
}

Test(deployment, ends_a_draft_by_publishing_it)
{
    struct topology *topology = topology_new();
    struct topology_edit publish = {.kind = EDIT_PUBLISH};
    struct deployment *deployment;
    size_t refused;

    topology->is_draft = true;
    deployment = deployment_new(topology, false);
    cr_expect(known_servers_is_draft(deployment_enabled(deployment)));
    cr_expect_null(deployment_apply(deployment, &publish, 1, &refused));
    cr_expect_not(known_servers_is_draft(deployment_enabled(deployment)));
    cr_expect_not(known_servers_is_draft(deployment_draft(deployment)));
    deployment_free(deployment);
}

Test(deployment, works_on_what_is_published_only)
{
    struct deployment *deployment = article(false);
    struct topology_edit remove = remove_old();
    struct topology_edit publish = {.kind = EDIT_PUBLISH};
    size_t refused;

    cr_expect_null(deployment_apply(deployment, &remove, 1, &refused));
    cr_expect(knows(deployment_enabled(deployment), "mail.deitterick.com"));
    cr_expect_not(knows(deployment_draft(deployment), "mail.deitterick.com"));
    cr_expect_null(deployment_apply(deployment, &publish, 1, &refused));
    cr_expect_not(knows(deployment_enabled(deployment), "mail.deitterick.com"));
    cr_expect(knows(deployment_removed(deployment), "mail.deitterick.com"));
    cr_expect(
        knows(deployment_removed(deployment), "LAB-EX2010.lab.deitterick.com"));
    deployment_free(deployment);
}

Test(deployment, enables_by_hand_where_it_is_told_so)
{
    struct deployment *deployment = article(true);
    struct pool *pool = pool_new(str(new_pool_name));
    struct topology_edit edits[] = {add_new(pool), {.kind = EDIT_PUBLISH}};
    struct topology_edit enable = {.kind = EDIT_ENABLE};
    size_t refused;

    cr_expect_null(deployment_apply(deployment, edits, 2, &refused));
    cr_expect_not(knows(deployment_enabled(deployment), new_pool_name));
    cr_expect(knows(deployment_draft(deployment), new_pool_name));
    cr_expect_null(deployment_apply(deployment, &enable, 1, &refused));
    cr_expect(knows(deployment_enabled(deployment), new_pool_name));
    pool_free(pool);
    deployment_free(deployment);
}

Test(deployment, applies_a_list_whole_or_not_at_all)
{
    struct deployment *deployment = article(false);
    struct topology_edit edits[] = {
        remove_old(),
        {.kind = EDIT_PUBLISH},
        {.kind = EDIT_RENAME_POOL,
         .fqdn = old_pool_name,
         .other = new_pool_name},
    };
    size_t refused = 99;
    char *why = deployment_apply(deployment, edits, LS_COUNT(edits), &refused);

    cr_assert_not_null(why);
    cr_expect_not_null(strstr(why, "no pool"));
    cr_expect_eq(refused, 2u);
    cr_expect(knows(deployment_draft(deployment), old_pool_name));
    cr_expect(knows(deployment_enabled(deployment), old_pool_name));
    cr_expect_eq(known_servers_count(deployment_removed(deployment)), 0u);
    free(why);
    deployment_free(deployment);
}

Test(deployment, forgets_that_a_name_was_removed_when_it_is_back)
{
    struct deployment *deployment = article(false);
    struct pool *pool = pool_new(str(old_pool_name));
    struct topology_edit edits[] = {
        remove_old(),
        {.kind = EDIT_PUBLISH},
        add_new(pool),
        {.kind = EDIT_PUBLISH},
    };
    size_t refused;

    cr_expect_null(
        deployment_apply(deployment, edits, LS_COUNT(edits), &refused));
    cr_expect_not(knows(deployment_removed(deployment), old_pool_name));
    cr_expect(
        knows(deployment_removed(deployment), "LAB-EX2010.lab.deitterick.com"));
    pool_free(pool);
    deployment_free(deployment);
}

Test(deployment, leaves_the_edits_to_their_owner)
{
    struct deployment *deployment = article(false);
    struct topology_edit edit = {.kind = EDIT_ADD_POOL,
                                 .pool = pool_new(str(new_pool_name))};
    struct topology_edit copy = topology_edit_copy(&edit);
    size_t refused;
    char *why;

    topology_edit_clear(&edit);
    cr_expect_null(deployment_apply(deployment, &copy, 1, &refused));
    why = deployment_apply(deployment, &copy, 1, &refused);
    cr_expect_not_null(why);
    cr_expect_eq(refused, 0u);
    free(why);
    topology_edit_clear(&copy);
    deployment_free(deployment);
    deployment_free(NULL);
}
