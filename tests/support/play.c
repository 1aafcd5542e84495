#include "support/play.h"

#include <criterion/criterion.h>

#include "support/wire_pair.h"

#define PAIRS_MAX 16

struct playing {
    struct scenario_runner *runner;
    struct wire_pair pairs[PAIRS_MAX];
    size_t numbers[PAIRS_MAX];
    bool is_on[PAIRS_MAX];
};

static void begin(struct playing *playing, const struct runner_action *action,
                  size_t piece_bytes)
{
    size_t at = 0;

    while (at < PAIRS_MAX && playing->is_on[at])
        at++;
    cr_assert_lt(at, (size_t)PAIRS_MAX);
    wire_pair_init(&playing->pairs[at], action->front_end, action->peer,
                   scenario_runner_now_ms(playing->runner));
    playing->pairs[at].piece_bytes = piece_bytes;
    playing->numbers[at] = action->exchange;
    playing->is_on[at] = true;
}

static void tick(struct wire_side *side, uint64_t now_ms)
{
    if (!side->is_closed &&
        side->machine.ops->deadline_ms(side->machine.self) <= now_ms)
        side->machine.ops->tick(side->machine.self, now_ms);
}

static void run(struct playing *playing, struct wire_pair *pair)
{
    pair->now_ms = scenario_runner_now_ms(playing->runner);
    tick(&pair->peer, pair->now_ms);
    tick(&pair->front_end, pair->now_ms);
    wire_pair_run(pair);
}

/* Whether anything came of it. */
static bool move(struct playing *playing)
{
    bool moved = false;
    const void *self;

    for (size_t i = 0; i < PAIRS_MAX; i++) {
        struct runner_exchange report = {.exchange = playing->numbers[i]};
        struct wire_pair *pair = &playing->pairs[i];

        if (!playing->is_on[i])
            continue;
        run(playing, pair);
        if (!pair->peer.is_closed || !pair->front_end.is_closed)
            continue;
        wire_pair_clear(pair);
        playing->is_on[i] = false;
        scenario_runner_exchanged(playing->runner, &report);
        return true;
    }
    while (scenario_runner_wake(playing->runner, &self))
        moved = true;
    return moved;
}

const struct scenario_result *play_runner(struct scenario_runner *runner,
                                          size_t piece_bytes)
{
    struct playing playing = {.runner = runner};
    struct runner_action action;

    while (scenario_runner_next(runner, &action) &&
           action.kind != RUNNER_FINISHED)
        if (action.kind == RUNNER_EXCHANGE)
            begin(&playing, &action, piece_bytes);
        else
            cr_assert(move(&playing), "nothing moves any more");
    cr_assert_not(scenario_runner_next(runner, &action));
    return scenario_runner_result(runner);
}

struct scenario *play_parse(const char *file, struct ls_str text)
{
    struct scenario *scenario;
    struct ls_buf faults = {0};
    struct ls_diags diags;

    ls_diags_init(&diags, file, text);
    scenario = scenario_parse(&diags);
    ls_diags_print(&diags, &faults);
    cr_assert_not_null(scenario, "%s", faults.at);
    ls_diags_clear(&diags);
    ls_buf_clear(&faults);
    return scenario;
}
