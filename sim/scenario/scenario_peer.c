/*
 * The servers that connect in a scenario file: under connect: and sign-in:,
 * and by name under peers:.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"

void scenario_peer_clear(struct scenario_peer *peer)
{
    scenario_free_texts(peer->trusts, peer->trust_count);
    free(peer->certificate);
    free(peer->from);
    free(peer->to);
    free(peer->user);
    free(peer->ciphers);
    free(peer->listen.certificate);
    scenario_users_clear(peer);
    for (size_t i = 0; i < peer->talk_count; i++)
        scenario_line_clear(&peer->talk[i]);
    free(peer->talk);
    scenario_rules_clear(&peer->respond);
    scenario_free_texts(peer->ignores, peer->ignore_count);
}

static struct scenario_peer *peer_of(void *target)
{
    return ((struct scenario_target *)target)->peer;
}

static void bind_certificate(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_reference(all->binding, &all->peer->certificate, REFER_SHOWN,
                            value, "the certificate", diags);
}

static void bind_from(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    size_t faults = ls_diags_fault_count(diags);

    scenario_bind_text(&peer_of(target)->from, value, "from", diags);
    if (ls_diags_fault_count(diags) == faults &&
        strcspn(value->text.at, " \t\r\n<>\"@/;:") != value->text.length)
        ls_diags_add(diags, value->place, "Write for example ex01.contoso.com.",
                     "from must be a host name, not \"%s\"", value->text.at);
}

static void bind_user(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    scenario_bind_address(&peer_of(target)->user, value, "the user", diags);
}

static void bind_trusts(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_trusts(all->binding, &all->peer->trusts,
                         &all->peer->trust_count, value, diags);
    all->peer->has_trusts = true;
}

static void bind_tls(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    scenario_bind_tls(&peer_of(target)->tls, value, diags);
    peer_of(target)->has_tls = true;
}

static void bind_ciphers(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    scenario_bind_ciphers(((struct scenario_target *)target)->binding,
                          &peer_of(target)->ciphers, value, diags);
}

static void bind_owa(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    static const char *const names[] = {
        [OWA_2010] = "2010", [OWA_2013] = "2013", [OWA_2016] = "2016"};
    size_t choice;

    if (yaml_choice(value, "the version of OWA", names, LS_COUNT(names),
                    &choice, diags))
        peer_of(target)->owa = (enum owa_version)choice;
}

static void bind_respond(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    scenario_bind_rules(&peer_of(target)->respond, value, diags);
}

static void bind_revocation(void *target, const struct yaml_node *value,
                            struct ls_diags *diags)
{
    static const char *const names[] = {"ignore", "check"};
    size_t choice;

    if (yaml_choice(value, "revocation", names, LS_COUNT(names), &choice,
                    diags))
        peer_of(target)->checks_revocation = choice == 1;
}

static void bind_to(void *target, const struct yaml_node *value,
                    struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_reference(all->binding, &all->peer->to, REFER_FRONT_END,
                            value, "to", diags);
}

static void bind_interface(void *target, const struct yaml_node *value,
                           struct ls_diags *diags)
{
    struct scenario_peer *peer = peer_of(target);

    peer->has_interface = net_interface_bind(&peer->interface, value, diags);
    peer->interface_place = value->place;
}

#define WHERE_KEYS                                                             \
    {"to", "text",                                                             \
     "one of front-ends:; without it the one of front-end:", bind_to, false},  \
    {                                                                          \
        "interface", "primary|internal|external|pstn",                         \
            "the Front End's interface that it comes by; without it the "      \
            "first",                                                           \
            bind_interface, false                                              \
    }

#define PEER_KEYS                                                              \
    {"peer", "text", "one of peers:, for what is not said here", refuse_peer,  \
     false},                                                                   \
        {"certificate", "a certificate|none|fault:NAME",                       \
         "what the peer shows", bind_certificate, true},                       \
        {"from", "text", "the connecting server's own FQDN", bind_from,        \
         false},                                                               \
        {"trusts", "list of text",                                             \
         "authorities it takes; without it the Front End's issuer",            \
         bind_trusts, false},                                                  \
        {"tls", "MIN-MAX", "TLS versions it speaks; without it all", bind_tls, \
         false},                                                               \
        {"ciphers", "text", "ciphers it offers, as OpenSSL names them",        \
         bind_ciphers, false},                                                 \
        {"revocation", "ignore|check",                                         \
         "whether it minds lists and what the Front End staples; "             \
         "without it ignore",                                                  \
         bind_revocation, false},                                              \
        {"listen", "listen", "its port, which the Front End dials",            \
         scenario_bind_listen, false},                                         \
    {                                                                          \
        "wire", "wire", "what happens to the bytes on their way",              \
            scenario_bind_wire, false                                          \
    }

static void refuse_peer(void *target, const struct yaml_node *value,
                        struct ls_diags *diags);

#define TALK_KEYS                                                              \
    {"talk", "list of line", "what is said, instead of OPTIONS",               \
     scenario_bind_talk, false},                                               \
        {"respond", "list of rule",                                            \
         "how it answers requests of a talk; without it 200", bind_respond,    \
         false},                                                               \
    {                                                                          \
        "ignores", "list of text",                                             \
            "what may come in a talk unasked: methods and statuses",           \
            scenario_bind_ignores, false                                       \
    }

static const struct yaml_key connect_keys[] = {PEER_KEYS, WHERE_KEYS,
                                               TALK_KEYS};
const struct scenario_key_table scenario_connect_table = {
    "connect", "under connect:", connect_keys, LS_COUNT(connect_keys)};

/* What peers: may say of one; whoever names it needs no more. */
static void refuse_peer(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    (void)target;
    ls_diags_add(diags, value->place, "Add peers: with the peer's name.",
                 "there is no peer \"%s\", for the file has no peers:",
                 value->kind == YAML_SCALAR ? value->text.at : "");
}

static const struct yaml_key sign_in_keys[] = {
    PEER_KEYS,
    WHERE_KEYS,
    {"user", "text", "who signs in to OWA: \"sip:test@contoso.com\"", bind_user,
     false},
    {"users", "list of text|many-users",
     "instead of user: all who sign in over this connection",
     scenario_bind_users, false},
    {"messages", "list of message",
     "what they say to each other once they are signed in",
     scenario_bind_messages, false},
    {"reconnect", "reconnect",
     "how the server comes back when its connection is lost; without it, not",
     scenario_bind_reconnect, false},
    {"owa", "2010|2013|2016", "whose words OWA's user reads; without it 2010",
     bind_owa, false},
};
const struct scenario_key_table scenario_sign_in_table = {
    "sign-in", "under sign-in:", sign_in_keys, LS_COUNT(sign_in_keys)};

static const struct yaml_key peer_keys[] = {
    {"certificate", "a certificate|none|fault:NAME", "what it shows",
     bind_certificate, false},
    {"from", "text", "its own FQDN", bind_from, false},
    {"trusts", "list of text", "authorities it takes", bind_trusts, false},
    {"tls", "MIN-MAX", "TLS versions it speaks", bind_tls, false},
    {"ciphers", "text", "ciphers it offers, as OpenSSL names them",
     bind_ciphers, false},
    {"revocation", "ignore|check",
     "whether it minds lists and what the Front End staples", bind_revocation,
     false},
    {"listen", "listen", "its port, which the Front End dials",
     scenario_bind_listen, false},
    {"wire", "wire", "what happens to the bytes on their way",
     scenario_bind_wire, false},
    WHERE_KEYS,
    TALK_KEYS,
    {"user", "text", "who signs in there", bind_user, false},
    {"users", "list of text|many-users", "all who sign in there",
     scenario_bind_users, false},
    {"messages", "list of message", "what they say to each other",
     scenario_bind_messages, false},
    {"reconnect", "reconnect", "how it comes back when a connection is lost",
     scenario_bind_reconnect, false},
    {"owa", "2010|2013|2016", "whose words OWA's user reads", bind_owa, false},
};
const struct scenario_key_table scenario_peer_table = {
    "peer", "each of peers:", peer_keys, LS_COUNT(peer_keys)};

void scenario_bind_peers(struct scenario_binding *binding,
                         const struct yaml_node *node, struct ls_diags *diags)
{
    if (node->kind != YAML_MAPPING) {
        ls_diags_add(diags, node->place,
                     "Write one name a line: \"ex01: {certificate: iis}\".",
                     "peers must be a mapping of names");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        struct scenario_peer peer = {0};
        struct scenario_target target = {.binding = binding, .peer = &peer};

        yaml_bind(&target, node->pairs[i].value, "a peer", peer_keys,
                  LS_COUNT(peer_keys), diags);
        scenario_peer_clear(&peer);
    }
}
