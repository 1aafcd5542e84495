/*
 * The list of steps: or cases:, with those in it that go on together, and
 * what they wait for of each other.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"

static const struct yaml_node *parts_of(const struct yaml_node *node)
{
    const struct yaml_node *parts =
        node->kind == YAML_MAPPING ? yaml_find(node, "together") : NULL;

    return parts != NULL && parts->kind == YAML_SEQUENCE ? parts : NULL;
}

static void bind_name(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    scenario_bind_text(target, value, "the name", diags);
}

static void bind_nothing(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    (void)target;
    (void)value;
    (void)diags;
}

static const struct yaml_key together_keys[] = {
    {"name", "text", "what they are about, for the story", bind_name, false},
    {"together", "list of part", "the steps", bind_nothing, false},
};

/* --- labels -------------------------------------------------------------- */

/* How far a walk through the steps of a together has come in one of them. */
struct walk {
    const struct scenario_step *step;
    size_t line;
    bool is_begun;
};

static bool has_label(const char *const *labels, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(labels[i], name) == 0)
            return true;
    return false;
}

/* Passes as many lines as it can; the labels it comes by are passed then. */
static bool walk_on(struct walk *walk, const char **passed, size_t *count)
{
    const struct scenario_step *step = walk->step;
    size_t before = walk->line + walk->is_begun;

    if (!walk->is_begun && step->await != NULL &&
        !has_label(passed, *count, step->await))
        return false;
    walk->is_begun = true;
    for (; walk->line < step->peer.talk_count; walk->line++) {
        const struct talk_line *line = &step->peer.talk[walk->line];

        if (line->kind == LINE_AWAIT &&
            !(line->text && has_label(passed, *count, line->text)))
            break;
        if (line->label != NULL)
            passed[(*count)++] = line->label;
    }
    if (walk->line == step->peer.talk_count) {
        walk->line++;
        if (step->label != NULL)
            passed[(*count)++] = step->label;
    }
    return walk->line + walk->is_begun != before;
}

static void refuse_wait(const char *name, struct ls_place place,
                        const char *const *labels, size_t count,
                        struct ls_diags *diags)
{
    char *hint = NULL;

    if (!has_label(labels, count, name)) {
        hint = scenario_did_you_mean(ls_str_from(name), labels, count);
        ls_diags_add(diags, place,
                     hint ? hint : "Give the line or step that name with as:.",
                     "nothing that goes on at that time is called \"%s\"",
                     name);
    } else {
        ls_diags_add(diags, place, NULL,
                     "\"%s\" waits for this in turn, so neither goes on", name);
    }
    free(hint);
}

static size_t count_labels(const struct scenario_step *steps, size_t count)
{
    size_t labels = count;

    for (size_t i = 0; i < count; i++)
        labels += steps[i].peer.talk_count;
    return labels;
}

static size_t gather_labels(const struct scenario_step *steps, size_t count,
                            const char **labels)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        if (steps[i].label != NULL)
            labels[found++] = steps[i].label;
        for (size_t j = 0; j < steps[i].peer.talk_count; j++)
            if (steps[i].peer.talk[j].label != NULL)
                labels[found++] = steps[i].peer.talk[j].label;
    }
    return found;
}

/* Whatever is awaited must come if all goes well. */
static void check_labels(const struct scenario_step *steps, size_t count,
                         struct ls_diags *diags)
{
    size_t room = count_labels(steps, count);
    const char **labels = ls_alloc_array(room + 1, sizeof *labels);
    const char **passed = ls_alloc_array(room + 1, sizeof *passed);
    struct walk *walks = ls_alloc_array(count, sizeof *walks);
    size_t label_count = gather_labels(steps, count, labels);
    size_t passed_count = 0;
    bool moved = true;

    for (size_t i = 0; i < count; i++)
        walks[i].step = &steps[i];
    while (moved) {
        moved = false;
        for (size_t i = 0; i < count; i++)
            moved = walk_on(&walks[i], passed, &passed_count) || moved;
    }
    for (size_t i = 0; i < count; i++) {
        const struct scenario_step *step = &steps[i];

        if (!walks[i].is_begun)
            refuse_wait(step->await, step->place, labels, label_count, diags);
        else if (walks[i].line < step->peer.talk_count &&
                 step->peer.talk[walks[i].line].text != NULL)
            refuse_wait(step->peer.talk[walks[i].line].text,
                        step->peer.talk[walks[i].line].place, labels,
                        label_count, diags);
    }
    free(labels);
    free(passed);
    free(walks);
}

/* --- the list ------------------------------------------------------------ */

static size_t count_steps(const struct yaml_node *list)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct yaml_node *parts = parts_of(list->items[i]);

        count += parts != NULL ? parts->count : 1;
    }
    return count;
}

static void bind_parts(struct scenario_binding *binding,
                       const struct yaml_node *node, size_t number,
                       struct ls_diags *diags)
{
    const struct yaml_node *parts = parts_of(node);
    struct scenario *scenario = binding->scenario;
    size_t first = scenario->step_count;
    char *name = NULL;

    yaml_bind(&name, node, "a step with together", together_keys,
              LS_COUNT(together_keys), diags);
    if (parts->count == 0)
        ls_diags_add(diags, parts->place, "Begin each with a dash and a blank.",
                     "together must be a list with at least one item");
    if (parts->count > SCENARIO_TOGETHER_MAX)
        ls_diags_add(diags, parts->place, "Let some of them follow.",
                     "more than %d steps go on together, which is the limit",
                     SCENARIO_TOGETHER_MAX);
    for (size_t i = 0; i < parts->count; i++) {
        struct scenario_step *step = &scenario->steps[scenario->step_count++];

        step->together = number;
        if (i == 0)
            step->together_name = name;
        scenario_bind_step(binding, step, parts->items[i], diags);
    }
    if (parts->count == 0)
        free(name);
    else if (parts->count <= SCENARIO_TOGETHER_MAX)
        check_labels(&scenario->steps[first], parts->count, diags);
}

static void bind_one(struct scenario_binding *binding, bool is_case,
                     const struct yaml_node *node, struct ls_diags *diags)
{
    struct scenario *scenario = binding->scenario;
    struct scenario_step *step = &scenario->steps[scenario->step_count++];

    step->is_case = is_case;
    scenario_bind_step(binding, step, node, diags);
    check_labels(step, 1, diags);
}

void scenario_bind_steps(struct scenario_binding *binding, bool cases,
                         const struct yaml_node *node, struct ls_diags *diags)
{
    struct scenario *scenario = binding->scenario;
    const char *what = cases ? "cases" : "steps";

    if (scenario->steps) /* both stand in the file, which has its own fault */
        return;
    if (node->kind != YAML_SEQUENCE || node->count == 0) {
        ls_diags_add(diags, node->place, "Begin each with a dash and a blank.",
                     "%s must be a list with at least one item", what);
        return;
    }
    if (count_steps(node) > SCENARIO_STEPS_MAX) {
        size_t last = node->count > SCENARIO_STEPS_MAX ? SCENARIO_STEPS_MAX
                                                       : node->count - 1;

        ls_diags_add(diags, node->items[last]->place, "Divide the file.",
                     "%s has more than %d items, which is the limit", what,
                     SCENARIO_STEPS_MAX);
        return;
    }
    scenario->steps =
        ls_alloc_array(count_steps(node) + 1, sizeof(*scenario->steps));
    for (size_t i = 0; i < node->count; i++)
        if (!cases && parts_of(node->items[i]) != NULL)
            bind_parts(binding, node->items[i], i + 1, diags);
        else
            bind_one(binding, cases, node->items[i], diags);
}
