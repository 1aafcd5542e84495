/*
 * Ways out through the topology: a plan of edits, and the same as Topology
 * Builder's clicks or as lines of the management shell alone.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/fqdn.h"

#include "remedy_kit.h"

/* The pool to be changed, from the draft; NULL when it is not there, or is
 * none that people make. */
static const struct pool *pool_of_draft(const struct remedy_kit *kit,
                                        const char *fqdn)
{
    const struct pool *pool = NULL;

    if (kit->policy->topology != NULL)
        pool = topology_find(kit->policy->topology, ls_str_from(fqdn));
    return pool != NULL && pool->role == POOL_TRUSTED_APPLICATION ? pool : NULL;
}

/* The name that spoke, when a pool or computer could have it; owned by the
 * caller. NULL otherwise. */
static char *name_for_table(const struct remedy_kit *kit)
{
    struct ls_str name = ls_str_from_bytes(kit->verdict->identity_name,
                                           kit->verdict->identity_length);

    return kit->verdict->has_identity && fqdn_is_server(name) ? ls_str_dup(name)
                                                              : NULL;
}

static void edit_publish(struct remedy *remedy)
{
    remedy_edit(remedy, &(struct topology_edit){.kind = EDIT_PUBLISH});
    remedy_edit(remedy, &(struct topology_edit){.kind = EDIT_ENABLE});
}

static void edit_remove_pool(struct remedy *remedy, const struct pool *pool)
{
    struct topology_edit edit = {.kind = EDIT_REMOVE_POOL, .fqdn = pool->fqdn};

    remedy_edit(remedy, &edit);
}

static void edit_add_pool(struct remedy *remedy, struct pool *pool)
{
    struct topology_edit edit = {.kind = EDIT_ADD_POOL, .pool = pool};

    remedy_edit(remedy, &edit);
}

/* The pool is made again as next; the article's second way out. */
static void recreate_pool(struct remedy_kit *kit, const struct pool *pool,
                          struct pool *next)
{
    static const char cost[] =
        "Who: the Lync administrator. Interrupted: everything that connects "
        "under a name of the pool %s, until the new pool is enabled; whoever "
        "shows a certificate for a name it loses is refused from then on.";
    char *was = remedy_shown(pool->fqdn);
    char *is = remedy_shown(next->fqdn);
    bool has_lines = next->application_count > 0;
    struct remedy *remedy = remedy_add(
        kit, REMEDY_TOPOLOGY_BUILDER,
        "Delete the pool %s and make it again as %s (Topology Builder)", was,
        is);

    remedy_step(remedy, cost, was);
    remedy_click_delete_pool(remedy, pool, ": a pool's name cannot be edited");
    remedy_click_publish(remedy, "");
    remedy_click_new_pool(remedy, next);
    remedy_click_publish(remedy, " again");
    has_lines |= remedy_step_options(remedy, next);
    remedy_step_applications(remedy, next);
    remedy_command_applications(remedy, next);
    if (has_lines)
        remedy_command_enable(remedy);
    edit_remove_pool(remedy, pool);
    edit_publish(remedy);
    edit_add_pool(remedy, next);
    edit_publish(remedy);

    remedy = remedy_add(kit, REMEDY_POWERSHELL,
                        "Delete the pool %s and make it again as %s "
                        "(PowerShell)",
                        was, is);
    remedy_step(remedy, cost, was);
    remedy_step(remedy, "Run the lines in the Lync Server Management Shell.");
    remedy_command_site(remedy, next, pool->fqdn);
    remedy_command_remove_pool(remedy, pool);
    remedy_command_enable(remedy);
    remedy_command_new_pool(remedy, next);
    remedy_command_applications(remedy, next);
    remedy_command_enable(remedy);
    edit_remove_pool(remedy, pool);
    edit_publish(remedy);
    edit_add_pool(remedy, next);
    edit_publish(remedy);
    free(was);
    free(is);
}

/* A sentence that ends in a line about the pool. */
static void step_line(struct remedy *remedy, const char *why_and_cmdlet,
                      const struct pool *pool, const char *options)
{
    char *quoted = remedy_quoted(pool->fqdn);

    remedy_step(remedy, "%s %s %s", why_and_cmdlet, quoted, options);
    free(quoted);
}

/* Whose application it is nobody can know here; Outlook Web App's is shown. */
static void step_application(struct remedy *remedy, const struct pool *pool)
{
    step_line(remedy,
              "Where the Front End is to connect to it, too, create its "
              "application and enable the topology once more; for Outlook "
              "Web App: New-CsTrustedApplication -ApplicationId 'owa' "
              "-TrustedApplicationPoolFqdn",
              pool, "-Port 5199 -Force");
}

/* Clicks make a pool with the usual options; this one has a use for another. */
static void step_replication(struct remedy *remedy, const struct pool *pool)
{
    step_line(remedy,
              "Where the server runs no replica service, as Exchange does "
              "not, end the replication that a new pool has; it decides "
              "nothing of who is let in: Set-CsTrustedApplicationPool "
              "-Identity",
              pool, "-RequiresReplication $false");
}

/* Trusted applications are known on the primary interface: whoever came by
 * another one has to come by that as well. */
static void use_primary(const struct remedy_kit *kit, struct remedy *remedy)
{
    if (kit->policy->interface == INTERFACE_PRIMARY)
        return;
    remedy_step(remedy, "And let the peer connect to the address of the "
                        "primary network interface: trusted applications are "
                        "known there alone.");
    remedy->changes |= REMEDY_CHANGES_INTERFACE;
    remedy->interface = INTERFACE_PRIMARY;
}

/* A pool that is not there yet. */
static void make_pool(struct remedy_kit *kit, const char *name)
{
    static const char cost[] =
        "Who: the Lync administrator. Interrupted: nothing.";
    struct pool *pool = pool_new(ls_str_from(name));
    char *shown = remedy_shown(name);
    struct remedy *remedy = remedy_add(
        kit, REMEDY_TOPOLOGY_BUILDER,
        "Make a trusted application pool %s (Topology Builder)", shown);

    pool->requires_replication = false;
    remedy_step(remedy, cost);
    remedy_step(remedy, "Open Topology Builder and download the topology.");
    remedy_click_new_pool(remedy, pool);
    remedy_step(remedy, "If several servers show this certificate, pick "
                        "Multiple computer pool instead and add their FQDNs: "
                        "a single-computer pool takes no second one.");
    remedy_click_publish(remedy, "");
    step_replication(remedy, pool);
    step_application(remedy, pool);
    use_primary(kit, remedy);
    edit_add_pool(remedy, pool);
    edit_publish(remedy);

    remedy =
        remedy_add(kit, REMEDY_POWERSHELL,
                   "Make a trusted application pool %s (PowerShell)", shown);
    remedy_step(remedy, cost);
    remedy_step(remedy, "Run the lines in the Lync Server Management Shell; "
                        "the first two take the first Registrar and site "
                        "there are.");
    remedy_step(remedy, "If several servers show this certificate, write the "
                        "first one's FQDN after -ComputerFqdn and add the "
                        "others by New-CsTrustedApplicationComputer: a "
                        "single-computer pool takes no second one.");
    step_application(remedy, pool);
    use_primary(kit, remedy);
    remedy_command_site(remedy, pool, NULL);
    remedy_command_new_pool(remedy, pool);
    remedy_command_enable(remedy);
    edit_add_pool(remedy, pool);
    edit_publish(remedy);
    pool_free(pool);
    free(shown);
}

static void add_computer(struct remedy_kit *kit, const struct pool *pool,
                         char *name)
{
    static const char cost[] =
        "Who: the Lync administrator. Interrupted: nothing. The names of a "
        "pool's computers are known servers as its own name is.";
    struct topology_edit edit = {
        .kind = EDIT_ADD_COMPUTER, .fqdn = name, .other = pool->fqdn};
    char *shown = remedy_shown(name);
    char *shown_pool = remedy_shown(pool->fqdn);
    char *quoted = remedy_quoted(name);
    char *quoted_pool = remedy_quoted(pool->fqdn);
    struct remedy *remedy =
        remedy_add(kit, REMEDY_TOPOLOGY_BUILDER,
                   "Add %s to the pool %s as a computer (Topology Builder)",
                   shown, shown_pool);

    remedy_step(remedy, cost);
    remedy_step(remedy,
                "Open Topology Builder and download the topology. Under "
                "Trusted application servers right-click the pool %s, choose "
                "New Server, write the FQDN %s, OK.",
                shown_pool, shown);
    remedy_click_publish(remedy, "");
    remedy_edit(remedy, &edit);
    edit_publish(remedy);

    remedy = remedy_add(kit, REMEDY_POWERSHELL,
                        "Add %s to the pool %s as a computer (PowerShell)",
                        shown, shown_pool);
    remedy_step(remedy, cost);
    remedy_step(remedy, "Run the lines in the Lync Server Management Shell.");
    remedy_command(remedy,
                   "New-CsTrustedApplicationComputer -Identity %s -Pool %s",
                   quoted, quoted_pool);
    remedy_command_enable(remedy);
    remedy_edit(remedy, &edit);
    edit_publish(remedy);
    free(quoted);
    free(quoted_pool);
    free(shown);
    free(shown_pool);
}

/* The pool with the name that spoke in place of the one that came near. */
static struct pool *renamed(const struct pool *pool,
                            const struct near_miss *near, const char *name)
{
    struct pool *next = pool_copy(pool);

    if (near->kind == NEAR_CASE && near->entry_kind == KNOWN_SERVER_COMPUTER) {
        for (size_t i = 0; i < next->computer_count; i++)
            if (strcmp(next->computers[i], near->name) == 0) {
                free(next->computers[i]);
                next->computers[i] = ls_strdup(name);
            }
    } else {
        free(next->fqdn);
        next->fqdn = ls_strdup(name);
    }
    return next;
}

/* Kinds of nearness in which the pool was meant, under a wrong name. */
static bool is_misnamed(enum near_miss_kind kind)
{
    return kind != NEAR_SIBLING && kind != NEAR_REMOVED &&
           kind != NEAR_DRAFT_ONLY && kind != NEAR_OTHER_INTERFACE;
}

static bool is_removable(const struct pool *pool)
{
    return pool->registrar == NULL || pool->registrar[0] != '\0';
}

/* Whether what the pool allows lets a name of it in. */
static bool lets_in(const struct remedy_kit *kit, const struct pool *pool)
{
    return !pool->outbound_only && pool->interface == kit->policy->interface;
}

static bool is_in_draft(const struct remedy_kit *kit, const char *name)
{
    return kit->policy->topology != NULL &&
           topology_find(kit->policy->topology, ls_str_from(name)) != NULL;
}

static void fix_pool(struct remedy_kit *kit, const struct pool *pool,
                     const struct near_miss *near, char *name)
{
    struct pool *next;

    if (pool->computer_count > 0 &&
        !pool_has_computer(pool, ls_str_from(name)) &&
        !ls_str_equal_nocase(ls_str_from(name), ls_str_from(pool->fqdn)))
        add_computer(kit, pool, name);
    if (!is_misnamed(near->kind) || !is_removable(pool))
        return;
    next = renamed(pool, near, name);
    if (!pool_has_computer(next, ls_str_from(next->fqdn)) ||
        next->computer_count == 0)
        recreate_pool(kit, pool, next);
    pool_free(next);
}

void remedy_by_topology(struct remedy_kit *kit)
{
    const struct trust_verdict *verdict = kit->verdict;
    char *name = name_for_table(kit);
    const struct pool *pool = NULL;
    size_t before = kit->count;

    if (name == NULL)
        return;
    if (verdict->near_count > 0)
        pool = pool_of_draft(kit, verdict->near[0].pool);
    if (pool != NULL && lets_in(kit, pool))
        fix_pool(kit, pool, &verdict->near[0], name);
    if (kit->count == before && !is_in_draft(kit, name))
        make_pool(kit, name);
    free(name);
}

void remedy_by_draft(struct remedy_kit *kit)
{
    struct remedy *remedy =
        remedy_add(kit, REMEDY_POWERSHELL, "Publish and enable the topology");

    remedy_step(remedy, "Who: the Lync administrator. Interrupted: nothing; "
                        "everything else in the draft takes effect, too.");
    remedy_step(remedy, "A draft that Topology Builder holds is published "
                        "there: Action, Topology, Publish. Then run the line "
                        "in the Lync Server Management Shell.");
    remedy_command_enable(remedy);
    edit_publish(remedy);
}

/* The computer alone, where the rest of its pool was not found twice. */
static bool take_computer_out(struct remedy_kit *kit, const struct pool *pool)
{
    const struct known_server *entry = &kit->verdict->entry;
    static const char cost[] =
        "Who: the Lync administrator. Interrupted: nothing; Exchange UM "
        "routing knows the server by itself.";
    struct topology_edit edit = {.kind = EDIT_REMOVE_COMPUTER,
                                 .fqdn = (char *)(uintptr_t)entry->fqdn,
                                 .other = pool->fqdn};
    struct remedy *remedy;
    char *quoted;
    char *shown;
    char *shown_pool;

    if (entry->kind != KNOWN_SERVER_COMPUTER || pool->computer_count < 2)
        return false;
    shown = remedy_shown(entry->fqdn);
    shown_pool = remedy_shown(pool->fqdn);
    remedy = remedy_add(
        kit, REMEDY_TOPOLOGY_BUILDER,
        "Take the computer %s out of its pool (Topology Builder)", shown);
    remedy_step(remedy, cost);
    remedy_step(remedy,
                "Open Topology Builder and download the topology. Under "
                "Trusted application servers, in the pool %s, right-click the "
                "computer %s and choose Delete.",
                shown_pool, shown);
    remedy_click_publish(remedy, "");
    remedy_edit(remedy, &edit);
    edit_publish(remedy);
    free(shown_pool);

    remedy =
        remedy_add(kit, REMEDY_POWERSHELL,
                   "Take the computer %s out of its pool (PowerShell)", shown);
    free(shown);
    remedy_step(remedy, cost);
    remedy_step(remedy, "Run the lines in the Lync Server Management Shell.");
    quoted = remedy_quoted(entry->fqdn);
    remedy_command(remedy,
                   "Remove-CsTrustedApplicationComputer -Identity %s "
                   "-Confirm:$false",
                   quoted);
    remedy_command_enable(remedy);
    remedy_edit(remedy, &edit);
    edit_publish(remedy);
    free(quoted);
    return true;
}

void remedy_by_duplicate(struct remedy_kit *kit)
{
    const struct pool *pool = pool_of_draft(kit, kit->verdict->entry.pool);
    struct remedy *remedy;
    char *shown;

    if (pool == NULL || !is_removable(pool)) {
        remedy = remedy_add(kit, REMEDY_OTHER,
                            "Remove the entry that was made by hand");
        remedy_step(remedy, "Who: the Lync administrator. Exchange UM routing "
                            "knows the server by itself.");
        return;
    }
    if (take_computer_out(kit, pool))
        return;
    shown = remedy_shown(pool->fqdn);
    remedy = remedy_add(kit, REMEDY_TOPOLOGY_BUILDER,
                        "Delete the pool %s (Topology Builder)", shown);
    remedy_step(remedy, "Who: the Lync administrator. Interrupted: the pool's "
                        "other computers and applications, if it has any.");
    remedy_click_delete_pool(
        remedy, pool, ": Exchange UM routing knows the server by itself");
    remedy_click_publish(remedy, "");
    edit_remove_pool(remedy, pool);
    edit_publish(remedy);
    remedy = remedy_add(kit, REMEDY_POWERSHELL,
                        "Delete the pool %s (PowerShell)", shown);
    remedy_step(remedy, "Who: the Lync administrator. Interrupted: the pool's "
                        "other computers and applications, if it has any.");
    remedy_step(remedy, "Exchange UM routing knows the server by itself. Run "
                        "the lines in the Lync Server Management Shell.");
    remedy_command_remove_pool(remedy, pool);
    remedy_command_enable(remedy);
    edit_remove_pool(remedy, pool);
    edit_publish(remedy);
    free(shown);
}

void remedy_by_outbound_only(struct remedy_kit *kit)
{
    const char *fqdn = kit->verdict->entry.pool;
    const struct pool *pool = pool_of_draft(kit, fqdn);
    char *shown = remedy_shown(fqdn);
    char *quoted = remedy_quoted(fqdn);
    struct remedy *remedy =
        remedy_add(kit, REMEDY_POWERSHELL,
                   "Let the pool %s open connections itself", shown);

    remedy_step(remedy, "Who: the Lync administrator. Interrupted: nothing.");
    remedy_step(remedy, "Run the lines in the Lync Server Management Shell; no "
                        "dialog of Topology Builder is known to ask for this "
                        "option.");
    remedy_command(remedy,
                   "Set-CsTrustedApplicationPool -Identity %s -OutboundOnly "
                   "$false",
                   quoted);
    remedy_command_enable(remedy);
    if (pool != NULL) {
        struct pool *next = pool_copy(pool);

        next->outbound_only = false;
        edit_remove_pool(remedy, pool);
        edit_add_pool(remedy, next);
        edit_publish(remedy);
        pool_free(next);
    }
    free(quoted);
    free(shown);
}
