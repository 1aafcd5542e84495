#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/tls_session.h"

#include "support/lab.h"
#include "support/tls_pair.h"

#define NOW_S ((int64_t)(LAB_NOW_MS / 1000))

static const struct {
    const char *label;
    struct tls_versions versions;
} versions[] = {
    {"TLSv1.0", {TLS_1_0, TLS_1_0}},
    {"TLSv1.1", {TLS_1_1, TLS_1_1}},
    {"TLSv1.2", {TLS_1_2, TLS_1_2}},
    {"TLSv1.3", {TLS_1_3, TLS_1_3}},
};

#define VERSION_COUNT (sizeof versions / sizeof versions[0])

static struct tls_pair pair_of(struct lab *lab, enum lab_peer peer,
                               struct tls_versions at, bool trusts)
{
    struct tls_pair pair = {0};

    pair.server.session = tls_session_new(lab_server_tls(lab, at), NULL, NOW_S);
    pair.client.session =
        tls_session_new(lab_peer_tls(lab, peer, at, trusts), NULL, NOW_S);
    return pair;
}

static void write_text(struct tls_end *end, const char *text)
{
    cr_assert_eq(tls_session_write(end->session, ls_str_from(text)), LS_OK);
}

Test(tls_session, carries_text_both_ways_whole_and_byte_by_byte)
{
    struct lab *lab = lab_new();

    for (size_t i = 0; i < 2 * VERSION_COUNT; i++) {
        const char *label = versions[i / 2].label;
        struct tls_pair pair =
            pair_of(lab, LAB_KNOWN, versions[i / 2].versions, true);

        pair.piece_bytes = i % 2;
        tls_pair_run(&pair);
        cr_assert(pair.server.is_ready && pair.client.is_ready, "%s", label);
        write_text(&pair.client, "to the server");
        write_text(&pair.server, "to the client");
        tls_pair_run(&pair);

        cr_expect(
            ls_str_equal_text(ls_buf_str(&pair.server.plain), "to the server"),
            "%s", label);
        cr_expect(
            ls_str_equal_text(ls_buf_str(&pair.client.plain), "to the client"),
            "%s", label);
        cr_expect_str_eq(tls_session_version(pair.server.session), label);
        cr_expect_not_null(tls_session_cipher(pair.server.session));
        tls_pair_clear(&pair);
    }
    lab_free(lab);
}

Test(tls_session, carries_more_than_a_record_in_one_write)
{
    struct lab *lab = lab_new();
    struct tls_pair pair = pair_of(lab, LAB_KNOWN, versions[3].versions, true);
    struct ls_buf much = {0};

    while (much.length < 100000)
        ls_buf_printf(&much, "%zu,", much.length);
    tls_pair_run(&pair);
    cr_assert_eq(tls_session_write(pair.client.session, ls_buf_str(&much)),
                 LS_OK);
    tls_pair_run(&pair);

    cr_expect(ls_str_equal(ls_buf_str(&pair.server.plain), ls_buf_str(&much)));
    ls_buf_clear(&much);
    tls_pair_clear(&pair);
    lab_free(lab);
}

Test(tls_session, knows_the_peer_and_every_fault_of_its_chain)
{
    static const struct {
        const char *label;
        enum lab_peer peer;
        bool has_faults;
    } rows[] = {
        {"known", LAB_KNOWN, false},
        {"unknown", LAB_UNKNOWN, false},
        {"expired", LAB_EXPIRED, true},
        {"stranger", LAB_STRANGER, true},
    };
    struct lab *lab = lab_new();

    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        const char *label = rows[i / 2].label;
        struct tls_pair pair =
            pair_of(lab, rows[i / 2].peer, versions[2 + i % 2].versions, true);
        const struct chain_report *chain;

        tls_pair_run(&pair);
        cr_assert(pair.server.is_ready, "%s", label);
        cr_assert_not_null(tls_session_peer(pair.server.session), "%s", label);
        chain = tls_session_chain(pair.server.session);
        cr_assert_not_null(chain, "%s", label);
        cr_expect_eq(chain->fault_count > 0, rows[i / 2].has_faults, "%s",
                     label);
        tls_pair_clear(&pair);
    }
    lab_free(lab);
}

Test(tls_session, completes_without_a_certificate_of_the_peer)
{
    struct lab *lab = lab_new();
    struct tls_pair pair = pair_of(lab, LAB_NONE, versions[3].versions, true);

    tls_pair_run(&pair);

    cr_expect(pair.server.is_ready);
    cr_expect_null(tls_session_peer(pair.server.session));
    cr_expect_null(tls_session_chain(pair.server.session));
    tls_pair_clear(&pair);
    lab_free(lab);
}

Test(tls_session, forgets_the_peer_when_trimmed)
{
    struct lab *lab = lab_new();
    struct tls_pair pair = pair_of(lab, LAB_KNOWN, versions[3].versions, true);

    tls_pair_run(&pair);
    tls_session_trim(pair.server.session);

    cr_expect_null(tls_session_peer(pair.server.session));
    cr_expect_null(tls_session_chain(pair.server.session));
    write_text(&pair.server, "still speaks");
    tls_pair_run(&pair);
    cr_expect_eq(pair.client.plain.length, strlen("still speaks"));
    tls_pair_clear(&pair);
    lab_free(lab);
}

Test(tls_session, closes_in_order)
{
    struct lab *lab = lab_new();
    struct tls_pair pair = pair_of(lab, LAB_KNOWN, versions[2].versions, true);

    tls_pair_run(&pair);
    tls_session_close(pair.client.session);
    tls_pair_run(&pair);

    cr_expect(pair.server.is_closed);
    cr_expect_not(pair.server.is_failed);
    cr_expect_eq(tls_session_write(pair.client.session, ls_str_from("x")),
                 LS_ECLOSED);
    /* The other direction is open until it is closed too. */
    write_text(&pair.server, "last words");
    tls_pair_clear(&pair);
    lab_free(lab);
}

Test(tls_session, refuses_to_write_before_the_handshake)
{
    struct lab *lab = lab_new();
    struct tls_pair pair = pair_of(lab, LAB_KNOWN, versions[3].versions, true);

    cr_expect_eq(tls_session_write(pair.client.session, ls_str_from("early")),
                 LS_ECLOSED);
    cr_expect_null(tls_session_failure(pair.client.session));
    cr_expect_null(tls_session_version(pair.client.session));
    tls_pair_clear(&pair);
    lab_free(lab);
}

Test(tls_session, says_that_the_peer_refused_us)
{
    struct lab *lab = lab_new();

    for (size_t i = 0; i < VERSION_COUNT; i++) {
        const char *label = versions[i].label;
        struct tls_pair pair =
            pair_of(lab, LAB_KNOWN, versions[i].versions, false);
        const struct tls_failure *failure;

        tls_pair_run(&pair);
        cr_assert(pair.server.is_failed && pair.client.is_failed, "%s", label);
        failure = tls_session_failure(pair.server.session);
        cr_expect(failure->peer_refused_us, "%s: %s", label, failure->text);
        cr_expect(failure->in_handshake && failure->alert_received, "%s",
                  label);
        cr_expect_eq(failure->alert, 48, "%s", label);
        failure = tls_session_failure(pair.client.session);
        cr_expect(failure->refused_by_us, "%s: %s", label, failure->text);
        cr_expect_not(failure->alert_received, "%s", label);
        tls_pair_clear(&pair);
    }
    lab_free(lab);
}

Test(tls_session, fails_on_a_key_that_is_not_the_certificates)
{
    struct lab *lab = lab_new();

    for (size_t i = 2; i < VERSION_COUNT; i++) {
        struct tls_pair pair =
            pair_of(lab, LAB_MISFIT, versions[i].versions, true);
        const struct tls_failure *failure;

        tls_pair_run(&pair);
        cr_assert(pair.server.is_failed, "%s", versions[i].label);
        failure = tls_session_failure(pair.server.session);
        cr_expect(strstr(failure->text, "another key made it"), "%s",
                  failure->text);
        cr_expect_not(failure->alert_received, "%s", versions[i].label);
        cr_expect_eq(failure->obstacle, OBSTACLE_CERTIFICATE);
        tls_pair_clear(&pair);
    }
    lab_free(lab);
}

Test(tls_session, fails_without_a_version_in_common)
{
    struct lab *lab = lab_new();
    struct tls_pair pair = {0};

    pair.server.session =
        tls_session_new(lab_server_tls(lab, versions[2].versions), NULL, NOW_S);
    pair.client.session = tls_session_new(
        lab_peer_tls(lab, LAB_KNOWN, versions[3].versions, true), NULL, NOW_S);
    tls_pair_run(&pair);

    cr_assert(pair.server.is_failed && pair.client.is_failed);
    cr_expect_str_eq(tls_session_failure(pair.server.session)->text,
                     "there is no TLS version in common");
    cr_expect_eq(tls_session_failure(pair.server.session)->obstacle,
                 OBSTACLE_NOTHING_IN_COMMON);
    cr_expect_eq(tls_session_failure(pair.client.session)->obstacle,
                 OBSTACLE_NOTHING_IN_COMMON);
    cr_expect_eq(tls_session_failure(pair.client.session)->alert, 70);
    cr_expect(tls_session_failure(pair.client.session)->alert_received);
    tls_pair_clear(&pair);
    lab_free(lab);
}

/* What a server says to these bytes; owned by the caller. */
static char *failure_for(struct ls_str bytes, size_t piece,
                         enum trust_obstacle *obstacle)
{
    struct lab *lab = lab_new();
    struct tls_session *session = tls_session_new(
        lab_server_tls(lab, (struct tls_versions){TLS_1_0, TLS_1_3}), NULL,
        NOW_S);
    struct tls_event event;
    char *text = NULL;

    while (bytes.length > 0 && !text) {
        size_t count = piece && piece < bytes.length ? piece : bytes.length;

        tls_session_feed(session, ls_str_first(bytes, count));
        bytes = ls_str_skip(bytes, count);
        while (tls_session_next(session, &event))
            if (event.kind == TLS_FAILED && !text) {
                text = strdup(tls_session_failure(session)->text);
                *obstacle = tls_session_failure(session)->obstacle;
            }
    }
    tls_session_free(session);
    lab_free(lab);
    return text;
}

Test(tls_session, says_so_when_the_peer_speaks_no_tls)
{
    static const struct {
        struct ls_str bytes;
        const char *shown;
    } rows[] = {
        {LS_STR("OPTIONS sip:fe.contoso.com SIP/2.0\r\n\r\n"), "OPTIONS sip:"},
        {LS_STR("GET / HTTP/1.1\r\nHost: fe\r\n\r\n"), "GET / HTTP"},
        {LS_STR("\x1b[2J\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b"),
         "\\x1B[2J\\x01"},
    };

    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        enum trust_obstacle obstacle = OBSTACLE_NOTHING_IN_COMMON;
        char *text = failure_for(rows[i / 2].bytes, i % 2, &obstacle);

        cr_assert_not_null(text);
        cr_expect_eq(obstacle, OBSTACLE_NO_TLS, "%s", text);
        cr_expect(strstr(text, "no TLS"), "%s", text);
        cr_expect(strcasestr(text, rows[i / 2].shown) || i % 2, "%s", text);
        free(text);
    }
}

Test(tls_session, fails_on_a_damaged_record)
{
    struct lab *lab = lab_new();

    for (size_t i = 2; i < VERSION_COUNT; i++) {
        struct tls_pair pair =
            pair_of(lab, LAB_KNOWN, versions[i].versions, true);
        struct tls_event event;
        char record[512];
        size_t length;

        tls_pair_run(&pair);
        write_text(&pair.client, "REGISTER");
        length = tls_session_output(pair.client.session).length;
        cr_assert_lt(length, sizeof record);
        memcpy(record, tls_session_output(pair.client.session).at, length);
        record[length - 1] ^= 1;
        tls_session_feed(pair.server.session,
                         ls_str_from_bytes(record, length));
        cr_assert(tls_session_next(pair.server.session, &event));

        cr_expect_eq(event.kind, TLS_FAILED, "%s", versions[i].label);
        cr_expect_not(tls_session_failure(pair.server.session)->in_handshake);
        tls_pair_clear(&pair);
    }
    lab_free(lab);
}

Test(tls_session, refuses_in_the_handshake_by_the_policy)
{
    struct lab *lab = lab_new();

    for (size_t i = 2; i < VERSION_COUNT; i++) {
        struct tls_pair pair = {0};
        const struct trust_verdict *verdict;

        pair.server.session = tls_session_new(
            lab_server_tls(lab, versions[i].versions), lab_policy(lab), NOW_S);
        pair.client.session = tls_session_new(
            lab_peer_tls(lab, LAB_UNKNOWN, versions[i].versions, true), NULL,
            NOW_S);
        tls_pair_run(&pair);

        cr_assert(pair.server.is_failed, "%s", versions[i].label);
        verdict = tls_session_verdict(pair.server.session);
        cr_assert_not_null(verdict);
        cr_expect_eq(verdict->outcome, TRUST_REFUSED);
        cr_expect_eq(verdict->reason, TRUST_UNKNOWN_SERVER);
        cr_assert(pair.client.is_failed, "%s", versions[i].label);
        cr_expect(tls_session_failure(pair.client.session)->alert_received);
        /* RFC 8446 4.4.2.4: in TLS 1.3 the client is ready long before. */
        cr_expect_eq(pair.client.is_ready, versions[i].versions.low == TLS_1_3);
        tls_pair_clear(&pair);
    }
    lab_free(lab);
}

Test(tls_session, lets_in_by_the_policy_whom_it_knows)
{
    struct lab *lab = lab_new();
    struct tls_pair pair = {0};

    pair.server.session = tls_session_new(
        lab_server_tls(lab, versions[2].versions), lab_policy(lab), NOW_S);
    pair.client.session = tls_session_new(
        lab_peer_tls(lab, LAB_KNOWN, versions[2].versions, true), NULL, NOW_S);
    tls_pair_run(&pair);

    cr_expect(pair.server.is_ready && pair.client.is_ready);
    cr_expect_eq(tls_session_verdict(pair.server.session)->outcome,
                 TRUST_ACCEPTED);
    tls_pair_clear(&pair);
    lab_free(lab);
}

/* One for each session and side; TLS 1.3 has several. */
/* Each is a whole line. Takes them all. */
static bool has_secret(struct mailbox *secrets, const char *label)
{
    struct mailbox_letter *letter = mailbox_take(secrets), *next;
    bool found = false;

    for (; letter != NULL; letter = next) {
        struct tls_secret *secret = (struct tls_secret *)letter;
        struct ls_str line = ls_str_from_bytes(secret->line, secret->length);

        next = letter->next;
        cr_expect(ls_str_ends_with(line, "\n"));
        found = found || ls_str_starts_with(line, label);
        tls_secret_free(secret);
    }
    return found;
}

Test(tls_session, tells_its_secrets_where_it_was_asked_to)
{
    static const struct {
        struct tls_versions versions;
        const char *label;
    } rows[] = {
        {{TLS_1_2, TLS_1_2}, "CLIENT_RANDOM "},
        {{TLS_1_3, TLS_1_3}, "SERVER_TRAFFIC_SECRET_0 "},
    };
    struct lab *lab = lab_new();

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct mailbox secrets = {NULL};
        char *why = NULL;
        struct tls_settings settings = {
            .role = TLS_PEER,
            .versions = rows[i].versions,
            .key_log = &secrets,
        };
        struct tls_context *context = tls_context_new(&settings, &why);
        struct tls_pair pair = {0};

        cr_assert_not_null(context, "%s", why);
        pair.server.session =
            tls_session_new(lab_server_tls(lab, rows[i].versions), NULL, NOW_S);
        pair.client.session = tls_session_new(context, NULL, NOW_S);
        tls_pair_run(&pair);

        cr_expect(has_secret(&secrets, rows[i].label), "%s", rows[i].label);
        tls_pair_clear(&pair);
        tls_context_free(context);
    }
    lab_free(lab);
}

Test(tls_session, names_alerts_as_the_rfc_does)
{
    cr_expect_str_eq(tls_alert_text(48), "unknown ca");
    cr_expect_str_eq(tls_alert_text(116), "certificate required");
    cr_expect_str_eq(tls_alert_text(255), "unknown alert");
}
