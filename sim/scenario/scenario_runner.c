/*
 * Steps in order: each is begun, perhaps handed out as an exchange, and
 * finished with its facts collected and its expectations judged.
 */
#include "lyncsim/scenario_runner.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/expectation.h"

#include "scenario_collect.h"
#include "scenario_exchange.h"
#include "scenario_house.h"
#include "scenario_round.h"

/* Events of one step: a thousand users who sign in make thirteen thousand. A
 * step that makes more is told so. */
#define JOURNAL_EVENTS 100000

/* A step that is on. */
struct member {
    struct step_result *result;
    struct scenario_exchange *exchange; /* while it is out */
    uint64_t connection_id;             /* 0: it had no connection */
    bool is_begun;
    bool comes_again; /* its peer has another connection */
};

struct scenario_runner {
    const struct scenario *scenario;
    const struct runner_options *options;
    struct scenario_lab *lab;
    struct trace_journal *journal;
    struct scenario_house *house;
    struct sipstack_trace trace;   /* as the file has it: what is expected */
    struct sipstack_trace written; /* as the command line wants it */
    struct ls_buf trace_text;
    struct ls_buf event_text;
    int64_t now_ms;
    size_t step; /* the next, or the first of those that are on */
    /* The steps that are on: one, or those of a together. */
    struct member *members;
    size_t count;                 /* 0: none is */
    size_t out;                   /* exchanges that are not over */
    struct scenario_round *round; /* NULL: an exchange that needs none */
    bool is_finished;
    struct scenario_result result;
};

static struct scenario_house *make_house(struct scenario_runner *runner)
{
    struct stage_ground ground = {.scenario = runner->scenario,
                                  .lab = runner->lab,
                                  .journal = runner->journal};

    return scenario_house_new(&ground, runner->options, &runner->event_text);
}

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
    runner->house = make_house(runner);
    return runner;
}

void scenario_runner_free(struct scenario_runner *runner)
{
    if (runner == NULL)
        return;
    for (size_t i = 0; i < runner->count; i++) {
        scenario_exchange_free(runner->members[i].exchange);
        /* What is still on is not counted yet. */
        step_result_clear(runner->members[i].result);
    }
    free(runner->members);
    scenario_round_free(runner->round);
    scenario_house_free(runner->house);
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

/* --- what was written down ----------------------------------------------- */

/* Whose connection it is of; what is of none belongs to the first. */
static struct member *member_of(struct scenario_runner *runner,
                                uint64_t connection_id)
{
    for (size_t i = 0; i < runner->count; i++)
        if (runner->members[i].connection_id == connection_id)
            return &runner->members[i];
    return &runner->members[0];
}

static void log_event(struct scenario_runner *runner,
                      const struct scenario_peer *peer,
                      const struct trace_event *event)
{
    const struct scenario_stage *stage =
        scenario_house_stage(runner->house, peer);
    struct event_log log = {runner->options->event_format,
                            scenario_stage_fqdn(stage)};

    event_log_dial_failure(&log, event, &runner->event_text);
}

static void take_event(struct scenario_runner *runner,
                       const struct trace_event *event)
{
    struct member *member = member_of(runner, event->connection_id);
    struct talk_player *player =
        member->exchange ? scenario_exchange_player(member->exchange) : NULL;
    struct ls_buf record = {0};

    if (event->is_dialled)
        log_event(runner, &member->result->step->peer, event);
    sipstack_trace_print(&runner->written, event, &runner->trace_text);
    if (sipstack_trace_print(&runner->trace, event, &record))
        scenario_collect_record(member->result, ls_buf_str(&record),
                                event->kind == TRACE_CONNECTION);
    if (player != NULL && event->kind == TRACE_MESSAGE && event->incoming)
        talk_player_overhear(
            player, ls_str_from_bytes(event->bytes, event->byte_count));
    ls_buf_clear(&record);
}

static void read_journal(void *arg)
{
    struct scenario_runner *runner = arg;
    struct trace_event event;

    while (trace_journal_take(runner->journal, &event)) {
        take_event(runner, &event);
        trace_event_clear(&event);
    }
}

/* --- judging ------------------------------------------------------------- */

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

    if (!result->has_topology || !result->topology_refused ||
        expects_field(step, "topology"))
        return;
    step_result_add_failure(
        result, &(struct step_failure){
                    .place = step->action_place,
                    .field = ls_strdup("topology"),
                    .expected = ls_strdup(topology_outcome_text(false)),
                    .actual = ls_strf("%s: %s", topology_outcome_text(true),
                                      result->topology_why),
                });
}

static void judge_step(struct scenario_runner *runner,
                       struct step_result *result, bool was_begun)
{
    const struct scenario_step *step = result->step;
    struct step_failure failure;

    if (result->outcome != PLAY_ERROR && was_begun) {
        judge_refused_edit(result);
        for (size_t i = 0; i < step->expectation_count; i++)
            if (!expectation_check(&step->expectations[i], result, &failure))
                step_result_add_failure(result, &failure);
    }
    if (result->outcome > runner->result.outcome)
        runner->result.outcome = result->outcome;
    runner->result.step_count++;
}

static void fail_step(struct step_result *result, char *why)
{
    result->outcome = PLAY_ERROR;
    result->error = why;
}

/* Expectations must not be judged by a part of what was to be seen. */
static void check_journal(struct scenario_runner *runner)
{
    struct step_result *result = runner->members[0].result;
    uint64_t lost = trace_journal_take_dropped(runner->journal);

    if (lost > 0 && result->outcome != PLAY_ERROR)
        fail_step(result, ls_strf("the step made %" PRIu64
                                  " events more than the %d that are kept",
                                  lost, JOURNAL_EVENTS));
}

/* --- playing ------------------------------------------------------------- */

/* Two machines are there to be joined; false: there is no such peer. */
static bool begin_exchange(struct scenario_runner *runner,
                           struct member *member)
{
    struct step_result *result = member->result;
    const struct scenario_step *step = result->step;
    struct scenario_stage *stage =
        scenario_house_stage(runner->house, &step->peer);
    const struct credential *credential =
        scenario_stage_shown(stage, &step->peer);
    char *why = NULL;

    result->certificate = credential ? credential_facts(credential) : NULL;
    scenario_collect_servers(
        result, deployment_enabled(scenario_stage_deployment(stage)));
    member->exchange =
        scenario_exchange_new(stage, step, (uint64_t)runner->now_ms, &why);
    if (member->exchange == NULL) {
        fail_step(result, why);
        return false;
    }
    result->front_end = scenario_exchange_certificate(member->exchange);
    return true;
}

/* Whether an exchange must be driven before the step is over. */
static bool begin_step(struct scenario_runner *runner, struct member *member)
{
    const struct scenario_step *step = member->result->step;

    switch (step->action) {
    case ACTION_SAY:
        return false;
    case ACTION_ADVANCE:
        runner->now_ms += step->advance_ms;
        return false;
    case ACTION_TOPOLOGY:
        scenario_house_edit(runner->house, member->result, runner->now_ms);
        return false;
    case ACTION_RESPOND:
        scenario_house_respond(runner->house, step);
        return false;
    case ACTION_WIRE:
        scenario_house_spoil(runner->house, step);
        return false;
    case ACTION_CONNECT:
    case ACTION_SIGN_IN:
        return begin_exchange(runner, member);
    case ACTION_COUNT:
        break;
    }
    assert(!"an action");
    return false;
}

static void hand_out(struct scenario_runner *runner, size_t index,
                     struct runner_action *action)
{
    struct member *member = &runner->members[index];
    struct talk_player *player = NULL;

    member->comes_again = false;
    member->connection_id =
        connection_id(scenario_exchange_connection(member->exchange));
    action->kind = RUNNER_EXCHANGE;
    action->step = member->result->step;
    action->exchange = index;
    action->is_ipv6 = scenario_exchange_is_ipv6(member->exchange);
    scenario_exchange_machines(member->exchange, &runner->now_ms, &action->peer,
                               &action->front_end);
    if (runner->round == NULL)
        return;
    player = scenario_exchange_talk(member->exchange, member->result,
                                    scenario_round_labels(runner->round),
                                    &runner->now_ms);
    scenario_round_begin(runner->round, index, player, &action->peer,
                         &action->front_end);
}

/* Begin a step; true when it is an exchange, which action tells. */
static bool begin_member(struct scenario_runner *runner, size_t index,
                         struct runner_action *action)
{
    struct member *member = &runner->members[index];
    char *why = NULL;

    member->is_begun = true;
    if (!scenario_house_enter(runner->house, member->result->step,
                              runner->now_ms, &why)) {
        fail_step(member->result, why);
        return false;
    }
    if (!begin_step(runner, member))
        return false;
    runner->out++;
    hand_out(runner, index, action);
    return true;
}

/* Steps of a together, or one with a talk, take turns. */
static void open_round(struct scenario_runner *runner)
{
    const struct scenario *scenario = runner->scenario;
    const struct scenario_step *first = &scenario->steps[runner->step];

    runner->count = 1;
    while (first->together != 0 &&
           runner->step + runner->count < scenario->step_count &&
           first[runner->count].together == first->together)
        runner->count++;
    runner->members = ls_alloc_array(runner->count, sizeof *runner->members);
    for (size_t i = 0; i < runner->count; i++)
        runner->members[i].result = &runner->result.steps[runner->step + i];
    if (first->together == 0 && first->peer.talk_count == 0)
        return;
    runner->round = scenario_round_new(first, runner->count, &runner->now_ms);
    scenario_round_set_reader(runner->round, read_journal, runner);
}

static void close_round(struct scenario_runner *runner)
{
    read_journal(runner);
    check_journal(runner);
    for (size_t i = 0; i < runner->count; i++)
        judge_step(runner, runner->members[i].result,
                   runner->members[i].is_begun);
    runner->step += runner->count;
    runner->count = 0;
    free(runner->members);
    runner->members = NULL;
    scenario_round_free(runner->round);
    runner->round = NULL;
}

/* Nobody is there any more to say what they wait for. */
static void skip_waiting(struct scenario_runner *runner)
{
    for (size_t i = 0; i < runner->count; i++) {
        struct step_result *result = runner->members[i].result;

        if (runner->members[i].is_begun)
            continue;
        step_result_add_failure(result,
                                &(struct step_failure){
                                    .place = result->step->place,
                                    .field = ls_strdup("await"),
                                    .expected = ls_strdup(result->step->await),
                                    .actual = ls_strdup("it does not come"),
                                });
        scenario_round_skip(runner->round, i);
    }
}

/* Whether there is an exchange to be begun. */
static bool go_on(struct scenario_runner *runner, struct runner_action *action)
{
    size_t index = 0;

    for (size_t i = 0; i < runner->count; i++)
        if (runner->members[i].comes_again) {
            hand_out(runner, i, action);
            return true;
        }
    if (runner->round == NULL)
        return !runner->members[0].is_begun && begin_member(runner, 0, action);
    while (scenario_round_next(runner->round, &index)) {
        if (begin_member(runner, index, action))
            return true;
        scenario_round_skip(runner->round, index);
    }
    if (runner->out == 0)
        skip_waiting(runner);
    return false;
}

static bool is_round_over(const struct scenario_runner *runner)
{
    if (runner->out > 0)
        return false;
    return runner->round == NULL || scenario_round_is_over(runner->round);
}

bool scenario_runner_next(struct scenario_runner *runner,
                          struct runner_action *action)
{
    if (runner->is_finished)
        return false;
    *action = (struct runner_action){.kind = RUNNER_WAIT};
    while (runner->lab != NULL &&
           (runner->count > 0 || runner->step < runner->scenario->step_count)) {
        if (runner->count == 0)
            open_round(runner);
        if (go_on(runner, action))
            return true;
        if (!is_round_over(runner))
            return true;
        close_round(runner);
    }
    runner->is_finished = true;
    action->kind = RUNNER_FINISHED;
    return true;
}

bool scenario_runner_wake(struct scenario_runner *runner, const void **self)
{
    return runner->round != NULL && scenario_round_wake(runner->round, self);
}

void scenario_runner_exchanged(struct scenario_runner *runner,
                               const struct runner_exchange *exchange)
{
    struct member *member = &runner->members[exchange->exchange];
    struct step_result *result = member->result;
    struct talk_player *player = scenario_exchange_player(member->exchange);

    assert(exchange->exchange < runner->count && member->exchange != NULL);
    result->duration_ms += exchange->duration_ms;
    free(result->sockets);
    result->sockets = ls_strdup(exchange->sockets);
    read_journal(runner);
    member->comes_again =
        exchange->cut_off == NULL &&
        scenario_exchange_again(member->exchange, &runner->now_ms);
    if (member->comes_again)
        return;
    if (player != NULL)
        talk_player_finish(player);
    scenario_collect_exchange(result, member->exchange);
    if (exchange->cut_off != NULL)
        fail_step(result, ls_strdup(exchange->cut_off));
    scenario_exchange_free(member->exchange);
    member->exchange = NULL;
    runner->out--;
    if (runner->round != NULL)
        scenario_round_end(runner->round, exchange->exchange);
    if (is_round_over(runner))
        close_round(runner);
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
