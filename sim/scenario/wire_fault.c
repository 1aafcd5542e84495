#include "lyncsim/wire_fault.h"

#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

struct wire_fault {
    struct wire_fault_plan plan;
    struct wire_machine inner;
    struct wire_machine other;
    int64_t *clock_ms;
    struct ls_buf waiting; /* what the inner machine sent and is not gone */
    size_t shown;          /* of it: bytes of the last action */
    uint64_t taken;        /* bytes that the inner machine has sent */
    uint64_t gone;         /* bytes that went on their way */
    bool has_struck;
    bool has_waited; /* time has passed for the next piece */
    bool is_mute;    /* half closed: nothing more is sent */
    bool is_lost;    /* the same, and the other does not know */
    bool has_shut;   /* the FIN is gone */
    bool has_ended;  /* cut or reset: nothing follows */
};

const char *wire_fault_kind_text(enum wire_fault_kind kind)
{
    static const char *const texts[] = {
#define X(name, text) text,
        WIRE_FAULT_LIST(X)
#undef X
    };

    assert(kind < WIRE_FAULT_COUNT);
    return texts[kind];
}

bool wire_fault_plan_does_something(const struct wire_fault_plan *plan)
{
    return plan->kind != WIRE_FAULT_NONE || plan->chunk != 0;
}

char *wire_fault_plan_text(const struct wire_fault_plan *plan)
{
    struct ls_buf text = {0};

    if (plan->kind != WIRE_FAULT_NONE)
        ls_buf_printf(&text, "%s %llu", wire_fault_kind_text(plan->kind),
                      (unsigned long long)plan->after);
    if (plan->for_ms != 0)
        ls_buf_printf(&text, " for %g s", (double)plan->for_ms / 1000);
    if (plan->chunk != 0)
        ls_buf_printf(&text, "%schunk %u", text.length > 0 ? ", " : "",
                      plan->chunk);
    if (plan->every_ms != 0)
        ls_buf_printf(&text, " every %g s", (double)plan->every_ms / 1000);
    return ls_buf_take(&text);
}

static bool strikes_never(const struct wire_fault_plan *plan)
{
    return plan->kind == WIRE_FAULT_NONE || plan->kind == WIRE_FAULT_FLIP;
}

struct wire_fault *wire_fault_new(const struct wire_fault_plan *plan,
                                  struct wire_machine inner,
                                  struct wire_machine other, int64_t *clock_ms)
{
    struct wire_fault *fault = ls_alloc(sizeof(*fault));

    fault->plan = *plan;
    fault->inner = inner;
    fault->other = other;
    fault->clock_ms = clock_ms;
    fault->has_struck = strikes_never(plan);
    return fault;
}

void wire_fault_set_plan(struct wire_fault *fault,
                         const struct wire_fault_plan *plan)
{
    fault->plan = *plan;
    fault->has_struck = strikes_never(plan);
    fault->has_waited = false;
    fault->gone = 0;
    fault->taken = fault->waiting.length - fault->shown;
    if (wire_fault_plan_does_something(plan) || !fault->is_lost)
        return;
    fault->is_lost = false;
    fault->is_mute = fault->has_shut;
}

void wire_fault_free(struct wire_fault *fault)
{
    if (!fault)
        return;
    ls_buf_clear(&fault->waiting);
    free(fault);
}

static void feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    struct wire_fault *fault = self;

    if (!fault->has_ended)
        fault->inner.ops->feed(fault->inner.self, bytes, now_ms);
}

static void feed_end(void *self, enum wire_end end, const char *detail,
                     uint64_t now_ms)
{
    struct wire_fault *fault = self;

    if (!fault->has_ended)
        fault->inner.ops->feed_end(fault->inner.self, end, detail, now_ms);
}

static void tick(void *self, uint64_t now_ms)
{
    struct wire_fault *fault = self;

    if (!fault->has_ended)
        fault->inner.ops->tick(fault->inner.self, now_ms);
}

static uint64_t deadline_ms(const void *self)
{
    const struct wire_fault *fault = self;

    return fault->has_ended ? WIRE_NEVER
                            : fault->inner.ops->deadline_ms(fault->inner.self);
}

/* No TLS record begins with these, and no SIP message. */
static struct ls_str garbage(void)
{
    static const char bytes[] = "\xFF\xFE\xFD garbage on the wire \x00\xFF";

    return ls_str_from_bytes(bytes, sizeof(bytes) - 1);
}

/* The connection is over, and the inner machine is told before it is. */
static void end(struct wire_fault *fault, enum wire_end how)
{
    fault->inner.ops->feed_end(fault->inner.self, how,
                               "the scenario cut the connection",
                               (uint64_t)*fault->clock_ms);
    fault->has_ended = true;
}

/* Nothing arrives any more: time moves to where one of them gives up. */
static void lose_the_rest(struct wire_fault *fault)
{
    uint64_t ours_ms = fault->inner.ops->deadline_ms(fault->inner.self);
    uint64_t theirs_ms = fault->other.ops->deadline_ms(fault->other.self);
    uint64_t until_ms = ours_ms < theirs_ms ? ours_ms : theirs_ms;

    fault->is_mute = fault->is_lost = true;
    if (until_ms != WIRE_NEVER && until_ms > (uint64_t)*fault->clock_ms)
        *fault->clock_ms = (int64_t)until_ms;
}

/* Time passes; whoever receives may have given up meanwhile. */
static void pass_time(struct wire_fault *fault, int64_t ms)
{
    *fault->clock_ms += ms;
    if (fault->other.ops->deadline_ms(fault->other.self) <=
        (uint64_t)*fault->clock_ms)
        fault->is_mute = true; /* and once mute it stays so */
}

/* The moment has come. False when there is nothing to do but go on. */
static bool strike(struct wire_fault *fault, struct wire_action *action)
{
    fault->has_struck = true;
    switch (fault->plan.kind) {
    case WIRE_FAULT_CUT:
        *action = (struct wire_action){.kind = WIRE_CLOSE};
        end(fault, WIRE_END_EOF);
        return true;
    case WIRE_FAULT_RESET:
        *action = (struct wire_action){.kind = WIRE_RESET};
        end(fault, WIRE_END_RESET);
        return true;
    case WIRE_FAULT_HALF_CLOSE:
        *action = (struct wire_action){.kind = WIRE_SHUTDOWN};
        fault->is_mute = fault->has_shut = true;
        return true;
    case WIRE_FAULT_GARBAGE:
        *action = (struct wire_action){.kind = WIRE_SEND, .bytes = garbage()};
        return true;
    case WIRE_FAULT_STALL:
        pass_time(fault, fault->plan.for_ms);
        return false;
    case WIRE_FAULT_DROP:
        lose_the_rest(fault);
        return false;
    case WIRE_FAULT_NONE:
    case WIRE_FAULT_FLIP:
    case WIRE_FAULT_COUNT:
        break;
    }
    return false;
}

static void take_bytes(struct wire_fault *fault, struct ls_str bytes)
{
    size_t start = fault->waiting.length;
    uint64_t index = fault->plan.after - fault->taken;

    if (fault->is_mute)
        return;
    ls_buf_add(&fault->waiting, bytes);
    if (fault->plan.kind == WIRE_FAULT_FLIP &&
        fault->plan.after >= fault->taken && index < bytes.length)
        fault->waiting.at[start + index] ^= 1;
    fault->taken += bytes.length;
}

/* As much of what waits as may go in one piece. */
static void show_bytes(struct wire_fault *fault, struct wire_action *action)
{
    size_t count = fault->waiting.length;

    if (fault->plan.chunk && count > fault->plan.chunk)
        count = fault->plan.chunk;
    if (!fault->has_struck && count > fault->plan.after - fault->gone)
        count = (size_t)(fault->plan.after - fault->gone);
    *action = (struct wire_action){
        .kind = WIRE_SEND,
        .bytes = ls_str_first(ls_buf_str(&fault->waiting), count),
    };
    fault->shown = count;
    fault->gone += count;
    fault->has_waited = false;
}

static bool must_wait(struct wire_fault *fault)
{
    if (fault->plan.every_ms == 0 || fault->has_waited)
        return false;
    fault->has_waited = true;
    pass_time(fault, fault->plan.every_ms);
    return true;
}

/* What lets time pass ends the call in which it begins: who drives the
 * machines sees that time has moved, lets the others find out, and calls
 * again. */
static bool next(void *self, struct wire_action *action)
{
    struct wire_fault *fault = self;

    ls_buf_consume(&fault->waiting, fault->shown);
    fault->shown = 0;
    while (!fault->has_ended) {
        if (!fault->has_struck && fault->gone >= fault->plan.after) {
            if (strike(fault, action))
                return true;
            if (fault->plan.kind == WIRE_FAULT_STALL ||
                fault->plan.kind == WIRE_FAULT_DROP)
                return false;
        }
        if (fault->waiting.length && !fault->is_mute) {
            if (must_wait(fault))
                return false;
            show_bytes(fault, action);
            return true;
        }
        if (!fault->inner.ops->next(fault->inner.self, action))
            return false;
        if (action->kind == WIRE_SHUTDOWN && fault->is_lost) {
            *action = (struct wire_action){.kind = WIRE_CLOSE};
            end(fault, WIRE_END_EOF); /* else nobody would ever know */
            return true;
        }
        if (action->kind == WIRE_SHUTDOWN && fault->is_mute)
            continue; /* its FIN is gone already, or never goes */
        if (action->kind != WIRE_SEND)
            return true;
        take_bytes(fault, action->bytes);
    }
    return false;
}

struct wire_machine wire_fault_machine(struct wire_fault *fault)
{
    static const struct wire_machine_ops ops = {feed, feed_end, tick, next,
                                                deadline_ms};

    return (struct wire_machine){fault, &ops};
}
