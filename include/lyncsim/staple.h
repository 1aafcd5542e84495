/*
 * What does an OCSP response say of a certificate that it is stapled to, and
 * is it to be believed?
 */
#ifndef LYNCSIM_STAPLE_H
#define LYNCSIM_STAPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/str.h"

struct x509_st;
struct stack_st_X509;
struct credential;
struct mint;

/* The first two are believed, the others say nothing. */
/* clang-format off */
#define STAPLE_STATE_LIST(X)                                                   \
    X(STAPLE_GOOD, "good")                                                     \
    X(STAPLE_REVOKED, "revoked")                                               \
    X(STAPLE_ABSENT, "absent")                                                 \
    X(STAPLE_UNKNOWN, "unknown") /* the responder does not know of it */       \
    X(STAPLE_STALE, "stale")                                                   \
    X(STAPLE_NOT_YET, "not-yet-valid")                                         \
    X(STAPLE_STRANGER, "stranger") /* who signed it may not */                 \
    X(STAPLE_OTHER, "other-certificate") /* it speaks of another */            \
    X(STAPLE_TRY_LATER, "try-later") /* the responder gave no answer */        \
    X(STAPLE_MALFORMED, "malformed")

enum staple_state {
#define X(name, text) name,
    STAPLE_STATE_LIST(X)
#undef X
    STAPLE_STATE_COUNT
};
/* clang-format on */
const char *staple_state_text(enum staple_state state);
/* What it means, a sentence; static. */
const char *staple_state_says(enum staple_state state);

struct staple_report {
    enum staple_state state;
    int64_t this_update_s; /* where it speaks of the certificate */
    int64_t next_update_s; /* 0: it does not say */
};

/* Judge bytes (empty: absent) for leaf at that time; issuer NULL: nobody is
 * known who could vouch for it. All borrowed. */
struct staple_report staple_judge(struct ls_str bytes, struct x509_st *leaf,
                                  struct x509_st *issuer, int64_t at_s);
/* The same, with the issuer looked for among others (borrowed, or NULL). */
struct staple_report staple_judge_among(struct ls_str bytes,
                                        struct x509_st *leaf,
                                        struct stack_st_X509 *others,
                                        int64_t at_s);

/* How a lab makes one: it will be found to be state. */
struct staple_order {
    enum staple_state state;
    bool is_delegated; /* signed by another that the issuer appointed */
    int64_t clock_s;
};
/* "good", "delegated", "revoked" …; false when it is none. */
bool staple_order_parse(struct ls_str text, struct staple_order *order);
extern const char *const staple_order_names[];
extern const size_t staple_order_count;

/* Make the response for leaf (issuer NULL: it signed itself) and put it on
 * leaf. False and a sentence in *why, owned by the caller. */
bool mint_issue_staple(struct mint *mint, struct credential *leaf,
                       const struct credential *issuer,
                       const struct staple_order *order, char **why);

#endif
