/*
 * Many users of OWA over one connection: they sign in, talk to each other
 * through the Front End, and come back when the connection is lost.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/registrar.h"
#include "lyncsim/sip_router.h"
#include "lyncsim/sip_transaction.h"
#include "lyncsim/watchers.h"

#include "support/meeting.h"

static char ann[] = "sip:ann@contoso.com";
static char bob[] = "sip:bob@contoso.com";
static char eve[] = "sip:eve@contoso.com";
static char lunch[] = "Lunch?";
static char at_one[] = "At one. Gr\xC3\xBC\xC3\x9F"
                       "e";
static char *const both[] = {ann, bob};

static const struct cas_says says[] = {{ann, bob, lunch}, {bob, ann, at_one}};

static struct lab *lab;
static struct meeting meeting;

static void setup(void)
{
    lab = lab_new();
}

static void teardown(void)
{
    meeting_end(&meeting);
    lab_free(lab);
}

TestSuite(many_users, .init = setup, .fini = teardown);

static const struct cas_result *play(const struct meeting_plan *plan)
{
    meeting_begin(&meeting, lab, plan);
    wire_pair_run(&meeting.pair);
    return cas_peer_result(meeting.peer);
}

static void expect_texts(const struct cas_texts *texts, const char *const *want,
                         size_t count)
{
    cr_assert_eq(texts->count, count, "%zu, not %zu", texts->count, count);
    for (size_t i = 0; i < count; i++)
        cr_expect_str_eq(texts->items[i], want[i]);
}

static bool transcript_has(const char *part)
{
    struct ls_str talk = cas_peer_transcript(meeting.peer);

    return memmem(talk.at, talk.length, part, strlen(part)) != NULL;
}

Test(many_users, talk_to_each_other_over_one_connection)
{
    static const char *const sent[] = {
        "ann@contoso.com to bob@contoso.com: Lunch?",
        "bob@contoso.com to ann@contoso.com: At one. Gr\xC3\xBC\xC3\x9F"
        "e"};
    static const char *const received[] = {
        "bob@contoso.com from ann@contoso.com: Lunch?",
        "ann@contoso.com from bob@contoso.com: At one. Gr\xC3\xBC\xC3\x9F"
        "e"};
    static const char *const seen[] = {"available"};

    for (size_t piece = 0; piece < 2; piece++) {
        struct meeting_plan plan = {.task = CAS_SIGN_IN,
                                    .users = both,
                                    .user_count = 2,
                                    .says = says,
                                    .says_count = 2,
                                    .piece_bytes = piece};
        const struct cas_result *result = play(&plan);

        cr_expect(result->signed_in, "%s", result->detail);
        cr_expect_eq(result->available_count, 2u);
        expect_texts(&result->sent, sent, 2);
        expect_texts(&result->received, received, 2);
        expect_texts(&result->seen, seen, 1);
        if (piece == 0)
            meeting_end(&meeting);
    }
}

/* One conversation: what Bob says goes back in the dialog that Ann began. */
Test(many_users, hold_one_dialog_and_end_it)
{
    struct meeting_plan plan = {.task = CAS_SIGN_IN,
                                .users = both,
                                .user_count = 2,
                                .says = says,
                                .says_count = 2};
    struct ls_str talk;
    size_t invites = 0;

    play(&plan);
    talk = cas_peer_transcript(meeting.peer);
    for (const char *at = talk.at;
         (at = memmem(at, (size_t)(talk.at + talk.length - at), "--> INVITE ",
                      11));
         at++)
        invites++;
    cr_expect_eq(invites, 1u);
    cr_expect(transcript_has("<-- INVITE "));
    cr_expect(transcript_has("<-- ACK "));
    cr_expect(transcript_has("--> BYE "));
    cr_expect(transcript_has("<-- BYE "));
    cr_expect(transcript_has("Route: <sip:fe.contoso.com:5061;transport=tls;"));
    cr_expect_eq(sip_router_pending_count(front_end_router(meeting.front_end)),
                 0u);
}

Test(many_users, read_why_a_message_did_not_arrive)
{
    static const struct cas_says lonely[] = {{ann, eve, lunch},
                                             {ann, bob, lunch}};
    static const char *const sent[] = {
        "ann@contoso.com to eve@contoso.com: Lunch? (not delivered: 404 Not "
        "Found)",
        "ann@contoso.com to bob@contoso.com: Lunch?"};
    struct meeting_plan plan = {.task = CAS_SIGN_IN,
                                .users = both,
                                .user_count = 2,
                                .says = lonely,
                                .says_count = 2};
    const struct cas_result *result = play(&plan);

    expect_texts(&result->sent, sent, 2);
    cr_expect_eq(result->received.count, 1u);
    cr_expect_str_eq(result->owa, "available");
}

Test(many_users, leave_nothing_behind_when_they_sign_out)
{
    char *users[250];
    struct meeting_plan plan = {
        .task = CAS_SIGN_IN, .users = users, .user_count = LS_COUNT(users)};
    const struct cas_result *result;

    for (size_t i = 0; i < LS_COUNT(users); i++)
        users[i] = ls_strf("sip:user%zu@contoso.com", i);
    result = play(&plan);
    cr_expect_eq(result->available_count, LS_COUNT(users));
    cr_expect_eq(registrar_count(front_end_registrar(meeting.front_end)), 0u);
    cr_expect_eq(watchers_count(front_end_watchers(meeting.front_end)), 0u);
    cr_expect_eq(
        sip_transactions_count(front_end_transactions(meeting.front_end)), 0u);
    for (size_t i = 0; i < LS_COUNT(users); i++)
        free(users[i]);
}

/* Over and over, until the peer has had enough or is let in. */
static uint32_t come_again(uint64_t *now_ms)
{
    uint32_t after_ms = 0;

    if (!cas_peer_wants_again(meeting.peer, &after_ms))
        return 0;
    *now_ms += after_ms;
    connection_free(meeting.connection);
    cas_peer_begin_again(meeting.peer, 49999, *now_ms);
    meeting.connection = connection_new(meeting.front_end, "192.0.2.7:49999",
                                        "192.0.2.1:5061", *now_ms);
    wire_pair_clear(&meeting.pair);
    wire_pair_init(&meeting.pair, connection_machine(meeting.connection),
                   cas_peer_machine(meeting.peer), *now_ms);
    wire_pair_run(&meeting.pair);
    return after_ms;
}

Test(many_users, come_back_when_the_connection_is_lost)
{
    static const char *const seen[] = {
        "There's a problem with instant messaging. Please try again later.",
        "available"};
    static const char *const ends[] = {"reset", "connected"};
    struct meeting_plan plan = {.task = CAS_SIGN_IN,
                                .users = both,
                                .user_count = 2,
                                .says = says,
                                .says_count = 2,
                                .reconnect = {3, 5000},
                                .owa = OWA_2016};
    uint64_t now_ms = LAB_NOW_MS;
    const struct cas_result *result;

    /* The connection breaks at every byte of what the peer hears. */
    for (size_t at = 1; at < 20000; at += at < 3000 ? 997 : 1499) {
        struct wire_machine machine;

        meeting_begin(&meeting, lab, &plan);
        result = cas_peer_result(meeting.peer);
        machine = meeting.pair.peer.machine;
        meeting.pair.piece_bytes = 64;
        meeting.pair.vanish_after_bytes = at;
        meeting.pair.vanish_how = WIRE_END_RESET;
        wire_pair_run(&meeting.pair);
        if (!meeting.pair.peer.is_told_end)
            machine.ops->feed_end(machine.self, WIRE_END_RESET, NULL, now_ms);
        wire_drain(machine, NULL);
        if (result->connections.count == 1 &&
            strcmp(result->connections.items[0], "connected") == 0) {
            meeting_end(&meeting);
            break;
        }
        cr_expect_eq(come_again(&now_ms), 5000u, "at %zu", at);
        cr_expect_str_eq(result->owa, "available", "at %zu", at);
        cr_expect_eq(result->sent.count, 2u);
        cr_expect_eq(result->connections.count, 2u);
        cr_expect_str_eq(result->connections.items[0], ends[0]);
        cr_expect_str_eq(result->connections.items[1], ends[1]);
        cr_expect_str_eq(result->seen.items[result->seen.count - 2], seen[0]);
        cr_expect_str_eq(result->seen.items[result->seen.count - 1], seen[1]);
        meeting_end(&meeting);
    }
    play(&plan);
}

Test(many_users, wait_twice_as_long_each_time_and_give_up)
{
    struct meeting_plan plan = {
        .task = CAS_SIGN_IN, .peer = LAB_UNKNOWN, .reconnect = {3, 5000}};
    uint64_t now_ms = LAB_NOW_MS;
    const struct cas_result *result = play(&plan);

    cr_expect_eq(come_again(&now_ms), 5000u);
    cr_expect_eq(come_again(&now_ms), 10000u);
    cr_expect_eq(come_again(&now_ms), 20000u);
    cr_expect_eq(come_again(&now_ms), 0u);
    cr_expect_eq(result->connections.count, 4u);
    cr_expect_eq(result->seen.count, 1u);
    cr_expect_eq(result->outcome, PEER_CLOSED_AFTER_HANDSHAKE);
}

Test(many_users, do_not_come_back_where_all_was_said)
{
    struct meeting_plan plan = {.task = CAS_SIGN_IN, .reconnect = {3, 5000}};
    uint32_t after_ms;

    play(&plan);
    cr_expect_not(cas_peer_wants_again(meeting.peer, &after_ms));
}

Test(many_users, who_are_not_let_in_are_told_in_the_words_of_their_version)
{
    static const struct {
        enum owa_version version;
        const char *start;
        const char *standing;
    } rows[] = {{OWA_2010, "Instant Messaging isn't available", "evidenced"},
                {OWA_2013, "There's a problem with instant", "assumed"},
                {OWA_2016, "There's a problem with instant", "evidenced"}};

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct meeting_plan plan = {
            .task = CAS_SIGN_IN, .peer = LAB_UNKNOWN, .owa = rows[i].version};
        const struct cas_result *result = play(&plan);

        cr_expect(ls_str_starts_with(ls_str_from(result->owa), rows[i].start));
        cr_expect_str_eq(owa_text_standing(rows[i].version), rows[i].standing);
        if (i + 1 < LS_COUNT(rows))
            meeting_end(&meeting);
    }
}
