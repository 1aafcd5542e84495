/*
 * The connection of a CAS: what is said over it is the session's. How it
 * ended is settled once, by whatever came first.
 */
#include "lyncsim/cas_peer.h"

#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_framer.h"
#include "lyncsim/sip_message.h"
#include "lyncsim/tls_session.h"
#include "lyncsim/tls_wire.h"

#include "owa_session.h"
#include "peer_end.h"
#include "peer_transcript.h"

/* How long the other side is waited for once all is said. */
#define PEER_LINGER_MS 2000

enum cas_state {
    CAS_HANDSHAKING,
    CAS_ASKING,
    CAS_LEAVING, /* our FIN is sent */
    CAS_GONE,
};

struct cas_peer {
    struct cas_peer_settings settings;
    struct owa_session *session;
    struct tls_session *tls;
    struct sip_framer *framer;
    enum cas_state state;
    bool has_heard; /* a byte came */
    bool is_noted;  /* how the connection ended */
    bool is_lost;   /* the connection ended before all was said */
    uint32_t tries; /* connections after the first */
    struct cas_result result;
    struct ls_buf transcript;
    struct tls_wire wire;
    uint64_t now_ms;
    uint64_t deadline_ms;
};

static const char *const outcome_texts[] = {
#define X(name, text) text,
    PEER_OUTCOME_LIST(X)
#undef X
};

const char *peer_outcome_text(enum peer_outcome outcome)
{
    assert((size_t)outcome < LS_COUNT(outcome_texts));
    return outcome_texts[outcome];
}

/* --- how it ends --------------------------------------------------------- */

/* detail is copied; what came first stands. */
static void settle(struct cas_peer *peer, enum peer_outcome outcome,
                   const char *detail)
{
    if (peer->result.outcome != PEER_PENDING)
        return;
    peer->result.outcome = outcome;
    peer->result.detail = ls_strdup(detail);
}

static void arm(struct cas_peer *peer, uint32_t ms)
{
    peer->deadline_ms = ms ? peer->now_ms + ms : WIRE_NEVER;
}

/* No more is said or heard over this connection. */
static void note_end(struct cas_peer *peer, enum peer_outcome outcome)
{
    if (peer->is_noted)
        return;
    peer->is_noted = true;
    peer->is_lost = !owa_session_is_done(peer->session);
    if (!peer->is_lost)
        outcome = PEER_CONNECTED;
    cas_texts_add(&peer->result.connections,
                  ls_strdup(peer_outcome_text(outcome)));
    if (peer->is_lost)
        owa_session_lose(peer->session);
}

/* Flush, FIN, and wait for the other side to end. */
static void leave(struct cas_peer *peer, enum peer_outcome outcome)
{
    note_end(peer, outcome);
    tls_session_close(peer->tls);
    peer->state = CAS_LEAVING;
    tls_wire_end(&peer->wire, WIRE_SHUTDOWN);
    arm(peer, PEER_LINGER_MS);
}

static void go(struct cas_peer *peer)
{
    peer->state = CAS_GONE;
    tls_wire_end(&peer->wire, WIRE_CLOSE);
    peer->deadline_ms = WIRE_NEVER;
}

/* --- the talk ------------------------------------------------------------ */

static void send_bytes(struct cas_peer *peer, struct ls_str bytes)
{
    enum ls_err err = tls_session_write(peer->tls, bytes);

    (void)err; /* a session that failed says so when it is read */
    peer_transcript_add(&peer->transcript, "--> ", bytes);
}

/* What the session has to say next, after what it says at once. */
static void go_on(struct cas_peer *peer, struct ls_buf *out)
{
    bool has_more = owa_session_next(peer->session, out);

    if (out->length > 0)
        send_bytes(peer, ls_buf_str(out));
    if (has_more)
        arm(peer, peer->settings.timeout_ms);
    else
        leave(peer, PEER_CONNECTED);
}

static void take_answer(struct cas_peer *peer,
                        const struct sip_message *message, struct ls_buf *out)
{
    if (!owa_session_take_answer(peer->session, message, out))
        return;
    settle(peer, PEER_CONNECTED, NULL);
    go_on(peer, out);
}

static void take_nonsense(struct cas_peer *peer, const char *reason)
{
    char *detail = ls_strf("what it sent cannot be read: %s", reason);

    settle(peer, PEER_CONNECTED, detail);
    leave(peer, PEER_CONNECTED);
    free(detail);
}

static void take_message(struct cas_peer *peer, struct ls_str bytes)
{
    struct sip_message *message = NULL;
    struct ls_buf answer = {0};
    const char *reason = NULL;
    int status = 0;

    peer_transcript_add(&peer->transcript, "<-- ", bytes);
    if (sip_message_parse(bytes, &message, &status, &reason) != LS_OK) {
        take_nonsense(peer, reason);
    } else if (!sip_message_is_request(message)) {
        take_answer(peer, message, &answer);
    } else {
        owa_session_take_request(peer->session, message, &answer);
        if (answer.length > 0)
            send_bytes(peer, ls_buf_str(&answer));
    }
    ls_buf_clear(&answer);
    sip_message_free(message);
}

static void take_plaintext(struct cas_peer *peer, struct ls_str plain)
{
    struct sip_frame frame;

    sip_framer_feed(peer->framer, plain);
    while (peer->state == CAS_ASKING && sip_framer_next(peer->framer, &frame))
        switch (frame.kind) {
        case SIP_FRAME_MESSAGE:
            take_message(peer, frame.bytes);
            break;
        case SIP_FRAME_KEEP_ALIVE:
            break;
        case SIP_FRAME_BAD_MESSAGE:
        case SIP_FRAME_FATAL:
            take_nonsense(peer, frame.reason);
            break;
        }
}

/* --- TLS ----------------------------------------------------------------- */

static void take_ready(struct cas_peer *peer)
{
    struct ls_buf request = {0};

    peer->result.tls = tls_session_version(peer->tls);
    peer->state = CAS_ASKING;
    go_on(peer, &request);
    ls_buf_clear(&request);
}

static void take_failure(struct cas_peer *peer)
{
    const struct tls_failure *failure = tls_session_failure(peer->tls);

    if (peer->result.outcome == PEER_PENDING && failure->alert >= 0) {
        peer->result.alert = failure->alert;
        peer->result.alert_text = ls_strdup(tls_alert_text(failure->alert));
        peer->result.tls = tls_session_version(peer->tls);
    }
    settle(peer, peer_end_of_tls(failure), failure->text);
    leave(peer, peer_end_of_tls(failure));
}

static void pump(struct cas_peer *peer)
{
    struct tls_event event;

    while ((peer->state == CAS_HANDSHAKING || peer->state == CAS_ASKING) &&
           tls_session_next(peer->tls, &event))
        switch (event.kind) {
        case TLS_READY:
            take_ready(peer);
            break;
        case TLS_PLAINTEXT:
            take_plaintext(peer, event.bytes);
            break;
        case TLS_CLOSE_NOTIFY:
            settle(peer, PEER_CLOSED_AFTER_HANDSHAKE,
                   "close_notify before an answer");
            leave(peer, PEER_CLOSED_AFTER_HANDSHAKE);
            break;
        case TLS_FAILED:
            take_failure(peer);
            break;
        }
}

/* --- the machine --------------------------------------------------------- */

static void feed(void *self, struct ls_str bytes, uint64_t now_ms)
{
    struct cas_peer *peer = self;

    peer->now_ms = now_ms;
    peer->has_heard = true;
    if (peer->state != CAS_HANDSHAKING && peer->state != CAS_ASKING)
        return;
    tls_session_feed(peer->tls, bytes);
    pump(peer);
}

static void feed_end(void *self, enum wire_end ended, const char *detail,
                     uint64_t now_ms)
{
    struct cas_peer *peer = self;
    enum peer_outcome outcome = peer_end_of_wire(
        ended, (struct peer_standing){peer->state == CAS_HANDSHAKING,
                                      peer->has_heard});

    peer->now_ms = now_ms;
    settle(peer, outcome, detail ? detail : peer_end_text(ended));
    note_end(peer, outcome);
    if (peer->state != CAS_GONE)
        go(peer);
}

static void tick(void *self, uint64_t now_ms)
{
    struct cas_peer *peer = self;

    peer->now_ms = now_ms;
    if (now_ms < peer->deadline_ms)
        return;
    settle(peer, PEER_TIMEOUT, "no answer in time");
    note_end(peer, PEER_TIMEOUT);
    go(peer);
}

static bool next(void *self, struct wire_action *action)
{
    struct cas_peer *peer = self;

    tls_wire_taken(&peer->wire, peer->tls);
    pump(peer);
    return tls_wire_next(&peer->wire, peer->tls, action);
}

static uint64_t deadline_ms(const void *self)
{
    const struct cas_peer *peer = self;

    return peer->deadline_ms;
}

struct wire_machine cas_peer_machine(struct cas_peer *peer)
{
    static const struct wire_machine_ops ops = {feed, feed_end, tick, next,
                                                deadline_ms};

    return (struct wire_machine){peer, &ops};
}

/* --- life ---------------------------------------------------------------- */

static void begin(struct cas_peer *peer, uint64_t now_ms)
{
    peer->tls =
        tls_session_new(peer->settings.tls, NULL, (int64_t)(now_ms / 1000));
    peer->framer = sip_framer_new();
    peer->state = CAS_HANDSHAKING;
    peer->result.alert = -1;
    peer->now_ms = now_ms;
    arm(peer, peer->settings.timeout_ms);
}

struct cas_peer *cas_peer_new(const struct cas_peer_settings *settings,
                              uint64_t now_ms)
{
    struct cas_peer *peer = ls_alloc(sizeof *peer);

    assert(settings->task != CAS_SIGN_IN || settings->user_count > 0);
    peer->settings = *settings;
    peer->session = owa_session_new(&peer->settings, &peer->result);
    if (settings->task == CAS_SIGN_IN)
        peer->result.owa = owa_text(settings->owa);
    begin(peer, now_ms);
    return peer;
}

static void end_connection(struct cas_peer *peer)
{
    tls_session_free(peer->tls);
    sip_framer_free(peer->framer);
    free(peer->result.alert_text);
    free(peer->result.detail);
}

void cas_peer_free(struct cas_peer *peer)
{
    if (!peer)
        return;
    end_connection(peer);
    owa_session_free(peer->session);
    cas_texts_clear(&peer->result.seen);
    cas_texts_clear(&peer->result.sent);
    cas_texts_clear(&peer->result.received);
    cas_texts_clear(&peer->result.connections);
    ls_buf_clear(&peer->transcript);
    free(peer);
}

bool cas_peer_wants_again(const struct cas_peer *peer, uint32_t *after_ms)
{
    const struct cas_reconnect *reconnect = &peer->settings.reconnect;
    uint64_t wait_ms = reconnect->after_ms;

    if (!peer->is_lost || peer->tries == reconnect->attempts)
        return false;
    for (uint32_t i = 0; i < peer->tries && wait_ms < CAS_RECONNECT_MAX_MS; i++)
        wait_ms *= 2;
    if (wait_ms > CAS_RECONNECT_MAX_MS)
        wait_ms = CAS_RECONNECT_MAX_MS;
    *after_ms = (uint32_t)wait_ms;
    return true;
}

void cas_peer_begin_again(struct cas_peer *peer, uint16_t port, uint64_t now_ms)
{
    assert(peer->is_lost && peer->tries < peer->settings.reconnect.attempts);
    end_connection(peer);
    peer->result.alert_text = peer->result.detail = NULL;
    peer->result.tls = NULL;
    peer->result.outcome = PEER_PENDING;
    peer->result.status = 0;
    peer->tries++;
    peer->is_noted = peer->is_lost = peer->has_heard = false;
    peer->wire = (struct tls_wire){0};
    peer->settings.port = port;
    begin(peer, now_ms);
    ls_buf_printf(&peer->transcript, "=== connection %u\r\n", peer->tries + 1);
}

void cas_peer_set_address(struct cas_peer *peer, const char *address,
                          uint16_t port)
{
    peer->settings.address = address;
    peer->settings.port = port;
}

const struct cas_result *cas_peer_result(const struct cas_peer *peer)
{
    return &peer->result;
}

const struct certificate_facts *cas_peer_server(const struct cas_peer *peer)
{
    return tls_session_peer(peer->tls);
}

const struct staple_report *cas_peer_staple(const struct cas_peer *peer)
{
    return tls_session_staple(peer->tls);
}

const char *cas_peer_cipher(const struct cas_peer *peer)
{
    return peer->result.tls != NULL ? tls_session_cipher(peer->tls) : NULL;
}

bool cas_peer_was_asked(const struct cas_peer *peer)
{
    return peer->tls != NULL && tls_session_was_asked(peer->tls);
}

struct ls_str cas_peer_transcript(const struct cas_peer *peer)
{
    return ls_buf_str(&peer->transcript);
}
