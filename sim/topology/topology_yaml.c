/*
 * The topology: mapping and the edits of a step, bound by tables of keys.
 */
#include "lyncsim/topology_yaml.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

static void add_refusal(struct ls_diags *diags, const struct yaml_node *node,
                        char *why)
{
    if (why != NULL)
        ls_diags_add(diags, node->place, NULL, "%s", why);
    free(why);
}

/* A fault unless node is a list. */
static bool is_list(const struct yaml_node *node, const char *what,
                    struct ls_diags *diags)
{
    char *hint = NULL;

    if (node->kind == YAML_SEQUENCE)
        return true;
    if (node->kind == YAML_SCALAR && node->text.length > 0)
        hint = ls_strf("Write [%.*s].", LS_STR_ARG(node->text));
    ls_diags_add(diags, node->place, hint, "%s must be a list", what);
    free(hint);
    return false;
}

static void read_text(char **to, const struct yaml_node *node, const char *what,
                      struct ls_diags *diags)
{
    struct ls_str text;

    if (!yaml_text(node, what, &text, diags))
        return;
    free(*to);
    *to = ls_str_dup(text);
}

/* The name itself was read before all other keys; see bind_pool(). */
static void bind_fqdn(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct ls_str text;

    (void)target;
    if (yaml_text(value, "fqdn", &text, diags))
        add_refusal(diags, value, pool_refuse_name(text));
}

/* The one computer of a single-computer pool may be named as the pool is
 * (New-CsTrustedApplicationPool -ComputerFqdn). */
static bool names_pool_itself(const struct pool *pool,
                              const struct yaml_node *list,
                              struct ls_str computer)
{
    return list->count == 1 &&
           ls_str_equal_nocase(ls_str_from(pool->fqdn), computer);
}

static void bind_computers(void *target, const struct yaml_node *value,
                           struct ls_diags *diags)
{
    struct pool *pool = target;

    if (!is_list(value, "computers", diags))
        return;
    for (size_t i = 0; i < value->count; i++) {
        struct ls_str text;

        if (!yaml_text(value->items[i], "a computer", &text, diags) ||
            names_pool_itself(pool, value, text))
            continue;
        add_refusal(diags, value->items[i], pool_add_computer(pool, text));
    }
}

struct application_target {
    char *id;
    int64_t port;
};

static void bind_application_id(void *target, const struct yaml_node *value,
                                struct ls_diags *diags)
{
    struct application_target *application = target;

    read_text(&application->id, value, "id", diags);
}

static void bind_application_port(void *target, const struct yaml_node *value,
                                  struct ls_diags *diags)
{
    struct application_target *application = target;

    yaml_integer(value, "port", 1, UINT16_MAX, &application->port, diags);
}

static const struct yaml_key application_keys[] = {
    {"id", "text", "its id; the prefix urn:application: is added by itself",
     bind_application_id, true},
    {"port", "1 to 65535", "where the Front End dials to; unique in its pool",
     bind_application_port, true},
};

const struct yaml_key *topology_yaml_application_keys(size_t *count)
{
    *count = LS_COUNT(application_keys);
    return application_keys;
}

static void bind_application(struct pool *pool, const struct yaml_node *node,
                             struct ls_diags *diags)
{
    struct application_target application = {0};

    if (yaml_bind(&application, node, "an application", application_keys,
                  LS_COUNT(application_keys), diags) &&
        application.id != NULL && application.port != 0)
        add_refusal(diags, node,
                    pool_add_application(pool, ls_str_from(application.id),
                                         (uint16_t)application.port));
    free(application.id);
}

static void bind_applications(void *target, const struct yaml_node *value,
                              struct ls_diags *diags)
{
    if (!is_list(value, "applications", diags))
        return;
    for (size_t i = 0; i < value->count; i++)
        bind_application(target, value->items[i], diags);
}

static void bind_role(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    /* What Exchange UM routing found is listed under autodiscovered. */
    static const char *const names[] = {
        "trusted-application", "front-end", "director",
        "mediation",           "edge",      "gateway"};
    struct pool *pool = target;
    size_t choice;

    if (yaml_choice(value, "role", names, LS_COUNT(names), &choice, diags))
        pool->role = (enum pool_role)choice;
}

static void bind_interface(void *target, const struct yaml_node *value,
                           struct ls_diags *diags)
{
    struct pool *pool = target;

    net_interface_bind(&pool->interface, value, diags);
}

bool net_interface_bind(enum net_interface *interface,
                        const struct yaml_node *value, struct ls_diags *diags)
{
    const char *names[INTERFACE_COUNT];
    size_t choice;

    for (size_t i = 0; i < INTERFACE_COUNT; i++)
        names[i] = net_interface_text((enum net_interface)i);
    if (!yaml_choice(value, "the interface", names, INTERFACE_COUNT, &choice,
                     diags))
        return false;
    *interface = (enum net_interface)choice;
    return true;
}

static void bind_version(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    struct pool *pool = target;
    int64_t version;

    if (yaml_integer(value, "version", 0, POOL_VERSION_MAX, &version, diags))
        pool->version = (int)version;
}

static void bind_site(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct pool *pool = target;

    read_text(&pool->site, value, "site", diags);
}

static void bind_registrar(void *target, const struct yaml_node *value,
                           struct ls_diags *diags)
{
    struct pool *pool = target;

    read_text(&pool->registrar, value, "registrar", diags);
    if (pool->registrar != NULL && strcmp(pool->registrar, "none") == 0)
        pool->registrar[0] = '\0';
}

static void bind_outbound_only(void *target, const struct yaml_node *value,
                               struct ls_diags *diags)
{
    struct pool *pool = target;

    yaml_boolean(value, "outbound-only", &pool->outbound_only, diags);
}

static void bind_treat_as_authenticated(void *target,
                                        const struct yaml_node *value,
                                        struct ls_diags *diags)
{
    struct pool *pool = target;

    yaml_boolean(value, "treat-as-authenticated", &pool->treat_as_authenticated,
                 diags);
}

static void bind_throttle_as_server(void *target, const struct yaml_node *value,
                                    struct ls_diags *diags)
{
    struct pool *pool = target;

    yaml_boolean(value, "throttle-as-server", &pool->throttle_as_server, diags);
}

static void bind_requires_replication(void *target,
                                      const struct yaml_node *value,
                                      struct ls_diags *diags)
{
    struct pool *pool = target;

    yaml_boolean(value, "requires-replication", &pool->requires_replication,
                 diags);
}

static const struct yaml_key pool_keys[] = {
    {"fqdn", "text", "the pool's name, a known server", bind_fqdn, true},
    {"computers", "list of text",
     "its computers, known servers too; none: a single-computer pool",
     bind_computers, false},
    {"applications", "list of application", "trusted applications",
     bind_applications, false},
    {"role", "trusted-application|front-end|director|mediation|edge|gateway",
     "what the pool is for (default trusted-application)", bind_role, false},
    {"version", "0 to 99", "0 any, 5 Lync 2010 (default), 6 Lync 2013, 7, 8",
     bind_version, false},
    {"interface", "primary|internal|external|pstn",
     "where it may connect to (default primary)", bind_interface, false},
    {"site", "text", "the site it belongs to", bind_site, false},
    {"registrar", "text", "its Registrar pool; none: it has none",
     bind_registrar, false},
    {"outbound-only", "true|false",
     "only the Front End opens connections (default false)", bind_outbound_only,
     false},
    {"treat-as-authenticated", "true|false",
     "its users are not challenged (default true)", bind_treat_as_authenticated,
     false},
    {"throttle-as-server", "true|false",
     "false: it may ask no more often than a client (default true)",
     bind_throttle_as_server, false},
    {"requires-replication", "true|false",
     "a copy of the topology is sent to it (default true)",
     bind_requires_replication, false},
};

const struct yaml_key *topology_yaml_pool_keys(size_t *count)
{
    *count = LS_COUNT(pool_keys);
    return pool_keys;
}

struct pool *pool_yaml_bind(const struct yaml_node *node,
                            struct ls_diags *diags)
{
    const struct yaml_node *fqdn =
        node->kind == YAML_MAPPING ? yaml_find(node, "fqdn") : NULL;
    struct ls_str name = {"", 0};
    struct pool *pool;
    char *why;

    /* Wherever it stands it comes first: computers are judged by it. */
    if (fqdn != NULL && fqdn->kind == YAML_SCALAR)
        name = fqdn->text;
    pool = pool_new(name);
    yaml_bind(pool, node, "a pool", pool_keys, LS_COUNT(pool_keys), diags);
    why = pool_refuse_name(name);
    if (why == NULL)
        return pool;
    free(why); /* it is in diags already, or the key is missing */
    pool_free(pool);
    return NULL;
}

static void bind_pools(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    if (!is_list(value, "pools", diags))
        return;
    for (size_t i = 0; i < value->count; i++) {
        struct pool *pool = pool_yaml_bind(value->items[i], diags);

        if (pool != NULL)
            add_refusal(diags, value->items[i], topology_add(target, pool));
    }
}

static void bind_autodiscovered(void *target, const struct yaml_node *value,
                                struct ls_diags *diags)
{
    if (!is_list(value, "autodiscovered", diags))
        return;
    for (size_t i = 0; i < value->count; i++) {
        struct ls_str text;

        if (yaml_text(value->items[i], "an autodiscovered server", &text,
                      diags))
            add_refusal(diags, value->items[i],
                        topology_add_autodiscovered(target, text));
    }
}

static void bind_draft(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    struct topology *topology = target;

    yaml_boolean(value, "draft", &topology->is_draft, diags);
}

static const struct yaml_key topology_keys[] = {
    {"draft", "true|false",
     "it is not published yet, and every verdict by it says so (default false)",
     bind_draft, false},
    {"pools", "list of pool", "pools, made by hand", bind_pools, false},
    {"autodiscovered", "list of text",
     "Exchange servers that UM routing found by itself", bind_autodiscovered,
     false},
};

const struct yaml_key *topology_yaml_keys(size_t *count)
{
    *count = LS_COUNT(topology_keys);
    return topology_keys;
}

struct topology *topology_yaml_bind(const struct yaml_node *node,
                                    struct ls_diags *diags)
{
    struct topology *topology = topology_new();

    yaml_bind(topology, node, "a topology", topology_keys,
              LS_COUNT(topology_keys), diags);
    return topology;
}
