/*
 * How does one party speak TLS? Its credential, whom it trusts, its versions:
 * everything that all of its connections share.
 */
#ifndef LYNCSIM_TLS_CONTEXT_H
#define LYNCSIM_TLS_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/credential.h"
#include "lyncsim/mailbox.h"
#include "lyncsim/str.h"
#include "lyncsim/trust_anchors.h"

enum tls_version { TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 };

struct tls_versions {
    enum tls_version low;
    enum tls_version high;
};

/* "TLSv1.2". */
const char *tls_version_text(enum tls_version version);
/* "1.0-1.2" or "1.2"; false when it is neither. */
bool tls_versions_parse(struct ls_str text, struct tls_versions *versions);

/* What is wrong with a list of ciphers in OpenSSL's language, or NULL; owned
 * by the caller. Names that begin with TLS_ are those of TLS 1.3; where a
 * list has none of them, or nothing else, the others stay as they are. Every
 * one that is named must be there, which the library alone would not mind. */
char *tls_ciphers_fault(struct ls_str list);

/* Who accepts a connection and who opens it, on either side. What a Front End
 * sees is judged by a verdict of its own, in both directions; a peer that does
 * not trust the Front End ends the handshake. */
enum tls_role {
    TLS_FRONT_END,
    TLS_PEER,
    TLS_FRONT_END_DIALS,
    TLS_PEER_LISTENS,
};
/* Whether it is the server of the handshake; whether it is a Front End. */
bool tls_role_accepts(enum tls_role role);
bool tls_role_is_front_end(enum tls_role role);

/* The trusted issuers that a Front End names to whom it asks for a
 * certificate: what fits in 16 KB, where Schannel ends the list. */
enum issuers_named {
    ISSUERS_NONE,
    ISSUERS_ALL,       /* the roots of the anchors */
    ISSUERS_TRUNCATED, /* so many others that these are not among them */
};

/* Everything is borrowed and must outlive the context. */
struct tls_settings {
    enum tls_role role;
    const struct credential *credential; /* NULL: a peer without certificate */
    const struct trust_anchors *anchors; /* NULL: the chain is not judged */
    struct tls_versions versions;
    const char *ciphers; /* see tls_ciphers_fault(); NULL: the library's */
    /* By the anchors' CRLs and, at a peer, by what the Front End staples. A
     * Front End staples what its credential has. */
    bool check_revocation;
    bool asks_staple;           /* of a peer, though it does not mind */
    enum issuers_named issuers; /* of a Front End */
    bool minds_issuers; /* a peer that shows nothing where its issuers are not
                           among those named, as Schannel has it */
    bool keeps_shown;   /* sessions keep the certificates they are shown */
    /* Whoever has these secrets reads the recorded traffic: each is put here
     * as a struct tls_secret, by the thread that made it. NULL: nobody does. */
    struct mailbox *key_log;
};

/* A line as other programs know it, with the end of the line. */
struct tls_secret {
    struct mailbox_letter letter;
    size_t length;
    char line[];
};

/* Nothing of it is left in memory. */
void tls_secret_free(struct tls_secret *secret);

struct tls_context;

/* NULL and a sentence in *why, owned by the caller, when the library cannot
 * do what is asked. Owned by the caller. No tickets, no session cache, no
 * automatic chains, no renegotiation; security level 0, for the verdict is
 * ours to make. A key that does not belong to its certificate is used all
 * the same, and the other side will find its signature wrong. */
struct tls_context *tls_context_new(const struct tls_settings *settings,
                                    char **why);
void tls_context_free(struct tls_context *context);

#endif
