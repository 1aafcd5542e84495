/*
 * Building a Front End and its peers from what a scenario says of them. All
 * that is made up (addresses, ports, tags) comes from the scenario's seed.
 */
#include "scenario_stage.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/cas_peer.h"
#include "lyncsim/front_end.h"
#include "lyncsim/scenario_settings.h"
#include "lyncsim/tls_context.h"

/* RFC 5737: the addresses of examples; the Front End has the tenth. */
#define FRONT_END_ADDRESS "192.0.2.10:5061"
#define PEER_FIRST_HOST 20u
#define PEER_HOSTS 200u
/* RFC 6335: the ports a system picks from for itself. */
#define PEER_FIRST_PORT 49152u
#define PEER_PORTS 16384u

#define FRONT_END_NAMELESS "fe01.lab.example"

struct scenario_stage {
    struct stage_ground ground;
    struct scenario_front_end settings;
    struct deployment *deployment;
    struct tls_context *tls;
    struct front_end *front_end;
    char *fqdn;
    /* While an exchange lasts. */
    struct tls_context *peer_tls;
    struct cas_peer *peer;
    struct connection *connection;
    char *peer_address;
    struct wire_fault *fault; /* or NULL */
};

static void seed_ids(struct id_source *ids, const struct scenario *scenario,
                     const char *whose, unsigned line)
{
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

static struct tls_context *make_front_end_tls(struct scenario_stage *stage,
                                              char **why)
{
    struct scenario_front_end *settings = &stage->settings;
    struct scenario_lab *lab = stage->ground.lab;
    const struct credential *credential = scenario_lab_front_end(lab, settings);
    struct tls_settings tls = {
        .role = TLS_FRONT_END,
        .check_revocation = settings->check_revocation,
        .credential = credential,
        .anchors = scenario_lab_anchors(
            lab, settings->has_trusts ? settings->trusts : NULL,
            settings->trust_count),
        .versions = scenario_settings_tls(settings),
        .ciphers = settings->ciphers,
        .issuers = settings->issuers,
    };
    const char *name = certificate_facts_host(credential_facts(credential));

    stage->fqdn = ls_strdup(name != NULL ? name : FRONT_END_NAMELESS);
    return tls_context_new(&tls, why);
}

static struct front_end *make_front_end(struct scenario_stage *stage)
{
    const struct scenario_front_end *settings = &stage->settings;
    struct front_end_settings front_end = {
        .fqdn = stage->fqdn,
        .tls = stage->tls,
        .policy = policy_of(stage),
        .refuse = scenario_settings_refusal(settings),
        .version = settings->has_version ? settings->version : LYNC_2010,
        .handshake_timeout_ms = HANDSHAKE_TIMEOUT_MS,
        .journal = stage->ground.journal,
    };

    seed_ids(&front_end.ids, stage->ground.scenario, "front-end", 0);
    return front_end_new(&front_end);
}

struct scenario_stage *
scenario_stage_new(const struct stage_ground *ground,
                   const struct scenario_front_end *settings, char **why)
{
    struct scenario_stage *stage = ls_alloc(sizeof *stage);
    const struct topology *topology =
        scenario_topology(ground->scenario, settings);

    stage->ground = *ground;
    stage->settings = *settings;
    stage->deployment =
        deployment_new(topology ? topology_copy(topology) : topology_new(),
                       settings->enable_by_hand);
    stage->tls = make_front_end_tls(stage, why);
    if (stage->tls == NULL) {
        scenario_stage_free(stage);
        return NULL;
    }
    stage->front_end = make_front_end(stage);
    return stage;
}

void scenario_stage_free(struct scenario_stage *stage)
{
    if (stage == NULL)
        return;
    scenario_stage_leave(stage);
    front_end_free(stage->front_end);
    tls_context_free(stage->tls);
    deployment_free(stage->deployment);
    free(stage->fqdn);
    free(stage);
}

const struct credential *scenario_stage_shown(struct scenario_stage *stage,
                                              const struct scenario_peer *peer)
{
    return scenario_lab_peer(stage->ground.lab, peer, &stage->settings);
}

void scenario_stage_machines(struct scenario_stage *stage,
                             const struct scenario_wire *wire,
                             int64_t *clock_ms, struct wire_machine *peer,
                             struct wire_machine *front_end)
{
    struct wire_machine *inner = wire->of_front_end ? front_end : peer;

    *peer = cas_peer_machine(stage->peer);
    *front_end = connection_machine(stage->connection);
    if (wire->plan.kind == WIRE_FAULT_NONE && wire->plan.chunk == 0)
        return;
    stage->fault = wire_fault_new(
        &wire->plan, *inner, wire->of_front_end ? *peer : *front_end, clock_ms);
    *inner = wire_fault_machine(stage->fault);
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
scenario_stage_certificate(const struct scenario_stage *stage)
{
    return credential_facts(
        scenario_lab_front_end(stage->ground.lab, &stage->settings));
}

void scenario_stage_refresh(struct scenario_stage *stage)
{
    struct trust_policy policy = policy_of(stage);

    front_end_set_policy(stage->front_end, &policy);
}

/* The same peer has the same address throughout; its port is another one
 * each time. */
static void make_address(struct scenario_stage *stage,
                         const struct scenario_step *step, uint16_t *port)
{
    const char *from = step->peer.from ? step->peer.from : "a peer";
    struct id_source ids;

    seed_ids(&ids, stage->ground.scenario, from, 0);
    stage->peer_address = ls_strf(
        "192.0.2.%u", PEER_FIRST_HOST + id_source_below(&ids, PEER_HOSTS));
    seed_ids(&ids, stage->ground.scenario, "port", step->place.line);
    *port = (uint16_t)(PEER_FIRST_PORT + id_source_below(&ids, PEER_PORTS));
}

static struct tls_context *make_peer_tls(struct scenario_stage *stage,
                                         const struct scenario_peer *peer,
                                         char **why)
{
    struct scenario_lab *lab = stage->ground.lab;
    struct tls_settings tls = {
        .role = TLS_PEER,
        .credential = scenario_lab_peer(lab, peer, &stage->settings),
        .ciphers = peer->ciphers,
        .minds_issuers = true,
        /* What the file says nothing of is left to the Front End. */
        .versions =
            peer->has_tls ? peer->tls : (struct tls_versions){TLS_1_0, TLS_1_3},
    };

    tls.anchors =
        peer->has_trusts
            ? scenario_lab_anchors(lab, peer->trusts, peer->trust_count)
            : scenario_lab_peer_anchors(lab, &stage->settings);
    return tls_context_new(&tls, why);
}

static void make_peer(struct scenario_stage *stage,
                      const struct scenario_step *step, uint16_t port,
                      uint64_t now_ms)
{
    struct cas_peer_settings settings = {
        .tls = stage->peer_tls,
        .task = step->action == ACTION_SIGN_IN ? CAS_SIGN_IN : CAS_CONNECT,
        .from = step->peer.from,
        .user = step->peer.user,
        .server = stage->fqdn,
        .address = stage->peer_address,
        .port = port,
        .owa = step->peer.owa,
    };

    seed_ids(&settings.ids, stage->ground.scenario, "peer", step->place.line);
    stage->peer = cas_peer_new(&settings, now_ms);
}

bool scenario_stage_enter(struct scenario_stage *stage,
                          const struct scenario_step *step, uint64_t now_ms,
                          char **why)
{
    char *shown;
    uint16_t port;

    scenario_stage_leave(stage);
    stage->peer_tls = make_peer_tls(stage, &step->peer, why);
    if (stage->peer_tls == NULL)
        return false;
    make_address(stage, step, &port);
    make_peer(stage, step, port, now_ms);
    shown = ls_strf("%s:%u", stage->peer_address, port);
    stage->connection =
        connection_new(stage->front_end, shown, FRONT_END_ADDRESS, now_ms);
    free(shown);
    return true;
}

struct cas_peer *scenario_stage_peer(struct scenario_stage *stage)
{
    return stage->peer;
}

struct connection *scenario_stage_connection(struct scenario_stage *stage)
{
    return stage->connection;
}

void scenario_stage_leave(struct scenario_stage *stage)
{
    wire_fault_free(stage->fault);
    connection_free(stage->connection);
    cas_peer_free(stage->peer);
    tls_context_free(stage->peer_tls);
    free(stage->peer_address);
    stage->connection = NULL;
    stage->peer = NULL;
    stage->peer_tls = NULL;
    stage->peer_address = NULL;
    stage->fault = NULL;
}
