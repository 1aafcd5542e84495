#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario_result.h"

#define RECORD_1 "TL_ERROR(TF_CONNECTION) one\nData: fqdn=\"a.b\"\n$$end_record"
#define RECORD_2 "TL_ERROR(TF_CONNECTION) two\n$$end_record\n"

/* A refusal as the article tells it, with a second near miss. */
static void fill_refused(struct step_result *result)
{
    struct trust_verdict *verdict = &result->verdict;

    *result = (struct step_result){.alert = -1};
    result->has_verdict = true;
    verdict->outcome = TRUST_REFUSED;
    verdict->reason = TRUST_UNKNOWN_SERVER;
    verdict->has_identity = true;
    verdict->identity_name = ls_strdup("deitterick.com");
    verdict->identity_length = strlen("deitterick.com");
    verdict->identity_source = NAME_SUBJECT_CN;
    for (size_t i = 0; i < TRUST_CHECK_COUNT; i++)
        verdict->checks[i] = (struct trust_check){.id = (enum trust_check_id)i,
                                                  .result = CHECK_PASS};
    verdict->checks[TRUST_UNKNOWN_SERVER].result = CHECK_FAIL;
    verdict->checks[TRUST_WEAK_KEY].result = CHECK_WARN;
    verdict->checks[TRUST_WEAK_SIGNATURE].result = CHECK_WARN;
    verdict->near = ls_alloc_array(2, sizeof(*verdict->near));
    verdict->near_count = 2;
    verdict->near[0] = (struct near_miss){
        .kind = NEAR_IN_SAN_NOT_IN_CN,
        .name = ls_strdup("mail.deitterick.com"),
        .pool = ls_strdup("mail.deitterick.com"),
        .why = ls_strdup("it stands in the certificate"),
    };
    verdict->near[1] = (struct near_miss){
        .kind = NEAR_PARENT_DOMAIN,
        .name = ls_strdup("mail.deitterick.com"),
        .pool = ls_strdup("mail.deitterick.com"),
        .why = ls_strdup("one label less"),
    };
    result->has_peer = true;
    result->peer_outcome = PEER_CLOSED_AFTER_HANDSHAKE;
    result->tls = ls_strdup("TLSv1.2");
    result->owa = ls_strdup("Instant Messaging isn't available right now.");
    result->records = ls_alloc_array(2, sizeof(*result->records));
    result->records[0] = ls_strdup(RECORD_1);
    result->records[1] = ls_strdup(RECORD_2);
    result->record_count = 2;
}

static void fill_accepted(struct step_result *result)
{
    *result = (struct step_result){.alert = -1};
    result->has_verdict = true;
    result->verdict.outcome = TRUST_ACCEPTED;
    result->verdict.reason = TRUST_NONE;
    result->verdict.has_entry = true;
    result->verdict.entry = (struct known_server){
        .fqdn = ls_strdup("y01.contoso.com"),
        .kind = KNOWN_SERVER_COMPUTER,
        .pool = ls_strdup("mail.contoso.com"),
        .version = 5,
    };
}

static void fill_topology(struct step_result *result)
{
    *result = (struct step_result){.alert = -1};
    result->has_topology = true;
    result->topology_refused = true;
    result->topology_why = ls_strdup("a pool cannot be renamed");
}

typedef void(fill_fn)(struct step_result *result);

static const struct {
    fill_fn *fill;
    const char *text;   /* of expect: */
    const char *actual; /* NULL: holds; else the failure says this */
} rows[] = {
    {fill_refused, "verdict: refused", NULL},
    {fill_refused, "verdict: accepted", "refused"},
    {fill_refused, "verdict: {one-of: [client, refused]}", NULL},
    {fill_refused, "verdict: {one-of: [client, accepted]}", "refused"},
    {fill_refused, "verdict: {not: accepted}", NULL},
    {fill_refused, "verdict: {not: refused}", "refused"},
    {fill_refused, "verdict: {not: {one-of: [client, refused]}}", "refused"},
    {fill_refused, "reason: unknown-server", NULL},
    {fill_refused, "reason: {contains: server}", NULL},
    {fill_refused, "reason: {absent: true}", "unknown-server"},
    {fill_refused, "reason: {absent: false}", NULL},
    {fill_refused, "identity.name: deitterick.com", NULL},
    {fill_refused, "identity.name: Deitterick.com", "deitterick.com"},
    {fill_refused, "identity.name: {matches: '^[a-z]+\\.com$'}", NULL},
    {fill_refused, "identity.name: {matches: '^mail'}", "deitterick.com"},
    {fill_refused, "identity.source: subject.cn", NULL},
    {fill_refused, "entry.fqdn: {absent: true}", NULL},
    {fill_refused, "entry.fqdn: a.b", "nothing"},
    {fill_refused, "near.kind: in-san-not-in-cn", NULL},
    {fill_refused, "near.0.kind: in-san-not-in-cn", NULL},
    {fill_refused, "near.1.kind: parent-domain", NULL},
    {fill_refused, "near.2.kind: {absent: true}", NULL},
    {fill_refused, "near.1.name: mail.deitterick.com", NULL},
    {fill_refused, "near.why: {contains: certificate}", NULL},
    {fill_refused, "checks.fail: [unknown-server]", NULL},
    {fill_refused, "checks.fail: [expired]", "[unknown-server]"},
    {fill_refused, "checks.fail: {absent: true}", "[unknown-server]"},
    {fill_refused, "checks.skip: {absent: true}", NULL},
    {fill_refused, "checks.warn: [weak-signature, weak-key]", NULL},
    {fill_refused, "checks.warn: [weak-key, weak-signature]",
     "[weak-signature, weak-key]"},
    {fill_refused, "checks.warn: {contains: weak-key}", NULL},
    {fill_refused, "checks.pass: {not: {contains: weak-key}}", NULL},
    {fill_refused, "checks.warn: {matches: ^weak-}", NULL},
    {fill_refused, "peer.outcome: closed-after-handshake", NULL},
    {fill_refused, "peer.tls: TLSv1.2", NULL},
    {fill_refused, "peer.alert: {absent: true}", NULL},
    {fill_refused, "owa: available",
     "Instant Messaging isn't available right now."},
    {fill_refused,
     "trace: \""
     "TL_ERROR(TF_CONNECTION) one\\nData: "
     "fqdn=\\\"a.b\\\"\\n$$end_record\\n"
     "TL_ERROR(TF_CONNECTION) two\\n$$end_record\"",
     NULL},
    {fill_refused, "trace: {contains: 'fqdn=\"a.b\"'}", NULL},
    {fill_refused, "trace: {contains: 'fqdn=\"x.y\"'}",
     RECORD_1 "\nTL_ERROR(TF_CONNECTION) two\n$$end_record"},
    {fill_refused, "trace.all: {absent: true}", NULL},
    {fill_accepted, "reason: {absent: true}", NULL},
    {fill_accepted, "reason: unknown-server", "nothing"},
    {fill_accepted, "reason: {not: unknown-server}", NULL},
    {fill_accepted, "entry.fqdn: y01.contoso.com", NULL},
    {fill_accepted, "entry.kind: computer", NULL},
    {fill_accepted, "entry.pool: mail.contoso.com", NULL},
    {fill_accepted, "entry.version: 5", NULL},
    {fill_accepted, "entry.interface: primary", NULL},
    {fill_accepted, "near.kind: {absent: true}", NULL},
    {fill_accepted, "owa: {absent: true}", NULL},
    {fill_accepted, "trace: {absent: true}", NULL},
    {fill_topology, "topology: refused", NULL},
    {fill_topology, "topology: applied", "refused"},
    {fill_topology, "topology.why: {contains: renamed}", NULL},
    {fill_topology, "verdict: {absent: true}", NULL},
};

static void check_row(size_t i, const struct expectation *expectation)
{
    struct step_result result;
    struct step_failure failure = {0};
    bool holds;

    rows[i].fill(&result);
    holds = expectation_check(expectation, &result, &failure);
    cr_expect_eq(holds, rows[i].actual == NULL, "%s", rows[i].text);
    if (!holds) {
        cr_expect_str_eq(failure.actual, rows[i].actual ? rows[i].actual : "",
                         "%s", rows[i].text);
        cr_expect_str_eq(failure.field, expectation->field, "%s", rows[i].text);
        cr_expect_eq(failure.place.line, 1u, "%s", rows[i].text);
    }
    step_failure_clear(&failure);
    step_result_clear(&result);
}

Test(expectation, is_met_or_shows_what_was_there)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ls_diags diags;
        struct yaml_document *document;
        struct expectation *expectations;
        size_t count = 0;

        ls_diags_init(&diags, "x", ls_str_from(rows[i].text));
        document = yaml_document_parse(&diags);
        cr_assert_not_null(document, "%s", rows[i].text);
        expectations =
            expectation_bind(yaml_document_root(document), &count, &diags);
        cr_expect_eq(diags.count, 0u, "%s: %s", rows[i].text,
                     diags.count ? diags.items[0].sentence : "");
        cr_assert_eq(count, 1u, "%s", rows[i].text);
        check_row(i, &expectations[0]);
        expectation_clear(&expectations[0]);
        free(expectations);
        yaml_document_free(document);
        ls_diags_clear(&diags);
    }
}

static char *expected_of(const char *text)
{
    struct ls_diags diags;
    struct yaml_document *document;
    struct expectation *expectations;
    struct step_result result = {.alert = -1};
    struct step_failure failure = {0};
    size_t count = 0;
    char *expected;

    ls_diags_init(&diags, "x", ls_str_from(text));
    document = yaml_document_parse(&diags);
    expectations =
        expectation_bind(yaml_document_root(document), &count, &diags);
    cr_assert_eq(count, 1u, "%s", text);
    cr_expect_not(expectation_check(&expectations[0], &result, &failure));
    expected = ls_strdup(failure.expected);
    step_failure_clear(&failure);
    expectation_clear(&expectations[0]);
    free(expectations);
    yaml_document_free(document);
    ls_diags_clear(&diags);
    return expected;
}

Test(expectation, says_in_words_what_it_wanted)
{
    static const struct {
        const char *text, *expected;
    } wanted[] = {
        {"owa: available", "available"},
        {"owa: {contains: a}", "something with \"a\" in it"},
        {"checks.fail: {contains: expired}",
         "a list with the item \"expired\""},
        {"owa: {matches: ^a}", "a match of /^a/"},
        {"owa: {one-of: [a, b]}", "one of [a, b]"},
        {"owa: {absent: false}", "something"},
        {"owa: {not: {absent: true}}", "not nothing"},
        {"checks.fail: [expired, weak-key]", "[expired, weak-key]"},
    };

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        char *expected = expected_of(wanted[i].text);

        cr_expect_str_eq(expected, wanted[i].expected, "%s", wanted[i].text);
        free(expected);
    }
}

Test(expectation, lists_each_of_its_fields_once)
{
    size_t count;
    const struct expectation_field *fields = expectation_fields(&count);

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            cr_expect_str_neq(fields[i].name, fields[j].name);
}
