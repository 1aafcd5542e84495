/* Do peers and the Front End say what a talk has them say, in turns, and is it
 * seen when they do not? */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/result_json.h"
#include "lyncsim/story.h"

#include "support/play.h"

#define HEAD                                                                   \
    "title: A test\n"                                                          \
    "certificates:\n"                                                          \
    "  cas: {subject: CN=cas.contoso.com}\n"                                   \
    "  um: {subject: CN=um.contoso.com}\n"                                     \
    "  bad: {subject: CN=bad.contoso.com}\n"                                   \
    "topology: {pools: [{fqdn: cas.contoso.com}, {fqdn: um.contoso.com}]}\n"   \
    "steps:\n"

#define REQUEST(method, from, to, more)                                        \
    method " sip:" to " SIP/2.0\\r\\nVia: SIP/2.0/TLS $local;branch=$branch"   \
           "\\r\\nMax-Forwards: 70\\r\\nFrom: <sip:" from                      \
           ">;tag=$tag;epid=01\\r\\nTo: <sip:" to                              \
           ">\\r\\nCall-ID: $call-id\\r\\nCSeq: $cseq " method "\\r\\n" more   \
           "Content-Length: $length\\r\\n"

#define SEND(method, from, to, more)                                           \
    "send: \"" REQUEST(method, from, to, more) "\""
#define OPTIONS SEND("OPTIONS", "$host", "$remote-host", "")
#define REGISTER(user)                                                         \
    SEND("REGISTER", user, user,                                               \
         "Contact: <sip:$local;transport=tls>\\r\\nEvent: registration\\r\\n"  \
         "Expires: 7200\\r\\n")
#define CONNECT "  - connect: {certificate: cas, talk: ["

struct tried {
    struct scenario *scenario;
    struct scenario_runner *runner;
    const struct scenario_result *result;
};

static void try_steps(struct tried *tried, const char *steps, size_t piece)
{
    static const struct runner_options no_options;
    char *text = ls_strf("%s%s", HEAD, steps);

    tried->scenario = play_parse("talk.yaml", ls_str_from(text));
    free(text);
    tried->runner = scenario_runner_new(tried->scenario, &no_options);
    tried->result = play_runner(tried->runner, piece);
}

static void forget(struct tried *tried)
{
    scenario_runner_free(tried->runner);
    scenario_free(tried->scenario);
}

static const char *const good[] = {
    CONNECT "{" OPTIONS "}, {receive: 200}]}\n",
    CONNECT "{" OPTIONS "}, {receive: {status: 100, optional: true}}, "
            "{receive: {status: 200, header: {Server: {contains: RTC/4}}}}, "
            "{receive: nothing}]}\n",
    CONNECT "{by: front-end, " OPTIONS "}, {receive: OPTIONS}, "
            "{by: front-end, receive: 200, as: x}]}\n"
            "    expect: {verdict: accepted}\n",
    CONNECT "{by: front-end, " OPTIONS "}, {receive: OPTIONS}, "
            "{respond: {status: 486, header: {X-Why: busy}, body: no}}, "
            "{by: front-end, receive: {status: 486, header: {X-Why: busy}, "
            "body: no}}], ignores: [OPTIONS]}\n",
    CONNECT "{" OPTIONS "}, {leave: reset}]}\n",
    CONNECT "{" OPTIONS "}, {leave: cut}]}\n",
    CONNECT "{" OPTIONS "}, {leave: half-close}, {receive: {status: 200, "
            "optional: true}}]}\n",
    "  - respond: [{method: OPTIONS, status: 503, times: 1}]\n" CONNECT
    "{" OPTIONS "}, {receive: 503}, {" OPTIONS "}, {receive: 200}]}\n",
    "  - respond: [{status: none}]\n" CONNECT "{" OPTIONS
    "}, {receive: nothing}]}\n",
    "  - respond: [{user: \"sip:x@y.z\", status: 403}]\n" CONNECT "{" OPTIONS
    "}, {receive: 200}]}\n",
    "  - together:\n"
    "      - connect: {certificate: cas, talk: [{await: there}, {" SEND(
        "MESSAGE", "alice@contoso.com", "bob@contoso.com",
        "Content-Type: text/plain\\r\\n") "}, {receive: 486}]}\n"
                                          "      - connect: {certificate: um, "
                                          "talk: [{" REGISTER(
                                              "bob@contoso.com") "}, {receive: "
                                                                 "200, as: "
                                                                 "there}, "
                                                                 "{receive: "
                                                                 "MESSAGE}, "
                                                                 "{respond: "
                                                                 "486}]}\n"
                                                                 "        as: "
                                                                 "bob\n"
                                                                 "      - "
                                                                 "await: bob\n"
                                                                 "        say: "
                                                                 "He has "
                                                                 "gone.\n"
                                                                 "      - "
                                                                 "await: "
                                                                 "there\n"
                                                                 "        "
                                                                 "connect: "
                                                                 "{certificate:"
                                                                 " bad}\n"
                                                                 "        "
                                                                 "expect: "
                                                                 "{verdict: "
                                                                 "refused}\n",
};

Test(scenario_talk, plays_whole_and_a_byte_at_a_time)
{
    for (size_t i = 0; i < LS_COUNT(good); i++)
        for (size_t piece = 0; piece < 2; piece++) {
            struct tried tried;
            struct ls_buf story = {0};
            struct story_style style = {0};

            try_steps(&tried, good[i], piece);
            story_print(tried.result, &style, &story);

            cr_expect_eq(tried.result->outcome, PLAY_PASSED, "%zu, %zu: %s", i,
                         piece, story.at);
            ls_buf_clear(&story);
            forget(&tried);
        }
}

Test(scenario_talk, says_what_was_not_as_it_should_be)
{
    static const struct {
        const char *label;
        const char *steps;
        const char *field;
        const char *expected;
        const char *actual;
        size_t unexpected;
    } rows[] = {
        {"another status", CONNECT "{" OPTIONS "}, {receive: 404}]}\n",
         "receive.status", "404", "200", 1},
        {"another header",
         CONNECT "{" OPTIONS
                 "}, {receive: {status: 200, header: {Server: x}}}]}\n",
         "receive.header.Server", "x", "RTC/4.0", 1},
        {"a response for a request",
         CONNECT "{" OPTIONS "}, {receive: OPTIONS}]}\n", "receive.method",
         "OPTIONS", "nothing", 1},
        {"nothing at all", CONNECT "{receive: 200}]}\n", "receive",
         "status 200", "nothing came, and nothing moves any more", 0},
        {"something for nothing",
         CONNECT "{" OPTIONS "}, {receive: nothing}]}\n", "receive", "nothing",
         "SIP/2.0 200 OK", 1},
        {"too much", CONNECT "{" OPTIONS "}]}\n", "talk",
         "no more messages, or ignores: that names them", "SIP/2.0 200 OK", 1},
        {"a refused one",
         "  - connect: {certificate: bad, talk: [{" OPTIONS "}]}\n", "send",
         "a connection to send over", "the connection has ended", 0},
        {"an answer to nothing", CONNECT "{respond: 200}]}\n", "respond",
         "a request to be answered", "none has come", 0},
        {"in vain within", CONNECT "{receive: {method: BYE, within: 40 s}}]}\n",
         "receive", "method BYE", "nothing came, and nothing moves any more",
         0},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct tried tried;
        const struct step_result *step;

        try_steps(&tried, rows[i].steps, 0);
        step = &tried.result->steps[0];

        cr_expect_eq(tried.result->outcome, PLAY_FAILED, "%s", rows[i].label);
        cr_assert_eq(step->failure_count, 1, "%s", rows[i].label);
        cr_expect_str_eq(step->failures[0].field, rows[i].field);
        cr_expect_str_eq(step->failures[0].expected, rows[i].expected);
        cr_expect_str_eq(step->failures[0].actual, rows[i].actual);
        cr_expect_eq(step->unexpected_count, rows[i].unexpected, "%s",
                     rows[i].label);
        cr_expect_eq(step->failures[0].message != NULL, rows[i].unexpected > 0,
                     "%s", rows[i].label);
        forget(&tried);
    }
}

Test(scenario_talk, gives_up_what_a_failed_one_was_to_say)
{
    struct tried tried;

    try_steps(&tried,
              "  - together:\n"
              "      - connect: {certificate: cas, talk: [{receive: 200, as: "
              "a}]}\n"
              "      - connect: {certificate: cas, talk: [{await: a}]}\n"
              "      - await: a\n"
              "        connect: {certificate: cas}\n",
              0);

    cr_assert_eq(tried.result->step_count, 3);
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(tried.result->steps[i].outcome, PLAY_FAILED, "%zu", i);
    cr_expect_str_eq(tried.result->steps[1].failures[0].field, "await");
    cr_expect_str_eq(tried.result->steps[2].failures[0].field, "await");
    forget(&tried);
}

Test(scenario_talk, lets_lab_time_pass_only_where_it_is_said)
{
    static const struct {
        const char *steps;
        uint64_t ms;
    } rows[] = {
        {CONNECT "{receive: nothing}]}\n", 0},
        {CONNECT "{receive: {method: BYE, within: 40 s, optional: true}}]}\n",
         40000},
        {CONNECT "{advance: 1 min}, {" OPTIONS "}, {receive: 200}]}\n", 60000},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct tried tried;

        try_steps(&tried, rows[i].steps, 0);

        cr_expect_eq(tried.result->outcome, PLAY_PASSED, "%zu", i);
        cr_expect_eq(scenario_runner_now_ms(tried.runner),
                     (uint64_t)SCENARIO_CLOCK_DEFAULT_MS + rows[i].ms, "%zu",
                     i);
        forget(&tried);
    }
}

Test(scenario_talk, spoils_the_wire_from_a_line_on)
{
    static const struct {
        const char *wire, *then;
        uint64_t seconds;
    } rows[] = {
        {"{garbage-after: 0}", "{receive: nothing}", 0},
        {"{reset-after: 0}", "{receive: nothing}", 0},
        {"{cut-after: 0}", "{receive: nothing}", 0},
        {"{half-close-after: 0}", "{receive: nothing}", 0},
        {"{side: front-end, garbage-after: 0}", "{receive: nothing}", 0},
        {"{side: front-end, reset-after: 0}", "{receive: nothing}", 0},
        {"{side: front-end, cut-after: 0}", "{receive: nothing}", 0},
        {"{side: front-end, half-close-after: 0}", "{receive: nothing}", 0},
        {"{flip-bit-at: 30}", "{" OPTIONS "}, {receive: nothing}", 0},
        {"{cut-after: 30}", "{" OPTIONS "}, {receive: nothing}", 0},
        {"{drop-after: 30}", "{" OPTIONS "}, {receive: nothing}", 0},
        {"{side: front-end, drop-after: 30}",
         "{" OPTIONS "}, {receive: nothing}", 0},
        {"{side: front-end, flip-bit-at: 30}",
         "{" OPTIONS "}, {receive: nothing}", 0},
        {"{stall-after: 30, for: 90 s}",
         "{" OPTIONS "}, {receive: 200}, {wire: none}, {" OPTIONS
         "}, {receive: 200}",
         90},
        {"{chunk: 1}", "{" OPTIONS "}, {receive: 200}", 0},
        {"{side: front-end, stall-after: 0, for: 5 s}",
         "{" OPTIONS "}, {receive: 200}", 5},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        for (size_t piece = 0; piece < 2; piece++) {
            struct tried tried;
            struct ls_buf story = {0};
            struct story_style style = {0};
            char *steps = ls_strf(CONNECT "{" OPTIONS "}, {receive: 200}, "
                                          "{wire: %s}, %s]}\n",
                                  rows[i].wire, rows[i].then);

            try_steps(&tried, steps, piece);
            story_print(tried.result, &style, &story);

            cr_expect_eq(tried.result->outcome, PLAY_PASSED, "%s: %s",
                         rows[i].wire, story.at);
            cr_expect_eq(scenario_runner_now_ms(tried.runner),
                         (uint64_t)SCENARIO_CLOCK_DEFAULT_MS +
                             rows[i].seconds * 1000,
                         "%s", rows[i].wire);
            ls_buf_clear(&story);
            free(steps);
            forget(&tried);
        }
}

/* A piece a second: time passes for each, and it arrives. */
Test(scenario_talk, lets_bytes_trickle)
{
    struct tried tried;
    uint64_t passed_ms;

    try_steps(&tried,
              CONNECT "{wire: {chunk: 10, every: 1 second}}, {" OPTIONS
                      "}, {receive: 200}]}\n",
              0);

    cr_expect_eq(tried.result->outcome, PLAY_PASSED);
    passed_ms = scenario_runner_now_ms(tried.runner) -
                (uint64_t)SCENARIO_CLOCK_DEFAULT_MS;
    cr_expect_gt(passed_ms, 20000u);
    cr_expect_eq(passed_ms % 1000, 0);
    forget(&tried);
}

/* One in three or so, and the same ones each time. */
Test(scenario_talk, draws_chances_from_the_seed)
{
    char *outcomes[2];

    for (size_t run = 0; run < 2; run++) {
        struct ls_buf steps = {0};
        struct ls_buf text = {0};
        struct tried tried;

        ls_buf_add_text(&steps, "  - respond: [{method: OPTIONS, status: 503, "
                                "chance: 30%}]\n");
        for (size_t i = 0; i < 30; i++)
            ls_buf_add_text(&steps, CONNECT "{" OPTIONS "}, {receive: "
                                            "{status: {one-of: [200, "
                                            "503]}}}]}\n");
        try_steps(&tried, steps.at, 0);
        cr_expect_eq(tried.result->outcome, PLAY_PASSED);
        for (size_t i = 1; i < tried.result->step_count; i++)
            ls_buf_add_byte(
                &text, strstr(tried.result->steps[i].lines[1].message, "503")
                           ? 'x'
                           : '.');
        outcomes[run] = ls_buf_take(&text);
        ls_buf_clear(&steps);
        forget(&tried);
    }

    cr_expect_str_eq(outcomes[0], outcomes[1]);
    cr_expect_not_null(strchr(outcomes[0], 'x'));
    cr_expect_not_null(strchr(outcomes[0], '.'));
    free(outcomes[0]);
    free(outcomes[1]);
}
