/*
 * Ways out through the certificate: a request for a new one, and how Exchange
 * is told of it.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/fqdn.h"

#include "remedy_kit.h"

/* Names a request can carry without quoting rules of its own. */
static bool is_host_name(struct ls_str name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

    if (name.length == 0 || name.length > 253 || name.at[0] == '-')
        return false;
    for (size_t i = 0; i < name.length; i++)
        if (name.at[i] == '\0' || strchr(allowed, name.at[i]) == NULL)
            return false;
    return true;
}

/* A name is on the new certificate once; a stranger's list ends somewhere. */
#define DNS_NAMES_MAX 100

static void add_dns_name(struct remedy *remedy, struct ls_str name)
{
    if (!is_host_name(name) || remedy->dns_name_count == DNS_NAMES_MAX)
        return;
    for (size_t i = 0; i < remedy->dns_name_count; i++)
        if (ls_str_equal_nocase(name, ls_str_from(remedy->dns_names[i])))
            return;
    remedy->dns_names =
        ls_realloc_array(remedy->dns_names, remedy->dns_name_count + 1,
                         sizeof *remedy->dns_names);
    remedy->dns_names[remedy->dns_name_count++] = ls_str_dup(name);
}

/* The new certificate: that subject name, and the old alternative names. */
static void plan_certificate(const struct remedy_kit *kit,
                             struct remedy *remedy, const char *cn)
{
    remedy->subject_cn = ls_strdup(cn);
    add_dns_name(remedy, ls_str_from(cn));
    for (size_t i = 0; kit->facts != NULL && i < kit->facts->name_count; i++) {
        const struct certificate_name *name = &kit->facts->names[i];

        if (name->source == NAME_SAN_DNS && name->fault == NAME_SOUND)
            add_dns_name(remedy, ls_str_from_bytes(name->text, name->length));
    }
}

/* The request, up to its names. */
static const char *const request_lines[] = {
    "'KeyLength = 2048', 'Exportable = TRUE', 'MachineKeySet = TRUE', "
    "'KeyUsage = 0xa0',",
    "'ProviderName = \"Microsoft RSA SChannel Cryptographic Provider\"', "
    "'ProviderType = 12', 'RequestType = PKCS10',",
    "'[EnhancedKeyUsageExtension]', 'OID = 1.3.6.1.5.5.7.3.1', "
    "'OID = 1.3.6.1.5.5.7.3.2',",
    "'[Extensions]', '2.5.29.17 = \"{text}\"',",
    NULL,
};

/* From the request to a certificate that IIS shows. */
static const char *const accept_lines[] = {
    "Set-Content -Path '.\\request.inf' -Value $request",
    "certreq -new .\\request.inf .\\request.req",
    "Read-Host 'Have request.req signed as .\\certnew.cer, then press Enter'",
    "certreq -accept .\\certnew.cer",
    "$thumbprint = (Get-PfxCertificate '.\\certnew.cer').Thumbprint",
    "Enable-ExchangeCertificate -Thumbprint $thumbprint -Services IIS -Force",
    NULL,
};

static void command_lines(struct remedy *remedy, const char *const *lines)
{
    for (; *lines != NULL; lines++)
        remedy_command(remedy, "%s", *lines);
}

static void command_request(struct remedy *remedy)
{
    remedy_command(remedy, "$request = @(");
    remedy_command(remedy, "'[Version]', 'Signature = \"$Windows NT$\"',");
    remedy_command(remedy, "'[NewRequest]', 'Subject = \"CN=%s\"',",
                   remedy->subject_cn);
    command_lines(remedy, request_lines);
    for (size_t i = 0; i < remedy->dns_name_count; i++)
        remedy_command(remedy, "'_continue_ = \"dns=%s%s\"'%s",
                       remedy->dns_names[i],
                       i + 1 < remedy->dns_name_count ? "&" : "",
                       i + 1 < remedy->dns_name_count ? "," : ")");
    command_lines(remedy, accept_lines);
}

/* The same request where the key is made elsewhere. */
static void step_openssl(struct remedy *remedy)
{
    struct ls_buf names = {0};

    for (size_t i = 0; i < remedy->dns_name_count; i++)
        ls_buf_printf(&names, "%sDNS:%s", i == 0 ? "" : ",",
                      remedy->dns_names[i]);
    remedy_step(remedy,
                "With OpenSSL instead of certreq: openssl req -new -newkey "
                "rsa:2048 -nodes -keyout key.pem -out request.pem -subj "
                "'/CN=%s' -addext 'subjectAltName=%.*s'",
                remedy->subject_cn, LS_STR_ARG(ls_buf_str(&names)));
    ls_buf_clear(&names);
}

#define SWITCH_ON                                                              \
    "Get-OwaVirtualDirectory -Server $env:COMPUTERNAME | "                     \
    "Set-OwaVirtualDirectory -InstantMessagingType OCS "                       \
    "-InstantMessagingEnabled $true"

/* Where each release of Exchange is told which certificate instant messaging
 * is to show, and by which lines. */
static const struct {
    const char *product;
    const char *where;
    const char *lines[7]; /* NULL-terminated */
} exchanges[] = {
    {"Exchange 2010",
     "every Client Access server of the array",
     {SWITCH_ON " -InstantMessagingCertificateThumbprint $thumbprint",
      "iisreset /noforce"}},
    {"Exchange 2013",
     "every Mailbox server; web.config is written anew by each cumulative "
     "update",
     {SWITCH_ON,
      "$path = Join-Path $env:ExchangeInstallPath "
      "'ClientAccess\\Owa\\web.config'",
      "$config = [xml](Get-Content -Path $path)",
      "$config.SelectSingleNode(\"/configuration/appSettings/"
      "add[@key='IMCertificateThumbprint']\").SetAttribute('value', "
      "$thumbprint)",
      "$config.Save($path)",
      "& \"$env:windir\\system32\\inetsrv\\appcmd.exe\" recycle apppool "
      "/apppool.name:MSExchangeOWAAppPool"}},
    {"Exchange 2016 and 2019",
     "every Mailbox server; web.config is not read there",
     {"$old = Get-SettingOverride | Where-Object { $_.ComponentName -eq "
      "'OwaServer' -and $_.SectionName -eq 'IMSettings' }",
      "$server = $old.Parameters | Where-Object { $_ -like 'IMServerName=*' }",
      "$old | Remove-SettingOverride -Confirm:$false",
      "New-SettingOverride -Name 'IM Override' -Component OwaServer -Section "
      "IMSettings -Parameters @($server, "
      "\"IMCertificateThumbprint=$thumbprint\") -Reason 'Configure IM'",
      "Get-ExchangeDiagnosticInfo -Server $env:COMPUTERNAME -Process "
      "Microsoft.Exchange.Directory.TopologyService -Component "
      "VariantConfiguration -Argument Refresh",
      "Restart-WebAppPool -Name 'MSExchangeOWAAppPool'"}},
};

/* One remedy for each release: their lines must not be mixed. */
static void reissue(struct remedy_kit *kit, const char *title, const char *what,
                    const char *cn)
{
    for (size_t i = 0; i < LS_COUNT(exchanges); i++) {
        struct remedy *remedy = remedy_add(kit, REMEDY_EXCHANGE, "%s (%s)",
                                           title, exchanges[i].product);

        plan_certificate(kit, remedy, cn);
        remedy_step(remedy,
                    "Who: the Exchange administrator, and whoever signs the "
                    "request (a public authority charges for it). "
                    "Interrupted: Outlook Web App, while it restarts.");
        remedy_step(remedy, "%s", what);
        step_openssl(remedy);
        remedy_step(remedy,
                    "Run the lines in the Exchange Management Shell on %s. "
                    "All of them use this one certificate: make the request "
                    "on the first only, and import it with its key on the "
                    "others.",
                    exchanges[i].where);
        command_request(remedy);
        command_lines(remedy, exchanges[i].lines);
    }
}

static bool lets_in(const struct remedy_kit *kit,
                    const struct known_server *entry)
{
    return entry != NULL && !entry->outbound_only && !entry->is_duplicate &&
           entry->interface == kit->policy->interface;
}

bool remedy_mends_name(const struct remedy_kit *kit,
                       const struct remedy *remedy)
{
    return remedy->subject_cn != NULL && kit->policy->known != NULL &&
           lets_in(kit, known_servers_find(kit->policy->known,
                                           ls_str_from(remedy->subject_cn),
                                           kit->policy->names));
}

/* A name of the table that a certificate could have and be let in by. */
static const char *name_to_have(const struct remedy_kit *kit)
{
    for (size_t i = 0; i < kit->verdict->near_count; i++) {
        const struct near_miss *near = &kit->verdict->near[i];
        struct ls_str name = ls_str_from(near->name);
        const struct known_server *entry =
            known_servers_find(kit->policy->known, name, NAMES_SENSITIVE);

        if (near->kind != NEAR_SIBLING && near->kind != NEAR_TYPO &&
            is_host_name(name) && lets_in(kit, entry))
            return near->name;
    }
    return NULL;
}

/* Whether what speaks is nothing that a pool or computer can be called. */
static bool is_no_name(const struct remedy_kit *kit)
{
    return !fqdn_is_server(ls_str_from_bytes(kit->verdict->identity_name,
                                             kit->verdict->identity_length));
}

void remedy_by_certificate(struct remedy_kit *kit)
{
    const char *cn = name_to_have(kit);
    struct remedy *remedy;
    char *title;

    if (cn != NULL) {
        title = ls_strf("Reissue the certificate with the subject name %s", cn);
        reissue(kit, title,
                "The subject name is what the Front End looks up; it must be "
                "the name of the pool or of one of its computers.",
                cn);
        free(title);
        return;
    }
    /* No server has a name with a blank, or an address for a name. */
    if (kit->verdict->reason == TRUST_UNKNOWN_SERVER && !is_no_name(kit))
        return;
    remedy = remedy_add(kit, REMEDY_OTHER,
                        "Reissue the certificate with the server's own name");
    remedy_step(remedy, "Who: the administrator of the peer, and whoever signs "
                        "the request. Interrupted: the peer, while it "
                        "restarts.");
    remedy_step(remedy, "The subject name must be one host name, without a "
                        "wildcard, and a pool or computer of that name must "
                        "be in the topology.");
}

/* The name that let the peer in but for what is wrong with the rest; where the
 * name is wrong as well, the one that it should be. */
static char *name_to_keep(const struct remedy_kit *kit)
{
    struct ls_str name = ls_str_from_bytes(kit->verdict->identity_name,
                                           kit->verdict->identity_length);
    const char *known = name_to_have(kit);

    if (known != NULL)
        return ls_strdup(known);
    if (kit->verdict->has_identity && is_host_name(name))
        return ls_str_dup(name);
    return NULL;
}

/* Of those added since, where the name changes as well. */
static void step_other_name(const struct remedy_kit *kit, size_t since,
                            const char *cn)
{
    struct ls_str was = ls_str_from_bytes(kit->verdict->identity_name,
                                          kit->verdict->identity_length);

    if (kit->verdict->has_identity && ls_str_equal_text(was, cn))
        return;
    for (size_t i = since; i < kit->count; i++)
        remedy_step(&kit->remedies[i],
                    "Its subject name changes on this occasion: %s is known "
                    "to the Front End, the name that speaks now is not.",
                    cn);
}

void remedy_by_renewal(struct remedy_kit *kit, const char *title,
                       const char *what)
{
    char *cn = name_to_keep(kit);
    size_t before = kit->count;
    struct remedy *remedy;

    if (cn != NULL) {
        reissue(kit, title, what, cn);
        step_other_name(kit, before, cn);
        free(cn);
        return;
    }
    remedy = remedy_add(kit, REMEDY_OTHER, "%s", title);
    remedy_step(remedy, "Who: the administrator of the peer, and whoever signs "
                        "the request. Interrupted: the peer, while it "
                        "restarts.");
    remedy_step(remedy, "%s", what);
}
