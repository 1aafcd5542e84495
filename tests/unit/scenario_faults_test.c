#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/scenario.h"

/* Four lines that are in order, for faults in what follows. */
#define HEAD                                                                   \
    "title: a title\n"                                                         \
    "certificates:\n"                                                          \
    "  front-end: {subject: CN=fe.contoso.com}\n"                              \
    "  good: {subject: CN=cas.contoso.com}\n"
#define STEPS "steps: [{connect: {certificate: good}}]\n"

static const struct {
    const char *label;
    const char *text;
    unsigned line, column;
    const char *sentence; /* part of it */
    const char *hint;     /* part of it, or NULL */
} rows[] = {
    {"an unknown key", HEAD "stpes: []\n" STEPS, 5, 1, "stpes", "steps"},
    {"nothing to do", HEAD, 1, 1, "neither steps nor cases", "Add steps"},
    {"steps and cases", HEAD STEPS "cases: [{connect: {certificate: good}}]\n",
     6, 1, "not both", NULL},
    {"an empty list of steps", HEAD "steps: []\n", 5, 8, "at least one", NULL},
    {"steps that are no list", HEAD "steps: {connect: {}}\n", 5, 8,
     "must be a list", NULL},
    {"a list at the top", "- title: x\n", 1, 1, "must be a mapping", NULL},
    {"a text at the top", "hello\n", 1, 1, "must be a mapping", NULL},
    {"a clock that is none", HEAD "clock: yesterday\n" STEPS, 5, 8,
     "point in time", "2011-12-20"},
    {"a day that does not exist", HEAD "clock: 2015-02-29\n" STEPS, 5, 8,
     "point in time", NULL},
    {"a title that is a list", "title: [a]\n" STEPS, 1, 8,
     "the title must be a text", NULL},
    {"an empty title", "title: ''\n" STEPS, 1, 8, "the title is empty", NULL},
    {"a process id in lower case", HEAD "trace: {process: 0ac0}\n" STEPS, 5, 18,
     "upper case", "0AC0"},
    {"an unknown key of trace", HEAD "trace: {proces: 0AC0}\n" STEPS, 5, 9,
     "proces", "process"},
    {"a sequence that is no number", HEAD "trace: {sequence: xyz}\n" STEPS, 5,
     19, "hexadecimal", NULL},
    {"an unknown trace style", HEAD "trace: {style: lync-2011}\n" STEPS, 5, 16,
     "lync-2011", "lync-2010"},
    {"a machine with brackets", HEAD "trace: {machine: \"a]b\"}\n" STEPS, 5, 18,
     "without brackets", NULL},

    {"a port that is neither open nor shut",
     HEAD "steps: [{connect: {certificate: good, listen: {how: block}}}]\n", 5,
     53, "block", "blocked"},
    {"a port beyond all ports",
     HEAD "steps: [{connect: {certificate: good, listen: {port: 65536}}}]\n", 5,
     54, "port", NULL},
    {"a port without a certificate",
     HEAD "steps: [{connect: {certificate: good, listen: {certificate: none}}}]"
          "\n",
     5, 61, "without a certificate", NULL},
    {"a port that is a text",
     HEAD "steps: [{connect: {certificate: good, listen: blocked}}]\n", 5, 47,
     "must be a mapping", NULL},
    {"an unknown way to applications",
     HEAD "front-end: {applications: other}\n" STEPS, 5, 27, "other", NULL},

    {"certificates that are a list", "certificates: [a]\nsteps: [{say: x}]\n",
     1, 15, "mapping of names", NULL},
    {"a certificate that is a text",
     "certificates: {a: CN=a}\nsteps: [{say: x}]\n", 1, 19, "must be a mapping",
     NULL},
    {"a subject that is none",
     "certificates: {a: {subject: contoso.com}}\nsteps: [{say: x}]\n", 1, 29,
     "the subject cannot be read", "CN="},
    {"a certificate without names",
     "certificates: {a: {key: p256}}\nsteps: [{say: x}]\n", 1, 16,
     "neither subject nor san", NULL},
    {"an unknown key of a certificate",
     "certificates: {a: {subjct: CN=a}}\nsteps: [{say: x}]\n", 1, 20, "subjct",
     "subject"},
    {"an alternative name of no kind",
     "certificates: {a: {san: [\"http:x\"]}}\nsteps: [{say: x}]\n", 1, 26,
     "no kind of alternative name", "uri:"},
    {"alternative names that are a text",
     "certificates: {a: {san: a.b}}\nsteps: [{say: x}]\n", 1, 25,
     "must be a list", "[a.b]"},
    {"an unknown usage",
     "certificates: {a: {subject: CN=a, extended-key-usage: [clientauth]}}\n"
     "steps: [{say: x}]\n",
     1, 56, "clientauth", "clientAuth"},
    {"an unknown key type",
     "certificates: {a: {subject: CN=a, key: p265}}\nsteps: [{say: x}]\n", 1,
     40, "p265", "p256"},
    {"an unknown digest",
     "certificates: {a: {subject: CN=a, digest: sha-1}}\n"
     "steps: [{say: x}]\n",
     1, 43, "sha-1", "sha1"},
    {"a distance that is none",
     "certificates: {a: {subject: CN=a, not-after: in a week}}\n"
     "steps: [{say: x}]\n",
     1, 46, "point in time", "in 2 weeks"},
    {"a distance of centuries",
     "certificates: {a: {subject: CN=a, not-after: in 99999 weeks}}\n"
     "steps: [{say: x}]\n",
     1, 46, "point in time", NULL},
    {"an md5 signature of a curve",
     "certificates: {a: {subject: CN=a, digest: md5}}\nsteps: [{say: x}]\n", 1,
     16, "RSA key", "rsa2048"},
    {"a serial that is a list",
     "certificates: {a: {subject: CN=a, serial: [12]}}\nsteps: [{say: x}]\n", 1,
     43, "must be a text", NULL},
    {"a serial that is no number",
     "certificates: {a: {subject: CN=a, serial: 12x}}\nsteps: [{say: x}]\n", 1,
     43, "hexadecimal", NULL},
    {"an unknown key usage",
     "certificates: {a: {subject: CN=a, key-usage: [sign]}}\n"
     "steps: [{say: x}]\n",
     1, 47, "sign", "Known here"},
    {"a chain with a stranger in it",
     "certificates: {a: {subject: CN=a, chain: [root]}}\n"
     "steps: [{say: x}]\n",
     1, 43, "\"root\"", NULL},
    {"foreign-key as a text",
     "certificates: {a: {subject: CN=a, foreign-key: \"true\"}}\n"
     "steps: [{say: x}]\n",
     1, 48, "true or false", "without quotes"},
    {"a path length below zero",
     "authorities: {a: {subject: CN=a, path-length: -1}}\n"
     "steps: [{say: x}]\n",
     1, 47, "whole number", NULL},
    {"revoking a stranger",
     "authorities: {a: {subject: CN=a, revokes: [b]}}\nsteps: [{say: x}]\n", 1,
     44, "\"b\"", NULL},
    {"an end before its begin",
     "certificates:\n"
     "  a:\n"
     "    subject: CN=a\n"
     "    not-before: 2015-01-02\n"
     "    not-after: 2015-01-01\n"
     "steps: [{say: x}]\n",
     5, 16, "before not-before", NULL},
    {"an unknown issuer",
     "authorities: {lab: {subject: CN=lab}}\n"
     "certificates: {a: {issuer: lap, subject: CN=a}}\nsteps: [{say: x}]\n",
     2, 28, "no authority \"lap\"", "lab"},
    {"an issuer where there are no authorities",
     "certificates: {a: {issuer: lab, subject: CN=a}}\nsteps: [{say: x}]\n", 1,
     28, "no authority \"lab\"", NULL},
    {"an authority without a name",
     "authorities: {lab: {key: p256}}\nsteps: [{say: x}]\n", 1, 20, "subject",
     NULL},
    {"authorities that issue each other",
     "authorities:\n"
     "  a: {subject: CN=a, issuer: b}\n"
     "  b: {subject: CN=b, issuer: a}\n"
     "steps: [{say: x}]\n",
     2, 3, "circle", NULL},
    {"a certificate called none",
     "certificates: {none: {subject: CN=a}}\nsteps: [{say: x}]\n", 1, 16,
     "a meaning of its own", NULL},
    {"a certificate called like a fault",
     "certificates: {\"fault:x\": {subject: CN=a}}\nsteps: [{say: x}]\n", 1, 16,
     "catalogue", NULL},

    {"a pool without a name",
     HEAD "topology: {pools: [{computers: [a.b]}]}\n" STEPS, 5, 20, "fqdn",
     NULL},
    {"an unknown key of a pool",
     HEAD "topology: {pools: [{fqnd: a.b}]}\n" STEPS, 5, 21, "fqnd", "fqdn"},
    {"topologies that are a list", HEAD "topologies: [a]\n" STEPS, 5, 13,
     "mapping of names", NULL},
    {"several topologies and none chosen",
     HEAD "topologies: {a: {pools: []}, b: {pools: []}}\n" STEPS, 6, 1,
     "none is chosen", NULL},

    {"a Front End with an unknown certificate",
     HEAD "front-end: {certificate: fornt-end}\n" STEPS, 5, 26, "fornt-end",
     "front-end"},
    {"a Front End without a certificate",
     HEAD "front-end: {certificate: none}\n" STEPS, 5, 26, "cannot be without",
     NULL},
    {"an unknown rule", HEAD "front-end: {rule: lync-2012}\n" STEPS, 5, 19,
     "lync-2012", "lync-201"},
    {"trusts that are a text", HEAD "front-end: {trusts: lab}\n" STEPS, 5, 21,
     "list of texts", "[lab]"},
    {"an unknown authority to trust", HEAD "front-end: {trusts: [lab]}\n" STEPS,
     5, 22, "no authority", NULL},
    {"an alert after the handshake",
     HEAD "front-end: {refuse: {at: after-handshake, how: alert}}\n" STEPS, 5,
     21, "does not exist", "handshake"},
    {"an alert at the first request",
     HEAD "front-end: {refuse: {at: first-request, how: alert}}\n" STEPS, 5, 21,
     "does not exist", NULL},
    {"an unknown manner of refusing",
     HEAD "front-end: {refuse: {how: rset}}\n" STEPS, 5, 27, "rset", "reset"},
    {"refuse as a text", HEAD "front-end: {refuse: close}\n" STEPS, 5, 21,
     "must be a mapping", "how"},
    {"a cipher that is not there", HEAD "front-end: {ciphers: NO-SUCH}\n" STEPS,
     5, 22, "no cipher \"NO-SUCH\"", "openssl ciphers"},
    {"a TLS version that is none", HEAD "front-end: {tls: 1.4}\n" STEPS, 5, 18,
     "1.4", "1.0-1.2"},
    {"TLS versions upside down", HEAD "front-end: {tls: 1.2-1.0}\n" STEPS, 5,
     18, "1.2-1.0", NULL},
    {"an unknown interface", HEAD "front-end: {interface: extern}\n" STEPS, 5,
     24, "extern", "external"},
    {"names of no kind", HEAD "front-end: {names: sensitve}\n" STEPS, 5, 20,
     "sensitve", "sensitive"},
    {"a whole topology in front-end",
     HEAD "front-end: {topology: {pools: []}}\n" STEPS, 5, 23, "must be a name",
     NULL},

    {"a step that does nothing", HEAD "steps:\n  - name: idle\n", 6, 5,
     "does nothing", "connect"},
    {"a step with two actions",
     HEAD "steps:\n  - connect: {certificate: good}\n    say: x\n", 7, 5,
     "one action", NULL},
    {"a step that is a text", HEAD "steps: [connect]\n", 5, 9,
     "a step must be a mapping", NULL},
    {"an unknown action", HEAD "steps: [{conect: {certificate: good}}]\n", 5,
     10, "conect", "connect"},
    {"connect without a certificate", HEAD "steps: [{connect: {from: a.b}}]\n",
     5, 19, "certificate", NULL},
    {"an unknown certificate",
     HEAD "steps: [{connect: {certificate: goood}}]\n", 5, 33,
     "no certificate \"goood\"", "good"},
    {"connect with a user",
     HEAD "steps: [{connect: {certificate: good, user: \"sip:a@b\"}}]\n", 5, 39,
     "user", NULL},
    {"sign-in without a user", HEAD "steps: [{sign-in: {certificate: good}}]\n",
     5, 19, "user", "sip:"},
    {"a user that is no SIP address",
     HEAD "steps: [{sign-in: {certificate: good, user: test}}]\n", 5, 45,
     "SIP address", "sip:"},
    {"a user and users",
     HEAD "steps: [{sign-in: {certificate: good, user: \"sip:a@b\", users: "
          "[\"sip:c@d\"]}}]\n",
     5, 63, "not both", "users"},
    {"no users", HEAD "steps: [{sign-in: {certificate: good, users: []}}]\n", 5,
     46, "1 to 1000", "sip:"},
    {"a number of users without a name",
     HEAD "steps: [{sign-in: {certificate: good, users: 5}}]\n", 5, 46,
     "a count and a name", "count: 5"},
    {"a user twice",
     HEAD "steps: [{sign-in: {certificate: good, users: [\"sip:a@b\", "
          "\"sip:a@b\"]}}]\n",
     5, 58, "stands twice", NULL},
    {"users that are no addresses",
     HEAD "steps: [{sign-in: {certificate: good, users: [a]}}]\n", 5, 47,
     "SIP address", "sip:"},
    {"too many users",
     HEAD "steps: [{sign-in: {certificate: good, users: {count: 1001, name: "
          "\"sip:#@b\"}}}]\n",
     5, 54, "1000", NULL},
    {"a name of users without a number",
     HEAD "steps: [{sign-in: {certificate: good, users: {count: 2, name: "
          "\"sip:a@b\"}}}]\n",
     5, 63, "#", "user#"},
    {"a message from a stranger",
     HEAD "steps: [{sign-in: {certificate: good, user: \"sip:a@b\", messages: "
          "[{from: \"sip:c@d\", to: \"sip:a@b\", text: x}]}}]\n",
     5, 67, "sip:c@d, who does not sign in", "users"},
    {"messages that are none",
     HEAD "steps: [{sign-in: {certificate: good, user: \"sip:a@b\", messages: "
          "hello}}]\n",
     5, 66, "list", "text"},
    {"reconnecting without end",
     HEAD "steps: [{sign-in: {certificate: good, user: \"sip:a@b\", reconnect: "
          "{attempts: 21}}}]\n",
     5, 78, "20", NULL},
    {"reconnecting after an hour",
     HEAD "steps: [{sign-in: {certificate: good, user: \"sip:a@b\", reconnect: "
          "{attempts: 1, after: 1 hour}}}]\n",
     5, 88, "10 minutes", "5 seconds"},
    {"connect with users",
     HEAD "steps: [{connect: {certificate: good, users: [\"sip:a@b\"]}}]\n", 5,
     39, "users", NULL},
    {"from with a port",
     HEAD "steps: [{connect: {certificate: good, from: \"a.b:1\"}}]\n", 5, 45,
     "host name", NULL},
    {"a wire without a fault",
     HEAD "steps: [{connect: {certificate: good, wire: {side: peer}}}]\n", 5,
     45, "no fault", "cut-after"},
    {"a wire with two faults",
     HEAD "steps: [{connect: {certificate: good, "
          "wire: {cut-after: 1, reset-after: 2}}}]\n",
     5, 73, "already has", NULL},
    {"a stall that never ends",
     HEAD "steps: [{connect: {certificate: good, wire: {stall-after: 1}}}]\n",
     5, 45, "needs \"for\"", "31 seconds"},
    {"a span of time without a stall",
     HEAD "steps: [{connect: {certificate: good, "
          "wire: {cut-after: 1, for: 2 s}}}]\n",
     5, 45, "goes with a stall", NULL},
    {"a byte before the first",
     HEAD "steps: [{connect: {certificate: good, wire: {cut-after: -1}}}]\n", 5,
     57, "whole number", NULL},
    {"an unknown OWA",
     HEAD "steps: [{sign-in: {certificate: good, user: \"sip:a@b\", "
          "owa: 2011}}]\n",
     5, 61, "2011", "2010"},
    {"an advance that is no duration", HEAD "steps: [{advance: 2 dayz}]\n", 5,
     19, "span of time", "2 days"},
    {"an advance into the next century",
     HEAD "steps: [{advance: 9000 weeks}]\n", 5, 19, "fifty years", NULL},
    {"an unknown edit", HEAD "steps: [{topology: [{ad-pool: {}}]}]\n", 5, 22,
     "ad-pool", "add-pool"},
    {"a named fault", HEAD "steps: [{connect: {certificate: fault:x}}]\n", 5,
     33, "fault", "cert faults"},

    {"a case that advances",
     HEAD "cases: [{advance: 2 days, connect: {certificate: good}}]\n", 5, 10,
     "advance", NULL},
    {"a case that does nothing", HEAD "cases: [{rule: cn-only}]\n", 5, 9,
     "this case does nothing", NULL},
    {"a case with an unknown topology",
     HEAD "topologies: {lower: {pools: []}}\n"
          "cases: [{topology: lover, connect: {certificate: good}}]\n",
     6, 20, "no topology \"lover\"", "lower"},

    {"an unknown field",
     HEAD "steps: [{connect: {certificate: good}, expect: {verdit: x}}]\n", 5,
     49, "verdit", "verdict"},
    {"half a field",
     HEAD "steps: [{connect: {certificate: good}, expect: {identity: x}}]\n", 5,
     49, "identity", "identity.name"},
    {"a verdict that does not exist",
     HEAD "steps: [{connect: {certificate: good}, "
          "expect: {verdict: acepted}}]\n",
     5, 58, "acepted", "accepted"},
    {"a reason that does not exist",
     HEAD "steps: [{connect: {certificate: good}, "
          "expect: {reason: unkown-server}}]\n",
     5, 57, "unkown-server", "unknown-server"},
    {"a reason that is null",
     HEAD "steps: [{connect: {certificate: good}, expect: {reason: null}}]\n",
     5, 57, "null", "absent"},
    {"a list for a text",
     HEAD "steps: [{connect: {certificate: good}, expect: {owa: [a]}}]\n", 5,
     54, "one value", "one-of"},
    {"a text for a list",
     HEAD "steps: [{connect: {certificate: good}, "
          "expect: {checks.fail: expired}}]\n",
     5, 62, "is a list", "[expired]"},
    {"an unknown matcher",
     HEAD "steps: [{connect: {certificate: good}, "
          "expect: {owa: {contain: a}}}]\n",
     5, 55, "contain", "contains"},
    {"two matchers",
     HEAD "steps: [{connect: {certificate: good}, "
          "expect: {owa: {contains: a, matches: b}}}]\n",
     5, 54, "exactly one", NULL},
    {"an expression that is none",
     HEAD "steps: [{connect: {certificate: good}, "
          "expect: {owa: {matches: \"(\"}}}]\n",
     5, 64, "not an expression", NULL},
    {"an expression that would take for ever",
     HEAD "steps: [{connect: {certificate: good}, "
          "expect: {owa: {matches: \"((a{1,99}){1,99}){1,99}\"}}}]\n",
     5, 64, "multiply", NULL},
    {"absent that is neither true nor false",
     HEAD "steps: [{connect: {certificate: good}, "
          "expect: {owa: {absent: yes}}}]\n",
     5, 63, "true or false", NULL},
    {"a narration that expects",
     HEAD "steps: [{say: x, expect: {verdict: accepted}}]\n", 5, 27,
     "\"say\" has no \"verdict\"", NULL},
    {"an empty expect",
     HEAD "steps: [{connect: {certificate: good}, "
          "expect: {}}]\n",
     5, 48, "fields and values", NULL},

    {"an unquoted wildcard",
     "certificates: {a: {san: [*.contoso.com]}}\nsteps: [{say: x}]\n", 1, 26,
     "must stand in quotes", "\"*.contoso.com\""},
    {"a key that stands twice", "title: a\ntitle: b\n" STEPS, 2, 1, "again",
     NULL},
    {"a header with a colon in it",
     "steps:\n  - say: x\n    name: Data: fqdn\n", 3, 11, "second key",
     "\"Data: fqdn\""},
    {"an anchor", "title: &a x\nsteps: [{say: x}]\n", 1, 8, "anchors", NULL},
    {"a tag", "title: !!str x\nsteps: [{say: x}]\n", 1, 8, "tags", NULL},
    {"a merge key", "title: x\n<<: *base\nsteps: [{say: x}]\n", 2, 5, "aliases",
     NULL},
    {"a second document", "steps: [{say: x}]\n---\ntitle: x\n", 2, 1,
     "second document", NULL},
    {"a quote that is never closed", "title: \"x\nsteps: [{say: x}]\n", 1, 8,
     "never closed", NULL},
    {"a truth in quotes",
     "certificates: {a: {subject: CN=a, foreign-key: 'yes'}}\n"
     "steps: [{say: x}]\n",
     1, 48, "true or false", NULL},
    {"a truth of YAML 1.1",
     "certificates: {a: {subject: CN=a, foreign-key: yes}}\n"
     "steps: [{say: x}]\n",
     1, 48, "true or false", NULL},
    {"UTF-16", "\xFF\xFEt", 0, 0, "UTF-16", "UTF-8"},
    {"a byte that is no UTF-8", "title: caf\xE9\nsteps: [{say: x}]\n", 1, 11,
     "not UTF-8", NULL},
    {"a control character", "title: a\x01\nsteps: [{say: x}]\n", 1, 9,
     "control character", NULL},
    {"a tab", "title: a\nsteps:\n\t- say: x\n", 3, 1, "tab", NULL},
    {"an empty file", "", 0, 0, "empty", NULL},
};

static bool has_fault(const struct ls_diags *diags, size_t row)
{
    for (size_t i = 0; i < diags->count; i++) {
        const struct ls_diag *diag = &diags->items[i];

        if (diag->place.line == rows[row].line &&
            diag->place.column == rows[row].column &&
            strstr(diag->sentence, rows[row].sentence) &&
            (!rows[row].hint ||
             (diag->hint && strstr(diag->hint, rows[row].hint))))
            return true;
    }
    return false;
}

Test(scenario_faults, show_their_place_and_what_to_write)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ls_diags diags;
        struct ls_buf out = {0};
        struct scenario *scenario;

        ls_diags_init(&diags, "x.yaml", ls_str_from(rows[i].text));
        scenario = scenario_parse(&diags);
        ls_diags_print(&diags, &out);
        ls_buf_add_byte(&out, '\0');

        cr_expect_null(scenario, "%s", rows[i].label);
        cr_expect(has_fault(&diags, i), "%s: %u:%u %s\n%s", rows[i].label,
                  rows[i].line, rows[i].column, rows[i].sentence, out.at);
        scenario_free(scenario);
        ls_buf_clear(&out);
        ls_diags_clear(&diags);
    }
}

Test(scenario_faults, are_collected_and_do_not_stop_at_the_first)
{
    static const char text[] = "titel: a\n"
                               "clock: soon\n"
                               "certificates: {a: {subject: CN=a, key: p1}}\n"
                               "steps:\n"
                               "  - connect: {certificate: b}\n"
                               "    expect: {verdict: maybe, reasn: x}\n"
                               "  - advance: never\n"
                               "    name: a\n"
                               "    name: b\n";
    struct ls_diags diags;

    ls_diags_init(&diags, "x.yaml", ls_str_from(text));
    cr_expect_null(scenario_parse(&diags));
    cr_expect_eq(diags.count, 8u);
    ls_diags_clear(&diags);
}

Test(scenario_faults, are_faults_behind_more_than_are_kept)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct ls_buf text = {0};
        struct ls_diags diags;

        for (int j = 0; j < LS_DIAGS_MAX; j++)
            ls_buf_printf(&text, "unknown-%d: x\n", j);
        ls_buf_add_text(&text, rows[i].text);
        ls_diags_init(&diags, "x.yaml", ls_buf_str(&text));

        cr_expect_null(scenario_parse(&diags), "%s", rows[i].label);
        ls_diags_clear(&diags);
        ls_buf_clear(&text);
    }
}

Test(scenario_faults, name_the_limits)
{
    static const char item[] = "  - say: x\n";
    struct ls_buf text = {0};
    struct ls_diags diags;

    ls_buf_add_text(&text, "steps:\n");
    for (int i = 0; i < 2001; i++)
        ls_buf_add_text(&text, item);
    ls_diags_init(&diags, "x.yaml", ls_buf_str(&text));
    cr_expect_null(scenario_parse(&diags));
    cr_assert_eq(diags.count, 1u);
    cr_expect_eq(diags.items[0].place.line, 2002u);
    cr_expect(strstr(diags.items[0].sentence, "2000"));
    ls_diags_clear(&diags);
    ls_buf_clear(&text);
}
