#include "scenario_tables.h"

#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/expectation.h"
#include "lyncsim/topology_yaml.h"

#include "scenario_bind.h"

static void add(struct scenario_tables *all, struct scenario_key_table table)
{
    assert(all->count < SCENARIO_TABLES_MAX);
    all->tables[all->count++] = table;
}

void scenario_tables_collect(struct scenario_tables *all)
{
    struct scenario_key_table topology = {
        "topology", "under topology:, and each name under topologies:", NULL,
        0};
    struct scenario_key_table pool = {
        "pool", "each of pools:, and what add-pool: makes", NULL, 0};
    struct scenario_key_table application = {"application",
                                             "each of applications:", NULL, 0};
    size_t count;
    const struct scenario_key_table *const *own = scenario_key_tables(&count);

    *all = (struct scenario_tables){0};
    for (size_t i = 0; i < count; i++)
        add(all, *own[i]);
    topology.keys = topology_yaml_keys(&topology.count);
    pool.keys = topology_yaml_pool_keys(&pool.count);
    application.keys = topology_yaml_application_keys(&application.count);
    add(all, topology);
    add(all, pool);
    add(all, application);
}

const struct scenario_key_table *
scenario_tables_find(const struct scenario_tables *all, struct ls_str where)
{
    for (size_t i = 0; i < all->count; i++)
        if (ls_str_equal_text(where, all->tables[i].where))
            return &all->tables[i];
    return NULL;
}

/* A key of more tables than these says little about where it was meant. */
#define HOMES_MAX 5

static bool has_key(const struct scenario_key_table *table, struct ls_str key)
{
    for (size_t i = 0; i < table->count; i++)
        if (ls_str_equal_text(key, table->keys[i].name))
            return true;
    return false;
}

static bool can_be_expected(struct ls_str key)
{
    size_t count;
    const struct expectation_field *fields = expectation_fields(&count);

    for (size_t i = 0; i < count; i++)
        if (ls_str_equal_text(key, fields[i].name))
            return true;
    return false;
}

char *scenario_tables_home(struct ls_str key)
{
    struct scenario_tables all;
    const char *homes[SCENARIO_TABLES_MAX];
    char *list, *sentence;
    size_t count = 0;

    scenario_tables_collect(&all);
    for (size_t i = 0; i < all.count; i++)
        if (has_key(&all.tables[i], key))
            homes[count++] = all.tables[i].where;
    if (count == 0 && can_be_expected(key))
        return ls_strf("Write it under expect:, beside the action: expect: "
                       "{%.*s: …}.",
                       LS_STR_ARG(key));
    if (count == 0 || count > HOMES_MAX)
        return NULL;
    list = scenario_join(homes, count, " or ");
    sentence = ls_strf("It belongs to: %s.", list);
    free(list);
    return sentence;
}
