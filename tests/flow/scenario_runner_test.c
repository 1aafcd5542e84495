/* Does a scenario play out without a socket, whole and a byte at a time, and
 * does the runner see what went wrong? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/result_json.h"
#include "lyncsim/scenario_runner.h"
#include "lyncsim/story.h"

#include "support/golden.h"
#include "support/play.h"

static struct scenario *load(const char *name)
{
    char *path = ls_strf("%s/scenarios/%s", LYNCSIM_SOURCE_DIR, name);
    char *text = golden_read_text(path);
    struct scenario *scenario = play_parse(name, ls_str_from(text));

    free(text);
    free(path);
    return scenario;
}

static const char *const files[] = {
    "owa-subject-name.yaml",
    "one-certificate-many-tables.yaml",
    "mutual-trust.yaml",
};

static const struct runner_options no_options;

Test(scenario_runner, plays_without_a_socket)
{
    for (size_t i = 0; i < LS_COUNT(files); i++) {
        struct scenario *scenario = load(files[i]);
        struct scenario_runner *runner =
            scenario_runner_new(scenario, &no_options);

        cr_expect_eq(play_runner(runner, 0)->outcome, PLAY_PASSED, "%s",
                     files[i]);
        scenario_runner_free(runner);
        scenario_free(scenario);
    }
}

Test(scenario_runner, sees_the_same_whole_and_a_byte_at_a_time)
{
    for (size_t i = 0; i < LS_COUNT(files); i++) {
        struct scenario *scenario = load(files[i]);
        struct ls_buf texts[2] = {{0}, {0}};

        for (size_t piece = 0; piece < 2; piece++) {
            struct scenario_runner *runner =
                scenario_runner_new(scenario, &no_options);
            const struct scenario_result *result = play_runner(runner, piece);

            struct run_entry entry = run_entry_from_result(result);
            struct run_report report = {&entry, 1};

            result_json_print(&report, &texts[piece]);
            scenario_runner_free(runner);
        }

        cr_expect(ls_str_equal(ls_buf_str(&texts[0]), ls_buf_str(&texts[1])),
                  "%s", files[i]);
        ls_buf_clear(&texts[0]);
        ls_buf_clear(&texts[1]);
        scenario_free(scenario);
    }
}

Test(scenario_runner, tells_the_story_of_the_article)
{
    struct scenario *scenario = load(files[0]);
    struct scenario_runner *runner = scenario_runner_new(scenario, &no_options);
    const struct scenario_result *result = play_runner(runner, 0);
    struct story_style style = {0};
    struct ls_buf story = {0};

    story_print(result, &style, &story);

    golden_expect("owa-subject-name.story", ls_buf_str(&story));
    ls_buf_clear(&story);
    scenario_runner_free(runner);
    scenario_free(scenario);
}

static const char small[] = "title: A test\n"
                            "certificates:\n"
                            "  cas: {subject: CN=cas.contoso.com}\n"
                            "topology: {pools: [{fqdn: cas.contoso.com}]}\n"
                            "steps:\n";

/* The outcome of the last of steps, added to a small scenario. */
struct tried {
    struct scenario *scenario;
    struct scenario_runner *runner;
    const struct scenario_result *result;
    const struct step_result *last;
};

static void try_steps(struct tried *tried, const char *steps,
                      const struct runner_options *options)
{
    char *text = ls_strf("%s%s", small, steps);

    tried->scenario = play_parse("small.yaml", ls_str_from(text));
    free(text);
    tried->runner = scenario_runner_new(tried->scenario, options);
    tried->result = play_runner(tried->runner, 0);
    tried->last = &tried->result->steps[tried->result->step_count - 1];
}

static void forget(struct tried *tried)
{
    scenario_runner_free(tried->runner);
    scenario_free(tried->scenario);
}

Test(scenario_runner, fails_a_step_whose_expectations_are_not_met)
{
    static const struct {
        const char *label;
        const char *steps;
        const char *field;
        const char *expected;
        const char *actual;
    } rows[] = {
        {"a verdict",
         "  - connect: {certificate: cas}\n"
         "    expect: {verdict: refused}\n",
         "verdict", "refused", "accepted"},
        {"no certificate",
         "  - connect: {certificate: none}\n"
         "    expect: {verdict: accepted}\n",
         "verdict", "accepted", "client"},
        {"an edit that is refused",
         "  - topology: [{remove-pool: other.contoso.com}]\n", "topology",
         "applied", NULL},
        {"an edit that should be refused",
         "  - topology: [{remove-pool: cas.contoso.com}]\n"
         "    expect: {topology: refused}\n",
         "topology", "refused", "applied"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct tried tried;

        try_steps(&tried, rows[i].steps, &no_options);

        cr_expect_eq(tried.result->outcome, PLAY_FAILED, "%s", rows[i].label);
        cr_assert_eq(tried.last->failure_count, 1, "%s", rows[i].label);
        cr_expect_str_eq(tried.last->failures[0].field, rows[i].field, "%s",
                         rows[i].label);
        cr_expect_str_eq(tried.last->failures[0].expected, rows[i].expected,
                         "%s", rows[i].label);
        if (rows[i].actual != NULL)
            cr_expect_str_eq(tried.last->failures[0].actual, rows[i].actual,
                             "%s", rows[i].label);
        cr_expect_gt(tried.last->failures[0].place.line, 5u, "%s",
                     rows[i].label);
        forget(&tried);
    }
}

Test(scenario_runner, judges_by_what_was_edited)
{
    struct tried tried;

    try_steps(&tried,
              "  - topology: [{remove-pool: cas.contoso.com}, publish]\n"
              "  - connect: {certificate: cas}\n"
              "    expect: {reason: unknown-server, near.kind: removed}\n",
              &no_options);

    cr_expect_eq(tried.result->outcome, PLAY_PASSED);
    cr_expect_eq(tried.last->record_count, 1);
    forget(&tried);
}

Test(scenario_runner, lets_the_command_line_have_the_last_word)
{
    struct runner_options options = {
        .front_end = {.rule = identity_rule_find(ls_str_from("rfc5922"))},
    };
    struct tried tried;

    try_steps(&tried, "  - connect: {certificate: cas}\n", &options);

    cr_expect_eq(tried.result->outcome, PLAY_PASSED);
    forget(&tried);
}

Test(scenario_runner, loses_no_record_of_many_users)
{
    static const size_t counts[] = {50, 500};
    size_t records[LS_COUNT(counts)];

    for (size_t i = 0; i < LS_COUNT(counts); i++) {
        char *steps =
            ls_strf("  - sign-in: {certificate: cas, users: "
                    "{count: %zu, name: \"sip:user#@contoso.com\"}}\n",
                    counts[i]);
        struct tried tried;

        try_steps(&tried, steps, &no_options);
        cr_expect_eq(tried.result->outcome, PLAY_PASSED);
        records[i] = tried.last->all_record_count;
        forget(&tried);
        free(steps);
    }

    cr_expect_eq(records[1], 10 * records[0], "%zu, and %zu of ten times less",
                 records[1], records[0]);
}

Test(scenario_runner, moves_lab_time_by_advance_alone)
{
    struct tried tried;

    try_steps(&tried, "  - advance: 5 minutes\n", &no_options);

    cr_expect_eq(scenario_runner_now_ms(tried.runner),
                 (uint64_t)SCENARIO_CLOCK_DEFAULT_MS + 300000);
    forget(&tried);
}

Test(scenario_runner, makes_a_step_that_was_cut_off_an_error)
{
    static const char text[] = "title: A test\n"
                               "certificates:\n"
                               "  cas: {subject: CN=cas.contoso.com}\n"
                               "steps:\n"
                               "  - connect: {certificate: cas}\n";
    struct runner_exchange cut = {.cut_off = "nobody was there"};
    struct scenario *scenario = play_parse("cut.yaml", ls_str_from(text));
    struct scenario_runner *runner = scenario_runner_new(scenario, &no_options);
    const struct scenario_result *result;
    struct runner_action action;

    cr_assert(scenario_runner_next(runner, &action));
    scenario_runner_exchanged(runner, &cut);
    cr_assert(scenario_runner_next(runner, &action));
    result = scenario_runner_result(runner);

    cr_expect_eq(result->outcome, PLAY_ERROR);
    cr_expect_str_eq(result->steps[0].error, "nobody was there");
    scenario_runner_free(runner);
    scenario_free(scenario);
}

Test(scenario_runner, may_be_given_up_at_any_time)
{
    struct scenario *scenario = load(files[0]);
    struct scenario_runner *runner = scenario_runner_new(scenario, &no_options);
    struct runner_action action;

    cr_assert(scenario_runner_next(runner, &action));

    scenario_runner_free(runner);
    scenario_free(scenario);
}
