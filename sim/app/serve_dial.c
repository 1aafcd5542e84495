/*
 * The other direction: connections that the Front End opens to applications.
 */
#include "serve_dial.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/connection.h"
#include "lyncsim/next_hop.h"

#include "command.h"
#include "resolve_option.h"
#include "serve_desk_internal.h"

/* A connection that was dialled, and what it stands on. */
struct dialled {
    struct serve_desk *desk;
    struct connection *connection;
    struct stand *stand;
};

static uint64_t now_of(const struct dialled *dialled)
{
    return net_loop_now_ms(dialled->desk->setup.loop);
}

static void on_joined(void *arg, const char *local, const char *remote)
{
    struct dialled *dialled = arg;

    connection_joined(dialled->connection, remote, local, now_of(dialled));
}

static void on_moved(void *arg)
{
    serve_desk_moved(((struct dialled *)arg)->desk);
}

static void on_drain(void *arg)
{
    struct dialled *dialled = arg;

    dialled->desk->is_draining = true;
    connection_drain(dialled->connection, now_of(dialled));
}

static void on_closed(void *arg)
{
    struct dialled *dialled = arg;

    connection_free(dialled->connection);
    serve_desk_moved(dialled->desk);
    serve_desk_leave(dialled->desk, dialled->stand);
    free(dialled);
}

static void dial(struct serve_desk *desk, const struct next_hop_target *target,
                 uint64_t connection_id)
{
    struct dialled *dialled = ls_alloc(sizeof *dialled);
    const struct net_dialer dialer = {
        .joined = on_joined,
        .closed = on_closed,
        .moved = on_moved,
        .drain = on_drain,
        .arg = dialled,
    };
    char *address = resolve_option_address(desk->setup.options, target->fqdn,
                                           target->pool, target->port);

    dialled->desk = desk;
    dialled->stand = serve_desk_enter(desk);
    dialled->connection = connection_new_dialled(
        desk->front_end, target, connection_id, now_of(dialled));
    net_dial(desk->setup.loop, address, connection_machine(dialled->connection),
             &dialer);
    free(address);
}

void serve_dial_wanted(struct serve_desk *desk)
{
    struct next_hop_target target;
    uint64_t connection_id;

    while (!desk->is_draining &&
           front_end_next_dial(desk->front_end, &target, &connection_id))
        dial(desk, &target, connection_id);
}

enum application_way serve_dial_way(const struct options *options)
{
    const char *way = options_text(options, OPTION_APPLICATIONS);
    size_t count;

    options_all(options, OPTION_RESOLVE, &count);
    if (way != NULL)
        return strcmp(way, "own") == 0 ? APPLICATION_OWN : APPLICATION_SAME;
    return count > 0 ? APPLICATION_OWN : APPLICATION_SAME;
}

void serve_dial_warn(const struct options *options)
{
    size_t count;
    const char *const *all = options_all(options, OPTION_RESOLVE, &count);

    for (size_t i = 0; i < count; i++)
        if (!resolve_option_is_local(all[i]))
            command_complain("warning: --resolve %s leads out of this machine: "
                             "messages for that application go there",
                             all[i]);
}
