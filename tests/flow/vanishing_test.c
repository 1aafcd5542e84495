/*
 * Two servers whose users call each other, and vanish: wherever in a call
 * either of them goes, and whatever they had repeated, nothing is left.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/registrar.h"
#include "lyncsim/sip_outbox.h"
#include "lyncsim/sip_router.h"
#include "lyncsim/sip_transaction.h"
#include "lyncsim/watchers.h"

#include "support/sip_talk.h"

#define ANN "<sip:ann@a.com>;tag=a"
#define BOB "<sip:bob@a.com>"
#define OF_CALL "From: " ANN "\r\nCall-ID: call\r\n"

enum who { FROM_ANN, FROM_BOB };

/* A step of a call: a request, or bob's answer to what came for him last. */
struct step {
    enum who who;
    const char *start; /* start line; of an answer the status line */
    const char *headers;
    bool is_answer;
};

#define REGISTER_OF(name, host)                                                \
    "REGISTER sip:a.com SIP/2.0\r\n",                                          \
        "Via: SIP/2.0/TLS " host ";branch=z9hG4bKr\r\n"                        \
        "From: <sip:" name "@a.com>;tag=r\r\nTo: <sip:" name "@a.com>\r\n"     \
        "Call-ID: r" name "\r\nCSeq: 1 REGISTER\r\n"                           \
        "Contact: <sip:" host ">\r\n"
#define OF_ANN(number, method, to)                                             \
    method " sip:bob@a.com SIP/2.0\r\n",                                       \
        "Via: SIP/2.0/TLS 192.0.2.7;branch=z9hG4bK" number "\r\n" OF_CALL      \
        "To: " to "\r\nCSeq: " number " " method                               \
        "\r\nContact: <sip:192.0.2.7>\r\n"
#define BOBS BOB ";tag=b"
#define SUBSCRIBE                                                              \
    "SUBSCRIBE sip:bob@a.com SIP/2.0\r\n",                                     \
        "Via: SIP/2.0/TLS 192.0.2.7;branch=z9hG4bKs\r\nFrom: " ANN "\r\n"      \
        "To: " BOB "\r\nCall-ID: sub\r\nCSeq: 1 SUBSCRIBE\r\n"                 \
        "Event: presence\r\nContact: <sip:192.0.2.7>\r\n"

static const struct step answered[] = {
    {FROM_ANN, REGISTER_OF("ann", "192.0.2.7"), false},
    {FROM_BOB, REGISTER_OF("bob", "192.0.2.8"), false},
    {FROM_ANN, SUBSCRIBE, false},
    {FROM_ANN, OF_ANN("1", "INVITE", BOB), false},
    {FROM_BOB, "SIP/2.0 180 Ringing\r\n", ";tag=b", true},
    {FROM_BOB, "SIP/2.0 200 OK\r\n", ";tag=b", true},
    {FROM_ANN, OF_ANN("1", "ACK", BOBS), false},
    {FROM_ANN, OF_ANN("2", "MESSAGE", BOBS), false},
    {FROM_BOB, "SIP/2.0 200 OK\r\n", "", true},
    {FROM_ANN, OF_ANN("3", "INFO", BOBS), false},
    {FROM_ANN, OF_ANN("4", "BYE", BOBS), false},
    {FROM_BOB, "SIP/2.0 200 OK\r\n", "", true},
};

static const struct step called_off[] = {
    {FROM_ANN, REGISTER_OF("ann", "192.0.2.7"), false},
    {FROM_BOB, REGISTER_OF("bob", "192.0.2.8"), false},
    {FROM_ANN, OF_ANN("1", "INVITE", BOB), false},
    {FROM_BOB, "SIP/2.0 180 Ringing\r\n", ";tag=b", true},
    {FROM_ANN, OF_ANN("1", "CANCEL", BOB), false},
    {FROM_ANN, OF_ANN("1", "CANCEL", BOB), false},
    {FROM_BOB, "SIP/2.0 487 Request Terminated\r\n", ";tag=b", true},
    {FROM_ANN, OF_ANN("1", "ACK", BOBS), false},
};

/* The last message for bob that has to be answered; the one before stays. */
static void take_mail(struct sip_talk *talk, char **last)
{
    char *mail = sip_talk_mail(talk, &talk->other);

    if (*mail && strncmp(mail, "ACK ", 4) != 0 &&
        strncmp(mail, "CANCEL ", 7) != 0) {
        free(*last);
        *last = mail;
    } else {
        free(mail);
    }
    free(sip_talk_mail(talk, &talk->server));
}

static void play_step(struct sip_talk *talk, const struct step *step,
                      char **last)
{
    const struct sip_caller *caller =
        step->who == FROM_ANN ? &talk->server : &talk->other;
    char *text = step->is_answer
                     ? sip_talk_answer_to(*last, step->start, step->headers)
                     : ls_strf("%s%sContent-Length: 0\r\n\r\n", step->start,
                               step->headers);

    /* Twice: what is repeated is done once. */
    free(sip_talk_ask_text(talk, caller, text));
    free(sip_talk_ask_text(talk, caller, text));
    free(text);
    take_mail(talk, last);
}

static void expect_nothing(struct sip_talk *talk, size_t steps, int order)
{
    struct front_end *front_end = talk->front_end;

    cr_expect_eq(registrar_count(front_end_registrar(front_end)), 0u,
                 "%zu steps, order %d", steps, order);
    cr_expect_eq(watchers_count(front_end_watchers(front_end)), 0u,
                 "%zu steps, order %d", steps, order);
    cr_expect_eq(sip_router_pending_count(front_end_router(front_end)), 0u,
                 "%zu steps, order %d", steps, order);
    cr_expect_eq(sip_router_dialog_count(front_end_router(front_end)), 0u,
                 "%zu steps, order %d", steps, order);
    cr_expect_eq(sip_transactions_count(front_end_transactions(front_end)), 0u,
                 "%zu steps, order %d", steps, order);
    cr_expect_eq(sip_outbox_count(front_end_outbox(front_end)), 0u,
                 "%zu steps, order %d", steps, order);
}

static void vanish(const struct step *steps, size_t count, int order)
{
    struct sip_talk talk;
    char *last = ls_strdup("");
    uint64_t first, second;

    sip_talk_init(&talk, LYNC_2010);
    for (size_t i = 0; i < count; i++)
        play_step(&talk, &steps[i], &last);
    first = order ? talk.server.connection_id : talk.other.connection_id;
    second = order ? talk.other.connection_id : talk.server.connection_id;
    front_end_forget_connection(talk.front_end, first, talk.now_ms);
    front_end_forget_connection(talk.front_end, second, talk.now_ms);
    expect_nothing(&talk, count, order);
    free(last);
    sip_talk_clear(&talk);
}

Test(vanishing, leaves_nothing_of_a_call_that_was_answered)
{
    for (size_t count = 0; count <= LS_COUNT(answered); count++)
        for (int order = 0; order < 2; order++)
            vanish(answered, count, order);
}

Test(vanishing, leaves_nothing_of_a_call_that_was_called_off)
{
    for (size_t count = 0; count <= LS_COUNT(called_off); count++)
        for (int order = 0; order < 2; order++)
            vanish(called_off, count, order);
}

/* The steps do what they say; otherwise nothing would be proved. */
Test(vanishing, is_of_calls_that_go_through)
{
    struct sip_talk talk;
    char *last = ls_strdup("");

    sip_talk_init(&talk, LYNC_2010);
    for (size_t i = 0; i < 8; i++)
        play_step(&talk, &answered[i], &last);
    cr_expect_eq(registrar_count(front_end_registrar(talk.front_end)), 2u);
    cr_expect_eq(watchers_count(front_end_watchers(talk.front_end)), 1u);
    cr_expect_eq(sip_router_dialog_count(front_end_router(talk.front_end)), 1u);
    cr_expect_eq(sip_router_pending_count(front_end_router(talk.front_end)),
                 1u);
    for (size_t i = 8; i < LS_COUNT(answered); i++)
        play_step(&talk, &answered[i], &last);
    cr_expect_eq(sip_router_dialog_count(front_end_router(talk.front_end)), 0u);
    free(last);
    sip_talk_clear(&talk);
}
