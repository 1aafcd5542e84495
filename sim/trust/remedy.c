/*
 * The ways out of each kind of refusal.
 */
#include "lyncsim/remedy.h"

#include "lyncsim/alloc.h"

#include "remedy_kit.h"

/* Lines that several ways share. */
#define TRUST_ROOT                                                             \
    "Import-Certificate -FilePath '.\\root.cer' "                              \
    "-CertStoreLocation 'Cert:\\LocalMachine\\Root'"
#define KNOW_INTERMEDIATE                                                      \
    "Import-Certificate -FilePath '.\\intermediate.cer' "                      \
    "-CertStoreLocation 'Cert:\\LocalMachine\\CA'"

/* A way out that reads the same whoever is refused: what it costs, what to do,
 * the lines. */
struct advice {
    enum trust_check_id reason;
    enum trust_obstacle obstacle; /* of TRUST_PROTOCOL; else not looked at */
    const char *title;
    unsigned changes; /* of enum remedy_change */
    const char *steps[4];
    const char *commands[3];
};

static const struct advice advices[] = {
    {TRUST_PROTOCOL,
     OBSTACLE_NOTHING_IN_COMMON,
     "Give both a TLS version and a cipher in common",
     REMEDY_CHANGES_HANDSHAKE,
     {"Who: the administrators of both servers. Interrupted: the service that "
      "is restarted.",
      "Compare what both sides allow (Schannel's Protocols and Ciphers in the "
      "registry): Lync speaks TLS 1.0 to 1.2, and a peer that allows less than "
      "that ends the handshake."},
     {NULL}},
    {TRUST_PROTOCOL,
     OBSTACLE_CERTIFICATE,
     "Give the peer a certificate that TLS can use",
     REMEDY_CHANGES_HANDSHAKE,
     {"Who: the peer's administrator. Interrupted: the peer's web application "
      "pool, which is recycled.",
      "The check protocol says what is wrong: too many or too large "
      "certificates, a key of a kind that is not taken, a key that belongs to "
      "another certificate, or no certificate.",
      "An RSA key of 2048 bits and a certificate with its intermediates, and "
      "nothing besides, is what every server of the period takes."},
     {NULL}},
    {TRUST_PROTOCOL,
     OBSTACLE_NO_TLS,
     "Let the peer speak TLS on this port",
     REMEDY_CHANGES_HANDSHAKE,
     {"Who: the peer's administrator. Interrupted: nothing.",
      "What came does not begin as TLS does: plain SIP or HTTP, or a probe of "
      "a load balancer. Check the peer's transport and port: the Front End "
      "takes servers over TLS alone, on 5061 as a rule."},
     {NULL}},
    {TRUST_PROTOCOL,
     OBSTACLE_CUT_OFF,
     "Find out what broke the handshake off",
     REMEDY_CHANGES_HANDSHAKE,
     {"Who: the administrators of both servers and of the network between "
      "them. Interrupted: nothing.",
      "A peer that leaves by itself is a port scan, a health probe, or does "
      "not like what it was shown: its own log says which.",
      "Damage, and records out of turn, point at a device on the way that "
      "looks into TLS: let this port pass it untouched."},
     {NULL}},
    {TRUST_HANDSHAKE_TIMEOUT,
     0,
     "Find out why the peer does not go on talking",
     REMEDY_CHANGES_HANDSHAKE,
     {"Who: the peer's administrator. Interrupted: nothing.",
      "A peer that fetches a revocation list over HTTP during the handshake "
      "stays silent meanwhile; let it reach the distribution point of the "
      "Front End's issuer.",
      "Make sure that it is a TLS client and not a port scan or a health probe "
      "of a load balancer."},
     {NULL}},
    {TRUST_PEER_REFUSED_US,
     0,
     "Make the peer trust the Front End's certificate",
     REMEDY_CHANGES_HANDSHAKE,
     {"Who: the peer's administrator. Interrupted: the peer's web application "
      "pool, which is recycled.",
      "Export the root certificate of the Front End's issuer to root.cer and "
      "bring it to the peer.",
      "Run the lines there, then check that the peer calls the Front End by a "
      "name on its certificate."},
     {TRUST_ROOT}},
    {TRUST_UNTRUSTED_ROOT,
     0,
     "Trust the peer's root on every Front End",
     REMEDY_CHANGES_ROOTS,
     {"Who: the Lync administrator. Interrupted: nothing; the authority is "
      "trusted for everything it signs.",
      "Get the issuer's root certificate as root.cer from its owner, and "
      "compare its fingerprint by another way than the one it came.",
      "Run the line on every Front End of the pool. Only self-signed "
      "certificates belong in that store: a subordinate authority there stops "
      "services from starting."},
     {TRUST_ROOT}},
    {TRUST_INCOMPLETE_CHAIN,
     0,
     "Let the peer send its intermediate certificate",
     REMEDY_CHANGES_CHAIN,
     {"Who: the peer's administrator. Interrupted: the peer's web application "
      "pool, which is recycled.",
      "Get the intermediate certificate as intermediate.cer from its issuer "
      "and run the lines on the peer."},
     {KNOW_INTERMEDIATE, "Restart-WebAppPool -Name 'MSExchangeOWAAppPool'"}},
    {TRUST_INCOMPLETE_CHAIN,
     0,
     "Or give the intermediate to every Front End",
     REMEDY_CHANGES_CHAIN,
     {"Who: the Lync administrator. Interrupted: nothing. Other servers that "
      "meet the same peer need it too."},
     {KNOW_INTERMEDIATE}},
    {TRUST_NOT_YET_VALID,
     0,
     "Set the clocks right",
     REMEDY_CHANGES_CLOCK,
     {"Who: the administrators of both servers. Interrupted: nothing.",
      "Compare the time of the Front End, the peer and the issuer; where they "
      "agree, wait until the validity begins."},
     {"w32tm /query /status", "w32tm /resync"}},
    {TRUST_REVOCATION_UNKNOWN,
     0,
     "Make the issuer's revocation list available",
     REMEDY_CHANGES_LISTS,
     {"Who: the owner of the authority. Interrupted: nothing.",
      "Publish a new list on the authority, and let every Front End reach its "
      "distribution point over HTTP."},
     {"certutil -CRL"}},
    {TRUST_BAD_CHAIN,
     0,
     "Have the issuer look at the chain",
     0,
     {"Who: the owner of the authority. Interrupted: nothing until a "
      "certificate is replaced.",
      "The check bad-chain says which certificate of the path breaks which "
      "rule; it must be issued anew."},
     {NULL}},
    {TRUST_NAME_MISMATCH,
     0,
     "Give the application a certificate with the name that the Front End "
     "dials",
     0,
     {"Who: the application's administrator. Interrupted: the application, "
      "which is restarted.",
      "The new one has the FQDN of the trusted application pool as subject "
      "name, and that of every computer of the pool as alternative names; the "
      "check name-mismatch says which name is missing.",
      "Or the name that is dialled leads to another server than is meant: ask "
      "the name service."},
     {NULL}},
};

/* The certificate anew, because of what is wrong with it beside its name. */
static const struct {
    enum trust_check_id reason;
    const char *title;
    const char *what;
} renewals[] = {
    {TRUST_UNTRUSTED_ROOT,
     "Get the certificate from an authority that the Front End trusts",
     "The new one comes from an authority that both sides trust; its names "
     "stay as they are."},
    {TRUST_EXPIRED, "Renew the certificate",
     "The new one has the same names and a validity that has begun and lasts."},
    {TRUST_REVOKED, "Get a new certificate for a new key",
     "Ask first why the old one was revoked: its key must not be used again."},
    {TRUST_WRONG_USAGE, "Get a certificate for server authentication",
     "The new one has the same names and an extended key usage with server and "
     "client authentication (the template Web Server, or a copy with both)."},
    {TRUST_WEAK_SIGNATURE, "Get a stronger certificate",
     "The new one has the same names, an RSA key of 2048 bits or more and a "
     "SHA-256 signature."},
    {TRUST_WEAK_KEY, "Get a stronger certificate",
     "The new one has the same names, an RSA key of 2048 bits or more and a "
     "SHA-256 signature."},
    {TRUST_BAD_CHAIN, "Get the certificate over a path that keeps the rules",
     "The new one comes from an authority whose own certificate keeps them; "
     "its names stay as they are."},
};

static bool is_about(const struct advice *advice,
                     const struct trust_verdict *verdict)
{
    return advice->reason == verdict->reason &&
           (advice->reason != TRUST_PROTOCOL ||
            advice->obstacle == verdict->obstacle);
}

static void by_advice(struct remedy_kit *kit, const struct advice *advice)
{
    struct remedy *remedy = remedy_add(kit, REMEDY_OTHER, "%s", advice->title);

    for (size_t i = 0; i < LS_COUNT(advice->steps); i++)
        if (advice->steps[i] != NULL)
            remedy_step(remedy, "%s", advice->steps[i]);
    for (size_t i = 0; i < LS_COUNT(advice->commands); i++)
        if (advice->commands[i] != NULL)
            remedy_command(remedy, "%s", advice->commands[i]);
    remedy->changes = advice->changes;
    if (advice->changes == REMEDY_CHANGES_CLOCK && kit->facts != NULL)
        remedy->at_s = kit->facts->not_before_s;
}

static void by_interface(struct remedy_kit *kit)
{
    enum net_interface interface = kit->verdict->entry.interface;
    const char *name = net_interface_text(interface);
    struct remedy *remedy =
        remedy_add(kit, REMEDY_OTHER,
                   "Let the peer connect to the %s network interface", name);

    remedy_step(remedy, "Who: the peer's administrator, or whoever keeps the "
                        "name service. Interrupted: nothing.");
    remedy_step(remedy,
                "The name that the peer connects to must lead to the address "
                "of the %s interface.",
                name);
    remedy->changes = REMEDY_CHANGES_INTERFACE;
    remedy->interface = interface;
}

static void by_topology_or_certificate(struct remedy_kit *kit)
{
    remedy_by_topology(kit);
    remedy_by_certificate(kit);
}

/* Where who is refused decides what is to be done. */
static const struct {
    enum trust_check_id reason;
    void (*find)(struct remedy_kit *kit);
} ways[] = {
    {TRUST_BAD_NAME, remedy_by_certificate},
    {TRUST_NO_NAME, remedy_by_certificate},
    {TRUST_DUPLICATE_SERVER, remedy_by_duplicate},
    {TRUST_WRONG_INTERFACE, by_interface},
    {TRUST_OUTBOUND_ONLY, remedy_by_outbound_only},
    {TRUST_NOT_ENABLED, remedy_by_draft},
    {TRUST_WILDCARD_NAME, remedy_by_certificate},
    {TRUST_UNKNOWN_SERVER, by_topology_or_certificate},
};

/* A certificate made anew mends all but its name, and that where it is known
 * by the new one. */
static bool is_mended(const struct remedy_kit *kit, const struct remedy *remedy,
                      enum trust_check_id failed)
{
    if (failed == kit->verdict->reason)
        return true;
    if (remedy->subject_cn == NULL)
        return false;
    return !trust_check_is_of_table(failed) || remedy_mends_name(kit, remedy);
}

/* What refuses the peer once the deciding fault is mended is said with each
 * way out that leaves it. */
static void step_next_fault(const struct remedy_kit *kit, struct remedy *remedy)
{
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++) {
        const struct trust_check *check = &kit->verdict->checks[i];

        if (check->result != CHECK_FAIL ||
            is_mended(kit, remedy, (enum trust_check_id)i))
            continue;
        remedy_step(remedy,
                    "That alone does not let it in; next is %s: %s Judge it "
                    "again then.",
                    trust_check_text((enum trust_check_id)i), check->why);
        return;
    }
}

struct remedy *remedy_find(const struct trust_policy *policy,
                           const struct certificate_facts *facts,
                           const struct trust_verdict *verdict, size_t *count)
{
    struct remedy_kit kit = {
        .policy = policy,
        .facts = facts,
        .verdict = verdict,
    };

    for (size_t i = 0; i < LS_COUNT(advices); i++)
        if (is_about(&advices[i], verdict))
            by_advice(&kit, &advices[i]);
    for (size_t i = 0; i < LS_COUNT(renewals); i++)
        if (renewals[i].reason == verdict->reason)
            remedy_by_renewal(&kit, renewals[i].title, renewals[i].what);
    for (size_t i = 0; i < LS_COUNT(ways); i++)
        if (ways[i].reason == verdict->reason)
            ways[i].find(&kit);
    for (size_t i = 0; i < kit.count; i++)
        step_next_fault(&kit, &kit.remedies[i]);
    *count = kit.count;
    return kit.remedies;
}
