/*
 * A line is over before the next begins; one that can never be over ends the
 * talk.
 */
#include "talk_player.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_outbox.h"

#include "talk_player_internal.h"
#include "talk_wanted.h"

static const char *host_of(const struct talk_cast *cast)
{
    return cast->said->from != NULL ? cast->said->from : cast->peer_address;
}

struct talk_player *talk_player_new(const struct talk_cast *cast)
{
    struct talk_player *player = ls_alloc(sizeof *player);
    const struct scenario_rules *rules = &cast->said->respond;

    player->cast = *cast;
    talk_voice_init(&player->peer, &cast->peer_ids);
    talk_voice_init(&player->front_end, &cast->front_end_ids);
    player->peer.local = player->front_end.remote = cast->peer_address;
    player->peer.remote = player->front_end.local = cast->front_end_address;
    player->peer.host = host_of(cast);
    player->front_end.host = player->peer.remote_host = cast->server;
    player->front_end.remote_host = host_of(cast);
    player->rules =
        answer_rules_new(rules->rules, rules->count, &cast->peer_ids);
    cast->result->line_count = cast->said->talk_count;
    cast->result->lines =
        ls_alloc_array(cast->said->talk_count, sizeof *cast->result->lines);
    for (size_t i = 0; i < cast->said->talk_count; i++)
        cast->result->lines[i].line = &cast->said->talk[i];
    return player;
}

void talk_player_free(struct talk_player *player)
{
    if (player == NULL)
        return;
    for (size_t i = player->overheard_taken; i < player->overheard_count; i++)
        free(player->overheard[i].bytes);
    free(player->overheard);
    free(player->next.bytes);
    talk_voice_clear(&player->peer);
    talk_voice_clear(&player->front_end);
    answer_rules_free(player->rules);
    free(player);
}

void talk_player_overhear(struct talk_player *player, struct ls_str bytes)
{
    LS_GROW(player->overheard, player->overheard_count,
            player->overheard_capacity);
    player->overheard[player->overheard_count++] =
        (struct heard){ls_str_dup(bytes), bytes.length};
}

const struct talk_line *talk_player_line(const struct talk_player *player)
{
    return &player->cast.said->talk[player->cursor];
}

struct line_result *talk_player_result(const struct talk_player *player)
{
    return &player->cast.result->lines[player->cursor];
}

bool talk_player_is_done(const struct talk_player *player)
{
    return player->is_given_up ||
           player->cursor == player->cast.said->talk_count;
}

/* --- what is told -------------------------------------------------------- */

void talk_player_pass_on(struct talk_player *player)
{
    talk_labels_pass(player->cast.labels, talk_player_line(player)->label);
    talk_player_result(player)->was_played = true;
    player->cursor++;
    player->is_waiting = false;
}

void talk_player_add_failure(struct talk_player *player,
                             const struct step_failure *failure)
{
    step_result_add_failure(player->cast.result, failure);
}

/* expected is taken. */
void talk_player_fail(struct talk_player *player, char *expected,
                      const char *actual)
{
    struct step_failure failure = {
        .place = talk_player_line(player)->place,
        .field = ls_strdup(line_kind_text(talk_player_line(player)->kind)),
        .expected = expected,
        .actual = ls_strdup(actual),
    };

    talk_player_add_failure(player, &failure);
    talk_player_result(player)->outcome = PLAY_FAILED;
    talk_player_result(player)->was_played = true;
    player->is_given_up = true;
}

/* --- sending ------------------------------------------------------------- */

static bool front_end_can_talk(const struct talk_player *player)
{
    return connection_state(player->cast.connection) == CONNECTION_SERVING;
}

bool talk_player_has_ended(const struct talk_player *player)
{
    return talk_player_line(player)->of_front_end
               ? connection_state(player->cast.connection) ==
                         CONNECTION_DRAINING ||
                     connection_state(player->cast.connection) ==
                         CONNECTION_CLOSED
               : talk_peer_has_ended(player->cast.peer);
}

static bool can_talk(const struct talk_player *player)
{
    return talk_player_line(player)->of_front_end
               ? front_end_can_talk(player)
               : talk_peer_can_talk(player->cast.peer);
}

static void put_on_wire(struct talk_player *player, bool of_front_end,
                        struct ls_str bytes)
{
    if (!of_front_end)
        talk_peer_send(player->cast.peer, bytes);
    else if (!sip_outbox_add(front_end_outbox(player->cast.front_end),
                             connection_id(player->cast.connection), bytes))
        talk_player_fail(player, ls_strdup("room for the message"),
                         "the connection has too many that wait already");
}

static void send_line(struct talk_player *player)
{
    const struct talk_line *line = talk_player_line(player);
    struct talk_voice *voice =
        line->of_front_end ? &player->front_end : &player->peer;
    struct ls_buf bytes = {0};

    if (line->kind == LINE_RESPOND && voice->request == NULL) {
        talk_player_fail(player, ls_strdup("a request to be answered"),
                         "none has come");
        return;
    }
    if (line->kind == LINE_RESPOND)
        talk_voice_answer(voice, &line->form, &bytes);
    else
        talk_voice_say(voice, line->text, &bytes);
    talk_player_result(player)->message = ls_str_dup(ls_buf_str(&bytes));
    put_on_wire(player, line->of_front_end, ls_buf_str(&bytes));
    ls_buf_clear(&bytes);
    if (!player->is_given_up)
        talk_player_pass_on(player);
}

static bool try_send(struct talk_player *player)
{
    if (can_talk(player)) {
        send_line(player);
        return true;
    }
    if (!talk_player_has_ended(player))
        return false;
    talk_player_fail(player, ls_strdup("a connection to send over"),
                     "the connection has ended");
    return true;
}

/* --- the talk ------------------------------------------------------------ */

/* Without a fault both sides are as they should be. */
static void set_wire(struct talk_player *player,
                     const struct scenario_wire *wire)
{
    bool is_none = !wire_fault_plan_does_something(&wire->plan);

    if (is_none || !wire->of_front_end)
        wire_fault_set_plan(player->cast.peer_wire, &wire->plan);
    if (is_none || wire->of_front_end)
        wire_fault_set_plan(player->cast.front_end_wire, &wire->plan);
}

/* What was said before has arrived when a wire changes. */
static bool waits_for_rest(const struct talk_player *player, bool has_moved)
{
    return has_moved && talk_player_line(player)->kind == LINE_WIRE;
}

static bool try_line(struct talk_player *player)
{
    const struct talk_line *line = talk_player_line(player);

    switch (line->kind) {
    case LINE_SEND:
    case LINE_RESPOND:
        return try_send(player);
    case LINE_RECEIVE:
        return talk_player_receive(player);
    case LINE_AWAIT:
        if (!talk_labels_have(player->cast.labels, line->text))
            return false;
        break;
    case LINE_ADVANCE:
        *player->cast.clock_ms += line->advance_ms;
        break;
    case LINE_LEAVE:
        talk_peer_leave(player->cast.peer, line->leave);
        break;
    case LINE_WIRE:
        set_wire(player, &line->wire);
        break;
    case LINE_SAY:
        break;
    case LINE_COUNT:
        assert(!"a kind of line");
    }
    talk_player_pass_on(player);
    return true;
}

bool talk_player_run(struct talk_player *player)
{
    bool has_moved = false;

    while (!talk_player_is_done(player) && !waits_for_rest(player, has_moved) &&
           try_line(player))
        has_moved = true;
    if (!talk_player_is_done(player) && !player->is_waiting) {
        player->is_waiting = true;
        player->since_ms = *player->cast.clock_ms;
    }
    return has_moved;
}

uint64_t talk_player_deadline_ms(const struct talk_player *player)
{
    if (talk_player_is_done(player) || talk_player_line(player)->within_ms == 0)
        return UINT64_MAX;
    return (uint64_t)(player->since_ms + talk_player_line(player)->within_ms);
}

void talk_player_give_up(struct talk_player *player)
{
    const struct talk_line *line = talk_player_line(player);

    if (line->kind == LINE_RECEIVE &&
        (line->wants_nothing || line->is_optional)) {
        talk_player_pass_on(player);
        return;
    }
    if (line->kind == LINE_AWAIT)
        talk_player_fail(player, ls_strf("\"%s\"", line->text),
                         "it does not come");
    else if (line->kind == LINE_RECEIVE)
        talk_player_fail(player, talk_wanted_describe(line),
                         "nothing came, and nothing moves any more");
    else
        talk_player_fail(player, ls_strdup("a connection to talk over"),
                         "it was never let in");
}

bool talk_player_leave(struct talk_player *player)
{
    if (player->has_left)
        return false;
    player->has_left = true;
    talk_peer_leave(player->cast.peer, TALK_LEAVE_IN_ORDER);
    return true;
}

void talk_player_finish(struct talk_player *player)
{
    while (talk_player_run(player))
        continue;
    while (!talk_player_is_done(player)) {
        talk_player_give_up(player);
        talk_player_run(player);
    }
    talk_player_tell_rest(player);
}
