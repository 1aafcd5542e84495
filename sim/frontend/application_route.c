#include "lyncsim/application_route.h"

#include "lyncsim/alloc.h"
#include "lyncsim/sip_field.h"

static const struct known_servers *known_of(const struct front_end *front_end)
{
    return front_end_settings(front_end)->policy.known;
}

static const struct known_server *find_server(const struct front_end *front_end,
                                              struct ls_str name)
{
    const struct known_servers *known = known_of(front_end);

    return known ? known_servers_find(known, name, NAMES_INSENSITIVE) : NULL;
}

static bool is_of_pool(const struct known_application *application,
                       const char *pool)
{
    return ls_str_equal_nocase(ls_str_from(application->pool),
                               ls_str_from(pool));
}

/* The application of the pool at that port; else its first, which is the only
 * one that most have. */
static const struct known_application *
find_application(const struct known_servers *known, const char *pool,
                 struct ls_str port)
{
    const struct known_application *first = NULL;
    uint64_t number = 0;

    if (!ls_str_to_u64(port, &number))
        number = 0;
    for (size_t i = 0; i < known_servers_application_count(known); i++) {
        const struct known_application *application =
            known_servers_application_at(known, i);

        if (!is_of_pool(application, pool))
            continue;
        if (application->port == number)
            return application;
        if (!first)
            first = application;
    }
    return first;
}

static bool set_target(const struct front_end *front_end,
                       const struct known_server *server, struct ls_str port,
                       struct next_hop_target *target)
{
    const struct known_application *application =
        find_application(known_of(front_end), server->pool, port);

    if (!application)
        return false;
    *target =
        (struct next_hop_target){server->fqdn, server->pool, application->port};
    return true;
}

bool application_route_is_same(const struct front_end *front_end,
                               const char *server, const char *other)
{
    const struct known_server *a = find_server(front_end, ls_str_from(server));
    const struct known_server *b = find_server(front_end, ls_str_from(other));

    return a && b &&
           ls_str_equal_nocase(ls_str_from(a->pool), ls_str_from(b->pool));
}

/* UCMA's Contact names the computer and the port that it listens on; one that
 * names something else leaves the name that the certificate has. */
bool application_route_of_user(const struct front_end *front_end,
                               const struct binding *binding,
                               struct next_hop_target *target)
{
    const char *name =
        front_end_connection_server(front_end, binding->connection_id);
    const struct known_server *signer =
        name ? find_server(front_end, ls_str_from(name)) : NULL;
    const struct known_server *named = NULL;
    struct sip_uri contact = {0};

    if (!signer)
        return false;
    if (sip_field_uri(ls_str_from(binding->contact), &contact))
        named = find_server(front_end, contact.host);
    if (named && ls_str_equal_nocase(ls_str_from(named->pool),
                                     ls_str_from(signer->pool)))
        signer = named;
    return set_target(front_end, signer, contact.port, target);
}

/* "srvr:ucmasampleapplication:yDUhQWqi81WfJXFUvMAwtwAA" is the opaque part of
 * the GRUU of urn:application:ucmasampleapplication (UCMA documentation,
 * activating a manually provisioned application). */
static bool is_gruu_of(struct ls_str opaque, const char *id)
{
    static const char prefix[] = "urn:application:";
    struct ls_str name = ls_str_from(id);

    if (!ls_str_starts_with(opaque, "srvr:"))
        return false;
    opaque = ls_str_skip(opaque, 5);
    opaque = ls_str_first(opaque, ls_str_find(opaque, ':'));
    if (ls_str_starts_with(name, prefix))
        name = ls_str_skip(name, sizeof prefix - 1);
    return ls_str_equal_nocase(opaque, name);
}

static bool find_gruu(const struct front_end *front_end, struct ls_str opaque,
                      struct next_hop_target *target)
{
    const struct known_servers *known = known_of(front_end);

    for (size_t i = 0; i < known_servers_application_count(known); i++) {
        const struct known_application *application =
            known_servers_application_at(known, i);

        if (!is_gruu_of(opaque, application->id))
            continue;
        *target = (struct next_hop_target){application->pool, application->pool,
                                           application->port};
        return true;
    }
    return false;
}

bool application_route_of_uri(const struct front_end *front_end,
                              struct ls_str uri, struct next_hop_target *target)
{
    const struct known_server *server;
    struct ls_str opaque;
    struct sip_uri parts;

    if (!known_of(front_end) || !sip_field_uri(uri, &parts))
        return false;
    if (sip_field_param(parts.params, "opaque", &opaque) &&
        find_gruu(front_end, opaque, target))
        return true;
    server = find_server(front_end, parts.host);
    return server && set_target(front_end, server, parts.port, target);
}
