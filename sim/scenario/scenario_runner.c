/*
 * Steps in order: each is begun, perhaps handed out as an exchange, and
 * finished with its facts collected and its expectations judged.
 */
#include "lyncsim/scenario_runner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/event_log.h"
#include "lyncsim/expectation.h"
#include "lyncsim/scenario_settings.h"

#include "scenario_exchange.h"

/* Events of one step; a scenario that makes more has them counted. */
#define JOURNAL_EVENTS 4096

struct scenario_runner {
    const struct scenario *scenario;
    const struct runner_options *options;
    struct scenario_lab *lab;
    struct trace_journal *journal;
    struct scenario_stage *stage;
    struct scenario_exchange *exchange; /* that is out, or NULL */
    struct sipstack_trace trace;   /* as the file has it: what is expected */
    struct sipstack_trace written; /* as the command line wants it */
    struct ls_buf trace_text;
    struct ls_buf event_text;
    int64_t now_ms;
    size_t step;      /* the next, or the one whose exchange is out */
    bool comes_again; /* its peer has another connection */
    bool is_finished;
    struct scenario_result result;
};

struct scenario_runner *
scenario_runner_new(const struct scenario *scenario,
                    const struct runner_options *options)
{
    struct scenario_runner *runner = ls_alloc(sizeof *runner);
    struct scenario_result *result = &runner->result;

    runner->scenario = scenario;
    runner->options = options;
    runner->now_ms = scenario->clock_ms;
    runner->trace = scenario->trace;
    runner->written = scenario->trace;
    if (options->has_style)
        runner->written.style = options->style;
    if (options->has_fields)
        runner->written.fields = options->fields;
    runner->journal = trace_journal_new(JOURNAL_EVENTS);
    result->scenario = scenario;
    result->steps = ls_alloc_array(scenario->step_count, sizeof *result->steps);
    for (size_t i = 0; i < scenario->step_count; i++) {
        result->steps[i].step = &scenario->steps[i];
        result->steps[i].alert = -1;
    }
    runner->lab = scenario_lab_new(scenario, &result->error);
    if (runner->lab == NULL)
        result->outcome = PLAY_ERROR;
    return runner;
}

void scenario_runner_free(struct scenario_runner *runner)
{
    if (runner == NULL)
        return;
    /* A step whose exchange is still out is not counted yet. */
    if (runner->exchange != NULL)
        step_result_clear(&runner->result.steps[runner->step]);
    scenario_exchange_free(runner->exchange);
    scenario_stage_free(runner->stage);
    scenario_result_clear(&runner->result);
    scenario_lab_free(runner->lab);
    trace_journal_free(runner->journal);
    ls_buf_clear(&runner->trace_text);
    ls_buf_clear(&runner->event_text);
    free(runner);
}

uint64_t scenario_runner_now_ms(const struct scenario_runner *runner)
{
    return (uint64_t)runner->now_ms;
}

/* --- what was seen ------------------------------------------------------- */

static void add_text(char ***texts, size_t *count, struct ls_str text)
{
    *texts = ls_realloc_array(*texts, *count + 1, sizeof **texts);
    (*texts)[(*count)++] = ls_str_dup(text);
}

static void collect_records(struct scenario_runner *runner,
                            struct step_result *result)
{
    struct trace_event event;
    struct ls_buf record = {0};

    while (trace_journal_take(runner->journal, &event)) {
        sipstack_trace_print(&runner->written, &event, &runner->trace_text);
        ls_buf_reset(&record);
        if (sipstack_trace_print(&runner->trace, &event, &record)) {
            add_text(&result->all_records, &result->all_record_count,
                     ls_buf_str(&record));
            if (event.kind == TRACE_CONNECTION)
                add_text(&result->records, &result->record_count,
                         ls_buf_str(&record));
        }
        trace_event_clear(&event);
    }
    ls_buf_clear(&record);
}

static void collect_peer(struct step_result *result,
                         const struct cas_peer *peer)
{
    const struct cas_result *seen = cas_peer_result(peer);
    struct ls_str transcript = cas_peer_transcript(peer);

    result->has_peer = true;
    result->peer_outcome = seen->outcome;
    result->tls = ls_strdup(seen->tls);
    result->alert = seen->alert;
    result->alert_text = ls_strdup(seen->alert_text);
    result->peer_detail = ls_strdup(seen->detail);
    result->owa = ls_strdup(seen->owa);
    result->available_count = seen->available_count;
    cas_texts_copy(&result->seen, &seen->seen);
    cas_texts_copy(&result->sent, &seen->sent);
    cas_texts_copy(&result->received, &seen->received);
    cas_texts_copy(&result->connections, &seen->connections);
    if (transcript.length > 0)
        result->transcript = ls_str_dup(transcript);
}

static void collect_verdict(struct step_result *result,
                            const struct connection *connection)
{
    const struct trust_verdict *verdict = connection_verdict(connection);

    if (verdict == NULL)
        return;
    result->has_verdict = true;
    trust_verdict_copy(&result->verdict, verdict);
}

static void collect_servers(struct step_result *result,
                            const struct known_servers *known)
{
    size_t count = known_servers_count(known);

    if (count > STEP_SERVERS_MAX) {
        result->servers_left_out = count - STEP_SERVERS_MAX;
        count = STEP_SERVERS_MAX;
    }
    result->servers = ls_alloc_array(count, sizeof *result->servers);
    for (size_t i = 0; i < count; i++) {
        const struct known_server *server = known_servers_at(known, i);

        result->servers[i] = (struct step_server){
            ls_strdup(server->fqdn), server->kind, ls_strdup(server->pool)};
    }
    result->server_count = count;
}

/* --- judging ------------------------------------------------------------- */

static void add_failure(struct step_result *result,
                        const struct step_failure *failure)
{
    result->failures = ls_realloc_array(
        result->failures, result->failure_count + 1, sizeof *result->failures);
    result->failures[result->failure_count++] = *failure;
    result->outcome = PLAY_FAILED;
}

static bool expects_field(const struct scenario_step *step, const char *field)
{
    for (size_t i = 0; i < step->expectation_count; i++)
        if (strcmp(step->expectations[i].field, field) == 0)
            return true;
    return false;
}

/* An edit that the product refuses fails its step, unless that was the
 * point. */
static void judge_refused_edit(struct step_result *result)
{
    const struct scenario_step *step = result->step;
    struct step_failure failure = {
        .place = step->action_place,
    };

    if (!result->has_topology || !result->topology_refused ||
        expects_field(step, "topology"))
        return;
    failure.field = ls_strdup("topology");
    failure.expected = ls_strdup(topology_outcome_text(false));
    failure.actual =
        ls_strf("%s: %s", topology_outcome_text(true), result->topology_why);
    add_failure(result, &failure);
}

static void judge_step(struct scenario_runner *runner,
                       struct step_result *result)
{
    const struct scenario_step *step = result->step;
    struct step_failure failure;

    if (result->outcome != PLAY_ERROR) {
        judge_refused_edit(result);
        for (size_t i = 0; i < step->expectation_count; i++)
            if (!expectation_check(&step->expectations[i], result, &failure))
                add_failure(result, &failure);
    }
    if (result->outcome > runner->result.outcome)
        runner->result.outcome = result->outcome;
    runner->result.step_count = ++runner->step;
}

static void fail_step(struct step_result *result, char *why)
{
    result->outcome = PLAY_ERROR;
    result->error = why;
}

/* --- playing ------------------------------------------------------------- */

static struct event_log event_log_of(const struct scenario_runner *runner)
{
    return (struct event_log){EVENT_LOG_TEXT,
                              scenario_stage_fqdn(runner->stage)};
}

/* Steps share one Front End; a case has its own. */
static bool set_stage(struct scenario_runner *runner,
                      const struct scenario_step *step, char **why)
{
    struct scenario_front_end settings = runner->scenario->front_end;
    struct stage_ground ground = {runner->scenario, runner->lab,
                                  runner->journal};
    struct event_log log;

    if (runner->stage != NULL && !step->is_case)
        return true;
    scenario_stage_free(runner->stage);
    if (step->is_case)
        scenario_settings_lay_over(&settings, &step->settings);
    scenario_settings_lay_over(&settings, &runner->options->front_end);
    runner->stage = scenario_stage_new(&ground, &settings, why);
    if (runner->stage == NULL)
        return false;
    log = event_log_of(runner);
    event_log_start(
        &log, deployment_enabled(scenario_stage_deployment(runner->stage)),
        runner->now_ms, &runner->event_text);
    return true;
}

static void edit_topology(struct scenario_runner *runner,
                          struct step_result *result)
{
    const struct scenario_step *step = result->step;
    struct deployment *deployment = scenario_stage_deployment(runner->stage);
    struct known_servers *before =
        known_servers_merge(deployment_enabled(deployment), NULL, NULL);
    struct event_log log = event_log_of(runner);
    size_t refused = 0;

    result->has_topology = true;
    result->topology_why =
        deployment_apply(deployment, step->edits, step->edit_count, &refused);
    result->topology_refused = result->topology_why != NULL;
    scenario_stage_refresh(runner->stage);
    event_log_change(&log, before, deployment_enabled(deployment),
                     runner->now_ms, &runner->event_text);
    known_servers_free(before);
}

/* Whether an exchange must be driven before the step is over. */
static bool begin_step(struct scenario_runner *runner,
                       struct step_result *result)
{
    const struct scenario_step *step = result->step;
    const struct credential *credential;
    char *why = NULL;

    switch (step->action) {
    case ACTION_SAY:
        return false;
    case ACTION_ADVANCE:
        runner->now_ms += step->advance_ms;
        return false;
    case ACTION_TOPOLOGY:
        edit_topology(runner, result);
        return false;
    case ACTION_CONNECT:
    case ACTION_SIGN_IN:
        break;
    case ACTION_COUNT:
        assert(!"an action");
    }
    credential = scenario_stage_shown(runner->stage, &step->peer);
    result->certificate = credential ? credential_facts(credential) : NULL;
    result->front_end = scenario_stage_certificate(runner->stage);
    collect_servers(
        result, deployment_enabled(scenario_stage_deployment(runner->stage)));
    runner->exchange = scenario_exchange_new(runner->stage, step,
                                             (uint64_t)runner->now_ms, &why);
    if (runner->exchange == NULL)
        fail_step(result, why);
    return runner->exchange != NULL;
}

static void hand_out(struct scenario_runner *runner,
                     struct runner_action *action)
{
    action->kind = RUNNER_EXCHANGE;
    action->step = runner->result.steps[runner->step].step;
    scenario_exchange_machines(runner->exchange, &runner->now_ms, &action->peer,
                               &action->front_end);
}

static bool play_step(struct scenario_runner *runner,
                      struct runner_action *action)
{
    struct step_result *result = &runner->result.steps[runner->step];
    char *why = NULL;

    if (!set_stage(runner, result->step, &why)) {
        fail_step(result, why);
    } else if (begin_step(runner, result)) {
        hand_out(runner, action);
        return true;
    }
    collect_records(runner, result);
    judge_step(runner, result);
    return false;
}

bool scenario_runner_next(struct scenario_runner *runner,
                          struct runner_action *action)
{
    assert(runner->exchange == NULL || runner->comes_again);
    if (runner->is_finished)
        return false;
    if (runner->comes_again) {
        runner->comes_again = false;
        hand_out(runner, action);
        return true;
    }
    while (runner->lab != NULL && runner->step < runner->scenario->step_count)
        if (play_step(runner, action))
            return true;
    runner->is_finished = true;
    *action = (struct runner_action){.kind = RUNNER_FINISHED};
    return true;
}

void scenario_runner_exchanged(struct scenario_runner *runner,
                               const struct runner_exchange *exchange)
{
    struct step_result *result = &runner->result.steps[runner->step];

    assert(runner->exchange != NULL);
    result->duration_ms += exchange->duration_ms;
    free(result->sockets);
    result->sockets = ls_strdup(exchange->sockets);
    runner->comes_again =
        exchange->cut_off == NULL &&
        scenario_exchange_again(runner->exchange, &runner->now_ms);
    if (runner->comes_again)
        return;
    collect_peer(result, scenario_exchange_peer(runner->exchange));
    collect_verdict(result, scenario_exchange_connection(runner->exchange));
    if (exchange->cut_off != NULL)
        fail_step(result, ls_strdup(exchange->cut_off));
    scenario_exchange_free(runner->exchange);
    runner->exchange = NULL;
    collect_records(runner, result);
    judge_step(runner, result);
}

const struct scenario_result *
scenario_runner_result(const struct scenario_runner *runner)
{
    assert(runner->is_finished);
    return &runner->result;
}

void scenario_runner_set_duration(struct scenario_runner *runner,
                                  double duration_ms)
{
    runner->result.duration_ms = duration_ms;
}

struct ls_str scenario_runner_trace(const struct scenario_runner *runner)
{
    return ls_buf_str(&runner->trace_text);
}

struct ls_str scenario_runner_events(const struct scenario_runner *runner)
{
    return ls_buf_str(&runner->event_text);
}
