/*
 * What the checks of a verdict share while one is made.
 */
#ifndef LYNCSIM_SIM_TRUST_JUDGING_H
#define LYNCSIM_SIM_TRUST_JUDGING_H

#include "lyncsim/trust_verdict.h"

struct judging {
    struct trust_verdict *verdict;
    const struct trust_policy *policy;
    const struct trust_evidence *evidence;
    struct peer_candidates candidates;
    /* The candidate that decides: the one found, else the first. */
    const struct peer_candidate *speaker;    /* NULL: no usable name */
    const struct known_server *entry;        /* NULL: not found */
    const struct peer_candidate *draft_name; /* whom the draft knows */
    const struct known_server *draft_entry;  /* or NULL */
    const struct certificate_name *unusable; /* the first one, or NULL */
};

/* One check: fill in result, saw, wanted and why. */
typedef void(trust_check_fn)(const struct judging *judging,
                             struct trust_check *check);

trust_check_fn trust_check_protocol;
trust_check_fn trust_check_handshake_timeout;
trust_check_fn trust_check_peer_refused_us;
trust_check_fn trust_check_untrusted_root;
trust_check_fn trust_check_incomplete_chain;
trust_check_fn trust_check_expired;
trust_check_fn trust_check_not_yet_valid;
trust_check_fn trust_check_revoked;
trust_check_fn trust_check_revocation_unknown;
trust_check_fn trust_check_wrong_usage;
trust_check_fn trust_check_weak_signature;
trust_check_fn trust_check_weak_key;
trust_check_fn trust_check_bad_chain;
trust_check_fn trust_check_bad_name;
trust_check_fn trust_check_no_name;
trust_check_fn trust_check_duplicate_server;
trust_check_fn trust_check_wrong_interface;
trust_check_fn trust_check_outbound_only;
trust_check_fn trust_check_not_enabled;
trust_check_fn trust_check_wildcard_name;
trust_check_fn trust_check_unknown_server;
trust_check_fn trust_check_name_mismatch;

/* Set the result and the reason, a format as for printf. */
void trust_check_set(struct trust_check *check, enum trust_check_result result,
                     const char *why, ...)
    __attribute__((format(printf, 3, 4)));
void trust_check_saw(struct trust_check *check, const char *saw, ...)
    __attribute__((format(printf, 2, 3)));
void trust_check_wanted(struct trust_check *check, const char *wanted, ...)
    __attribute__((format(printf, 2, 3)));

/* The bytes for display, control bytes escaped; owned by the caller. */
char *trust_judging_escaped(struct ls_str bytes);

/* Fill in candidates, unusable, and the first as speaker. */
void trust_judging_read_candidates(struct judging *judging);
/* Whether a name is one that is looked for. */
typedef bool(trust_fits_fn)(const struct judging *judging, struct ls_str name);
/* The first candidate that can be looked up and fits; NULL: none does. */
const struct peer_candidate *trust_judging_first(const struct judging *judging,
                                                 trust_fits_fn *fits);
/* Look the candidates up; fills speaker, entry, draft_… and unusable. */
void trust_judging_look_up(struct judging *judging);
/* The same for a certificate that a dialled server shows. */
void trust_judging_look_up_target(struct judging *judging);

/* Fill in verdict->assumed; the checks are made. */
void trust_assumption_list(const struct judging *judging);

#endif
