/*
 * May this peer connect, and why (not)? The one rule engine: every check in
 * order with what it saw and wanted, never stopping at the first failure.
 * What run, serve and judge show is this value.
 */
#ifndef LYNCSIM_TRUST_VERDICT_H
#define LYNCSIM_TRUST_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/certificate_facts.h"
#include "lyncsim/known_servers.h"
#include "lyncsim/near_miss.h"
#include "lyncsim/peer_identity.h"
#include "lyncsim/remedy.h"
#include "lyncsim/trust_anchors.h"

/* Every check there is, in the order they are made; its id is the reason when
 * it decides. TLS first, the chain next, the name last. */
/* clang-format off */
#define TRUST_CHECK_LIST(X)                                                    \
    X(TRUST_PROTOCOL, "protocol")                                              \
    X(TRUST_HANDSHAKE_TIMEOUT, "handshake-timeout")                            \
    X(TRUST_PEER_REFUSED_US, "peer-refused-us")                                \
    X(TRUST_UNTRUSTED_ROOT, "untrusted-root")                                  \
    X(TRUST_INCOMPLETE_CHAIN, "incomplete-chain")                              \
    X(TRUST_EXPIRED, "expired")                                                \
    X(TRUST_NOT_YET_VALID, "not-yet-valid")                                    \
    X(TRUST_REVOKED, "revoked")                                                \
    X(TRUST_REVOCATION_UNKNOWN, "revocation-unknown")                          \
    X(TRUST_WRONG_USAGE, "wrong-usage")                                        \
    X(TRUST_WEAK_SIGNATURE, "weak-signature")                                  \
    X(TRUST_WEAK_KEY, "weak-key")                                              \
    X(TRUST_BAD_CHAIN, "bad-chain")                                            \
    X(TRUST_BAD_NAME, "bad-name")                                              \
    X(TRUST_NO_NAME, "no-name")                                                \
    X(TRUST_DUPLICATE_SERVER, "duplicate-server")                              \
    X(TRUST_WRONG_INTERFACE, "wrong-interface")                                \
    X(TRUST_OUTBOUND_ONLY, "outbound-only")                                    \
    X(TRUST_NOT_ENABLED, "not-enabled")                                        \
    X(TRUST_WILDCARD_NAME, "wildcard-name")                                    \
    X(TRUST_UNKNOWN_SERVER, "unknown-server")                                  \
    X(TRUST_NAME_MISMATCH, "name-mismatch")

enum trust_check_id {
#define X(name, text) name,
    TRUST_CHECK_LIST(X)
#undef X
    TRUST_CHECK_COUNT,
    TRUST_NONE = TRUST_CHECK_COUNT /* no reason: accepted */
};
/* clang-format on */

const char *trust_check_text(enum trust_check_id id);
/* Whether a refusal for this reason writes the connection record of the
 * trace (those that end at the table do). */
bool trust_check_is_of_table(enum trust_check_id id);

enum trust_check_result { CHECK_PASS, CHECK_WARN, CHECK_FAIL, CHECK_SKIP };
const char *trust_check_result_text(enum trust_check_result result);

struct trust_check {
    enum trust_check_id id;
    enum trust_check_result result;
    char *saw;    /* or NULL */
    char *wanted; /* or NULL */
    char *why;    /* a sentence a person understands */
};

enum trust_outcome { TRUST_ACCEPTED, TRUST_REFUSED, TRUST_CLIENT };
const char *trust_outcome_text(enum trust_outcome outcome);

/* What kept a handshake from its end: it decides what is to be done. */
enum trust_obstacle {
    OBSTACLE_NOTHING_IN_COMMON, /* no version, cipher, group for both */
    OBSTACLE_CERTIFICATE,       /* one that TLS itself cannot use */
    OBSTACLE_NO_TLS,            /* what came is something else */
    OBSTACLE_CUT_OFF,           /* the end of the wire, or damage on it */
};

struct trust_verdict {
    enum trust_outcome outcome;
    enum trust_check_id reason;   /* TRUST_NONE unless refused */
    enum trust_obstacle obstacle; /* where TRUST_PROTOCOL is the reason */
    bool has_identity;
    char *identity_name; /* the name looked up; on a miss the first candidate */
    size_t identity_length; /* of the name: it may hold NUL */
    enum name_source identity_source;
    bool has_entry;
    struct known_server entry; /* fqdn and pool are copies owned here */
    struct trust_check checks[TRUST_CHECK_COUNT];
    struct near_miss *near;
    size_t near_count;
    struct remedy *remedies;
    size_t remedy_count;
    /* What is assumed rather than evidenced in this verdict: sentences,
     * static; NULL-terminated. */
    const char *assumed[8];
};

/* How TLS went before a verdict could be had. */
enum trust_transport {
    TRUST_TRANSPORT_SOUND,
    TRUST_TRANSPORT_PROTOCOL,
    TRUST_TRANSPORT_TIMEOUT,
    TRUST_TRANSPORT_PEER_REFUSED_US,
};

/* Whom the Front End has dialled. */
struct trust_target {
    const char *fqdn; /* what it dialled */
    const char *pool; /* the pool that stands for it, or the same */
    bool pool_only;   /* only the pool's name will do */
};

/* What was seen of the peer; everything is borrowed for the call. */
struct trust_evidence {
    enum trust_transport transport;
    const char *transport_detail;         /* in words, or NULL */
    enum trust_obstacle obstacle;         /* of TRUST_TRANSPORT_PROTOCOL */
    const struct certificate_facts *leaf; /* NULL: no certificate */
    const struct chain_report *chain;     /* NULL: chain trust is not judged */
    const char *tls_version;              /* "TLSv1.2", or NULL */
    int64_t at_s;
    /* NULL: the peer opened the connection. Otherwise the Front End did: its
     * certificate is that of a TLS server, which must have the name that was
     * dialled; what a stranger's name would have to pass is skipped. */
    const struct trust_target *target;
};

enum weak_policy { WEAK_WARN, WEAK_REFUSE };

/* How the Front End judges; everything is borrowed and must outlive whoever
 * holds this. */
struct trust_policy {
    const struct identity_rule *rule;
    enum name_comparison names;
    enum cn_choice cn;
    enum net_interface interface;
    enum weak_policy weak;
    bool check_revocation;
    bool is_strict;                    /* the letter of RFC 5280 decides, too */
    const struct known_servers *known; /* enabled */
    const struct known_servers *draft; /* or NULL */
    const struct known_servers *removed; /* or NULL */
    const struct topology *topology;     /* the draft, for remedies; or NULL */
};

/* Decide. The verdict is the caller's to clear. */
void trust_verdict_decide(struct trust_verdict *verdict,
                          const struct trust_policy *policy,
                          const struct trust_evidence *evidence);
void trust_verdict_clear(struct trust_verdict *verdict);
/* What was decided, without the proof: for who holds thousands of them. */
struct trust_decision {
    enum trust_outcome outcome;
    enum trust_check_id reason;
    bool has_identity, has_entry;
    char *identity_name;
    size_t identity_length;
    enum name_source identity_source;
    struct known_server entry;
};
/* verdict's content is taken; it is clear afterwards. The decision is the
 * caller's to clear. */
void trust_decision_from_verdict(struct trust_decision *decision,
                                 struct trust_verdict *verdict);
void trust_decision_clear(struct trust_decision *decision);
/* A deep copy, the caller's to clear. */
void trust_verdict_copy(struct trust_verdict *to,
                        const struct trust_verdict *from);

#endif
