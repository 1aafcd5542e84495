/*
 * The steps: and cases: of a scenario file, and what can be done in one.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"

const char *scenario_action_text(enum scenario_action action)
{
    static const char *const texts[ACTION_COUNT] = {
        [ACTION_CONNECT] = "connect", [ACTION_SIGN_IN] = "sign-in",
        [ACTION_SAY] = "say",         [ACTION_TOPOLOGY] = "topology",
        [ACTION_ADVANCE] = "advance", [ACTION_RESPOND] = "respond",
        [ACTION_WIRE] = "wire",
    };

    assert(action < ACTION_COUNT);
    return texts[action];
}

static struct scenario_step *step_of(void *target)
{
    return ((struct scenario_target *)target)->step;
}

static void bind_connect(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    struct scenario_target *all = target;
    struct scenario_target inner = {.binding = all->binding,
                                    .peer = &all->step->peer};

    yaml_bind(&inner, value, "connect", scenario_connect_table.keys,
              scenario_connect_table.count, diags);
}

static void bind_sign_in(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    struct scenario_target *all = target;
    struct scenario_target inner = {.binding = all->binding,
                                    .peer = &all->step->peer};

    yaml_bind(&inner, value, "sign-in", scenario_sign_in_table.keys,
              scenario_sign_in_table.count, diags);
    scenario_check_users(inner.peer, value, diags);
}

static void bind_say(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    scenario_bind_text(&step_of(target)->text, value, "say", diags);
}

static void bind_ask(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    scenario_bind_text(&step_of(target)->text, value, "ask", diags);
    step_of(target)->voice = VOICE_ASK;
}

static void bind_reveal(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    scenario_bind_text(&step_of(target)->text, value, "reveal", diags);
    step_of(target)->voice = VOICE_REVEAL;
}

static void bind_edits(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    struct scenario_step *step = step_of(target);

    step->edits = topology_edits_bind(value, &step->edit_count, diags);
}

static void bind_advance(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    scenario_bind_duration(&step_of(target)->advance_ms, value, "advance",
                           diags);
}

static void bind_respond(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    scenario_bind_rules(&step_of(target)->respond, value, diags);
}

static void bind_name(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    scenario_bind_text(&step_of(target)->name, value, "the name", diags);
}

static void bind_label(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    scenario_bind_text(&step_of(target)->label, value, "as", diags);
}

static void bind_await(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    scenario_bind_text(&step_of(target)->await, value, "await", diags);
}

static void bind_expect(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct scenario_step *step = step_of(target);

    step->expectations =
        expectation_bind(value, &step->expectation_count, diags);
}

/* clang-format off */
#define STEP_NAME                                                              \
    {"name", "text", "what this is about, for the story", bind_name, false}
#define STEP_EXPECT                                                            \
    {"expect", "expectations", "what must be true afterwards",      \
     bind_expect, false}
#define STEP_CONNECT                                                           \
    {"connect", "connect", "a server connects and asks OPTIONS",               \
     bind_connect, false}
#define STEP_SIGN_IN                                                           \
    {"sign-in", "sign-in", "OWA connects and signs a user in",                 \
     bind_sign_in, false}
/* clang-format on */

/* clang-format off */
#define STEP_OTHERS                                                            \
    {"say", "text", "narration", bind_say, false},                             \
    {"topology", "list of edit", "edits of the topology, all or none",         \
     bind_edits, false},                                                       \
    {"advance", "duration", "lab time moves on: 90 seconds, 2 days",           \
     bind_advance, false},                                                     \
    {"respond", "list of rule",                                                \
     "how the Front End answers from now on; []: by rights", bind_respond,     \
     false},                                                                   \
    {"wire", "none|mapping wire",                                              \
     "what happens to the bytes of connections that follow; none: nothing",    \
     scenario_bind_step_wire, false}
/* clang-format on */

/* What stands beneath is a list of steps of its own. */
static void bind_together(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    (void)target;
    ls_diags_add(diags, value->place, "Leave its list out.",
                 "steps that go on together cannot do so again");
}

static const struct yaml_key step_keys[] = {
    STEP_NAME,
    STEP_CONNECT,
    STEP_SIGN_IN,
    STEP_OTHERS,
    {"together", "list of part", "steps that go on at the same time",
     bind_together, false},
    {"ask", "text", "a question, for lessons", bind_ask, false},
    {"reveal", "text", "its answer", bind_reveal, false},
    STEP_EXPECT,
};
const struct scenario_key_table scenario_step_table = {
    "step", "each of steps:; exactly one action", step_keys,
    LS_COUNT(step_keys)};

static const struct yaml_key part_keys[] = {
    STEP_NAME,
    STEP_CONNECT,
    STEP_SIGN_IN,
    STEP_OTHERS,
    {"as", "text", "the name that others await", bind_label, false},
    {"await", "text", "what must be over before it begins", bind_await, false},
    STEP_EXPECT,
};
const struct scenario_key_table scenario_part_table = {
    "part", "each of together:; exactly one action", part_keys,
    LS_COUNT(part_keys)};

/* Cells have become expectations; what is left of them has no row here. */
static void bind_cells(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    (void)target;
    ls_diags_add(diags, value->place,
                 "Add matrix: with its axes at the top of the file.",
                 "cells go with a matrix");
}

static const struct yaml_key case_keys[] = {
    STEP_NAME,
    STEP_CONNECT,
    STEP_SIGN_IN,
    STEP_EXPECT,
    {"cells", "list of mapping",
     "of a matrix: {axis: value, field: expectation …}, the first that fits",
     bind_cells, false},
};
const struct scenario_key_table scenario_case_table = {
    "case", "each of cases:, besides the keys of front-end:", case_keys,
    LS_COUNT(case_keys)};

static bool find_action(struct ls_str key, bool is_case,
                        enum scenario_action *action)
{
    static const struct {
        const char *key;
        enum scenario_action action;
        bool in_cases;
    } rows[] = {
        {"connect", ACTION_CONNECT, true},
        {"sign-in", ACTION_SIGN_IN, true},
        {"say", ACTION_SAY, false},
        {"ask", ACTION_SAY, false},
        {"reveal", ACTION_SAY, false},
        {"topology", ACTION_TOPOLOGY, false},
        {"advance", ACTION_ADVANCE, false},
        {"respond", ACTION_RESPOND, false},
        {"wire", ACTION_WIRE, false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        if (ls_str_equal_text(key, rows[i].key) &&
            (rows[i].in_cases || !is_case)) {
            *action = rows[i].action;
            return true;
        }
    return false;
}

/* One of a step's keys says what is done, and no second. */
static bool find_the_action(struct scenario_step *step,
                            const struct yaml_node *node,
                            struct ls_diags *diags)
{
    bool found = false;

    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *key = node->pairs[i].key;
        enum scenario_action action;

        if (!find_action(key->text, step->is_case, &action))
            continue;
        if (found) {
            ls_diags_add(diags, key->place, "Make it a step of its own.",
                         "a %s has one action, and this one already has "
                         "\"%s\"",
                         step->is_case ? "case" : "step",
                         scenario_action_text(step->action));
            continue;
        }
        step->action = action;
        step->action_place = key->place;
        found = true;
    }
    return found;
}

/* What a step of this kind can end with; asking for more is a slip. */
static void check_expectations(const struct scenario_step *step,
                               struct ls_diags *diags)
{
    for (size_t i = 0; i < step->expectation_count; i++) {
        const struct expectation *expectation = &step->expectations[i];
        bool of_topology = strncmp(expectation->field, "topology", 8) == 0;
        bool of_trace = strncmp(expectation->field, "trace", 5) == 0;
        bool of_peer =
            step->action == ACTION_CONNECT || step->action == ACTION_SIGN_IN;

        if (of_trace || (of_peer && !of_topology) ||
            (of_topology && step->action == ACTION_TOPOLOGY))
            continue;
        ls_diags_add(diags, expectation->place, NULL,
                     "a step with \"%s\" has no \"%s\" to expect",
                     scenario_action_text(step->action), expectation->field);
    }
}

static void bind_case(struct scenario_target *target,
                      const struct yaml_node *node, struct ls_diags *diags)
{
    size_t count = scenario_case_table.count + scenario_front_end_table.count;
    struct yaml_key *keys = ls_alloc_array(count, sizeof(*keys));

    memcpy(keys, scenario_case_table.keys,
           scenario_case_table.count * sizeof(*keys));
    memcpy(keys + scenario_case_table.count, scenario_front_end_table.keys,
           scenario_front_end_table.count * sizeof(*keys));
    yaml_bind(target, node, "a case", keys, count, diags);
    free(keys);
}

void scenario_bind_step(struct scenario_binding *binding,
                        struct scenario_step *step,
                        const struct yaml_node *node, struct ls_diags *diags)
{
    struct scenario_target target = {
        .binding = binding, .step = step, .front_end = &step->settings};

    step->place = node->place;
    if (node->kind != YAML_MAPPING) {
        ls_diags_add(diags, node->place,
                     "Write for example \"connect: {certificate: owa}\".",
                     "a %s must be a mapping", step->is_case ? "case" : "step");
        return;
    }
    size_t faults = ls_diags_fault_count(diags);
    if (step->is_case)
        bind_case(&target, node, diags);
    else if (step->together != 0)
        yaml_bind(&target, node, "a step", part_keys, LS_COUNT(part_keys),
                  diags);
    else
        yaml_bind(&target, node, "a step", scenario_step_table.keys,
                  scenario_step_table.count, diags);
    if (!find_the_action(step, node, diags) &&
        ls_diags_fault_count(diags) == faults)
        ls_diags_add(diags, node->place,
                     step->is_case ? "Add connect or sign-in."
                                   : "Add connect, sign-in, say, topology, "
                                     "advance, respond or wire.",
                     "this %s does nothing", step->is_case ? "case" : "step");
    check_expectations(step, diags);
}

void scenario_step_clear(struct scenario_step *step)
{
    for (size_t i = 0; i < step->edit_count; i++)
        topology_edit_clear(&step->edits[i]);
    free(step->edits);
    for (size_t i = 0; i < step->expectation_count; i++)
        expectation_clear(&step->expectations[i]);
    free(step->expectations);
    scenario_rules_clear(&step->respond);
    scenario_peer_clear(&step->peer);
    scenario_front_end_clear(&step->settings);
    free(step->name);
    free(step->label);
    free(step->together_name);
    free(step->await);
    free(step->text);
    *step = (struct scenario_step){0};
}
