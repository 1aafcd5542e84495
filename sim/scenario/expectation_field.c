#include "expectation_field.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario_result.h"

static void set_text(struct field_value *value, const char *text)
{
    value->text = ls_strdup(text);
    value->length = text ? strlen(text) : 0;
}

static void read_verdict(const struct step_result *result, size_t index,
                         struct field_value *value)
{
    (void)index;
    if (result->has_verdict)
        set_text(value, trust_outcome_text(result->verdict.outcome));
}

static void read_reason(const struct step_result *result, size_t index,
                        struct field_value *value)
{
    (void)index;
    if (result->has_verdict && result->verdict.reason != TRUST_NONE)
        set_text(value, trust_check_text(result->verdict.reason));
}

static void read_identity_name(const struct step_result *result, size_t index,
                               struct field_value *value)
{
    const struct trust_verdict *verdict = &result->verdict;
    struct ls_str name;

    (void)index;
    if (!result->has_verdict || !verdict->has_identity)
        return;
    name = ls_str_from_bytes(verdict->identity_name, verdict->identity_length);
    value->text = ls_str_dup(name);
    value->length = name.length;
}

static void read_identity_source(const struct step_result *result, size_t index,
                                 struct field_value *value)
{
    (void)index;
    if (result->has_verdict && result->verdict.has_identity)
        set_text(value, name_source_text(result->verdict.identity_source));
}

static const struct known_server *entry_of(const struct step_result *result)
{
    return result->has_verdict && result->verdict.has_entry
               ? &result->verdict.entry
               : NULL;
}

static void read_entry_fqdn(const struct step_result *result, size_t index,
                            struct field_value *value)
{
    (void)index;
    if (entry_of(result))
        set_text(value, entry_of(result)->fqdn);
}

static void read_entry_kind(const struct step_result *result, size_t index,
                            struct field_value *value)
{
    (void)index;
    if (entry_of(result))
        set_text(value, known_server_kind_text(entry_of(result)->kind));
}

static void read_entry_pool(const struct step_result *result, size_t index,
                            struct field_value *value)
{
    (void)index;
    if (entry_of(result))
        set_text(value, entry_of(result)->pool);
}

static void read_entry_version(const struct step_result *result, size_t index,
                               struct field_value *value)
{
    (void)index;
    if (!entry_of(result))
        return;
    value->text = ls_strf("%d", entry_of(result)->version);
    value->length = strlen(value->text);
}

static void read_entry_interface(const struct step_result *result, size_t index,
                                 struct field_value *value)
{
    (void)index;
    if (entry_of(result))
        set_text(value, net_interface_text(entry_of(result)->interface));
}

static const struct near_miss *near_of(const struct step_result *result,
                                       size_t index)
{
    return result->has_verdict && index < result->verdict.near_count
               ? &result->verdict.near[index]
               : NULL;
}

static void read_near_kind(const struct step_result *result, size_t index,
                           struct field_value *value)
{
    if (near_of(result, index))
        set_text(value, near_miss_kind_text(near_of(result, index)->kind));
}

static void read_near_name(const struct step_result *result, size_t index,
                           struct field_value *value)
{
    if (near_of(result, index))
        set_text(value, near_of(result, index)->name);
}

static void read_near_why(const struct step_result *result, size_t index,
                          struct field_value *value)
{
    if (near_of(result, index))
        set_text(value, near_of(result, index)->why);
}

static void read_checks(const struct step_result *result, size_t index,
                        struct field_value *value)
{
    enum trust_check_result wanted = (enum trust_check_result)index;

    value->items = ls_alloc_array(TRUST_CHECK_COUNT, sizeof(*value->items));
    for (size_t i = 0; result->has_verdict && i < TRUST_CHECK_COUNT; i++)
        if (result->verdict.checks[i].result == wanted)
            value->items[value->count++] =
                ls_strdup(trust_check_text((enum trust_check_id)i));
}

static void read_checks_pass(const struct step_result *result, size_t index,
                             struct field_value *value)
{
    (void)index;
    read_checks(result, CHECK_PASS, value);
}

static void read_checks_warn(const struct step_result *result, size_t index,
                             struct field_value *value)
{
    (void)index;
    read_checks(result, CHECK_WARN, value);
}

static void read_checks_fail(const struct step_result *result, size_t index,
                             struct field_value *value)
{
    (void)index;
    read_checks(result, CHECK_FAIL, value);
}

static void read_checks_skip(const struct step_result *result, size_t index,
                             struct field_value *value)
{
    (void)index;
    read_checks(result, CHECK_SKIP, value);
}

static void read_remedies(const struct step_result *result, size_t index,
                          struct field_value *value)
{
    const struct trust_verdict *verdict = &result->verdict;
    size_t count = result->has_verdict ? verdict->remedy_count : 0;

    (void)index;
    value->items = ls_alloc_array(count + 1, sizeof(*value->items));
    for (size_t i = 0; i < count; i++)
        value->items[value->count++] = ls_strdup(verdict->remedies[i].title);
}

static void read_peer_outcome(const struct step_result *result, size_t index,
                              struct field_value *value)
{
    (void)index;
    if (result->has_peer)
        set_text(value, peer_outcome_text(result->peer_outcome));
}

static void read_peer_tls(const struct step_result *result, size_t index,
                          struct field_value *value)
{
    (void)index;
    set_text(value, result->tls);
}

static void read_peer_alert(const struct step_result *result, size_t index,
                            struct field_value *value)
{
    (void)index;
    set_text(value, result->alert_text);
}

static void read_peer_detail(const struct step_result *result, size_t index,
                             struct field_value *value)
{
    (void)index;
    set_text(value, result->peer_detail);
}

static void read_topology(const struct step_result *result, size_t index,
                          struct field_value *value)
{
    (void)index;
    if (result->has_topology)
        set_text(value, topology_outcome_text(result->topology_refused));
}

static void read_topology_why(const struct step_result *result, size_t index,
                              struct field_value *value)
{
    (void)index;
    if (result->has_topology)
        set_text(value, result->topology_why);
}

/* Records one after the other, each with its line end. */
static void join_records(char *const *records, size_t count,
                         struct field_value *value)
{
    struct ls_buf text = {0};

    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        struct ls_str record = ls_str_from(records[i]);

        ls_buf_add(&text, record);
        if (!ls_str_ends_with(record, "\n"))
            ls_buf_add_byte(&text, '\n');
    }
    value->length = text.length;
    value->text = ls_buf_take(&text);
}

static void read_trace(const struct step_result *result, size_t index,
                       struct field_value *value)
{
    (void)index;
    join_records(result->records, result->record_count, value);
}

static void read_trace_all(const struct step_result *result, size_t index,
                           struct field_value *value)
{
    (void)index;
    join_records(result->all_records, result->all_record_count, value);
}

static void read_transcript(const struct step_result *result, size_t index,
                            struct field_value *value)
{
    (void)index;
    set_text(value, result->transcript);
}

/* The values a field can have, where there are few. */
#define VALUES_OF(function, count, text, type)                                 \
    static const char *function(size_t index)                                  \
    {                                                                          \
        return index < (count) ? text((type)index) : NULL;                     \
    }

VALUES_OF(verdict_at, 3, trust_outcome_text, enum trust_outcome)
VALUES_OF(check_at, TRUST_CHECK_COUNT, trust_check_text, enum trust_check_id)
VALUES_OF(source_at, NAME_SAN_OTHER + 1, name_source_text, enum name_source)
VALUES_OF(entry_kind_at, 4, known_server_kind_text, enum known_server_kind)
VALUES_OF(interface_at, INTERFACE_COUNT, net_interface_text, enum net_interface)
VALUES_OF(near_kind_at, NEAR_TYPO + 1, near_miss_kind_text, enum near_miss_kind)
VALUES_OF(topology_at, 2, topology_outcome_text, bool)

static const char *standing_at(size_t index)
{
    static const char *const standings[] = {"evidenced", "assumed"};

    return index < LS_COUNT(standings) ? standings[index] : NULL;
}

/* Without the first, which is never how it ended. */
static const char *outcome_at(size_t index)
{
    return index < PEER_UNREACHABLE
               ? peer_outcome_text((enum peer_outcome)(index + 1))
               : NULL;
}

/* clang-format off */
#define FIELD_LIST(X)                                                          \
    X("verdict", "accepted, refused or client", false, verdict_at,             \
      read_verdict)                                                            \
    X("reason", "the check that decided a refusal", false, check_at,           \
      read_reason)                                                             \
    X("identity.name", "the name that was looked up", false, NULL,             \
      read_identity_name)                                                      \
    X("identity.source", "where in the certificate it stood", false,           \
      source_at, read_identity_source)                                         \
    X("entry.fqdn", "the known server that matched", false, NULL,              \
      read_entry_fqdn)                                                         \
    X("entry.kind", "what kind of server it is", false, entry_kind_at,         \
      read_entry_kind)                                                         \
    X("entry.pool", "the pool it belongs to", false, NULL, read_entry_pool)    \
    X("entry.version", "0 any, 5 Lync 2010, 6 Lync 2013, 7 and 8 later",       \
      false, NULL, read_entry_version)                                         \
    X("entry.interface", "the network interface it is known on", false,        \
      interface_at, read_entry_interface)                                      \
    X("near.kind", "the best near miss: how near", false, near_kind_at,        \
      read_near_kind)                                                          \
    X("near.name", "the best near miss: the name in the table", false, NULL,   \
      read_near_name)                                                          \
    X("near.why", "the best near miss in words", false, NULL, read_near_why)   \
    X("near.N.kind", "the Nth near miss after the best", false, near_kind_at,  \
      read_near_kind)                                                          \
    X("near.N.name", "its name in the table", false, NULL, read_near_name)     \
    X("near.N.why", "the same in words", false, NULL, read_near_why)           \
    X("checks.pass", "ids of the checks that passed", true, check_at,          \
      read_checks_pass)                                                        \
    X("checks.warn", "ids of the checks that warn", true, check_at,            \
      read_checks_warn)                                                        \
    X("checks.fail", "ids of the checks that failed", true, check_at,          \
      read_checks_fail)                                                        \
    X("checks.skip", "ids of the checks that were not made", true, check_at,   \
      read_checks_skip)                                                        \
    X("remedies", "titles of the ways out", true, NULL, read_remedies)         \
    X("peer.outcome", "how the connecting side saw it end", false,             \
      outcome_at, read_peer_outcome)                                           \
    X("peer.tls", "the TLS version that was agreed: TLSv1.2", false, NULL,     \
      read_peer_tls)                                                           \
    X("peer.alert", "the TLS alert it received, in words: unknown ca", false,  \
      NULL, read_peer_alert)                                                   \
    X("peer.detail", "what its socket and TLS really said", false, NULL,       \
      read_peer_detail)                                                        \
    X("peer.connections", "how each of its connections ended", true, NULL,     \
      expectation_owa_connections)                                                  \
    X("owa", "available, or the text OWA's user reads", false, NULL,           \
      expectation_owa)                                                          \
    X("owa.standing", "evidenced or assumed: the words of that text", false,   \
      standing_at, expectation_owa_standing)                                    \
    X("owa.available", "how many users it is available to: 2 of 2", false,     \
      NULL, expectation_owa_available)                                          \
    X("owa.seen", "what the users saw, one after the other", true, NULL,       \
      expectation_owa_seen)                                                     \
    X("owa.sent", "the messages: a@b.c to d@b.c: text", true, NULL,            \
      expectation_owa_sent)                                                     \
    X("owa.received", "as they came: d@b.c from a@b.c: text", true, NULL,      \
      expectation_owa_received)                                                 \
    X("topology", "applied or refused: how the edits ended", false,            \
      topology_at, read_topology)                                              \
    X("topology.why", "why the edits were refused", false, NULL,               \
      read_topology_why)                                                       \
    X("trace", "the step's connection records, one after the other", false,    \
      NULL, read_trace)                                                        \
    X("trace.all", "all records of the step", false, NULL, read_trace_all)     \
    X("transcript", "the SIP the peer sent and received", false, NULL,         \
      read_transcript)

static const struct expectation_field fields[] = {
#define X(name, summary, list, values, read) {name, summary, list, values},
    FIELD_LIST(X)
#undef X
};

static field_read_fn *const readers[] = {
#define X(name, summary, list, values, read) read,
    FIELD_LIST(X)
#undef X
};
/* clang-format on */

const struct expectation_field *expectation_fields(size_t *count)
{
    *count = LS_COUNT(fields);
    return fields;
}

/* "near.12.kind" is "near.N.kind" with the index 12. */
static bool take_index(struct ls_str name, struct ls_str *rest, size_t *index)
{
    struct ls_str after = ls_str_skip(name, strlen("near."));
    size_t dot = ls_str_find(after, '.');
    uint64_t number;

    if (!ls_str_starts_with(name, "near.") || dot > 3 ||
        !ls_str_to_u64(ls_str_first(after, dot), &number))
        return false;
    *rest = ls_str_skip(after, dot);
    *index = (size_t)number;
    return true;
}

const struct expectation_field *expectation_field_find(struct ls_str name,
                                                       size_t *index)
{
    struct ls_str rest;

    *index = 0;
    if (take_index(name, &rest, index)) {
        for (size_t i = 0; i < LS_COUNT(fields); i++)
            if (ls_str_starts_with(ls_str_from(fields[i].name), "near.N") &&
                ls_str_equal_text(rest, fields[i].name + strlen("near.N")))
                return &fields[i];
        return NULL;
    }
    for (size_t i = 0; i < LS_COUNT(fields); i++)
        if (ls_str_equal_text(name, fields[i].name) &&
            !strstr(fields[i].name, ".N."))
            return &fields[i];
    return NULL;
}

void expectation_field_read(const struct expectation_field *field, size_t index,
                            const struct step_result *result,
                            struct field_value *value)
{
    *value = (struct field_value){.is_list = field->is_list};
    readers[field - fields](result, index, value);
}

void field_value_clear(struct field_value *value)
{
    for (size_t i = 0; i < value->count; i++)
        free(value->items[i]);
    free(value->items);
    free(value->text);
    *value = (struct field_value){0};
}
