/* Does a name from a certificate or a file stay text, whatever is in it and
 * whoever is told? */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/html_report.h"
#include "lyncsim/junit_report.h"
#include "lyncsim/result_json.h"
#include "lyncsim/scenario_runner.h"
#include "lyncsim/story.h"
#include "lyncsim/tap_report.h"

#include "support/play.h"
#include "support/wire_pair.h"

/* A scenario whose every text is the same hostile one, and which fails. */
struct told {
    struct scenario *scenario;
    struct scenario_runner *runner;
    struct run_entry entry;
    struct run_report report;
};

/* subject is the rest of a certificate's mapping, or a named fault. */
static struct scenario *parse(const char *name, const char *subject)
{
    bool is_fault = strncmp(subject, "fault:", 6) == 0;
    char *text = ls_strf("title: \"%s\"\n"
                         "story: \"%s\"\n"
                         "source: \"%s\"\n"
                         "topology: {pools: [{fqdn: cas.contoso.com}]}\n"
                         "certificates:\n"
                         "  cas: {%s}\n"
                         "steps:\n"
                         "  - say: \"%s\"\n"
                         "  - name: \"%s\"\n"
                         "    connect: {certificate: %s}\n"
                         "    expect: {identity.name: \"%s\", owa: \"%s\"}\n",
                         name, name, name,
                         is_fault ? "subject: CN=cas.contoso.com" : subject,
                         name, name, is_fault ? subject : "cas", name, name);
    struct scenario *scenario = play_parse("hostile.yaml", ls_str_from(text));

    free(text);
    return scenario;
}

static void play(struct told *told, const char *name, const char *subject)
{
    static const struct runner_options as_written;
    struct runner_exchange report = {0};
    struct runner_action action;

    told->scenario = parse(name, subject);
    told->runner = scenario_runner_new(told->scenario, &as_written);
    while (scenario_runner_next(told->runner, &action) &&
           action.kind == RUNNER_EXCHANGE) {
        struct wire_pair pair;

        wire_pair_init(&pair, action.front_end, action.peer,
                       scenario_runner_now_ms(told->runner));
        wire_pair_run(&pair);
        wire_pair_clear(&pair);
        scenario_runner_exchanged(told->runner, &report);
    }
    told->entry = run_entry_from_result(scenario_runner_result(told->runner));
    told->report = (struct run_report){&told->entry, 1};
}

static void forget(struct told *told)
{
    scenario_runner_free(told->runner);
    scenario_free(told->scenario);
}

static void print_story(const struct run_report *report, struct ls_buf *out)
{
    struct story_style style = {.verbose = true};

    story_print_line(report->entries[0].result, &style, out);
    story_print(report->entries[0].result, &style, out);
    story_print_failures(report->entries[0].result, &style, out);
}

static const struct {
    const char *label;
    void (*print)(const struct run_report *report, struct ls_buf *out);
    bool is_markup;
} reports[] = {
    {"story", print_story, false},      {"JUnit", junit_report_print, true},
    {"TAP", tap_report_print, false},   {"HTML", html_report_print, true},
    {"JSON", result_json_print, false},
};

/* As YAML writes them, in the title, the steps and what is expected; and what
 * must not be in any report then, in none that is made of marks. */
static const struct {
    const char *label;
    const char *name;
    const char *never;
    const char *never_in_markup;
} names[] = {
    {"marks", "<b onclick=x>a&b</b>", NULL, "<b "},
    {"script", "<script>alert(1)</script>", NULL, "<script"},
    {"end of an attribute", "\\\"><img src=x>", NULL, "\"><img"},
    {"end of a case", "</testcase></testsuite>", NULL,
     "</testcase></testsuite"},
    {"end of a CDATA", "]]>", NULL, "]]>"},
    {"entity", "&lt;b&gt;&#60;", NULL, "&#60;"},
    {"declaration", "<!DOCTYPE a [<!ENTITY x SYSTEM '/etc/passwd'>]>", NULL,
     "<!ENTITY"},
    {"escape sequence", "\\e[2J\\e]0;x\\a", "\033", NULL},
    {"one-byte escape sequence", "\\x9b2J", "\302\233", NULL},
    {"backspaces", "safe\\b\\b\\b\\bevil", "\b", NULL},
    {"carriage return", "safe\\revil", "\r", NULL},
    {"delete", "a\\x7fb", NULL, "\177"},
    {"right to left", "a\\u202emoc.osotnoc", "\342\200\256", NULL},
    {"isolate", "a\\u2066b\\u2069", "\342\201\246", NULL},
    {"mark of direction", "a\\u200fb", "\342\200\217", NULL},
    {"a record of its own", "$$begin_record", NULL, NULL},
};

Test(report, keeps_hostile_names_text)
{
    for (size_t i = 0; i < LS_COUNT(names); i++) {
        struct told told;

        play(&told, names[i].name, "subject: CN=stranger.contoso.com");
        for (size_t k = 0; k < LS_COUNT(reports); k++) {
            const char *never = names[i].never;
            struct ls_buf text = {0};

            reports[k].print(&told.report, &text);

            cr_expect(never == NULL || strstr(text.at, never) == NULL,
                      "%s in %s:\n%s", names[i].label, reports[k].label,
                      text.at);
            cr_expect(ls_str_is_utf8(ls_buf_str(&text)), "%s in %s",
                      names[i].label, reports[k].label);
            cr_expect(
                !reports[k].is_markup || names[i].never_in_markup == NULL ||
                    strstr(text.at, names[i].never_in_markup) == NULL,
                "%s in %s:\n%s", names[i].label, reports[k].label, text.at);
            ls_buf_clear(&text);
        }
        forget(&told);
    }
}

/* TAP has lines, and words that count in them. */
static const struct {
    const char *label;
    const char *name;
    const char *never;
} lines[] = {
    {"a test of its own", "x\\nok 99 - forged\\n1..99", "\nok 99"},
    {"a directive", "x # SKIP nobody looks", "- x # SKIP"},
    {"a directive behind an escape", "x \\\\# SKIP", " \\# SKIP"},
    {"the end of its YAML", "x\\n      ...\\nnot ok 1", "x\n      ...\n"},
    {"a plan", "1..0 # skip all", "\n1..0"},
    {"a version", "x\\nTAP version 13", "\nTAP version 13"},
    {"a bail", "x\\nBail out!", "\nBail out!"},
};

Test(report, keeps_lines_of_tap_its_own)
{
    for (size_t i = 0; i < LS_COUNT(lines); i++) {
        struct told told;
        struct ls_buf text = {0};

        play(&told, lines[i].name, "subject: CN=stranger.contoso.com");
        tap_report_print(&told.report, &text);

        cr_expect_null(strstr(text.at, lines[i].never), "%s in %s",
                       lines[i].label, text.at);
        cr_expect_eq(strncmp(text.at, "TAP version 14", 14), 0);
        ls_buf_clear(&text);
        forget(&told);
    }
}

/* In the subject and among the alternative names. */
static const struct {
    const char *label;
    const char *certificate;
    const char *forbidden;
} certificates[] = {
    {"NUL in the CN", "fault:nul-in-cn", "contoso.com.evil"},
    {"NUL in the SAN", "fault:nul-in-san", "contoso.com.evil"},
    {"undecodable", "fault:undecodable-cn", "\351"},
    {"marks", "subject: \"CN=<b>a\", san: [\"uri:sip:<i>\"]", "<i>"},
    {"escape sequence", "subject: \"CN=\\e[2J\"", "\033"},
    {"right to left", "subject: \"CN=\\u202Ex\"", "\342\200\256"},
};

Test(report, keeps_the_names_of_certificates_text)
{
    for (size_t i = 0; i < LS_COUNT(certificates); i++) {
        struct told told;

        play(&told, "cas.contoso.com", certificates[i].certificate);
        for (size_t k = 0; k < LS_COUNT(reports); k++) {
            struct ls_buf text = {0};

            reports[k].print(&told.report, &text);

            cr_expect(ls_str_is_utf8(ls_buf_str(&text)), "%s in %s",
                      certificates[i].label, reports[k].label);
            cr_expect_eq(strlen(text.at), text.length, "%s in %s: a NUL",
                         certificates[i].label, reports[k].label);
            cr_expect((certificates[i].forbidden[0] == '<' &&
                       !reports[k].is_markup) ||
                          strstr(text.at, certificates[i].forbidden) == NULL,
                      "%s in %s:\n%s", certificates[i].label, reports[k].label,
                      text.at);
            ls_buf_clear(&text);
        }
        forget(&told);
    }
}

/* Nothing is cut where it is to be read by programs; a picture is. */
Test(report, takes_a_name_of_ten_thousand_letters)
{
    char *name = ls_strf("%010000d", 7);
    struct told told;

    play(&told, name, "subject: CN=cas.contoso.com");
    for (size_t k = 0; k < LS_COUNT(reports); k++) {
        struct ls_buf text = {0};

        reports[k].print(&told.report, &text);

        cr_expect_not_null(strstr(text.at, name), "%s", reports[k].label);
        cr_expect_lt(text.length, 400 * 1024, "%s: %zu bytes", reports[k].label,
                     text.length);
        ls_buf_clear(&text);
    }
    forget(&told);
    free(name);
}

/* --- rows that were not played ------------------------------------------- */

static struct run_entry faulty(struct ls_diags *diags)
{
    static const char text[] = "titel: \"<b>\"\n";

    ls_diags_init(diags, "<i>.yaml", ls_str_from_bytes(text, sizeof text - 1));
    ls_diags_add(diags, (struct ls_place){1, 1, 5}, "Did you mean \"title\"?",
                 "there is no key \"titel\"");
    return (struct run_entry){.file = "<i>.yaml", .faults = diags};
}

static const struct {
    const char *label;
    const char *faults;
    const char *skipped;
} unplayed[] = {
    {"story", NULL, NULL},
    {"JUnit",
     "&lt;i&gt;.yaml:1:1: there is no key &quot;titel&quot;\n"
     "  titel: &quot;&lt;b&gt;&quot;\n  ^~~~~\n  Did you mean",
     "<skipped>Too late.</skipped>"},
    {"TAP",
     "    <i>.yaml:1:1: there is no key \"titel\"\n"
     "      titel: \"<b>\"\n      ^~~~~\n      Did you mean \"title\"?\n  "
     "...\n",
     "ok 2 - cas.contoso.com # SKIP Too late.\n"},
    {"HTML", "\n  ^~~~~\n  Did you mean", "Too late."},
    {"JSON",
     "\"faults\":[{\"line\":1,\"column\":1,\"sentence\":\"there is no key "
     "\\\"titel\\\"\",\"hint\":\"Did you mean \\\"title\\\"?\"}]",
     "\"skipped\":[{\"file\":\"late.yaml\","},
};

Test(report, tells_of_files_that_were_not_played)
{
    struct scenario *scenario =
        parse("cas.contoso.com", "subject: CN=cas.contoso.com");
    struct ls_diags diags;
    struct run_entry entries[] = {
        faulty(&diags),
        {.file = "late.yaml", .scenario = scenario, .unplayed = "Too late."},
    };
    struct run_report report = {entries, LS_COUNT(entries)};

    for (size_t k = 1; k < LS_COUNT(reports); k++) {
        struct ls_buf text = {0};

        reports[k].print(&report, &text);

        cr_expect_not_null(strstr(text.at, unplayed[k].faults), "%s: %s",
                           unplayed[k].label, text.at);
        cr_expect_not_null(strstr(text.at, unplayed[k].skipped), "%s: %s",
                           unplayed[k].label, text.at);
        ls_buf_clear(&text);
    }
    ls_diags_clear(&diags);
    scenario_free(scenario);
}

Test(report, counts_rows_by_how_they_ended)
{
    struct scenario scenario = {.title = (char[]){"A title"}};
    struct ls_diags diags;
    struct scenario_result results[] = {
        {.scenario = &scenario, .outcome = PLAY_PASSED},
        {.scenario = &scenario, .outcome = PLAY_FAILED},
        {.scenario = &scenario, .outcome = PLAY_ERROR},
    };
    struct run_entry entries[] = {
        run_entry_from_result(&results[0]),
        run_entry_from_result(&results[1]),
        run_entry_from_result(&results[2]),
        faulty(&diags),
        {.file = "gone.yaml", .unread = "gone.yaml cannot be read"},
        {.file = "late.yaml", .scenario = &scenario},
    };
    struct run_report report = {entries, LS_COUNT(entries)};
    size_t counts[RUN_COUNT];

    run_report_count(&report, counts);

    cr_expect_eq(counts[RUN_PASSED], 1);
    cr_expect_eq(counts[RUN_FAILED], 1);
    cr_expect_eq(counts[RUN_ERROR], 3);
    cr_expect_eq(counts[RUN_SKIPPED], 1);
    cr_expect_str_eq(run_entry_title(&entries[3]), "<i>.yaml");
    cr_expect_null(run_entry_faults(&entries[4]));
    ls_diags_clear(&diags);
}
