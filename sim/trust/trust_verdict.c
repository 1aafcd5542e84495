/*
 * The rule engine: every check is made, the first that fails decides.
 */
#include "lyncsim/trust_verdict.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "trust_judging.h"

static const struct {
    const char *text;
    trust_check_fn *make;
    bool is_transport; /* judged even where TLS failed */
    bool is_of_table;
} checks[TRUST_CHECK_COUNT] = {
    [TRUST_PROTOCOL] = {"protocol", trust_check_protocol, true, false},
    [TRUST_HANDSHAKE_TIMEOUT] = {"handshake-timeout",
                                 trust_check_handshake_timeout, true, false},
    [TRUST_PEER_REFUSED_US] = {"peer-refused-us", trust_check_peer_refused_us,
                               true, false},
    [TRUST_UNTRUSTED_ROOT] = {"untrusted-root", trust_check_untrusted_root,
                              false, false},
    [TRUST_INCOMPLETE_CHAIN] = {"incomplete-chain",
                                trust_check_incomplete_chain, false, false},
    [TRUST_EXPIRED] = {"expired", trust_check_expired, false, false},
    [TRUST_NOT_YET_VALID] = {"not-yet-valid", trust_check_not_yet_valid, false,
                             false},
    [TRUST_REVOKED] = {"revoked", trust_check_revoked, false, false},
    [TRUST_REVOCATION_UNKNOWN] = {"revocation-unknown",
                                  trust_check_revocation_unknown, false, false},
    [TRUST_WRONG_USAGE] = {"wrong-usage", trust_check_wrong_usage, false,
                           false},
    [TRUST_WEAK_SIGNATURE] = {"weak-signature", trust_check_weak_signature,
                              false, false},
    [TRUST_WEAK_KEY] = {"weak-key", trust_check_weak_key, false, false},
    [TRUST_BAD_CHAIN] = {"bad-chain", trust_check_bad_chain, false, false},
    [TRUST_BAD_NAME] = {"bad-name", trust_check_bad_name, false, true},
    [TRUST_NO_NAME] = {"no-name", trust_check_no_name, false, true},
    [TRUST_DUPLICATE_SERVER] = {"duplicate-server",
                                trust_check_duplicate_server, false, true},
    [TRUST_WRONG_INTERFACE] = {"wrong-interface", trust_check_wrong_interface,
                               false, true},
    [TRUST_OUTBOUND_ONLY] = {"outbound-only", trust_check_outbound_only, false,
                             true},
    [TRUST_NOT_ENABLED] = {"not-enabled", trust_check_not_enabled, false, true},
    [TRUST_WILDCARD_NAME] = {"wildcard-name", trust_check_wildcard_name, false,
                             true},
    [TRUST_UNKNOWN_SERVER] = {"unknown-server", trust_check_unknown_server,
                              false, true},
    [TRUST_NAME_MISMATCH] = {"name-mismatch", trust_check_name_mismatch, false,
                             false},
};

const char *trust_check_text(enum trust_check_id id)
{
    assert((size_t)id < TRUST_CHECK_COUNT);
    return checks[id].text;
}

bool trust_check_is_of_table(enum trust_check_id id)
{
    return (size_t)id < TRUST_CHECK_COUNT && checks[id].is_of_table;
}

const char *trust_check_result_text(enum trust_check_result result)
{
    static const char *const texts[] = {
        [CHECK_PASS] = "pass",
        [CHECK_WARN] = "warn",
        [CHECK_FAIL] = "fail",
        [CHECK_SKIP] = "skip",
    };

    assert((size_t)result < LS_COUNT(texts));
    return texts[result];
}

const char *trust_outcome_text(enum trust_outcome outcome)
{
    static const char *const texts[] = {
        [TRUST_ACCEPTED] = "accepted",
        [TRUST_REFUSED] = "refused",
        [TRUST_CLIENT] = "client",
    };

    assert((size_t)outcome < LS_COUNT(texts));
    return texts[outcome];
}

void trust_check_set(struct trust_check *check, enum trust_check_result result,
                     const char *why, ...)
{
    va_list args;

    free(check->why);
    check->result = result;
    va_start(args, why);
    check->why = ls_vstrf(why, args);
    va_end(args);
}

void trust_check_saw(struct trust_check *check, const char *saw, ...)
{
    va_list args;

    free(check->saw);
    va_start(args, saw);
    check->saw = ls_vstrf(saw, args);
    va_end(args);
}

void trust_check_wanted(struct trust_check *check, const char *wanted, ...)
{
    va_list args;

    free(check->wanted);
    va_start(args, wanted);
    check->wanted = ls_vstrf(wanted, args);
    va_end(args);
}

char *trust_judging_escaped(struct ls_str bytes)
{
    struct ls_buf buf = {0};

    ls_buf_add_escaped(&buf, bytes);
    return ls_buf_take(&buf);
}

/* Why none but the checks of TLS itself can be made, or NULL. */
static const char *why_skip(const struct trust_evidence *evidence)
{
    if (evidence->transport != TRUST_TRANSPORT_SOUND)
        return "TLS did not get that far.";
    if (evidence->leaf == NULL)
        return "The peer showed no certificate: it is a client, to be "
               "challenged.";
    return NULL;
}

/* The table is asked who a stranger is; who was dialled is known from it. */
static bool is_for_strangers(enum trust_check_id id)
{
    return checks[id].is_of_table && id != TRUST_BAD_NAME &&
           id != TRUST_NO_NAME;
}

static void make_checks(const struct judging *judging)
{
    const char *skip = why_skip(judging->evidence);
    bool is_client = judging->evidence->transport == TRUST_TRANSPORT_SOUND &&
                     judging->evidence->leaf == NULL;

    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++) {
        struct trust_check *check = &judging->verdict->checks[i];

        check->id = (enum trust_check_id)i;
        if (skip != NULL && (is_client || !checks[i].is_transport))
            trust_check_set(check, CHECK_SKIP, "%s", skip);
        else if (judging->evidence->target != NULL &&
                 is_for_strangers(check->id))
            trust_check_set(check, CHECK_SKIP,
                            "The Front End dialled this server itself.");
        else
            checks[i].make(judging, check);
        assert(check->why != NULL);
    }
}

static void set_outcome(const struct judging *judging)
{
    struct trust_verdict *verdict = judging->verdict;

    verdict->reason = TRUST_NONE;
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++)
        if (verdict->checks[i].result == CHECK_FAIL) {
            verdict->reason = (enum trust_check_id)i;
            break;
        }
    if (verdict->reason != TRUST_NONE)
        verdict->outcome = TRUST_REFUSED;
    else
        verdict->outcome =
            judging->evidence->leaf == NULL ? TRUST_CLIENT : TRUST_ACCEPTED;
}

static void set_identity(const struct judging *judging)
{
    struct trust_verdict *verdict = judging->verdict;

    if (judging->speaker != NULL) {
        verdict->has_identity = true;
        verdict->identity_name = ls_str_dup(judging->speaker->text);
        verdict->identity_length = judging->speaker->text.length;
        verdict->identity_source = judging->speaker->name->source;
    }
    if (judging->entry != NULL) {
        verdict->has_entry = true;
        verdict->entry = *judging->entry;
        verdict->entry.fqdn = ls_strdup(judging->entry->fqdn);
        verdict->entry.pool = ls_strdup(judging->entry->pool);
    }
}

/* Also where something else decides: a certificate that has to be made anew is
 * best made with the right name at once. */
static bool misses_table(const struct trust_verdict *verdict)
{
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++)
        if (verdict->checks[i].result == CHECK_FAIL &&
            trust_check_is_of_table((enum trust_check_id)i))
            return true;
    return false;
}

void trust_verdict_decide(struct trust_verdict *verdict,
                          const struct trust_policy *policy,
                          const struct trust_evidence *evidence)
{
    struct trust_policy as_client = *policy;
    struct judging judging = {
        .verdict = verdict,
        .policy = evidence->target ? &as_client : policy,
        .evidence = evidence,
    };
    bool is_named =
        evidence->transport == TRUST_TRANSPORT_SOUND && evidence->leaf != NULL;

    *verdict = (struct trust_verdict){0};
    as_client.rule = identity_rule_find(ls_str_from("any-name"));
    if (is_named && evidence->target)
        trust_judging_look_up_target(&judging);
    else if (is_named)
        trust_judging_look_up(&judging);
    make_checks(&judging);
    set_outcome(&judging);
    set_identity(&judging);
    trust_assumption_list(&judging);
    if (is_named && !evidence->target && misses_table(verdict))
        verdict->near =
            near_miss_find(policy, evidence->leaf, &verdict->near_count);
    verdict->obstacle = evidence->obstacle;
    if (verdict->outcome == TRUST_REFUSED)
        verdict->remedies = remedy_find(policy, evidence->leaf, verdict,
                                        &verdict->remedy_count);
    peer_candidates_clear(&judging.candidates);
}

static void clear_proof(struct trust_verdict *verdict)
{
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++) {
        struct trust_check *check = &verdict->checks[i];

        free(check->saw);
        free(check->wanted);
        free(check->why);
    }
    for (size_t i = 0; i < verdict->near_count; i++)
        near_miss_clear(&verdict->near[i]);
    for (size_t i = 0; i < verdict->remedy_count; i++)
        remedy_clear(&verdict->remedies[i]);
    free(verdict->near);
    free(verdict->remedies);
}

void trust_decision_from_verdict(struct trust_decision *decision,
                                 struct trust_verdict *verdict)
{
    *decision = (struct trust_decision){
        .outcome = verdict->outcome,
        .reason = verdict->reason,
        .has_identity = verdict->has_identity,
        .has_entry = verdict->has_entry,
        .identity_name = verdict->identity_name,
        .identity_length = verdict->identity_length,
        .identity_source = verdict->identity_source,
        .entry = verdict->entry,
    };
    clear_proof(verdict);
    *verdict = (struct trust_verdict){.reason = TRUST_NONE};
}

void trust_decision_clear(struct trust_decision *decision)
{
    free(decision->identity_name);
    if (decision->has_entry) {
        free((char *)(uintptr_t)decision->entry.fqdn);
        free((char *)(uintptr_t)decision->entry.pool);
    }
    *decision = (struct trust_decision){.reason = TRUST_NONE};
}

void trust_verdict_clear(struct trust_verdict *verdict)
{
    struct trust_decision decision;

    trust_decision_from_verdict(&decision, verdict);
    trust_decision_clear(&decision);
}

static void copy_checks(struct trust_verdict *to,
                        const struct trust_verdict *from)
{
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++) {
        to->checks[i].saw = ls_strdup(from->checks[i].saw);
        to->checks[i].wanted = ls_strdup(from->checks[i].wanted);
        to->checks[i].why = ls_strdup(from->checks[i].why);
    }
}

void trust_verdict_copy(struct trust_verdict *to,
                        const struct trust_verdict *from)
{
    *to = *from;
    if (from->has_identity)
        to->identity_name = ls_str_dup(
            ls_str_from_bytes(from->identity_name, from->identity_length));
    if (from->has_entry) {
        to->entry.fqdn = ls_strdup(from->entry.fqdn);
        to->entry.pool = ls_strdup(from->entry.pool);
    }
    copy_checks(to, from);
    to->near = ls_alloc_array(from->near_count, sizeof *to->near);
    for (size_t i = 0; i < from->near_count; i++)
        near_miss_copy(&to->near[i], &from->near[i]);
    to->remedies = ls_alloc_array(from->remedy_count, sizeof *to->remedies);
    for (size_t i = 0; i < from->remedy_count; i++)
        remedy_copy(&to->remedies[i], &from->remedies[i]);
}
