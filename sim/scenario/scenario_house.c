#include "scenario_house.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario_settings.h"

struct scenario_house {
    struct stage_ground ground;
    const struct runner_options *options;
    struct ls_buf *events;
    /* The first is that of front-end:, the others those of front-ends:. */
    struct scenario_stage **stages;
    size_t count;
};

struct scenario_house *scenario_house_new(const struct stage_ground *ground,
                                          const struct runner_options *options,
                                          struct ls_buf *events)
{
    struct scenario_house *house = ls_alloc(sizeof *house);

    house->ground = *ground;
    house->options = options;
    house->events = events;
    house->stages = ls_alloc_array(ground->scenario->front_end_count + 1,
                                   sizeof *house->stages);
    return house;
}

/* Guests before their host. */
static void clear(struct scenario_house *house)
{
    while (house->count > 0)
        scenario_stage_free(house->stages[--house->count]);
}

void scenario_house_free(struct scenario_house *house)
{
    if (house == NULL)
        return;
    clear(house);
    free(house->stages);
    free(house);
}

static struct event_log event_log_of(const struct scenario_house *house,
                                     const struct scenario_stage *stage)
{
    return (struct event_log){house->options->event_format,
                              scenario_stage_fqdn(stage)};
}

static bool add_stage(struct scenario_house *house,
                      const struct scenario_step *step, int64_t now_ms,
                      char **why)
{
    const struct scenario *scenario = house->ground.scenario;
    struct stage_ground ground = house->ground;
    struct scenario_front_end settings =
        scenario_settings_of(scenario, house->count, step);
    struct scenario_stage *stage;
    struct event_log log;

    ground.number = (unsigned)house->count;
    scenario_settings_lay_over(&settings, &house->options->front_end);
    stage = scenario_stage_new(&ground, &settings,
                               house->count > 0 ? house->stages[0] : NULL, why);
    if (stage == NULL)
        return false;
    house->stages[house->count++] = stage;
    log = event_log_of(house, stage);
    event_log_start(&log, deployment_enabled(scenario_stage_deployment(stage)),
                    now_ms, house->events);
    return true;
}

bool scenario_house_enter(struct scenario_house *house,
                          const struct scenario_step *step, int64_t now_ms,
                          char **why)
{
    if (house->count > 0 && !step->is_case)
        return true;
    clear(house);
    while (house->count <= house->ground.scenario->front_end_count)
        if (!add_stage(house, step, now_ms, why)) {
            clear(house);
            return false;
        }
    return true;
}

struct scenario_stage *scenario_house_stage(const struct scenario_house *house,
                                            const struct scenario_peer *peer)
{
    return house
        ->stages[scenario_settings_number(house->ground.scenario, peer)];
}

void scenario_house_edit(struct scenario_house *house,
                         struct step_result *result, int64_t now_ms)
{
    const struct scenario_step *step = result->step;
    struct deployment *deployment = scenario_stage_deployment(house->stages[0]);
    struct known_servers *before =
        known_servers_merge(deployment_enabled(deployment), NULL, NULL);
    size_t refused = 0;

    result->has_topology = true;
    result->topology_why =
        deployment_apply(deployment, step->edits, step->edit_count, &refused);
    result->topology_refused = result->topology_why != NULL;
    for (size_t i = 0; i < house->count; i++) {
        struct event_log log = event_log_of(house, house->stages[i]);

        scenario_stage_refresh(house->stages[i]);
        if (scenario_stage_deployment(house->stages[i]) == deployment)
            event_log_change(&log, before, deployment_enabled(deployment),
                             now_ms, house->events);
    }
    known_servers_free(before);
}

void scenario_house_respond(struct scenario_house *house,
                            const struct scenario_step *step)
{
    for (size_t i = 0; i < house->count; i++)
        scenario_stage_set_rules(house->stages[i], &step->respond,
                                 step->place.line);
}

void scenario_house_spoil(struct scenario_house *house,
                          const struct scenario_step *step)
{
    for (size_t i = 0; i < house->count; i++)
        scenario_stage_set_wire(house->stages[i], &step->wire);
}
