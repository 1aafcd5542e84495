/*
 * The front-end: of a scenario file; a case sets the same keys again.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/identity_rule.h"

#include "scenario_bind.h"

static struct scenario_front_end *front_end_of(void *target)
{
    return ((struct scenario_target *)target)->front_end;
}

static void bind_certificate(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    struct scenario_target *all = target;

    scenario_bind_reference(all->binding, &all->front_end->certificate,
                            REFER_OWN, value, "the certificate", diags);
}

static void bind_topology(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    struct scenario_target *all = target;

    if (value->kind != YAML_SCALAR) {
        ls_diags_add(diags, value->place,
                     "Write the topology under topologies:, and its name here.",
                     "the topology here must be a name");
        return;
    }
    scenario_bind_reference(all->binding, &all->front_end->topology,
                            REFER_TOPOLOGY, value, "the topology", diags);
}

static void bind_trusts(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct scenario_target *all = target;
    struct scenario_front_end *front_end = all->front_end;

    scenario_bind_trusts(all->binding, &front_end->trusts,
                         &front_end->trust_count, value, diags);
    front_end->has_trusts = true;
}

static void bind_rule(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    const char *names[IDENTITY_RULE_COUNT];
    size_t choice;

    for (size_t i = 0; i < IDENTITY_RULE_COUNT; i++)
        names[i] = identity_rules[i].name;
    if (yaml_choice(value, "the rule", names, LS_COUNT(names), &choice, diags))
        front_end_of(target)->rule = &identity_rules[choice];
}

static void bind_names(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    const char *const names[] = {
        [NAMES_INSENSITIVE] = name_comparison_text(NAMES_INSENSITIVE),
        [NAMES_SENSITIVE] = name_comparison_text(NAMES_SENSITIVE),
    };
    struct scenario_front_end *front_end = front_end_of(target);
    size_t choice;

    front_end->has_names =
        yaml_choice(value, "names", names, LS_COUNT(names), &choice, diags);
    if (front_end->has_names)
        front_end->names = (enum name_comparison)choice;
}

static void bind_cn(void *target, const struct yaml_node *value,
                    struct ls_diags *diags)
{
    static const char *const names[] = {
        [CN_FIRST] = "first", [CN_LAST] = "last"};
    struct scenario_front_end *front_end = front_end_of(target);
    size_t choice;

    front_end->has_cn =
        yaml_choice(value, "cn", names, LS_COUNT(names), &choice, diags);
    if (front_end->has_cn)
        front_end->cn = (enum cn_choice)choice;
}

static void bind_tls(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    scenario_bind_tls(&front_end_of(target)->tls, value, diags);
    front_end_of(target)->has_tls = true;
}

static void bind_ciphers(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    scenario_bind_ciphers(((struct scenario_target *)target)->binding,
                          &front_end_of(target)->ciphers, value, diags);
}

static void bind_issuers(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    static const char *const names[] = {[ISSUERS_NONE] = "none",
                                        [ISSUERS_ALL] = "all",
                                        [ISSUERS_TRUNCATED] = "truncated"};
    struct scenario_front_end *front_end = front_end_of(target);
    size_t choice;

    front_end->has_issuers = yaml_choice(value, "trusted-issuers", names,
                                         LS_COUNT(names), &choice, diags);
    if (front_end->has_issuers)
        front_end->issuers = (enum issuers_named)choice;
}

static void bind_interface(void *target, const struct yaml_node *value,
                           struct ls_diags *diags)
{
    struct scenario_front_end *front_end = front_end_of(target);

    front_end->has_interface =
        net_interface_bind(&front_end->interface, value, diags);
}

static void bind_weak(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    static const char *const names[] = {
        [WEAK_WARN] = "warn", [WEAK_REFUSE] = "refuse"};
    struct scenario_front_end *front_end = front_end_of(target);
    size_t choice;

    front_end->has_weak =
        yaml_choice(value, "weak", names, LS_COUNT(names), &choice, diags);
    if (front_end->has_weak)
        front_end->weak = (enum weak_policy)choice;
}

static void bind_way(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    const char *const names[] = {application_way_text(APPLICATION_SAME),
                                 application_way_text(APPLICATION_OWN)};
    struct scenario_front_end *front_end =
        ((struct scenario_target *)target)->front_end;
    size_t choice;

    if (!yaml_choice(value, "the way to applications", names, LS_COUNT(names),
                     &choice, diags))
        return;
    front_end->way = (enum application_way)choice;
    front_end->has_way = true;
}

static void bind_version(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    const char *const names[] = {
        [LYNC_2010] = product_version_text(LYNC_2010),
        [LYNC_2013] = product_version_text(LYNC_2013),
        [SFB_2015] = product_version_text(SFB_2015),
        [SFB_2019] = product_version_text(SFB_2019),
    };
    struct scenario_front_end *front_end = front_end_of(target);
    size_t choice;

    front_end->has_version = yaml_choice(value, "the version", names,
                                         LS_COUNT(names), &choice, diags);
    if (front_end->has_version)
        front_end->version = (enum product_version)choice;
}

static void bind_enable(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    static const char *const names[] = {"with-publish", "by-hand"};
    struct scenario_front_end *front_end = front_end_of(target);
    size_t choice;

    front_end->has_enable =
        yaml_choice(value, "enable", names, LS_COUNT(names), &choice, diags);
    if (front_end->has_enable)
        front_end->enable_by_hand = choice == 1;
}

static void bind_revocation(void *target, const struct yaml_node *value,
                            struct ls_diags *diags)
{
    static const char *const names[] = {"ignore", "check"};
    struct scenario_front_end *front_end = front_end_of(target);
    size_t choice;

    front_end->has_revocation = yaml_choice(value, "revocation", names,
                                            LS_COUNT(names), &choice, diags);
    if (front_end->has_revocation)
        front_end->check_revocation = choice == 1;
}

static void bind_client_requests(void *target, const struct yaml_node *value,
                                 struct ls_diags *diags)
{
    struct scenario_front_end *front_end = front_end_of(target);
    int64_t number;

    front_end->has_client_requests =
        yaml_integer(value, "client-requests", 0, 1000000, &number, diags);
    if (front_end->has_client_requests)
        front_end->client_requests_per_second = (uint32_t)number;
}

static void bind_strict(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct scenario_front_end *front_end = front_end_of(target);

    front_end->has_strict =
        yaml_boolean(value, "strict", &front_end->is_strict, diags);
}

static void bind_respond(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    scenario_bind_rules(&front_end_of(target)->respond, value, diags);
    front_end_of(target)->has_respond = true;
}

static void bind_port(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    int64_t port = 0;

    if (yaml_integer(value, "the port", 1, 65535, &port, diags))
        front_end_of(target)->port = (uint16_t)port;
}

static void bind_network(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    static const char *const names[] = {"ipv4", "ipv6"};
    struct scenario_front_end *front_end = front_end_of(target);
    size_t choice;

    front_end->has_network = yaml_choice(value, "the network", names,
                                         LS_COUNT(names), &choice, diags);
    if (front_end->has_network)
        front_end->is_ipv6 = choice == 1;
}

static const struct yaml_key interface_keys[] = {
    {"certificate", "a certificate|fault:NAME",
     "what it shows there; without it what the Front End shows",
     bind_certificate, false},
    {"trusts", "list of text", "authorities whose certificates it takes there",
     bind_trusts, false},
    {"tls", "MIN-MAX", "TLS versions it speaks there", bind_tls, false},
    {"ciphers", "text", "ciphers it takes there", bind_ciphers, false},
    {"trusted-issuers", "none|all|truncated", "roots it names there",
     bind_issuers, false},
    {"port", "number", "its port there; without it 5061", bind_port, false},
    {"network", "ipv4|ipv6", "by what it is reached there", bind_network,
     false},
};
const struct scenario_key_table scenario_interface_table = {
    "network-interface", "each of interfaces:", interface_keys,
    LS_COUNT(interface_keys)};

static bool find_interface(const struct yaml_node *key,
                           enum net_interface *interface,
                           struct ls_diags *diags)
{
    const char *names[INTERFACE_COUNT];
    char *hint;

    for (size_t i = 0; i < INTERFACE_COUNT; i++) {
        names[i] = net_interface_text((enum net_interface)i);
        if (!ls_str_equal_text(key->text, names[i]))
            continue;
        *interface = (enum net_interface)i;
        return true;
    }
    hint = scenario_did_you_mean(key->text, names, INTERFACE_COUNT);
    ls_diags_add(diags, key->place, hint, "there is no interface \"%s\"",
                 key->text.at);
    free(hint);
    return false;
}

static void bind_interfaces(void *target, const struct yaml_node *value,
                            struct ls_diags *diags)
{
    struct scenario_target *all = target;
    struct scenario_front_end *front_end = front_end_of(target);

    if (value->kind != YAML_MAPPING) {
        ls_diags_add(diags, value->place,
                     "Write one name a line: \"external: {certificate: fe}\".",
                     "interfaces must be a mapping of names");
        return;
    }
    front_end->interfaces =
        ls_alloc_array(value->count + 1, sizeof *front_end->interfaces);
    for (size_t i = 0; i < value->count; i++) {
        struct scenario_front_end *added =
            &front_end->interfaces[front_end->interface_count];
        struct scenario_target inner = {.binding = all->binding,
                                        .front_end = added};

        if (!find_interface(value->pairs[i].key, &added->interface, diags))
            continue;
        added->has_interface = true;
        added->place = value->pairs[i].key->place;
        front_end->interface_count++;
        yaml_bind(&inner, value->pairs[i].value, "an interface", interface_keys,
                  LS_COUNT(interface_keys), diags);
    }
}

/* Each behind a bar. */
#define X(id, name, choice, candidates, source, standing) "|" name
static const char rule_names[] = IDENTITY_RULE_LIST(X);
#undef X

static const struct yaml_key front_end_keys[] = {
    {"certificate", "a certificate|fault:NAME",
     "what it shows; without it one is made for it", bind_certificate, false},
    {"trusts", "list of text",
     "authorities whose certificates it takes; without it all", bind_trusts,
     false},
    {"topology", "a topology",
     "which of topologies: it knows; without it topology:, or the only one",
     bind_topology, false},
    {"rule", rule_names + 1,
     "which name of a certificate speaks; without it lync-2010", bind_rule,
     false},
    {"names", "insensitive|sensitive",
     "whether letter case matters in names; without it insensitive", bind_names,
     false},
    {"cn", "first|last", "which of several CNs speaks; without it first",
     bind_cn, false},
    {"refuse", "refuse", "when and how a refused peer is dropped",
     scenario_bind_refuse, false},
    {"tls", "MIN-MAX", "TLS versions it speaks; without it 1.0-1.2", bind_tls,
     false},
    {"ciphers", "text",
     "ciphers it takes, as OpenSSL names them; TLS_… are those of TLS 1.3",
     bind_ciphers, false},
    {"trusted-issuers", "none|all|truncated",
     "roots it names when it asks for a certificate; without it none",
     bind_issuers, false},
    {"interface", "primary|internal|external|pstn",
     "the network interface it listens on; without it primary", bind_interface,
     false},
    {"weak", "warn|refuse",
     "what it does about weak keys and digests; without it warn", bind_weak,
     false},
    {"strict", "true|false",
     "whether the letter of RFC 5280 decides, too; without it false",
     bind_strict, false},
    {"revocation", "ignore|check",
     "whether revocation lists are asked for; without it ignore",
     bind_revocation, false},
    {"version", "lync-2010|lync-2013|sfb-2015|sfb-2019",
     "which product it plays; without it lync-2010", bind_version, false},
    {"applications", "same|own",
     "reach users of an application over the connection that it opened, or "
     "dial it; without it own where a peer listens",
     bind_way, false},
    {"enable", "with-publish|by-hand",
     "whether publish also enables; without it with-publish", bind_enable,
     false},
    {"client-requests", "0 to 1000000",
     "what a connection throttled as a client may ask a second; 0: no limit; "
     "without it 100 (assumed)",
     bind_client_requests, false},
    {"interfaces", "mapping of network-interface",
     "interfaces it listens on besides, by name", bind_interfaces, false},
    {"port", "number", "its port, as it is shown; without it 5061", bind_port,
     false},
    {"network", "ipv4|ipv6",
     "by what it is reached, really and as it is shown; without it ipv4",
     bind_network, false},
    {"respond", "list of rule", "requests it answers otherwise than by rights",
     bind_respond, false},
};
const struct scenario_key_table scenario_front_end_table = {
    "front-end", "under front-end:, and in each of cases:", front_end_keys,
    LS_COUNT(front_end_keys)};

void scenario_bind_front_end(struct scenario_binding *binding,
                             const struct yaml_node *node,
                             struct ls_diags *diags)
{
    struct scenario_target target = {
        .binding = binding, .front_end = &binding->scenario->front_end};

    yaml_bind(&target, node, "the front end", scenario_front_end_table.keys,
              scenario_front_end_table.count, diags);
}

void scenario_bind_front_ends(struct scenario_binding *binding,
                              const struct yaml_node *node,
                              struct ls_diags *diags)
{
    struct scenario *scenario = binding->scenario;

    if (node->kind != YAML_MAPPING || node->count > SCENARIO_FRONT_ENDS_MAX) {
        ls_diags_add(diags, node->place,
                     "Write one name a line: \"fe02: {certificate: fe02}\".",
                     "front-ends must be a mapping of at most %d names",
                     SCENARIO_FRONT_ENDS_MAX);
        return;
    }
    scenario->front_ends =
        ls_alloc_array(node->count + 1, sizeof *scenario->front_ends);
    for (size_t i = 0; i < node->count; i++) {
        struct named_front_end *added =
            &scenario->front_ends[scenario->front_end_count++];
        struct scenario_target target = {.binding = binding,
                                         .front_end = &added->settings};

        added->name = ls_str_dup(node->pairs[i].key->text);
        added->place = node->pairs[i].key->place;
        yaml_bind(&target, node->pairs[i].value, "a front end",
                  scenario_front_end_table.keys, scenario_front_end_table.count,
                  diags);
    }
}

void scenario_front_end_clear(struct scenario_front_end *front_end)
{
    scenario_free_texts(front_end->trusts, front_end->trust_count);
    free(front_end->certificate);
    free(front_end->topology);
    free(front_end->ciphers);
    scenario_rules_clear(&front_end->respond);
    for (size_t i = 0; i < front_end->interface_count; i++)
        scenario_front_end_clear(&front_end->interfaces[i]);
    free(front_end->interfaces);
    *front_end = (struct scenario_front_end){0};
}
