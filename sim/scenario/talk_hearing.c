/*
 * A message that is not the one that was to come ends the talk: what follows
 * would only be said past each other.
 */
#include <stdlib.h>

#include "lyncsim/alloc.h"

#include "talk_player_internal.h"
#include "talk_wanted.h"

static void add_unexpected(struct talk_player *player, struct heard *heard)
{
    struct step_result *result = player->cast.result;

    result->unexpected =
        ls_realloc_array(result->unexpected, result->unexpected_count + 1,
                         sizeof *result->unexpected);
    result->unexpected[result->unexpected_count++] = heard->bytes;
    *heard = (struct heard){0};
}

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
    const struct talk_line *line = talk_player_line(player);
    struct step_failure failure;

    for (size_t i = 0; i < line->want_count; i++)
        if (!talk_wanted_check(&line->wants[i], message, &failure)) {
            char *field = ls_strf("receive.%s", failure.field);

            free(failure.field);
            failure.field = field;
            failure.message = ls_str_dup(sip_message_bytes(message));
            talk_player_add_failure(player, &failure);
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

        talk_player_fail(player, talk_wanted_describe(talk_player_line(player)),
                         came);
        result->failures[failures].message =
            ls_str_dup(sip_message_bytes(message));
        free(came);
    }
    talk_player_result(player)->message =
        ls_str_dup(sip_message_bytes(message));
    talk_player_result(player)->outcome = PLAY_FAILED;
    talk_player_result(player)->was_played = true;
    player->is_given_up = true;
}

/* The message is this line's, or it is not. */
static void take_message(struct talk_player *player, struct heard *heard,
                         const struct sip_message *message)
{
    const struct talk_line *line = talk_player_line(player);
    bool is_right = talk_wanted_holds(line, message);

    if (!is_right && line->is_optional) {
        talk_player_pass_on(player);
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
    talk_player_result(player)->message = heard->bytes;
    *heard = (struct heard){0};
    talk_player_pass_on(player);
}

static bool next_heard(struct talk_player *player, struct heard *heard)
{
    if (talk_player_line(player)->of_front_end) {
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
    const struct talk_line *line = talk_player_line(player);
    struct ls_str bytes = ls_str_from_bytes(heard->bytes, heard->length);
    struct sip_message *message = NULL;
    const char *reason = NULL;
    int status;

    if (sip_message_parse(bytes, &message, &status, &reason) != LS_OK) {
        char *why = ls_strf("a message that cannot be read: %s", reason);

        talk_player_fail(player, talk_wanted_describe(line), why);
        add_unexpected(player, heard);
        free(why);
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

bool talk_player_receive(struct talk_player *player)
{
    struct heard heard = {0};

    if (next_heard(player, &heard)) {
        take_heard(player, &heard);
        return true;
    }
    if (!talk_player_has_ended(player))
        return false;
    if (talk_player_line(player)->wants_nothing ||
        talk_player_line(player)->is_optional)
        talk_player_pass_on(player);
    else
        talk_player_fail(player, talk_wanted_describe(talk_player_line(player)),
                         "the connection has ended");
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
        .expected = ls_strdup("no more messages, or ignores: that names them"),
    };

    ls_str_cut(&rest, '\r', &first);
    failure.actual = ls_str_dup(first);
    failure.message = ls_str_dup(bytes);
    if (player->is_given_up)
        step_failure_clear(&failure);
    else
        talk_player_add_failure(player, &failure);
    add_unexpected(player, heard);
}

void talk_player_tell_rest(struct talk_player *player)
{
    struct heard heard;

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
