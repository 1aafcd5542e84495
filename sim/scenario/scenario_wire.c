/*
 * The wire: of a step, a peer or a line, which spoils what one side sends.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/timestamp.h"

#include "scenario_bind.h"

/* More than any exchange of a scenario has. */
#define BYTES_MAX (1 << 20)

/* More would only be another way to write a stall. */
#define EVERY_MAX_MS (INT64_C(3600) * 1000)

static struct scenario_wire *wire_of(void *target)
{
    return ((struct scenario_target *)target)->wire;
}

static void bind_side(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    static const char *const names[] = {"peer", "front-end"};
    size_t choice;

    if (yaml_choice(value, "the side", names, LS_COUNT(names), &choice, diags))
        wire_of(target)->of_front_end = choice == 1;
}

static void bind_kind(void *target, enum wire_fault_kind kind,
                      const struct yaml_node *value, struct ls_diags *diags)
{
    struct wire_fault_plan *plan = &wire_of(target)->plan;
    int64_t bytes = 0;

    if (plan->kind != WIRE_FAULT_NONE)
        ls_diags_add(diags, value->place,
                     "Make it a line of the talk, or a step of its own.",
                     "a wire has one fault, and this one already has \"%s\"",
                     wire_fault_kind_text(plan->kind));
    yaml_integer(value, wire_fault_kind_text(kind), 0, BYTES_MAX, &bytes,
                 diags);
    plan->kind = kind;
    plan->after = (uint64_t)bytes;
}

static void bind_cut(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    bind_kind(target, WIRE_FAULT_CUT, value, diags);
}

static void bind_reset(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    bind_kind(target, WIRE_FAULT_RESET, value, diags);
}

static void bind_half_close(void *target, const struct yaml_node *value,
                            struct ls_diags *diags)
{
    bind_kind(target, WIRE_FAULT_HALF_CLOSE, value, diags);
}

static void bind_stall(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    bind_kind(target, WIRE_FAULT_STALL, value, diags);
}

static void bind_drop(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    bind_kind(target, WIRE_FAULT_DROP, value, diags);
}

static void bind_garbage(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    bind_kind(target, WIRE_FAULT_GARBAGE, value, diags);
}

static void bind_flip(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    bind_kind(target, WIRE_FAULT_FLIP, value, diags);
}

static void bind_for(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    scenario_bind_duration(&wire_of(target)->plan.for_ms, value, "for", diags);
}

static void bind_chunk(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    int64_t bytes;

    if (yaml_integer(value, "chunk", 1, BYTES_MAX, &bytes, diags))
        wire_of(target)->plan.chunk = (uint32_t)bytes;
}

static void bind_every(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    struct wire_fault_plan *plan = &wire_of(target)->plan;

    scenario_bind_duration(&plan->every_ms, value, "every", diags);
    if (plan->every_ms > EVERY_MAX_MS)
        ls_diags_add(diags, value->place, "Write a stall for longer waits.",
                     "\"every\" is more than an hour, which is the limit");
}

static const struct yaml_key wire_keys[] = {
    {"side", "peer|front-end", "whose bytes it happens to; without it peer",
     bind_side, false},
    {"cut-after", "number", "so many bytes arrive, then the connection ends",
     bind_cut, false},
    {"reset-after", "number", "the same, with a reset", bind_reset, false},
    {"half-close-after", "number",
     "so many bytes arrive, then this side has no more to say", bind_half_close,
     false},
    {"stall-after", "number",
     "so many bytes arrive, then nothing does for a while (for:)", bind_stall,
     false},
    {"for", "duration", "how far lab time moves on in a stall", bind_for,
     false},
    {"drop-after", "number",
     "so many bytes arrive, and the rest never does; lab time moves on until "
     "somebody gives up",
     bind_drop, false},
    {"garbage-after", "number",
     "so many bytes arrive, then some that nobody sent", bind_garbage, false},
    {"flip-bit-at", "number", "the last bit of this byte is wrong, from 0",
     bind_flip, false},
    {"chunk", "number", "no piece is longer than so many bytes", bind_chunk,
     false},
    {"every", "duration", "lab time that passes before each piece (chunk:)",
     bind_every, false},
};
const struct scenario_key_table scenario_wire_table = {
    "wire",
    "under wire: of a step, a peer or a talk; one fault, chunk: besides",
    wire_keys, LS_COUNT(wire_keys)};

static void bind_plan(struct scenario_wire *wire, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct scenario_target target = {.wire = wire};
    struct wire_fault_plan *plan = &wire->plan;
    size_t faults = ls_diags_fault_count(diags);

    if (!yaml_bind(&target, value, "wire", wire_keys, LS_COUNT(wire_keys),
                   diags))
        return;
    if (plan->kind == WIRE_FAULT_STALL && plan->for_ms == 0)
        ls_diags_add(diags, value->place, "Add for example for: 31 seconds.",
                     "a stall needs \"for\", or nothing would ever move again");
    if (plan->kind != WIRE_FAULT_STALL && plan->for_ms != 0)
        ls_diags_add(diags, value->place, "Add stall-after.",
                     "\"for\" goes with a stall");
    if (plan->every_ms != 0 && plan->chunk == 0)
        ls_diags_add(diags, value->place, "Add for example chunk: 1.",
                     "\"every\" goes with a chunk");
    if (!wire_fault_plan_does_something(plan) &&
        ls_diags_fault_count(diags) == faults)
        ls_diags_add(diags, value->place, "Write for example {cut-after: 100}.",
                     "this wire has no fault");
}

void scenario_bind_wire(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    bind_plan(&((struct scenario_target *)target)->peer->wire, value, diags);
}

/* It may also be none. */
static void bind_change(struct scenario_wire *wire,
                        const struct yaml_node *value, struct ls_diags *diags)
{
    if (value->kind != YAML_SCALAR)
        bind_plan(wire, value, diags);
    else if (!ls_str_equal_text(value->text, "none"))
        ls_diags_add(diags, value->place,
                     "Write none, or for example {cut-after: 100}.",
                     "a wire cannot be \"%s\"", value->text.at);
}

void scenario_bind_line_wire(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    bind_change(&((struct scenario_target *)target)->line->wire, value, diags);
}

void scenario_bind_step_wire(void *target, const struct yaml_node *value,
                             struct ls_diags *diags)
{
    bind_change(&((struct scenario_target *)target)->step->wire, value, diags);
}
