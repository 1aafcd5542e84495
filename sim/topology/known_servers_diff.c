/*
 * Two tables compared, name by name, letter case aside.
 */
#include "lyncsim/known_servers_diff.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

static void print_text(const char *what, const char *before, const char *after,
                       struct ls_buf *out)
{
    if (strcmp(before, after) != 0)
        ls_buf_printf(out, "%s%s %s -> %s", out->length > 0 ? ", " : "", what,
                      before, after);
}

static void print_flag(const char *what, bool before, bool after,
                       struct ls_buf *out)
{
    print_text(what, before ? "True" : "False", after ? "True" : "False", out);
}

/* The parts are divided by commas, so they are written to a text of their
 * own. */
static void print_changes(const struct known_server *before,
                          const struct known_server *after, struct ls_buf *out)
{
    char *version_before = ls_strf("%d", before->version);
    char *version_after = ls_strf("%d", after->version);

    print_text("name", before->fqdn, after->fqdn, out);
    print_text("kind", known_server_kind_text(before->kind),
               known_server_kind_text(after->kind), out);
    print_text("pool", before->pool, after->pool, out);
    print_text("version", version_before, version_after, out);
    print_text("interface", net_interface_text(before->interface),
               net_interface_text(after->interface), out);
    print_flag("OutboundOnly", before->outbound_only, after->outbound_only,
               out);
    print_flag("TreatAsAuthenticated", before->treat_as_authenticated,
               after->treat_as_authenticated, out);
    print_flag("ThrottleAsServer", before->throttle_as_server,
               after->throttle_as_server, out);
    print_flag("RequiresReplication", before->requires_replication,
               after->requires_replication, out);
    print_flag("duplicate", before->is_duplicate, after->is_duplicate, out);
    free(version_before);
    free(version_after);
}

void known_servers_diff_print(const struct known_servers_difference *difference,
                              struct ls_buf *out)
{
    struct ls_buf changes = {0};

    if (difference->before == NULL || difference->after == NULL)
        return;
    print_changes(difference->before, difference->after, &changes);
    ls_buf_add(out, ls_buf_str(&changes));
    ls_buf_clear(&changes);
}

static bool is_changed(const struct known_servers_difference *difference)
{
    struct ls_buf changes = {0};
    bool changed;

    known_servers_diff_print(difference, &changes);
    changed = changes.length > 0;
    ls_buf_clear(&changes);
    return changed;
}

/* The same name in the other table: in this spelling, else in any. */
static const struct known_server *same_in(const struct known_servers *table,
                                          const struct known_server *server)
{
    struct ls_str name = ls_str_from(server->fqdn);
    bool is_found = server->kind == KNOWN_SERVER_AUTODISCOVERED;
    const struct known_server *same =
        is_found ? known_servers_find_discovered(table, name) : NULL;

    if (same == NULL)
        same = known_servers_find(table, name, NAMES_SENSITIVE);
    if (same == NULL)
        same = known_servers_find(table, name, NAMES_INSENSITIVE);
    /* Of two entries of one name each has its own past. */
    if (same != NULL && server->is_duplicate &&
        (same->kind == KNOWN_SERVER_AUTODISCOVERED) != is_found)
        return NULL;
    return same;
}

struct known_servers_difference *
known_servers_diff(const struct known_servers *before,
                   const struct known_servers *after, size_t *count)
{
    size_t was = known_servers_count(before);
    size_t is = known_servers_count(after);
    struct known_servers_difference *differences =
        ls_alloc_array(was + is, sizeof *differences);

    *count = 0;
    for (size_t i = 0; i < was; i++) {
        struct known_servers_difference *difference = &differences[*count];

        difference->before = known_servers_at(before, i);
        difference->after = same_in(after, difference->before);
        *count += difference->after == NULL || is_changed(difference);
    }
    for (size_t i = 0; i < is; i++) {
        const struct known_server *server = known_servers_at(after, i);

        if (same_in(before, server) == NULL)
            differences[(*count)++] =
                (struct known_servers_difference){.after = server};
    }
    return differences;
}
