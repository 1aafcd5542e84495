/*
 * A topology as a file that binds to the same topology.
 */
#include <string.h>

#include "lyncsim/topology_yaml.h"

/* Plain where YAML and this project's schema read it as the same text. */
static void print_scalar(const char *text, struct ls_buf *out)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    size_t length = strlen(text);

    if (length > 0 && strspn(text, plain) == length && text[0] != '-' &&
        strcmp(text, "none") != 0) {
        ls_buf_add_text(out, text);
        return;
    }
    ls_buf_add_byte(out, '\'');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'')
            ls_buf_add_byte(out, '\'');
        ls_buf_add_byte(out, text[i]);
    }
    ls_buf_add_byte(out, '\'');
}

static void print_text(const char *key, const char *text, struct ls_buf *out)
{
    if (text == NULL)
        return;
    ls_buf_printf(out, "    %s: ", key);
    print_scalar(text, out);
    ls_buf_add_byte(out, '\n');
}

static void print_flag(const char *key, bool value, bool usual,
                       struct ls_buf *out)
{
    if (value != usual)
        ls_buf_printf(out, "    %s: %s\n", key, value ? "true" : "false");
}

static void print_members(const struct pool *pool, struct ls_buf *out)
{
    if (pool->computer_count > 0)
        ls_buf_add_text(out, "    computers:\n");
    for (size_t i = 0; i < pool->computer_count; i++) {
        ls_buf_add_text(out, "    - ");
        print_scalar(pool->computers[i], out);
        ls_buf_add_byte(out, '\n');
    }
    if (pool->application_count > 0)
        ls_buf_add_text(out, "    applications:\n");
    for (size_t i = 0; i < pool->application_count; i++) {
        ls_buf_add_text(out, "    - id: ");
        print_scalar(pool->applications[i].id, out);
        ls_buf_printf(out, "\n      port: %u\n", pool->applications[i].port);
    }
}

static void print_pool(const struct pool *pool, struct ls_buf *out)
{
    ls_buf_add_text(out, "  - fqdn: ");
    print_scalar(pool->fqdn, out);
    ls_buf_add_byte(out, '\n');
    if (pool->role != POOL_TRUSTED_APPLICATION)
        print_text("role", pool_role_text(pool->role), out);
    if (pool->version != 5)
        ls_buf_printf(out, "    version: %d\n", pool->version);
    if (pool->interface != INTERFACE_PRIMARY)
        print_text("interface", net_interface_text(pool->interface), out);
    print_text("site", pool->site, out);
    if (pool->registrar != NULL && pool->registrar[0] == '\0')
        ls_buf_add_text(out, "    registrar: none\n");
    else
        print_text("registrar", pool->registrar, out);
    print_flag("outbound-only", pool->outbound_only, false, out);
    print_flag("treat-as-authenticated", pool->treat_as_authenticated, true,
               out);
    print_flag("throttle-as-server", pool->throttle_as_server, true, out);
    print_flag("requires-replication", pool->requires_replication, true, out);
    print_members(pool, out);
}

void topology_yaml_print(const struct topology *topology, struct ls_buf *out)
{
    size_t discovered = 0;

    for (size_t i = 0; i < topology->count; i++)
        discovered += topology->pools[i]->role == POOL_AUTODISCOVERED;
    ls_buf_printf(out, "topology:\n%s  pools:%s\n",
                  topology->is_draft ? "  draft: true\n" : "",
                  discovered < topology->count ? "" : " []");
    for (size_t i = 0; i < topology->count; i++)
        if (topology->pools[i]->role != POOL_AUTODISCOVERED)
            print_pool(topology->pools[i], out);
    if (discovered > 0)
        ls_buf_add_text(out, "  autodiscovered:\n");
    for (size_t i = 0; i < topology->count; i++)
        if (topology->pools[i]->role == POOL_AUTODISCOVERED) {
            ls_buf_add_text(out, "  - ");
            print_scalar(topology->pools[i]->fqdn, out);
            ls_buf_add_byte(out, '\n');
        }
}
