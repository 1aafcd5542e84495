/*
 * Building a Front End from what a scenario says of it. All that is made up
 * comes from the scenario's seed.
 */
#include "scenario_stage.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/front_end.h"
#include "lyncsim/scenario_settings.h"
#include "lyncsim/tls_context.h"

#define SIP_TLS_PORT 5061u
/* A Front End has so many connections before its numbers meet another's. */
#define FIRST_CONNECTION_ID 0x2500u
#define CONNECTION_IDS 0x1000000u

#define FRONT_END_NAMELESS "fe01.lab.example"

/* An interface it listens on; the first is that of its settings. */
struct stage_door {
    struct scenario_front_end settings;
    struct tls_context *tls;
    char *address;
};

struct scenario_stage {
    struct stage_ground ground;
    struct scenario_front_end settings;
    struct deployment *deployment;
    const struct topology *topology; /* it began with; or NULL */
    bool shares_deployment;          /* it is another one's */
    struct stage_door doors[1 + INTERFACE_COUNT];
    size_t door_count;
    struct tls_context *dial_tls;       /* NULL: nobody listens */
    struct scenario_outbound *outbound; /* the same */
    struct front_end *front_end;
    struct answer_rules *rules;
    struct scenario_wire wire;
    char *fqdn;
};

void scenario_stage_seed_ids(const struct scenario_stage *stage,
                             const char *whose, unsigned line,
                             struct id_source *ids)
{
    const struct scenario *scenario = stage->ground.scenario;
    char *seed =
        ls_strf("%s/%s/%u", scenario->seed ? scenario->seed : "", whose, line);

    id_source_init_seeded(ids, ls_str_from(seed));
    free(seed);
}

static struct trust_policy policy_of(const struct scenario_stage *stage)
{
    struct trust_policy policy = scenario_settings_policy(&stage->settings);

    policy.known = deployment_enabled(stage->deployment);
    policy.draft = deployment_draft(stage->deployment);
    policy.removed = deployment_removed(stage->deployment);
    policy.topology = deployment_draft_topology(stage->deployment);
    return policy;
}

static struct tls_context *make_tls(struct scenario_stage *stage,
                                    struct scenario_front_end *settings,
                                    enum tls_role role, char **why)
{
    struct scenario_lab *lab = stage->ground.lab;
    const struct credential *credential = scenario_lab_front_end(lab, settings);
    struct tls_settings tls = {
        .role = role,
        .check_revocation = settings->check_revocation,
        .credential = credential,
        .anchors = scenario_lab_anchors(
            lab, settings->has_trusts ? settings->trusts : NULL,
            settings->trust_count),
        .versions = scenario_settings_tls(settings),
        .ciphers = settings->ciphers,
        .issuers = settings->issuers,
    };

    return tls_context_new(&tls, why);
}

/* RFC 5737, RFC 3849: the addresses of examples. The Front End has the tenth
 * and those that follow, an interface each; further ones have another net. */
static char *address_of(const struct scenario_stage *stage,
                        const struct scenario_front_end *settings)
{
    unsigned interface =
        settings->has_interface ? settings->interface : INTERFACE_PRIMARY;
    unsigned port = settings->port != 0 ? settings->port : SIP_TLS_PORT;

    if (settings->is_ipv6)
        return ls_strf("[2001:db8:%u::%u]:%u", stage->ground.number,
                       10 + interface, port);
    if (stage->ground.number == 0)
        return ls_strf("192.0.2.%u:%u", 10 + interface, port);
    return ls_strf("198.51.100.%u:%u", 10 * stage->ground.number + interface,
                   port);
}

static bool open_door(struct scenario_stage *stage,
                      const struct scenario_front_end *own, char **why)
{
    struct stage_door *door = &stage->doors[stage->door_count];

    door->settings = stage->settings;
    if (own != NULL)
        scenario_settings_lay_over(&door->settings, own);
    door->tls = make_tls(stage, &door->settings, TLS_FRONT_END, why);
    if (door->tls == NULL)
        return false;
    door->address = address_of(stage, &door->settings);
    stage->door_count++;
    return true;
}

static bool open_doors(struct scenario_stage *stage, char **why)
{
    const struct scenario_front_end *settings = &stage->settings;
    const char *name = certificate_facts_host(
        credential_facts(scenario_lab_front_end(stage->ground.lab, settings)));
    bool done = open_door(stage, NULL, why);

    stage->fqdn = ls_strdup(name != NULL ? name : FRONT_END_NAMELESS);
    for (size_t i = 0; i < settings->interface_count && done; i++)
        done = open_door(stage, &settings->interfaces[i], why);
    if (done && scenario_listens(stage->ground.scenario)) {
        stage->dial_tls =
            make_tls(stage, &stage->settings, TLS_FRONT_END_DIALS, why);
        done = stage->dial_tls != NULL;
    }
    return done;
}

static struct front_end *make_front_end(struct scenario_stage *stage)
{
    const struct scenario_front_end *settings = &stage->settings;
    struct front_end_settings front_end = {
        .fqdn = stage->fqdn,
        .tls = stage->doors[0].tls,
        .dial_tls = stage->dial_tls,
        .way = settings->has_way ? settings->way : APPLICATION_OWN,
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
        .policy = policy_of(stage),
        .refuse = scenario_settings_refusal(settings),
        .version = settings->has_version ? settings->version : LYNC_2010,
        .handshake_timeout_ms = HANDSHAKE_TIMEOUT_MS,
        .client_requests_per_second =
            scenario_settings_client_requests(settings),
        .journal = stage->ground.journal,
        .first_connection_id =
            FIRST_CONNECTION_ID + stage->ground.number * CONNECTION_IDS,
    };

    scenario_stage_seed_ids(stage, "front-end", stage->ground.number,
                            &front_end.ids);
    return front_end_new(&front_end);
}

/* What is published is so for all Front Ends that began with the same. */
static void take_deployment(struct scenario_stage *stage,
                            struct scenario_stage *host)
{
    const struct topology *topology =
        scenario_topology(stage->ground.scenario, &stage->settings);

    stage->topology = topology;
    stage->shares_deployment =
        host != NULL && host->topology == topology &&
        host->settings.enable_by_hand == stage->settings.enable_by_hand;
    if (stage->shares_deployment)
        stage->deployment = host->deployment;
    else
        stage->deployment =
            deployment_new(topology ? topology_copy(topology) : topology_new(),
                           stage->settings.enable_by_hand);
}

struct scenario_stage *
scenario_stage_new(const struct stage_ground *ground,
                   const struct scenario_front_end *settings,
                   struct scenario_stage *host, char **why)
{
    struct scenario_stage *stage = ls_alloc(sizeof *stage);

    stage->ground = *ground;
    stage->settings = *settings;
    take_deployment(stage, host);
    if (!open_doors(stage, why)) {
        scenario_stage_free(stage);
        return NULL;
    }
    stage->front_end = make_front_end(stage);
    for (size_t i = 1; i < stage->door_count; i++)
        front_end_add_door(stage->front_end, stage->doors[i].settings.interface,
                           stage->doors[i].tls);
    if (stage->dial_tls != NULL)
        stage->outbound = scenario_outbound_new(stage->front_end);
    scenario_stage_set_rules(stage, &settings->respond, 0);
    return stage;
}

void scenario_stage_free(struct scenario_stage *stage)
{
    if (stage == NULL)
        return;
    scenario_outbound_free(stage->outbound);
    front_end_free(stage->front_end);
    answer_rules_free(stage->rules);
    for (size_t i = 0; i < stage->door_count; i++) {
        tls_context_free(stage->doors[i].tls);
        free(stage->doors[i].address);
    }
    if (!stage->shares_deployment)
        deployment_free(stage->deployment);
    tls_context_free(stage->dial_tls);
    free(stage->fqdn);
    free(stage);
}

size_t scenario_stage_door(const struct scenario_stage *stage,
                           const struct scenario_peer *peer)
{
    if (peer->has_interface)
        for (size_t i = 0; i < stage->door_count; i++) {
            const struct scenario_front_end *own = &stage->doors[i].settings;
            enum net_interface interface =
                own->has_interface ? own->interface : INTERFACE_PRIMARY;

            if (interface == peer->interface)
                return i;
        }
    return peer->has_interface ? STAGE_NO_DOOR : 0;
}

const struct credential *scenario_stage_shown(struct scenario_stage *stage,
                                              const struct scenario_peer *peer)
{
    return scenario_lab_peer(stage->ground.lab, peer, &stage->settings);
}

struct deployment *scenario_stage_deployment(struct scenario_stage *stage)
{
    return stage->deployment;
}

const char *scenario_stage_fqdn(const struct scenario_stage *stage)
{
    return stage->fqdn;
}

const struct certificate_facts *
scenario_stage_certificate(const struct scenario_stage *stage, size_t door)
{
    return credential_facts(scenario_lab_front_end(
        stage->ground.lab, &stage->doors[door].settings));
}

void scenario_stage_refresh(struct scenario_stage *stage)
{
    struct trust_policy policy = policy_of(stage);

    front_end_set_policy(stage->front_end, &policy);
}

const struct stage_ground *
scenario_stage_ground(const struct scenario_stage *stage)
{
    return &stage->ground;
}

const struct scenario_front_end *
scenario_stage_settings(const struct scenario_stage *stage, size_t door)
{
    return &stage->doors[door].settings;
}

const char *scenario_stage_address(const struct scenario_stage *stage,
                                   size_t door)
{
    return stage->doors[door].address;
}

struct scenario_outbound *
scenario_stage_outbound(const struct scenario_stage *stage)
{
    return stage->outbound;
}

struct front_end *scenario_stage_front_end(struct scenario_stage *stage)
{
    return stage->front_end;
}

void scenario_stage_set_rules(struct scenario_stage *stage,
                              const struct scenario_rules *rules, unsigned line)
{
    struct answer_rules *before = stage->rules;
    struct id_source ids;

    scenario_stage_seed_ids(stage, "respond", line, &ids);
    stage->rules = answer_rules_new(rules->rules, rules->count, &ids);
    front_end_set_rules(stage->front_end, stage->rules);
    answer_rules_free(before);
}

void scenario_stage_set_wire(struct scenario_stage *stage,
                             const struct scenario_wire *wire)
{
    stage->wire = *wire;
}

const struct scenario_wire *
scenario_stage_wire(const struct scenario_stage *stage)
{
    return &stage->wire;
}
