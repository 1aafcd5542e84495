/*
 * The ways out of each kind of refusal.
 */
#include "lyncsim/remedy.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "remedy_kit.h"

static char *format_text(const char *format, va_list args)
    __attribute__((format(printf, 1, 0)));

static char *format_text(const char *format, va_list args)
{
    struct ls_buf buf = {0};

    ls_buf_vprintf(&buf, format, args);
    return ls_buf_take(&buf);
}

struct remedy *remedy_add(struct remedy_kit *kit, enum remedy_way way,
                          const char *title, ...)
{
    struct remedy *remedy;
    va_list args;

    LS_GROW(kit->remedies, kit->count, kit->capacity);
    remedy = &kit->remedies[kit->count++];
    *remedy = (struct remedy){.way = way};
    va_start(args, title);
    remedy->title = format_text(title, args);
    va_end(args);
    return remedy;
}

static void append_text(char ***texts, size_t *count, char *text)
{
    *texts = ls_realloc_array(*texts, *count + 1, sizeof **texts);
    (*texts)[(*count)++] = text;
}

void remedy_step(struct remedy *remedy, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    append_text(&remedy->steps, &remedy->step_count, format_text(format, args));
    va_end(args);
}

void remedy_command(struct remedy *remedy, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    append_text(&remedy->commands, &remedy->command_count,
                format_text(format, args));
    va_end(args);
}

void remedy_edit(struct remedy *remedy, const struct topology_edit *edit)
{
    remedy->edits = ls_realloc_array(remedy->edits, remedy->edit_count + 1,
                                     sizeof *remedy->edits);
    remedy->edits[remedy->edit_count++] = topology_edit_copy(edit);
}

char *remedy_shown(const char *name)
{
    struct ls_buf buf = {0};

    ls_buf_add_escaped(&buf, ls_str_from(name));
    return ls_buf_take(&buf);
}

char *remedy_quoted(const char *name)
{
    struct ls_buf buf = {0};

    remedy_quote_powershell(&buf, ls_str_from(name));
    return ls_buf_take(&buf);
}

static void remedy_protocol(struct remedy_kit *kit)
{
    struct remedy *remedy = remedy_add(
        kit, REMEDY_OTHER, "Give both a TLS version and a cipher in common");

    remedy_step(remedy, "Who: the administrators of both servers. "
                        "Interrupted: the service that is restarted.");
    remedy_step(remedy,
                "Compare what both sides allow (Schannel's Protocols and "
                "Ciphers in the registry): Lync speaks TLS 1.0 to 1.2, and a "
                "peer that allows less than that ends the handshake.");
}

static void remedy_timeout(struct remedy_kit *kit)
{
    struct remedy *remedy = remedy_add(
        kit, REMEDY_OTHER, "Find out why the peer does not go on talking");

    remedy_step(remedy, "Who: the peer's administrator. Interrupted: nothing.");
    remedy_step(remedy,
                "A peer that fetches a revocation list over HTTP during the "
                "handshake stays silent meanwhile; let it reach the "
                "distribution point of the Front End's issuer.");
    remedy_step(remedy, "Make sure that it is a TLS client and not a port scan "
                        "or a health probe of a load balancer.");
}

static void remedy_peer_refused_us(struct remedy_kit *kit)
{
    struct remedy *remedy = remedy_add(
        kit, REMEDY_OTHER, "Make the peer trust the Front End's certificate");

    remedy_step(remedy,
                "Who: the peer's administrator. Interrupted: the peer's "
                "web application pool, which is recycled.");
    remedy_step(remedy, "Export the root certificate of the Front End's issuer "
                        "to root.cer and bring it to the peer.");
    remedy_step(remedy, "Run the lines there, then check that the peer calls "
                        "the Front End by a name on its certificate.");
    remedy_command(remedy, "Import-Certificate -FilePath '.\\root.cer' "
                           "-CertStoreLocation 'Cert:\\LocalMachine\\Root'");
}

static void remedy_untrusted_root(struct remedy_kit *kit)
{
    struct remedy *remedy = remedy_add(
        kit, REMEDY_OTHER, "Trust the peer's root on every Front End");

    remedy_step(remedy,
                "Who: the Lync administrator. Interrupted: nothing; the "
                "authority is trusted for everything it signs.");
    remedy_step(remedy, "Get the issuer's root certificate as root.cer from "
                        "its owner, and compare its fingerprint by another "
                        "way than the one it came.");
    remedy_step(remedy, "Run the line on every Front End of the pool. Only "
                        "self-signed certificates belong in that store: a "
                        "subordinate authority there stops services from "
                        "starting.");
    remedy_command(remedy, "Import-Certificate -FilePath '.\\root.cer' "
                           "-CertStoreLocation 'Cert:\\LocalMachine\\Root'");
    remedy_by_renewal(kit,
                      "Get the certificate from an authority that the Front "
                      "End trusts",
                      "The new one comes from an authority that both sides "
                      "trust; its names stay as they are.");
}

static void remedy_incomplete_chain(struct remedy_kit *kit)
{
    struct remedy *remedy = remedy_add(
        kit, REMEDY_OTHER, "Let the peer send its intermediate certificate");

    remedy_step(remedy,
                "Who: the peer's administrator. Interrupted: the peer's "
                "web application pool, which is recycled.");
    remedy_step(remedy, "Get the intermediate certificate as intermediate.cer "
                        "from its issuer and run the lines on the peer.");
    remedy_command(remedy, "Import-Certificate -FilePath '.\\intermediate.cer' "
                           "-CertStoreLocation 'Cert:\\LocalMachine\\CA'");
    remedy_command(remedy, "Restart-WebAppPool -Name 'MSExchangeOWAAppPool'");
    remedy = remedy_add(kit, REMEDY_OTHER,
                        "Or give the intermediate to every Front End");
    remedy_step(remedy, "Who: the Lync administrator. Interrupted: nothing. "
                        "Other servers that meet the same peer need it too.");
    remedy_command(remedy, "Import-Certificate -FilePath '.\\intermediate.cer' "
                           "-CertStoreLocation 'Cert:\\LocalMachine\\CA'");
}

static void remedy_expired(struct remedy_kit *kit)
{
    remedy_by_renewal(kit, "Renew the certificate",
                      "The new one has the same names and a validity that "
                      "has begun and lasts.");
}

static void remedy_not_yet_valid(struct remedy_kit *kit)
{
    struct remedy *remedy =
        remedy_add(kit, REMEDY_OTHER, "Set the clocks right");

    remedy_step(remedy, "Who: the administrators of both servers. Interrupted: "
                        "nothing.");
    remedy_step(remedy, "Compare the time of the Front End, the peer and the "
                        "issuer; where they agree, wait until the validity "
                        "begins.");
    remedy_command(remedy, "w32tm /query /status");
    remedy_command(remedy, "w32tm /resync");
}

static void remedy_revoked(struct remedy_kit *kit)
{
    remedy_by_renewal(kit, "Get a new certificate for a new key",
                      "Ask first why the old one was revoked: its key must "
                      "not be used again.");
}

static void remedy_revocation_unknown(struct remedy_kit *kit)
{
    struct remedy *remedy = remedy_add(
        kit, REMEDY_OTHER, "Make the issuer's revocation list available");

    remedy_step(remedy, "Who: the owner of the authority. Interrupted: "
                        "nothing.");
    remedy_step(remedy, "Publish a new list on the authority, and let every "
                        "Front End reach its distribution point over HTTP.");
    remedy_command(remedy, "certutil -CRL");
}

static void remedy_wrong_usage(struct remedy_kit *kit)
{
    remedy_by_renewal(kit, "Get a certificate for server authentication",
                      "The new one has the same names and an extended key "
                      "usage with server and client authentication (the "
                      "template Web Server, or a copy with both).");
}

static void remedy_weak(struct remedy_kit *kit)
{
    remedy_by_renewal(kit, "Get a stronger certificate",
                      "The new one has the same names, an RSA key of 2048 "
                      "bits or more and a SHA-256 signature.");
}

static void remedy_bad_chain(struct remedy_kit *kit)
{
    struct remedy *remedy =
        remedy_add(kit, REMEDY_OTHER, "Have the issuer look at the chain");

    remedy_step(remedy, "Who: the owner of the authority. Interrupted: nothing "
                        "until a certificate is replaced.");
    remedy_step(remedy, "The check bad-chain says which certificate of the "
                        "path breaks which rule; it must be issued anew.");
}

static void remedy_name(struct remedy_kit *kit)
{
    remedy_by_certificate(kit);
}

static void remedy_wrong_interface(struct remedy_kit *kit)
{
    const char *interface = net_interface_text(kit->verdict->entry.interface);
    struct remedy *remedy = remedy_add(
        kit, REMEDY_OTHER, "Let the peer connect to the %s network interface",
        interface);

    remedy_step(remedy, "Who: the peer's administrator, or whoever keeps the "
                        "name service. Interrupted: nothing.");
    remedy_step(remedy,
                "The name that the peer connects to must lead to the "
                "address of the %s interface.",
                interface);
}

static void remedy_unknown_server(struct remedy_kit *kit)
{
    remedy_by_topology(kit);
    remedy_by_certificate(kit);
}

typedef void(remedy_fn)(struct remedy_kit *kit);

static remedy_fn *const makers[TRUST_CHECK_COUNT] = {
    [TRUST_PROTOCOL] = remedy_protocol,
    [TRUST_HANDSHAKE_TIMEOUT] = remedy_timeout,
    [TRUST_PEER_REFUSED_US] = remedy_peer_refused_us,
    [TRUST_UNTRUSTED_ROOT] = remedy_untrusted_root,
    [TRUST_INCOMPLETE_CHAIN] = remedy_incomplete_chain,
    [TRUST_EXPIRED] = remedy_expired,
    [TRUST_NOT_YET_VALID] = remedy_not_yet_valid,
    [TRUST_REVOKED] = remedy_revoked,
    [TRUST_REVOCATION_UNKNOWN] = remedy_revocation_unknown,
    [TRUST_WRONG_USAGE] = remedy_wrong_usage,
    [TRUST_WEAK_SIGNATURE] = remedy_weak,
    [TRUST_WEAK_KEY] = remedy_weak,
    [TRUST_BAD_CHAIN] = remedy_bad_chain,
    [TRUST_BAD_NAME] = remedy_name,
    [TRUST_NO_NAME] = remedy_name,
    [TRUST_DUPLICATE_SERVER] = remedy_by_duplicate,
    [TRUST_WRONG_INTERFACE] = remedy_wrong_interface,
    [TRUST_OUTBOUND_ONLY] = remedy_by_outbound_only,
    [TRUST_NOT_ENABLED] = remedy_by_draft,
    [TRUST_WILDCARD_NAME] = remedy_name,
    [TRUST_UNKNOWN_SERVER] = remedy_unknown_server,
};

struct remedy *remedy_find(const struct trust_policy *policy,
                           const struct certificate_facts *facts,
                           const struct trust_verdict *verdict, size_t *count)
{
    struct remedy_kit kit = {
        .policy = policy,
        .facts = facts,
        .verdict = verdict,
    };

    if (verdict->reason != TRUST_NONE)
        makers[verdict->reason](&kit);
    *count = kit.count;
    return kit.remedies;
}

static void clear_texts(char **texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    free(texts);
}

void remedy_clear(struct remedy *remedy)
{
    for (size_t i = 0; i < remedy->edit_count; i++)
        topology_edit_clear(&remedy->edits[i]);
    free(remedy->edits);
    clear_texts(remedy->steps, remedy->step_count);
    clear_texts(remedy->commands, remedy->command_count);
    clear_texts(remedy->dns_names, remedy->dns_name_count);
    free(remedy->subject_cn);
    free(remedy->title);
    *remedy = (struct remedy){0};
}

static char **copy_texts(char *const *texts, size_t count)
{
    char **copy = ls_alloc_array(count, sizeof *copy);

    for (size_t i = 0; i < count; i++)
        copy[i] = ls_strdup(texts[i]);
    return copy;
}

void remedy_copy(struct remedy *to, const struct remedy *from)
{
    *to = *from;
    to->title = ls_strdup(from->title);
    to->subject_cn = ls_strdup(from->subject_cn);
    to->steps = copy_texts(from->steps, from->step_count);
    to->commands = copy_texts(from->commands, from->command_count);
    to->dns_names = copy_texts(from->dns_names, from->dns_name_count);
    to->edits = ls_alloc_array(from->edit_count, sizeof *to->edits);
    for (size_t i = 0; i < from->edit_count; i++)
        to->edits[i] = topology_edit_copy(&from->edits[i]);
}
