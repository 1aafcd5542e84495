/*
 * What is typed and what is clicked: a pool as lines of the management shell
 * and as Topology Builder's dialogs.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "remedy_kit.h"

#define APPLICATION_PREFIX "urn:application:"

/* What a person types after the prefix, which the cmdlet adds itself. */
static const char *short_id(const char *id)
{
    size_t length = strlen(APPLICATION_PREFIX);

    return strncmp(id, APPLICATION_PREFIX, length) == 0 ? id + length : id;
}

void remedy_command_enable(struct remedy *remedy)
{
    remedy_command(remedy, "Enable-CsTopology");
}

void remedy_command_applications(struct remedy *remedy, const struct pool *pool)
{
    char *fqdn = remedy_quoted(pool->fqdn);

    for (size_t i = 0; i < pool->application_count; i++) {
        char *id = remedy_quoted(short_id(pool->applications[i].id));

        remedy_command(remedy,
                       "New-CsTrustedApplication -ApplicationId %s "
                       "-TrustedApplicationPoolFqdn %s -Port %u -Force",
                       id, fqdn, pool->applications[i].port);
        free(id);
    }
    free(fqdn);
}

/* Site and Registrar: as stated, else as the deployment itself says. like:
 * a pool to ask it of before it is removed, or NULL. */
void remedy_command_site(struct remedy *remedy, const struct pool *pool,
                         const char *like)
{
    char *registrar = NULL;
    char *site = NULL;
    char *old = like == NULL ? NULL : remedy_quoted(like);

    if (pool->registrar != NULL && pool->registrar[0] != '\0')
        registrar = remedy_quoted(pool->registrar);
    if (pool->site != NULL)
        site = remedy_quoted(pool->site);
    if (old != NULL && (registrar == NULL || site == NULL))
        remedy_command(remedy,
                       "$old = Get-CsTrustedApplicationPool -Identity %s", old);
    remedy_command(remedy, "$registrar = %s",
                   registrar != NULL ? registrar
                   : old != NULL
                       ? "\"$($old.Registrar)\" -replace '^Registrar:', ''"
                       : "(Get-CsService -Registrar | Select-Object -First "
                         "1).PoolFqdn");
    remedy_command(remedy, "$site = %s",
                   site != NULL  ? site
                   : old != NULL ? "\"$($old.SiteId)\" -replace '^Site:', ''"
                                 : "(Get-CsSite | Select-Object -First "
                                   "1).Identity -replace '^Site:', ''");
    free(registrar);
    free(site);
    free(old);
}

static const char *truth(bool value)
{
    return value ? "$true" : "$false";
}

void remedy_command_new_pool(struct remedy *remedy, const struct pool *pool)
{
    char *fqdn = remedy_quoted(pool->fqdn);
    char *computer = remedy_quoted(pool->computer_count > 0 ? pool->computers[0]
                                                            : pool->fqdn);

    remedy_command(remedy,
                   "New-CsTrustedApplicationPool -Identity %s -Registrar "
                   "$registrar -Site $site -ComputerFqdn %s -OutboundOnly %s "
                   "-ThrottleAsServer %s -TreatAsAuthenticated %s "
                   "-RequiresReplication %s -Force",
                   fqdn, computer, truth(pool->outbound_only),
                   truth(pool->throttle_as_server),
                   truth(pool->treat_as_authenticated),
                   truth(pool->requires_replication));
    free(computer);
    for (size_t i = 1; i < pool->computer_count; i++) {
        computer = remedy_quoted(pool->computers[i]);
        remedy_command(remedy,
                       "New-CsTrustedApplicationComputer -Identity %s -Pool %s",
                       computer, fqdn);
        free(computer);
    }
    free(fqdn);
}

void remedy_command_remove_pool(struct remedy *remedy, const struct pool *pool)
{
    char *fqdn = remedy_quoted(pool->fqdn);

    remedy_command(remedy,
                   "Remove-CsTrustedApplicationPool -Identity %s -Force", fqdn);
    free(fqdn);
}

/* " lync.a.com", the next hop as the wizard asks for it; "" where it is not
 * stated. */
static char *shown_next_hop(const struct pool *pool)
{
    char *shown, *text;

    if (pool->registrar == NULL || pool->registrar[0] == '\0')
        return ls_strdup("");
    shown = remedy_shown(pool->registrar);
    text = ls_strf(" %s", shown);
    free(shown);
    return text;
}

void remedy_click_new_pool(struct remedy *remedy, const struct pool *pool)
{
    struct ls_buf computers = {0};
    char *fqdn = remedy_shown(pool->fqdn);
    char *hop = shown_next_hop(pool);

    for (size_t i = 0; i < pool->computer_count; i++) {
        ls_buf_add_text(&computers, i == 0 ? "" : ", ");
        ls_buf_add_escaped(&computers, ls_str_from(pool->computers[i]));
    }
    if (pool->computer_count == 0)
        remedy_step(remedy,
                    "Right-click Trusted application servers, choose New "
                    "Trusted Application Pool, write the pool FQDN %s, pick "
                    "Single computer pool and the next hop pool%s, Finish.",
                    fqdn, hop);
    else
        remedy_step(remedy,
                    "Right-click Trusted application servers, choose New "
                    "Trusted Application Pool, write the pool FQDN %s, pick "
                    "Multiple computer pool, add the computer%s %.*s, then "
                    "the next hop pool%s, Finish.",
                    fqdn, pool->computer_count == 1 ? "" : "s",
                    LS_STR_ARG(ls_buf_str(&computers)), hop);
    ls_buf_clear(&computers);
    free(hop);
    free(fqdn);
}

void remedy_click_delete_pool(struct remedy *remedy, const struct pool *pool,
                              const char *why)
{
    char *fqdn = remedy_shown(pool->fqdn);

    remedy_step(remedy,
                "Open Topology Builder and download the topology. Under "
                "Trusted application servers right-click %s and choose "
                "Delete%s.",
                fqdn, why);
    free(fqdn);
}

void remedy_click_publish(struct remedy *remedy, const char *again)
{
    remedy_step(remedy, "Choose Action, Topology, Publish%s.", again);
}

/* Of a pool's options those that New-CsTrustedApplicationPool would have
 * otherwise where nothing is said: " -OutboundOnly $true -…", or "". */
static void add_options(const struct pool *pool, struct ls_buf *out)
{
    const struct {
        const char *name;
        bool value;
        bool usual;
    } options[] = {
        {"OutboundOnly", pool->outbound_only, false},
        {"ThrottleAsServer", pool->throttle_as_server, true},
        {"TreatAsAuthenticated", pool->treat_as_authenticated, true},
        {"RequiresReplication", pool->requires_replication, true},
    };

    ls_buf_add_text(out, "");
    for (size_t i = 0; i < LS_COUNT(options); i++)
        if (options[i].value != options[i].usual)
            ls_buf_printf(out, " -%s %s", options[i].name,
                          truth(options[i].value));
}

bool remedy_step_options(struct remedy *remedy, const struct pool *pool)
{
    char *fqdn = remedy_quoted(pool->fqdn);
    struct ls_buf options = {0};
    bool has_some;

    add_options(pool, &options);
    has_some = options.length > 0;
    if (has_some) {
        remedy_step(remedy,
                    "Set the pool's options as they were (%.*s): no dialog of "
                    "Topology Builder is known to ask for them, and a pool "
                    "made by clicks has the usual ones; run the line in the "
                    "Lync Server Management Shell.",
                    LS_STR_ARG(ls_str_skip(ls_buf_str(&options), 1)));
        remedy_command(remedy, "Set-CsTrustedApplicationPool -Identity %s%.*s",
                       fqdn, LS_STR_ARG(ls_buf_str(&options)));
    }
    ls_buf_clear(&options);
    free(fqdn);
    return has_some;
}

void remedy_step_applications(struct remedy *remedy, const struct pool *pool)
{
    if (pool->application_count > 0)
        remedy_step(remedy, "Create the trusted application again: Topology "
                            "Builder cannot, so run the lines in the Lync "
                            "Server Management Shell.");
}
