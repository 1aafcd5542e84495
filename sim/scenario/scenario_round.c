/*
 * Each machine of a round has a gate around it. A gate counts what passes, so
 * that it is known when all that was sent has arrived and neither side has
 * anything to say: then the exchange rests, and the next has its turn.
 */
#include "scenario_round.h"

#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"

struct member;

struct gate {
    struct wire_machine inner;
    struct member *member;
    uint64_t sent, fed; /* bytes */
    bool is_dry;        /* it said that it has nothing to say */
    bool end_sent;      /* its FIN or RST */
    bool end_fed;
    bool is_closed; /* it wants no more of its socket */
    bool wants_waking;
};

struct member {
    struct scenario_round *round;
    const struct scenario_step *step;
    struct talk_player *player;
    struct gate peer, front_end;
    bool is_begun, is_exchange, is_over;
};

struct scenario_round {
    struct member *members;
    size_t count;
    size_t turn;   /* whose it is */
    size_t rested; /* turns in which nothing moved, one after the other */
    struct talk_labels labels;
    int64_t *clock_ms;
    scenario_round_read_fn *read;
    void *read_arg;
    bool is_busy; /* somebody is being asked */
};

static void consider(struct scenario_round *round);

/* --- what moves ---------------------------------------------------------- */

static bool is_gone(const struct gate *gate)
{
    return gate->is_closed || gate->end_fed;
}

static bool has_arrived(const struct gate *from, const struct gate *to)
{
    return is_gone(to) || (from->sent == to->fed && !from->end_sent);
}

static bool rests(const struct member *member)
{
    const struct gate *peer = &member->peer, *front_end = &member->front_end;

    return (peer->is_dry || peer->is_closed) &&
           (front_end->is_dry || front_end->is_closed) &&
           has_arrived(peer, front_end) && has_arrived(front_end, peer);
}

static bool has_gone(const struct member *member)
{
    return member->peer.is_closed && member->front_end.is_closed;
}

static bool is_on(const struct member *member)
{
    return member->is_exchange && !member->is_over;
}

/* Both are asked again what they have to say. */
static void stir(struct member *member)
{
    member->peer.is_dry = member->peer.is_closed;
    member->front_end.is_dry = member->front_end.is_closed;
    member->peer.wants_waking = !member->peer.is_closed;
    member->front_end.wants_waking = !member->front_end.is_closed;
}

static void stir_all(struct scenario_round *round)
{
    for (size_t i = 0; i < round->count; i++)
        if (is_on(&round->members[i]))
            stir(&round->members[i]);
}

static bool run_player(struct member *member)
{
    struct scenario_round *round = member->round;
    int64_t before_ms = *round->clock_ms;

    if (member->player == NULL || !talk_player_run(member->player))
        return false;
    round->rested = 0;
    if (*round->clock_ms != before_ms)
        stir_all(round);
    else
        stir(member);
    return true;
}

/* --- nobody moves -------------------------------------------------------- */

static bool leave_one(struct scenario_round *round)
{
    for (size_t i = 0; i < round->count; i++) {
        struct member *member = &round->members[i];

        if (!is_on(member) || member->player == NULL ||
            !talk_player_is_done(member->player) ||
            !talk_player_leave(member->player))
            continue;
        round->turn = i;
        stir(member);
        return true;
    }
    return false;
}

/* Lab time passes for who said how long it waits; what falls due in between
 * may be what it waits for. */
static bool wait_longer(struct scenario_round *round)
{
    uint64_t until_ms = UINT64_MAX;
    uint64_t now_ms = (uint64_t)*round->clock_ms;

    for (size_t i = 0; i < round->count; i++) {
        struct member *member = &round->members[i];
        uint64_t at_ms = UINT64_MAX;

        if (is_on(member) && member->player != NULL)
            at_ms = talk_player_deadline_ms(member->player);
        until_ms = at_ms < until_ms ? at_ms : until_ms;
    }
    if (until_ms == UINT64_MAX || until_ms <= now_ms)
        return false;
    for (size_t i = 0; i < round->count; i++) {
        const struct wire_machine *inner = &round->members[i].front_end.inner;
        uint64_t at_ms = UINT64_MAX;

        if (is_on(&round->members[i]))
            at_ms = inner->ops->deadline_ms(inner->self);
        if (at_ms > now_ms && at_ms < until_ms)
            until_ms = at_ms;
    }
    *round->clock_ms = (int64_t)until_ms;
    stir_all(round);
    return true;
}

/* Whoever waits for something that had a time first, then the first. */
static bool give_up_one(struct scenario_round *round)
{
    for (int timed = 1; timed >= 0; timed--)
        for (size_t i = 0; i < round->count; i++) {
            struct member *member = &round->members[i];

            if (!is_on(member) || member->player == NULL ||
                talk_player_is_done(member->player) ||
                (timed && talk_player_deadline_ms(member->player) >
                              (uint64_t)*round->clock_ms))
                continue;
            talk_player_give_up(member->player);
            round->turn = i;
            stir(member);
            return true;
        }
    return false;
}

/* Where nobody can do anything it stays as it is: the watchdog of whoever
 * drives us is for that. */
static void unlock(struct scenario_round *round)
{
    if (wait_longer(round) || leave_one(round) || give_up_one(round))
        round->rested = 0;
}

/* --- turns --------------------------------------------------------------- */

static bool may_begin(const struct scenario_round *round,
                      const struct member *member)
{
    return !member->is_begun &&
           (member->step->await == NULL ||
            talk_labels_have(&round->labels, member->step->await));
}

/* Somebody is to begin, or has gone and is not counted out yet: whoever drives
 * us has the next move. */
static bool is_waited_for(const struct scenario_round *round)
{
    for (size_t i = 0; i < round->count; i++) {
        const struct member *member = &round->members[i];

        if (may_begin(round, member) || (is_on(member) && has_gone(member)))
            return true;
    }
    return false;
}

static bool pass_turn(struct scenario_round *round)
{
    for (size_t i = 1; i <= round->count; i++) {
        size_t next = (round->turn + i) % round->count;

        if (is_on(&round->members[next])) {
            round->turn = next;
            return true;
        }
    }
    return false;
}

static void take_turn(struct scenario_round *round)
{
    size_t on = 0;

    for (size_t i = 0; i < round->count; i++)
        on += is_on(&round->members[i]);
    if (!pass_turn(round))
        return;
    if (++round->rested > on)
        unlock(round);
    else
        stir(&round->members[round->turn]);
}

/* Whose turn it is has come to rest, perhaps. */
static void consider(struct scenario_round *round)
{
    struct member *member = &round->members[round->turn];

    if (round->is_busy)
        return;
    round->is_busy = true;
    if (!is_on(member) || rests(member)) {
        if (round->read != NULL)
            round->read(round->read_arg);
        if (!(is_on(member) && run_player(member)) && !is_waited_for(round))
            take_turn(round);
    }
    round->is_busy = false;
}

/* --- gates --------------------------------------------------------------- */

static void gate_feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    struct gate *gate = self;

    gate->fed += bytes.length;
    gate->is_dry = false;
    gate->member->round->rested = 0;
    gate->inner.ops->feed(gate->inner.self, bytes, now_ms);
}

static void gate_feed_end(void *self, enum wire_end end, const char *detail,
                          uint64_t now_ms)
{
    struct gate *gate = self;

    gate->end_fed = true;
    gate->is_dry = false;
    gate->member->round->rested = 0;
    gate->inner.ops->feed_end(gate->inner.self, end, detail, now_ms);
}

static void gate_tick(void *self, uint64_t now_ms)
{
    struct gate *gate = self;

    gate->is_dry = false;
    gate->inner.ops->tick(gate->inner.self, now_ms);
}

static uint64_t gate_deadline_ms(const void *self)
{
    const struct gate *gate = self;

    return gate->inner.ops->deadline_ms(gate->inner.self);
}

static void count(struct gate *gate, const struct wire_action *action)
{
    gate->member->round->rested = 0;
    gate->sent += action->kind == WIRE_SEND ? action->bytes.length : 0;
    gate->end_sent = gate->end_sent || action->kind != WIRE_SEND;
    gate->is_closed = gate->is_closed || action->kind == WIRE_CLOSE ||
                      action->kind == WIRE_RESET;
}

/* A peer that is told what to say says it as soon as it can, before it hears
 * what came with the end of the handshake. */
static bool gate_next(void *self, struct wire_action *action)
{
    struct gate *gate = self;
    struct member *member = gate->member;
    struct scenario_round *round = member->round;
    int64_t before_ms = *round->clock_ms;

    if (&round->members[round->turn] != member)
        return false;
    for (;;) {
        if (gate->inner.ops->next(gate->inner.self, action)) {
            count(gate, action);
            return true;
        }
        if (*round->clock_ms != before_ms) { /* a fault let time pass, and
                                                may have more to do */
            round->rested = 0;
            stir_all(round);
            return false;
        }
        gate->is_dry = true;
        consider(round);
        if (gate->is_dry || &round->members[round->turn] != member)
            return false;
    }
}

static struct gate gate_around(struct member *member, struct wire_machine inner,
                               bool is_dry)
{
    return (struct gate){.inner = inner, .member = member, .is_dry = is_dry};
}

static struct wire_machine gate_machine(struct gate *gate)
{
    static const struct wire_machine_ops ops = {
        gate_feed, gate_feed_end, gate_tick, gate_next, gate_deadline_ms};

    return (struct wire_machine){gate, &ops};
}

/* --- the round ----------------------------------------------------------- */

struct scenario_round *scenario_round_new(const struct scenario_step *steps,
                                          size_t count, int64_t *clock_ms)
{
    struct scenario_round *round = ls_alloc(sizeof *round);

    round->members = ls_alloc_array(count, sizeof *round->members);
    round->count = count;
    round->clock_ms = clock_ms;
    for (size_t i = 0; i < count; i++) {
        round->members[i].round = round;
        round->members[i].step = &steps[i];
    }
    return round;
}

void scenario_round_free(struct scenario_round *round)
{
    if (round == NULL)
        return;
    free(round->labels.passed);
    free(round->members);
    free(round);
}

struct talk_labels *scenario_round_labels(struct scenario_round *round)
{
    return &round->labels;
}

void scenario_round_set_reader(struct scenario_round *round,
                               scenario_round_read_fn *read, void *arg)
{
    round->read = read;
    round->read_arg = arg;
}

bool scenario_round_next(struct scenario_round *round, size_t *member)
{
    for (*member = 0; *member < round->count; (*member)++)
        if (may_begin(round, &round->members[*member]))
            return true;
    consider(round);
    for (*member = 0; *member < round->count; (*member)++)
        if (may_begin(round, &round->members[*member]))
            return true;
    return false;
}

static void end(struct scenario_round *round, size_t at)
{
    struct member *member = &round->members[at];

    member->is_begun = member->is_over = true;
    round->rested = 0;
    talk_labels_pass(&round->labels, member->step->label);
}

void scenario_round_skip(struct scenario_round *round, size_t member)
{
    end(round, member);
    stir_all(round);
}

void scenario_round_begin(struct scenario_round *round, size_t at,
                          struct talk_player *player, struct wire_machine *peer,
                          struct wire_machine *front_end)
{
    struct member *member = &round->members[at];

    member->is_begun = member->is_exchange = true;
    member->player = player;
    member->peer = gate_around(member, *peer, false);
    member->front_end = gate_around(member, *front_end, true);
    *peer = gate_machine(&member->peer);
    *front_end = gate_machine(&member->front_end);
    round->rested = 0;
}

void scenario_round_end(struct scenario_round *round, size_t member)
{
    end(round, member);
    round->members[member].player = NULL;
    stir_all(round);
}

bool scenario_round_is_over(const struct scenario_round *round)
{
    for (size_t i = 0; i < round->count; i++)
        if (!round->members[i].is_over)
            return false;
    return true;
}

static bool wants_waking(struct gate *gate, const void **self)
{
    if (!gate->wants_waking)
        return false;
    gate->wants_waking = false;
    *self = gate;
    return true;
}

bool scenario_round_wake(struct scenario_round *round, const void **self)
{
    struct member *member = &round->members[round->turn];

    /* Time may have passed for the others, too. */
    for (size_t i = 0; i < round->count; i++)
        if (is_on(&round->members[i]) && &round->members[i] != member &&
            (wants_waking(&round->members[i].peer, self) ||
             wants_waking(&round->members[i].front_end, self)))
            return true;
    return is_on(member) && (wants_waking(&member->peer, self) ||
                             wants_waking(&member->front_end, self));
}
