/*
 * One TLS connection without a socket: ciphertext in, ciphertext out, and
 * what there is to know of the other side. A feed/next machine.
 */
#ifndef LYNCSIM_TLS_SESSION_H
#define LYNCSIM_TLS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/certificate_facts.h"
#include "lyncsim/err.h"
#include "lyncsim/str.h"
#include "lyncsim/tls_context.h"
#include "lyncsim/trust_anchors.h"
#include "lyncsim/trust_verdict.h"

enum tls_event_kind {
    TLS_READY,        /* the handshake is complete on this side */
    TLS_PLAINTEXT,    /* bytes, valid until the next call on the session */
    TLS_CLOSE_NOTIFY, /* the peer closes in order */
    TLS_FAILED,       /* see tls_session_failure */
};

struct tls_event {
    enum tls_event_kind kind;
    struct ls_str bytes;
};

/* How it failed. */
struct tls_failure {
    bool in_handshake;
    bool alert_received; /* else we failed it ourselves */
    int alert;           /* RFC 8446 6: sent or received; -1: none */
    char *text;          /* a sentence; control bytes escaped */
    enum trust_obstacle obstacle;
    /* The alert says that the peer does not accept our certificate. */
    bool peer_refused_us;
    /* We (a peer) do not accept the Front End's certificate. */
    bool refused_by_us;
    bool flooded; /* by KeyUpdates with no messages between */
};

struct tls_session;

/* context is borrowed and must outlive the session; at_s is the time
 * certificates are judged at. policy_in_handshake: where the setting says to
 * refuse inside the handshake, the verdict is made in the certificate-verify
 * callback by this policy (borrowed, the same); NULL otherwise. Owned by the
 * caller. */
struct tls_session *
tls_session_new(const struct tls_context *context,
                const struct trust_policy *policy_in_handshake, int64_t at_s);
void tls_session_free(struct tls_session *session);

/* Ciphertext from the wire. Everything is taken. */
void tls_session_feed(struct tls_session *session, struct ls_str wire);
/* OpenSSL never hears of the end of the wire, for it would answer with an
 * alert: what that means is for the caller to say. */
/* The next event; false when there is none. A peer (client) session starts
 * its handshake with the first call. */
bool tls_session_next(struct tls_session *session, struct tls_event *event);

/* Append plaintext to be sent; before TLS_READY it is refused. */
enum ls_err tls_session_write(struct tls_session *session,
                              struct ls_str plain) LS_MUST_CHECK;
/* Start an orderly close (close_notify). */
void tls_session_close(struct tls_session *session);

/* Ciphertext to be sent: a view valid until the next call on the session,
 * and how much of it was taken. */
struct ls_str tls_session_output(struct tls_session *session);
void tls_session_output_taken(struct tls_session *session, size_t count);

/* Known once the peer's certificate was seen; all borrowed. */
const struct certificate_facts *
tls_session_peer(const struct tls_session *session); /* NULL: none */
const struct credential *
tls_session_shown(const struct tls_session *session); /* NULL: not kept */
/* What the Front End stapled, judged; NULL where that was not asked for. */
const struct staple_report *
tls_session_staple(const struct tls_session *session);
const struct chain_report *
tls_session_chain(const struct tls_session *session); /* NULL: none judged */
/* "TLSv1.2"; NULL before one was agreed on. */
const char *tls_session_version(const struct tls_session *session);
/* NULL before one was. */
const char *tls_session_cipher(const struct tls_session *session);
/* Of a peer: whether the Front End asked it for a certificate. */
bool tls_session_was_asked(const struct tls_session *session);
/* Valid after TLS_FAILED. */
const struct tls_failure *
tls_session_failure(const struct tls_session *session);
/* The verdict made inside the handshake, or NULL; borrowed. */
const struct trust_verdict *
tls_session_verdict(const struct tls_session *session);

/* "unknown ca": the name of an alert as RFC 8446 6 has it; static. */
const char *tls_alert_text(int alert);

/* Drop what a served connection no longer needs (facts, chain). */
void tls_session_trim(struct tls_session *session);

#endif
