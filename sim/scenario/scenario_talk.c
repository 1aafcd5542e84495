/*
 * The talk: of a step: what a peer and the Front End say to each other, line
 * by line.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "scenario_bind.h"
#include "scenario_variable.h"
#include "talk_voice.h"

static const char *const kind_texts[LINE_COUNT] = {
    [LINE_SEND] = "send",       [LINE_RECEIVE] = "receive",
    [LINE_RESPOND] = "respond", [LINE_AWAIT] = "await",
    [LINE_ADVANCE] = "advance", [LINE_LEAVE] = "leave",
    [LINE_WIRE] = "wire",       [LINE_SAY] = "say",
};

const char *line_kind_text(enum line_kind kind)
{
    assert(kind < LINE_COUNT);
    return kind_texts[kind];
}

static struct talk_line *line_of(void *target)
{
    return ((struct scenario_target *)target)->line;
}

/* --- receive ------------------------------------------------------------- */

static void add_want(struct talk_line *line, struct ls_place place, char *field,
                     const struct yaml_node *value, struct ls_diags *diags)
{
    struct expectation *want;

    line->wants = ls_realloc_array(line->wants, line->want_count + 1,
                                   sizeof *line->wants);
    want = &line->wants[line->want_count++];
    *want = (struct expectation){.place = place, .field = field};
    expectation_bind_value(field, value, &want->matcher, diags);
}

#define BIND_WANT(name)                                                        \
    static void want_##name(void *target, const struct yaml_node *value,       \
                            struct ls_diags *diags)                            \
    {                                                                          \
        add_want(line_of(target), value->place, ls_strdup(#name), value,       \
                 diags);                                                       \
    }

BIND_WANT(status)
BIND_WANT(reason)
BIND_WANT(method)
BIND_WANT(uri)
BIND_WANT(body)

static void want_header(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    if (value->kind != YAML_MAPPING) {
        ls_diags_add(diags, value->place,
                     "Write for example {Server: RTC/4.0}.",
                     "header must be a mapping of names and values");
        return;
    }
    for (size_t i = 0; i < value->count; i++)
        add_want(line_of(target), value->pairs[i].key->place,
                 ls_strf("header.%s", value->pairs[i].key->text.at),
                 value->pairs[i].value, diags);
}

static void bind_within(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    scenario_bind_duration(&line_of(target)->within_ms, value, "within", diags);
}

static void bind_optional(void *target, const struct yaml_node *value,
                          struct ls_diags *diags)
{
    yaml_boolean(value, "optional", &line_of(target)->is_optional, diags);
}

static const struct yaml_key receive_keys[] = {
    {"status", "value", "an answer, with this status", want_status, false},
    {"reason", "value", "the words after its status", want_reason, false},
    {"method", "value", "a request, with this method", want_method, false},
    {"uri", "value", "whom the request is for", want_uri, false},
    {"header", "mapping of value", "headers, the first of each name",
     want_header, false},
    {"body", "value", "its body", want_body, false},
    {"within", "duration",
     "lab time it may take; without it none passes: who is not answered when "
     "nothing moves any more will not be",
     bind_within, false},
    {"optional", "true|false", "it may be missing", bind_optional, false},
};
const struct scenario_key_table scenario_receive_table = {
    "receive", "under receive: of a talk; or 200, OPTIONS, nothing",
    receive_keys, LS_COUNT(receive_keys)};

/* "200", "OPTIONS", "nothing" */
static void receive_word(struct talk_line *line, const struct yaml_node *node,
                         struct ls_diags *diags)
{
    uint64_t status;
    struct ls_str text = node->text;

    if (ls_str_equal_text(text, "nothing"))
        line->wants_nothing = true;
    else if (ls_str_to_u64(text, &status))
        add_want(line, node->place, ls_strdup("status"), node, diags);
    else if (text.length > 0 &&
             strspn(text.at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == text.length)
        add_want(line, node->place, ls_strdup("method"), node, diags);
    else
        ls_diags_add(diags, node->place,
                     "Write a status, a method in capitals, nothing, or "
                     "{status: 200, header: {Server: RTC/4.0}}.",
                     "\"%s\" cannot be received", text.length ? text.at : "");
}

static void bind_receive(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    struct talk_line *line = line_of(target);
    size_t faults = ls_diags_fault_count(diags);

    if (value->kind == YAML_SCALAR) {
        receive_word(line, value, diags);
        return;
    }
    yaml_bind(target, value, "what is received", receive_keys,
              LS_COUNT(receive_keys), diags);
    if (line->want_count == 0 && ls_diags_fault_count(diags) == faults)
        ls_diags_add(diags, value->place, "Add for example status: 200.",
                     "this would be any message at all");
}

/* --- the others ---------------------------------------------------------- */

static void check_fields(const struct yaml_node *node, struct ls_diags *diags)
{
    const char *names[32];
    struct ls_str name;
    size_t count, at = 0, end;
    const struct talk_field *fields = talk_fields(&count);

    for (size_t i = 0; i < count; i++)
        names[i] = fields[i].name;
    for (; scenario_variable_next(node->text, &at, &end, &name); at = end) {
        char *text;
        char *hint;

        if (talk_field_exists(name))
            continue;
        text = ls_str_dup(name);
        hint = scenario_did_you_mean(ls_str_from(text), names, count);
        ls_diags_add(diags, node->place, hint, "a message has no field \"$%s\"",
                     text);
        free(hint);
        free(text);
    }
}

static void bind_send(void *target, const struct yaml_node *value,
                      struct ls_diags *diags)
{
    struct talk_line *line = line_of(target);

    scenario_bind_text(&line->text, value, "the message", diags);
    if (line->text != NULL)
        check_fields(value, diags);
}

static void bind_respond(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    scenario_bind_answer(&line_of(target)->form, value, diags);
    if (value->kind == YAML_SCALAR && ls_str_equal_text(value->text, "none"))
        ls_diags_add(diags, value->place, "Leave the line out.",
                     "to say nothing is no line of a talk");
}

static void bind_await(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    scenario_bind_text(&line_of(target)->text, value, "what is awaited", diags);
}

static void bind_advance(void *target, const struct yaml_node *value,
                         struct ls_diags *diags)
{
    scenario_bind_duration(&line_of(target)->advance_ms, value, "advance",
                           diags);
}

static void bind_leave(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    static const char *const names[] = {
        [TALK_LEAVE_IN_ORDER] = "in-order",
        [TALK_LEAVE_CUT] = "cut",
        [TALK_LEAVE_RESET] = "reset",
        [TALK_LEAVE_HALF_CLOSE] = "half-close",
    };
    size_t choice;

    if (yaml_choice(value, "the way to leave", names, LS_COUNT(names), &choice,
                    diags))
        line_of(target)->leave = (enum talk_leave)choice;
}

static void bind_say(void *target, const struct yaml_node *value,
                     struct ls_diags *diags)
{
    scenario_bind_text(&line_of(target)->text, value, "say", diags);
}

static void bind_by(void *target, const struct yaml_node *value,
                    struct ls_diags *diags)
{
    static const char *const names[] = {"peer", "front-end"};
    size_t choice;

    if (yaml_choice(value, "by", names, LS_COUNT(names), &choice, diags))
        line_of(target)->of_front_end = choice == 1;
}

static void bind_label(void *target, const struct yaml_node *value,
                       struct ls_diags *diags)
{
    scenario_bind_text(&line_of(target)->label, value, "as", diags);
}

static const struct yaml_key talk_keys[] = {
    {"send", "text",
     "a message as it stands, with $branch, $tag and the like filled in",
     bind_send, false},
    {"receive", "text|receive", "the next message that comes is this one",
     bind_receive, false},
    {"respond", "number|answer", "the request that came last is answered",
     bind_respond, false},
    {"await", "text", "the line or step of that name (as:) is over", bind_await,
     false},
    {"advance", "duration", "lab time moves on", bind_advance, false},
    {"leave", "in-order|cut|reset|half-close",
     "the peer ends the connection itself", bind_leave, false},
    {"wire", "none|mapping wire",
     "what happens from here on to the bytes of one side; none: nothing more",
     scenario_bind_line_wire, false},
    {"say", "text", "narration", bind_say, false},
    {"by", "peer|front-end", "who does it; without it the peer", bind_by,
     false},
    {"as", "text", "the name that others await", bind_label, false},
};
const struct scenario_key_table scenario_talk_table = {
    "line", "each of talk:; exactly one action", talk_keys,
    LS_COUNT(talk_keys)};

/* --- a line -------------------------------------------------------------- */

static bool find_kind(struct ls_str key, enum line_kind *kind)
{
    for (*kind = 0; *kind < LINE_COUNT; (*kind)++)
        if (ls_str_equal_text(key, kind_texts[*kind]))
            return true;
    return false;
}

static bool find_action(struct talk_line *line, const struct yaml_node *node,
                        struct ls_diags *diags)
{
    bool found = false;

    for (size_t i = 0; i < node->count; i++) {
        const struct yaml_node *key = node->pairs[i].key;
        enum line_kind kind;

        if (!find_kind(key->text, &kind))
            continue;
        if (found) {
            ls_diags_add(diags, key->place, "Make it a line of its own.",
                         "a line of a talk has one action, and this one "
                         "already has \"%s\"",
                         kind_texts[line->kind]);
            continue;
        }
        line->kind = kind;
        line->place = key->place;
        found = true;
    }
    return found;
}

static void bind_line(struct scenario_binding *binding, struct talk_line *line,
                      const struct yaml_node *node, struct ls_diags *diags)
{
    struct scenario_target target = {.binding = binding, .line = line};
    size_t faults = ls_diags_fault_count(diags);

    line->place = node->place;
    if (node->kind != YAML_MAPPING) {
        ls_diags_add(diags, node->place, "Write for example \"receive: 200\".",
                     "a line of a talk must be a mapping");
        return;
    }
    yaml_bind(&target, node, "a line of a talk", talk_keys, LS_COUNT(talk_keys),
              diags);
    if (!find_action(line, node, diags) &&
        ls_diags_fault_count(diags) == faults)
        ls_diags_add(diags, node->place, "Add send, receive or respond.",
                     "this line of a talk does nothing");
    else if (line->of_front_end && line->kind != LINE_SEND &&
             line->kind != LINE_RECEIVE && line->kind != LINE_RESPOND)
        ls_diags_add(diags, node->place,
                     line->kind == LINE_WIRE
                         ? "Leave out by, and write side: front-end under wire."
                         : "Leave out by.",
                     "\"%s\" is nothing that a Front End does",
                     kind_texts[line->kind]);
}

void scenario_bind_talk(void *target, const struct yaml_node *value,
                        struct ls_diags *diags)
{
    struct scenario_target *all = target;
    struct scenario_peer *peer = all->peer;

    if (value->kind != YAML_SEQUENCE || value->count == 0) {
        ls_diags_add(diags, value->place, "Begin each with a dash and a blank.",
                     "a talk must be a list of lines");
        return;
    }
    if (value->count > SCENARIO_LINES_MAX) {
        ls_diags_add(diags, value->items[SCENARIO_LINES_MAX]->place,
                     "Divide it.",
                     "a talk has more than %d lines, which is the limit",
                     SCENARIO_LINES_MAX);
        return;
    }
    peer->talk = ls_alloc_array(value->count, sizeof *peer->talk);
    peer->talk_count = value->count;
    for (size_t i = 0; i < value->count; i++)
        bind_line(all->binding, &peer->talk[i], value->items[i], diags);
}

void scenario_bind_ignores(void *target, const struct yaml_node *value,
                           struct ls_diags *diags)
{
    struct scenario_peer *peer = ((struct scenario_target *)target)->peer;

    scenario_bind_texts(&peer->ignores, &peer->ignore_count, value, "ignores",
                        "[BENOTIFY, 180]", diags);
}

void scenario_line_clear(struct talk_line *line)
{
    for (size_t i = 0; i < line->want_count; i++)
        expectation_clear(&line->wants[i]);
    free(line->wants);
    free(line->label);
    free(line->text);
    answer_form_clear(&line->form);
}
