/*
 * A message that is not the one that was to come ends the talk: what follows
 * would only be said past each other.
 */
#include "talk_player.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_outbox.h"

#include "talk_wanted.h"

struct heard {
    char *bytes;
    size_t length;
};

struct talk_player {
    struct talk_cast cast;
    struct talk_voice peer, front_end;
    struct answer_rules *rules;
    size_t cursor;
    bool is_given_up, has_left;
    int64_t since_ms; /* when the line that waits began to */
    bool is_waiting;
    struct heard *overheard; /* by the Front End */
    size_t overheard_count, overheard_capacity, overheard_taken;
    struct heard next; /* of the peer: it has come and is not taken yet */
};

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

static const struct talk_line *line_of(const struct talk_player *player)
{
    return &player->cast.said->talk[player->cursor];
}

static struct line_result *result_of(const struct talk_player *player)
{
    return &player->cast.result->lines[player->cursor];
}

bool talk_player_is_done(const struct talk_player *player)
{
    return player->is_given_up ||
           player->cursor == player->cast.said->talk_count;
}

/* --- what is told -------------------------------------------------------- */

static void pass_on(struct talk_player *player)
{
    talk_labels_pass(player->cast.labels, line_of(player)->label);
    result_of(player)->was_played = true;
    player->cursor++;
    player->is_waiting = false;
}

static void add_failure(struct talk_player *player,
                        const struct step_failure *failure)
{
    struct step_result *result = player->cast.result;

    result->failures = ls_realloc_array(
        result->failures, result->failure_count + 1, sizeof *result->failures);
    result->failures[result->failure_count++] = *failure;
    result->outcome = PLAY_FAILED;
}

/* expected is taken. */
static void fail(struct talk_player *player, char *expected, const char *actual)
{
    struct step_failure failure = {
        .place = line_of(player)->place,
        .field = ls_strdup(line_kind_text(line_of(player)->kind)),
        .expected = expected,
        .actual = ls_strdup(actual),
    };

    add_failure(player, &failure);
    result_of(player)->outcome = PLAY_FAILED;
    result_of(player)->was_played = true;
    player->is_given_up = true;
}

static void add_unexpected(struct talk_player *player, struct heard *heard)
{
    struct step_result *result = player->cast.result;

    result->unexpected =
        ls_realloc_array(result->unexpected, result->unexpected_count + 1,
                         sizeof *result->unexpected);
    result->unexpected[result->unexpected_count++] = heard->bytes;
    *heard = (struct heard){0};
}

/* --- sending ------------------------------------------------------------- */

static bool front_end_can_talk(const struct talk_player *player)
{
    return connection_state(player->cast.connection) == CONNECTION_SERVING;
}

static bool has_ended(const struct talk_player *player)
{
    return line_of(player)->of_front_end
               ? connection_state(player->cast.connection) ==
                         CONNECTION_DRAINING ||
                     connection_state(player->cast.connection) ==
                         CONNECTION_CLOSED
               : talk_peer_has_ended(player->cast.peer);
}

static bool can_talk(const struct talk_player *player)
{
    return line_of(player)->of_front_end
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
        fail(player, ls_strdup("room for the message"),
             "the connection has too many that wait already");
}

static void send_line(struct talk_player *player)
{
    const struct talk_line *line = line_of(player);
    struct talk_voice *voice =
        line->of_front_end ? &player->front_end : &player->peer;
    struct ls_buf bytes = {0};

    if (line->kind == LINE_RESPOND && voice->request == NULL) {
        fail(player, ls_strdup("a request to be answered"), "none has come");
        return;
    }
    if (line->kind == LINE_RESPOND)
        talk_voice_answer(voice, &line->form, &bytes);
    else
        talk_voice_say(voice, line->text, &bytes);
    result_of(player)->message = ls_str_dup(ls_buf_str(&bytes));
    put_on_wire(player, line->of_front_end, ls_buf_str(&bytes));
    ls_buf_clear(&bytes);
    if (!player->is_given_up)
        pass_on(player);
}

static bool try_send(struct talk_player *player)
{
    if (can_talk(player)) {
        send_line(player);
        return true;
    }
    if (!has_ended(player))
        return false;
    fail(player, ls_strdup("a connection to send over"),
         "the connection has ended");
    return true;
}

/* --- receiving ----------------------------------------------------------- */

static bool is_never_answered(const struct sip_message *request)
{
    struct ls_str method = sip_message_method(request);

    return ls_str_equal_text(method, "ACK") ||
           ls_str_equal_text(method, "BENOTIFY");
}

/* The peer answers by its rules, else 200, unless the talk does it itself. */
static void answer_by_itself(struct talk_player *player)
{
    static const struct answer_form ok = {.status = 200};
    const struct sip_message *request = player->peer.request;
    const struct answer_form *form;
    struct ls_buf bytes = {0};

    if (is_never_answered(request) || !talk_peer_can_talk(player->cast.peer))
        return;
    form = answer_rules_choose(player->rules, request);
    if (form == NULL)
        form = &ok;
    if (form->status == 0)
        return;
    talk_voice_answer(&player->peer, form, &bytes);
    talk_peer_send(player->cast.peer, ls_buf_str(&bytes));
    ls_buf_clear(&bytes);
}

static bool is_answered_by_hand(const struct talk_player *player)
{
    const struct scenario_peer *said = player->cast.said;
    size_t next = player->cursor + 1;

    return next < said->talk_count && said->talk[next].kind == LINE_RESPOND &&
           !said->talk[next].of_front_end;
}

static void tell_mismatch(struct talk_player *player,
                          const struct sip_message *message)
{
    const struct talk_line *line = line_of(player);
    struct step_failure failure;

    for (size_t i = 0; i < line->want_count; i++)
        if (!talk_wanted_check(&line->wants[i], message, &failure)) {
            char *field = ls_strf("receive.%s", failure.field);

            free(failure.field);
            failure.field = field;
            failure.message = ls_str_dup(sip_message_bytes(message));
            add_failure(player, &failure);
        }
}

static void fail_receive(struct talk_player *player,
                         const struct sip_message *message)
{
    struct step_result *result = player->cast.result;
    size_t failures = result->failure_count;

    tell_mismatch(player, message);
    if (result->failure_count == failures) {
        char *came = ls_str_dup(sip_message_start_line(message));

        fail(player, talk_wanted_describe(line_of(player)), came);
        result->failures[failures].message =
            ls_str_dup(sip_message_bytes(message));
        free(came);
    }
    result_of(player)->message = ls_str_dup(sip_message_bytes(message));
    result_of(player)->outcome = PLAY_FAILED;
    result_of(player)->was_played = true;
    player->is_given_up = true;
}

/* The message is this line's, or it is not. */
static void take_message(struct talk_player *player, struct heard *heard,
                         const struct sip_message *message)
{
    const struct talk_line *line = line_of(player);
    bool is_right = talk_wanted_holds(line, message);

    if (!is_right && line->is_optional) {
        pass_on(player);
        return;
    }
    if (!is_right) {
        fail_receive(player, message);
        add_unexpected(player, heard);
        return;
    }
    if (!line->of_front_end && sip_message_is_request(message) &&
        !is_answered_by_hand(player))
        answer_by_itself(player);
    result_of(player)->message = heard->bytes;
    *heard = (struct heard){0};
    pass_on(player);
}

static bool next_heard(struct talk_player *player, struct heard *heard)
{
    if (line_of(player)->of_front_end) {
        if (player->overheard_taken == player->overheard_count)
            return false;
        *heard = player->overheard[player->overheard_taken++];
        return true;
    }
    if (player->next.bytes == NULL)
        talk_peer_take(player->cast.peer, &player->next.bytes,
                       &player->next.length);
    *heard = player->next;
    player->next = (struct heard){0};
    return heard->bytes != NULL;
}

static void keep_heard(struct talk_player *player, bool of_front_end,
                       const struct heard *heard)
{
    if (heard->bytes == NULL)
        return;
    if (of_front_end)
        player->overheard[--player->overheard_taken] = *heard;
    else
        player->next = *heard;
}

static void take_heard(struct talk_player *player, struct heard *heard)
{
    const struct talk_line *line = line_of(player);
    struct ls_str bytes = ls_str_from_bytes(heard->bytes, heard->length);
    struct sip_message *message = NULL;
    const char *reason = NULL;
    int status;

    if (sip_message_parse(bytes, &message, &status, &reason) != LS_OK) {
        fail(player, talk_wanted_describe(line), reason);
        add_unexpected(player, heard);
    } else if (!talk_wanted_holds(line, message) &&
               (line->of_front_end ||
                talk_wanted_is_ignored(player->cast.said, message))) {
        free(heard->bytes); /* a Front End has dealt with it by itself */
    } else {
        talk_voice_hear(line->of_front_end ? &player->front_end : &player->peer,
                        bytes);
        take_message(player, heard, message);
        if (line->is_optional) /* it is for the lines that follow */
            keep_heard(player, line->of_front_end, heard);
        else
            free(heard->bytes);
    }
    sip_message_free(message);
}

static bool try_receive(struct talk_player *player)
{
    struct heard heard = {0};

    if (next_heard(player, &heard)) {
        take_heard(player, &heard);
        return true;
    }
    if (!has_ended(player))
        return false;
    if (line_of(player)->wants_nothing || line_of(player)->is_optional)
        pass_on(player);
    else
        fail(player, talk_wanted_describe(line_of(player)),
             "the connection has ended");
    return true;
}

/* --- the talk ------------------------------------------------------------ */

static bool try_line(struct talk_player *player)
{
    const struct talk_line *line = line_of(player);

    switch (line->kind) {
    case LINE_SEND:
    case LINE_RESPOND:
        return try_send(player);
    case LINE_RECEIVE:
        return try_receive(player);
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
    case LINE_SAY:
        break;
    case LINE_COUNT:
        assert(!"a kind of line");
    }
    pass_on(player);
    return true;
}

bool talk_player_run(struct talk_player *player)
{
    bool has_moved = false;

    while (!talk_player_is_done(player) && try_line(player))
        has_moved = true;
    if (!talk_player_is_done(player) && !player->is_waiting) {
        player->is_waiting = true;
        player->since_ms = *player->cast.clock_ms;
    }
    return has_moved;
}

uint64_t talk_player_deadline_ms(const struct talk_player *player)
{
    if (talk_player_is_done(player) || line_of(player)->within_ms == 0)
        return UINT64_MAX;
    return (uint64_t)(player->since_ms + line_of(player)->within_ms);
}

void talk_player_give_up(struct talk_player *player)
{
    const struct talk_line *line = line_of(player);

    if (line->kind == LINE_RECEIVE &&
        (line->wants_nothing || line->is_optional)) {
        pass_on(player);
        return;
    }
    if (line->kind == LINE_AWAIT)
        fail(player, ls_strf("\"%s\"", line->text), "it does not come");
    else if (line->kind == LINE_RECEIVE)
        fail(player, talk_wanted_describe(line),
             "nothing came, and nothing moves any more");
    else
        fail(player, ls_strdup("a connection to talk over"),
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

/* A message that nobody had asked for fails the step, unless something else
 * has ended the talk: then it is only told. */
static void tell_unexpected(struct talk_player *player, struct heard *heard)
{
    struct ls_str bytes = ls_str_from_bytes(heard->bytes, heard->length);
    struct ls_str rest = bytes;
    struct ls_str first = bytes;
    struct step_failure failure = {
        .place = player->cast.said->talk[0].place,
        .field = ls_strdup("talk"),
        .expected = ls_strdup("no more messages"),
    };

    ls_str_cut(&rest, '\r', &first);
    failure.actual = ls_str_dup(first);
    failure.message = ls_str_dup(bytes);
    if (player->is_given_up)
        step_failure_clear(&failure);
    else
        add_failure(player, &failure);
    add_unexpected(player, heard);
}

void talk_player_finish(struct talk_player *player)
{
    struct heard heard;

    while (talk_player_run(player))
        continue;
    while (!talk_player_is_done(player)) {
        talk_player_give_up(player);
        talk_player_run(player);
    }
    heard = player->next;
    player->next = (struct heard){0};
    while (heard.bytes != NULL ||
           talk_peer_take(player->cast.peer, &heard.bytes, &heard.length)) {
        struct sip_message *message = NULL;
        const char *reason;
        int status;
        bool is_whole =
            sip_message_parse(ls_str_from_bytes(heard.bytes, heard.length),
                              &message, &status, &reason) == LS_OK;

        if (!is_whole || !talk_wanted_is_ignored(player->cast.said, message))
            tell_unexpected(player, &heard);
        free(heard.bytes);
        heard = (struct heard){0};
        sip_message_free(message);
    }
}
