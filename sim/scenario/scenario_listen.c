/*
 * The listen: of a peer, which the Front End dials.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"

static struct scenario_listen *listen_of(void *target)
{
    return &((struct scenario_target *)target)->peer->listen;
}

const char *scenario_port_text(enum scenario_port port)
{
    static const char *const texts[] = {
        [PORT_ANSWERS] = "answers",
        [PORT_REFUSED] = "refused",
        [PORT_BLOCKED] = "blocked",
        [PORT_HANGS] = "hangs",
    };

    return texts[port];
}

static void bind_port(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    int64_t port;

    if (yaml_integer(value, "port", 1, UINT16_MAX, &port, diags))
        listen_of(target)->port = (uint16_t)port;
}

static void bind_how(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    const char *names[PORT_COUNT];
    size_t choice;

    for (size_t i = 0; i < PORT_COUNT; i++)
        names[i] = scenario_port_text((enum scenario_port)i);
    if (yaml_choice(value, "how a port is", names, PORT_COUNT, &choice, diags))
        listen_of(target)->how = (enum scenario_port)choice;
}

static void bind_certificate(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_reference(all->binding, &listen_of(target)->certificate,
                            REFER_OWN, value, "the certificate", diags);
}

static void bind_answer(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    int64_t status;

    if (yaml_integer(value, "answer", 200, 699, &status, diags))
        listen_of(target)->status = (int)status;
}

static const struct yaml_key listen_keys[] = {
    {"port", "number", "the port it listens on; without it the one dialled",
     bind_port, false},
    {"how", "answers|refused|blocked|hangs",
     "what becomes of whoever dials it; without it answers", bind_how, false},
    {"certificate", "a certificate|fault:NAME",
     "what it shows there; without it the peer's", bind_certificate, false},
    {"answer", "number", "the status of its answers; without it 200",
     bind_answer, false},
};
const struct scenario_key_table scenario_listen_table = {
    "listen", "under listen:", listen_keys, LS_COUNT(listen_keys)};

void scenario_bind_listen(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    listen_of(target)->is_set = true;
    yaml_bind(target, value, "listen", listen_keys, LS_COUNT(listen_keys),
              diags);
}

bool scenario_listens(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->step_count; i++)
        if (scenario->steps[i].peer.listen.is_set)
            return true;
    return false;
}
