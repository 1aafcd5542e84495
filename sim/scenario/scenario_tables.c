#include "scenario_tables.h"

#include <assert.h>

#include "lyncsim/topology_yaml.h"

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
