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

#define FRONT_END_NAMELESS "fe01.lab.example"

struct scenario_stage {
    struct stage_ground ground;
    struct scenario_front_end settings;
    struct deployment *deployment;
    struct tls_context *tls;
    struct front_end *front_end;
    struct answer_rules *rules;
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
        .client_requests_per_second =
            scenario_settings_client_requests(settings),
        .journal = stage->ground.journal,
    };

    scenario_stage_seed_ids(stage, "front-end", 0, &front_end.ids);
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
    scenario_stage_set_rules(stage, &settings->respond, 0);
    return stage;
}

void scenario_stage_free(struct scenario_stage *stage)
{
    if (stage == NULL)
        return;
    front_end_free(stage->front_end);
    answer_rules_free(stage->rules);
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

const struct stage_ground *
scenario_stage_ground(const struct scenario_stage *stage)
{
    return &stage->ground;
}

const struct scenario_front_end *
scenario_stage_settings(const struct scenario_stage *stage)
{
    return &stage->settings;
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
