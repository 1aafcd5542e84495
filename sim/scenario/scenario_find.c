/*
 * What a scenario calls by name.
 */
#include <string.h>

#include "lyncsim/scenario.h"

static const struct scenario_certificate *
find_by_name(const struct scenario_certificate *array, size_t count,
             const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(array[i].name, name) == 0)
            return &array[i];
    return NULL;
}

const struct scenario_certificate *
scenario_find_certificate(const struct scenario *scenario, const char *name)
{
    return find_by_name(scenario->certificates, scenario->certificate_count,
                        name);
}

const struct scenario_certificate *
scenario_find_authority(const struct scenario *scenario, const char *name)
{
    return find_by_name(scenario->authorities, scenario->authority_count, name);
}

const struct scenario_certificate *
scenario_key_owner(const struct scenario *scenario, const char *name)
{
    const struct scenario_certificate *certificate =
        scenario_find_certificate(scenario, name);

    return certificate ? certificate : scenario_find_authority(scenario, name);
}

const struct topology *
scenario_topology(const struct scenario *scenario,
                  const struct scenario_front_end *settings)
{
    const char *name =
        settings->topology ? settings->topology : scenario->front_end.topology;

    for (size_t i = 0; i < scenario->topology_count; i++) {
        const struct scenario_topology *candidate = &scenario->topologies[i];

        if (name ? candidate->name && strcmp(candidate->name, name) == 0
                 : !candidate->name)
            return candidate->topology;
    }
    return !name && scenario->topology_count == 1
               ? scenario->topologies[0].topology
               : NULL;
}
