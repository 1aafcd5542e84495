/*
 * The interfaces of Front Ends: whether one listens where a peer comes by.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario_settings.h"

#include "scenario_bind.h"

static enum net_interface own_of(const struct scenario_front_end *settings)
{
    return settings->has_interface ? settings->interface : INTERFACE_PRIMARY;
}

/* What a Front End listens on; its number. */
static size_t collect(const struct scenario_front_end *settings,
                      const char *names[1 + INTERFACE_COUNT])
{
    size_t count = 0;

    names[count++] = net_interface_text(own_of(settings));
    for (size_t i = 0; i < settings->interface_count; i++)
        names[count++] = net_interface_text(settings->interfaces[i].interface);
    return count;
}

static bool listens_on(const struct scenario_front_end *settings,
                       enum net_interface interface)
{
    if (own_of(settings) == interface)
        return true;
    for (size_t i = 0; i < settings->interface_count; i++)
        if (settings->interfaces[i].interface == interface)
            return true;
    return false;
}

static void refuse(const struct scenario_front_end *settings,
                   const struct scenario_peer *peer, struct ls_diags *diags)
{
    const char *names[1 + INTERFACE_COUNT];
    char *there = scenario_join(names, collect(settings, names), " and ");
    char *hint = ls_strf("It listens on %s; add %s under its interfaces:, or "
                         "come by another.",
                         there, net_interface_text(peer->interface));

    ls_diags_add(diags, peer->interface_place, hint,
                 "the Front End does not listen on its %s interface",
                 net_interface_text(peer->interface));
    free(hint);
    free(there);
}

/* Nobody could ever come by the second of two. */
static void check_twice(const struct scenario_front_end *settings,
                        struct ls_diags *diags)
{
    for (size_t i = 0; i < settings->interface_count; i++)
        if (settings->interfaces[i].interface == own_of(settings))
            ls_diags_add(diags, settings->interfaces[i].place,
                         "Its first interface is the one of interface:, "
                         "without it primary.",
                         "the Front End listens on its %s interface already",
                         net_interface_text(own_of(settings)));
}

void scenario_check_doors(const struct scenario *scenario,
                          struct ls_diags *diags)
{
    for (size_t i = 0; i < scenario->step_count; i++) {
        const struct scenario_step *step = &scenario->steps[i];
        struct scenario_front_end settings;

        for (size_t j = 0; j <= scenario->front_end_count; j++) {
            settings = scenario_settings_of(scenario, j, step);
            check_twice(&settings, diags);
        }
        if (!step->peer.has_interface)
            continue;
        settings = scenario_settings_of(
            scenario, scenario_settings_number(scenario, &step->peer), step);
        if (!listens_on(&settings, step->peer.interface))
            refuse(&settings, &step->peer, diags);
    }
}
