/*
 * How it ended is settled once, by whatever came first: a message makes it
 * connected.
 */
#include "lyncsim/talk_peer.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_framer.h"
#include "lyncsim/tls_session.h"
#include "lyncsim/tls_wire.h"

#include "peer_end.h"
#include "peer_transcript.h"

/* Messages that nobody takes; who sends more is not listened to. */
#define INBOX_MAX 1000

enum talk_state { TALK_HANDSHAKING, TALK_TALKING, TALK_LEAVING, TALK_GONE };

struct talk_message {
    char *bytes;
    size_t length;
};

struct talk_peer {
    struct tls_session *tls;
    struct sip_framer *framer;
    enum talk_state state;
    struct talk_message *inbox;
    size_t count, capacity, taken;
    struct talk_peer_end end;
    char *detail;
    struct ls_buf transcript;
    struct tls_wire wire;
    bool is_silent, has_heard;
};

static void settle(struct talk_peer *peer, enum peer_outcome outcome,
                   const char *detail)
{
    if (peer->end.outcome != PEER_PENDING)
        return;
    peer->end.outcome = outcome;
    peer->detail = ls_strdup(detail);
    peer->end.detail = peer->detail;
}

static void keep(struct talk_peer *peer, struct ls_str bytes)
{
    settle(peer, PEER_CONNECTED, NULL);
    peer_transcript_add(&peer->transcript, "<-- ", bytes);
    if (peer->count - peer->taken >= INBOX_MAX)
        return;
    LS_GROW(peer->inbox, peer->count, peer->capacity);
    peer->inbox[peer->count++] =
        (struct talk_message){ls_str_dup(bytes), bytes.length};
}

static void take_plaintext(struct talk_peer *peer, struct ls_str plain)
{
    struct sip_frame frame;

    sip_framer_feed(peer->framer, plain);
    while (sip_framer_next(peer->framer, &frame))
        if (frame.kind != SIP_FRAME_KEEP_ALIVE)
            keep(peer, frame.bytes);
}

static void take_failure(struct talk_peer *peer)
{
    const struct tls_failure *failure = tls_session_failure(peer->tls);

    if (peer->end.outcome == PEER_PENDING && failure->alert >= 0) {
        peer->end.alert = failure->alert;
        peer->end.alert_text = tls_alert_text(failure->alert);
        peer->end.tls = tls_session_version(peer->tls);
    }
    settle(peer, peer_end_of_tls(failure), failure->text);
    talk_peer_leave(peer, TALK_LEAVE_IN_ORDER);
}

static void take_event(struct talk_peer *peer, const struct tls_event *event)
{
    switch (event->kind) {
    case TLS_READY:
        peer->end.tls = tls_session_version(peer->tls);
        peer->state = TALK_TALKING;
        break;
    case TLS_PLAINTEXT:
        take_plaintext(peer, event->bytes);
        break;
    case TLS_CLOSE_NOTIFY:
        settle(peer, PEER_CLOSED_AFTER_HANDSHAKE,
               "close_notify before an answer");
        talk_peer_leave(peer, TALK_LEAVE_IN_ORDER);
        break;
    case TLS_FAILED:
        take_failure(peer);
        break;
    }
}

/* What comes after we have left is still heard, but for who went away. */
static void pump(struct talk_peer *peer)
{
    struct tls_event event;

    while (peer->state != TALK_GONE && !peer->is_silent &&
           tls_session_next(peer->tls, &event))
        take_event(peer, &event);
}

static void go(struct talk_peer *peer, enum wire_action_kind how)
{
    peer->state = TALK_GONE;
    tls_wire_end(&peer->wire, how);
}

void talk_peer_leave(struct talk_peer *peer, enum talk_leave how)
{
    if (peer->state == TALK_LEAVING || peer->state == TALK_GONE)
        return;
    if (how == TALK_LEAVE_RESET) {
        settle(peer, PEER_CONNECTED, "it reset the connection itself");
        tls_wire_drop(&peer->wire, peer->tls); /* it waits for nothing */
        go(peer, WIRE_RESET);
        return;
    }
    if (how == TALK_LEAVE_IN_ORDER)
        tls_session_close(peer->tls);
    settle(peer, PEER_CONNECTED, NULL);
    peer->is_silent = how == TALK_LEAVE_CUT;
    peer->state = TALK_LEAVING;
    tls_wire_end(&peer->wire, WIRE_SHUTDOWN);
}

static void feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    struct talk_peer *peer = self;

    (void)now_ms;
    peer->has_heard = true;
    if (peer->state == TALK_GONE || peer->is_silent)
        return;
    tls_session_feed(peer->tls, bytes);
    pump(peer);
}

static void feed_end(void *self, enum wire_end ended, const char *detail,
                     uint64_t now_ms)
{
    struct talk_peer *peer = self;

    (void)now_ms;
    settle(peer,
           peer_end_of_wire(
               ended, (struct peer_standing){peer->state == TALK_HANDSHAKING,
                                             peer->has_heard}),
           detail ? detail : peer_end_text(ended));
    if (peer->state != TALK_GONE)
        go(peer, WIRE_CLOSE);
}

static void tick(void *self, uint64_t now_ms)
{
    (void)self;
    (void)now_ms;
}

static bool next(void *self, struct wire_action *action)
{
    struct talk_peer *peer = self;

    tls_wire_taken(&peer->wire, peer->tls);
    pump(peer);
    return tls_wire_next(&peer->wire, peer->tls, action);
}

/* It waits as long as whoever it talks for does. */
static uint64_t deadline_ms(const void *self)
{
    (void)self;
    return WIRE_NEVER;
}

struct wire_machine talk_peer_machine(struct talk_peer *peer)
{
    static const struct wire_machine_ops ops = {feed, feed_end, tick, next,
                                                deadline_ms};

    return (struct wire_machine){peer, &ops};
}

struct talk_peer *talk_peer_new(const struct tls_context *tls, uint64_t now_ms)
{
    struct talk_peer *peer = ls_alloc(sizeof *peer);

    peer->tls = tls_session_new(tls, NULL, (int64_t)(now_ms / 1000));
    peer->framer = sip_framer_new();
    peer->end.alert = -1;
    return peer;
}

void talk_peer_free(struct talk_peer *peer)
{
    if (peer == NULL)
        return;
    for (size_t i = peer->taken; i < peer->count; i++)
        free(peer->inbox[i].bytes);
    free(peer->inbox);
    tls_session_free(peer->tls);
    sip_framer_free(peer->framer);
    free(peer->detail);
    ls_buf_clear(&peer->transcript);
    free(peer);
}

bool talk_peer_can_talk(const struct talk_peer *peer)
{
    return peer->state == TALK_TALKING;
}

bool talk_peer_has_ended(const struct talk_peer *peer)
{
    return peer->state == TALK_GONE || peer->is_silent;
}

void talk_peer_send(struct talk_peer *peer, struct ls_str bytes)
{
    enum ls_err err = tls_session_write(peer->tls, bytes);

    (void)err; /* a session that failed says so when it is read */
    peer_transcript_add(&peer->transcript, "--> ", bytes);
}

bool talk_peer_take(struct talk_peer *peer, char **bytes, size_t *length)
{
    if (peer->taken == peer->count)
        return false;
    *bytes = peer->inbox[peer->taken].bytes;
    *length = peer->inbox[peer->taken++].length;
    return true;
}

struct talk_peer_end talk_peer_end(const struct talk_peer *peer)
{
    return peer->end;
}

struct ls_str talk_peer_transcript(const struct talk_peer *peer)
{
    return ls_buf_str(&peer->transcript);
}
