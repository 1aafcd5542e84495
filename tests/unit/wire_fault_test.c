#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/buf.h"
#include "lyncsim/wire_fault.h"

/* A machine that says two things, then closes. */
struct talker {
    int said;
    int ended;
    enum wire_end end;
    uint64_t deadline_ms;
};

static void talker_feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    (void)self;
    (void)bytes;
    (void)now_ms;
}

static void talker_feed_end(void *self, enum wire_end end, const char *detail,
                            uint64_t now_ms)
{
    struct talker *talker = self;

    (void)detail;
    (void)now_ms;
    talker->ended++;
    talker->end = end;
}

static void talker_tick(void *self, uint64_t now_ms)
{
    (void)self;
    (void)now_ms;
}

static bool talker_next(void *self, struct wire_action *action)
{
    struct talker *talker = self;
    static const char *const texts[] = {"abcde", "fgh"};

    if (talker->said > 2)
        return false;
    if (talker->said == 2)
        *action = (struct wire_action){.kind = WIRE_SHUTDOWN};
    else
        *action = (struct wire_action){
            .kind = WIRE_SEND, .bytes = ls_str_from(texts[talker->said])};
    talker->said++;
    return true;
}

static uint64_t talker_deadline_ms(const void *self)
{
    return ((const struct talker *)self)->deadline_ms;
}

static const struct wire_machine_ops talker_ops = {
    talker_feed, talker_feed_end, talker_tick, talker_next, talker_deadline_ms};

/* A talker whose wire is at fault. */
struct wire {
    struct talker talker, other;
    int64_t clock_ms;
    struct wire_fault *fault;
    struct wire_machine machine;
};

static void begin(struct wire *wire, const struct wire_fault_plan *plan)
{
    *wire = (struct wire){.talker = {.deadline_ms = WIRE_NEVER},
                          .other = {.deadline_ms = WIRE_NEVER},
                          .clock_ms = 1000};
    wire->fault = wire_fault_new(
        plan, (struct wire_machine){&wire->talker, &talker_ops},
        (struct wire_machine){&wire->other, &talker_ops}, &wire->clock_ms);
    wire->machine = wire_fault_machine(wire->fault);
}

static bool says_more(const struct wire *wire)
{
    struct wire_action action;

    return wire->machine.ops->next(wire->machine.self, &action);
}

/* Everything the machine does, as text: bytes, "|" between pieces. */
static void play(struct wire_machine machine, struct ls_buf *out)
{
    struct wire_action action;

    for (int calls = 0; calls < 8; calls++)
        while (machine.ops->next(machine.self, &action)) {
            switch (action.kind) {
            case WIRE_SEND:
                ls_buf_add_escaped(out, action.bytes);
                ls_buf_add_byte(out, '|');
                break;
            case WIRE_SHUTDOWN:
                ls_buf_add_text(out, "FIN");
                break;
            case WIRE_CLOSE:
                ls_buf_add_text(out, "CLOSE");
                break;
            case WIRE_RESET:
                ls_buf_add_text(out, "RST");
                break;
            }
        }
    ls_buf_add_byte(out, '\0');
}

static const struct {
    const char *label;
    struct wire_fault_plan plan;
    const char *said;
    int64_t clock_ms;
} rows[] = {
    {"nothing", {.kind = WIRE_FAULT_NONE}, "abcde|fgh|FIN", 1000},
    {"cut at once", {.kind = WIRE_FAULT_CUT}, "CLOSE", 1000},
    {"cut inside", {.kind = WIRE_FAULT_CUT, .after = 3}, "abc|CLOSE", 1000},
    {"cut between", {.kind = WIRE_FAULT_CUT, .after = 5}, "abcde|CLOSE", 1000},
    {"cut beyond",
     {.kind = WIRE_FAULT_CUT, .after = 99},
     "abcde|fgh|FIN",
     1000},
    {"reset", {.kind = WIRE_FAULT_RESET, .after = 6}, "abcde|f|RST", 1000},
    {"half close", {.kind = WIRE_FAULT_HALF_CLOSE, .after = 2}, "ab|FIN", 1000},
    {"flip", {.kind = WIRE_FAULT_FLIP, .after = 5}, "abcde|ggh|FIN", 1000},
    {"flip the first",
     {.kind = WIRE_FAULT_FLIP, .after = 0},
     "`bcde|fgh|FIN",
     1000},
    {"chunks", {.kind = WIRE_FAULT_NONE, .chunk = 2}, "ab|cd|e|fg|h|FIN", 1000},
    {"a short stall",
     {.kind = WIRE_FAULT_STALL, .after = 5, .for_ms = 100},
     "abcde|fgh|FIN",
     1100},
    {"a stall the other does not bear",
     {.kind = WIRE_FAULT_STALL, .after = 5, .for_ms = 9000},
     "abcde|",
     10000},
    {"drop", {.kind = WIRE_FAULT_DROP, .after = 6}, "abcde|f|CLOSE", 5000},
    {"pieces that take time",
     {.kind = WIRE_FAULT_NONE, .chunk = 3, .every_ms = 100},
     "abc|de|fgh|FIN",
     1300},
    {"pieces that take too long",
     {.kind = WIRE_FAULT_NONE, .chunk = 3, .every_ms = 2000},
     "abc|",
     5000},
    {"garbage",
     {.kind = WIRE_FAULT_GARBAGE, .after = 1},
     "a|\\xFF\\xFE\\xFD garbage on the wire \\x00\\xFF|bcde|fgh|FIN",
     1000},
};

Test(wire_fault, spoils_what_is_sent_at_the_byte_that_was_said)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct wire wire;
        struct ls_buf said = {0};

        begin(&wire, &rows[i].plan);
        wire.other.deadline_ms = 5000;
        play(wire.machine, &said);
        cr_expect_str_eq(said.at, rows[i].said, "%s: %s", rows[i].label,
                         said.at);
        cr_expect_eq(wire.clock_ms, rows[i].clock_ms, "%s", rows[i].label);
        ls_buf_clear(&said);
        wire_fault_free(wire.fault);
    }
}

Test(wire_fault, tells_the_inner_machine_once_that_it_is_over)
{
    const struct wire_fault_plan plan = {.kind = WIRE_FAULT_RESET, .after = 1};
    struct wire wire;
    struct ls_buf said = {0};

    begin(&wire, &plan);
    play(wire.machine, &said);
    wire.machine.ops->feed_end(wire.machine.self, WIRE_END_EOF, "EOF", 1000);
    cr_expect_eq(wire.talker.ended, 1);
    cr_expect_eq(wire.talker.end, WIRE_END_RESET);
    cr_expect_eq(wire.machine.ops->deadline_ms(wire.machine.self), WIRE_NEVER);
    ls_buf_clear(&said);
    wire_fault_free(wire.fault);
}

/* What was lost, or came after a FIN, does not arrive by waiting. */
Test(wire_fault, stays_mute_when_a_stall_follows)
{
    static const struct {
        enum wire_fault_kind kind;
        const char *said;
    } mutes[] = {{WIRE_FAULT_HALF_CLOSE, "FIN"}, {WIRE_FAULT_DROP, "CLOSE"}};
    const struct wire_fault_plan stall = {.kind = WIRE_FAULT_STALL,
                                          .for_ms = 100};

    for (size_t i = 0; i < sizeof(mutes) / sizeof(mutes[0]); i++) {
        struct wire_fault_plan plan = {.kind = mutes[i].kind};
        struct ls_buf said = {0};
        struct wire wire;

        begin(&wire, &plan);
        if (says_more(&wire))
            ls_buf_add_text(&said, "FIN");
        wire_fault_set_plan(wire.fault, &stall);
        play(wire.machine, &said);

        cr_expect_str_eq(said.at, mutes[i].said, "%s", said.at);
        ls_buf_clear(&said);
        wire_fault_free(wire.fault);
    }
}

/* As after a cable that was mended; a FIN cannot be taken back. */
Test(wire_fault, lets_bytes_through_again_when_nothing_is_lost_any_more)
{
    static const struct {
        const char *label;
        enum wire_fault_kind first, second;
        const char *said;
    } losses[] = {
        {"a loss", WIRE_FAULT_DROP, WIRE_FAULT_NONE, "abcde|fgh|FIN"},
        {"a FIN", WIRE_FAULT_HALF_CLOSE, WIRE_FAULT_NONE, "FIN"},
        {"a FIN, then a loss", WIRE_FAULT_HALF_CLOSE, WIRE_FAULT_DROP, "FIN"},
        {"two losses", WIRE_FAULT_DROP, WIRE_FAULT_DROP, "abcde|fgh|FIN"},
    };
    const struct wire_fault_plan none = {0};

    for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
        struct wire_fault_plan plan = {.kind = losses[i].first};
        struct ls_buf said = {0};
        struct wire wire;

        begin(&wire, &plan);
        if (says_more(&wire))
            ls_buf_add_text(&said, "FIN");
        plan.kind = losses[i].second;
        if (plan.kind != WIRE_FAULT_NONE) {
            wire_fault_set_plan(wire.fault, &plan);
            says_more(&wire);
        }
        wire_fault_set_plan(wire.fault, &none);
        play(wire.machine, &said);

        cr_expect_str_eq(said.at, losses[i].said, "%s: %s", losses[i].label,
                         said.at);
        ls_buf_clear(&said);
        wire_fault_free(wire.fault);
    }
}
