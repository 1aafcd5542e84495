/*
 * TAP 14.
 */
#include "lyncsim/tap_report.h"

#include <stdlib.h>

#include "markup.h"
#include "page.h"

/* A description: no line end, and a # would begin a directive, were it not for
 * the \\ before it, which needs one itself. */
static void add_description(struct ls_buf *out, const char *text)
{
    struct ls_buf safe = {0};

    page_add_safe(&safe, ls_str_from(text));
    for (size_t i = 0; i < safe.length; i++) {
        if (safe.at[i] == '#' || safe.at[i] == '\\')
            ls_buf_add_byte(out, '\\');
        ls_buf_add_byte(out, safe.at[i]);
    }
    ls_buf_clear(&safe);
}

static void add_quoted(struct ls_buf *out, struct ls_str line)
{
    struct ls_buf safe = {0};

    page_add_safe(&safe, line);
    for (size_t i = 0; i < safe.length; i++) {
        if (safe.at[i] == '"' || safe.at[i] == '\\')
            ls_buf_add_byte(out, '\\');
        ls_buf_add_byte(out, safe.at[i]);
    }
    ls_buf_clear(&safe);
}

/* A value of the YAML block, always in double quotes. */
static void add_value(struct ls_buf *out, int indent, const char *key,
                      const char *text)
{
    struct ls_str rest = ls_str_from(text);
    const char *between = "";
    struct ls_str line;

    ls_buf_printf(out, "%*s%s: \"", indent, "", key);
    while (ls_str_cut(&rest, '\n', &line)) {
        ls_buf_add_text(out, between);
        add_quoted(out, line);
        between = "\\n";
    }
    ls_buf_add_text(out, "\"\n");
}

static void add_failure(struct ls_buf *out, const struct step_failure *failure)
{
    ls_buf_printf(out, "      - line: %u\n", failure->place.line);
    add_value(out, 8, "field", failure->field);
    add_value(out, 8, "expected", failure->expected);
    add_value(out, 8, "actual", failure->actual);
    if (failure->message != NULL)
        add_value(out, 8, "message", failure->message);
}

static void add_diagnosis(struct ls_buf *out, const struct step_result *step)
{
    if (step->outcome == PLAY_PASSED)
        return;
    ls_buf_add_text(out, "      ---\n      failures:\n");
    for (size_t i = 0; i < step->failure_count; i++)
        add_failure(out, &step->failures[i]);
    if (step->error != NULL) {
        ls_buf_printf(out, "      - line: %u\n", step->step->place.line);
        add_value(out, 8, "error", step->error);
    }
    ls_buf_add_text(out, "      ...\n");
}

static void add_step(struct ls_buf *out, const struct step_result *step,
                     size_t number)
{
    char *name = markup_step_name(step->step);

    ls_buf_printf(out, "    %sok %zu - ",
                  step->outcome == PLAY_PASSED ? "" : "not ", number);
    add_description(out, name);
    ls_buf_add_byte(out, '\n');
    add_diagnosis(out, step);
    free(name);
}

/* One that was played: its steps. */
static void add_subtest(struct ls_buf *out,
                        const struct scenario_result *result)
{
    size_t steps = 0;

    ls_buf_add_text(out, "# Subtest: ");
    add_description(out, result->scenario->title);
    ls_buf_add_byte(out, '\n');
    for (size_t i = 0; i < result->step_count; i++)
        if (result->steps[i].step->action != ACTION_SAY)
            add_step(out, &result->steps[i], ++steps);
    if (result->error != NULL) {
        ls_buf_printf(out, "    not ok %zu - ", ++steps);
        add_description(out, result->error);
        ls_buf_add_byte(out, '\n');
    }
    ls_buf_printf(out, "    1..%zu\n", steps);
}

/* A block scalar: lines as they are, two deeper than their key. Where the first
 * begins with a blank YAML must be told how deep; perl's reader has no word for
 * that. */
static void add_lines(struct ls_buf *out, const char *key, const char *text)
{
    struct ls_str rest = ls_str_from(text);
    struct ls_str line;

    ls_buf_printf(out, "  %s: |%s\n", key, text[0] == ' ' ? "2" : "");
    while (ls_str_cut(&rest, '\n', &line)) {
        ls_buf_add_text(out, "    ");
        page_add_safe(out, line);
        ls_buf_add_byte(out, '\n');
    }
}

static void add_faults(struct ls_buf *out, const struct run_entry *entry)
{
    char *faults = run_entry_faults(entry);
    char *why = run_entry_why(entry);

    ls_buf_add_text(out, "  ---\n");
    add_value(out, 2, "message", why);
    if (faults != NULL)
        add_lines(out, "faults", faults);
    ls_buf_add_text(out, "  ...\n");
    free(faults);
    free(why);
}

static void add_skip(struct ls_buf *out, const struct run_entry *entry)
{
    char *why = run_entry_why(entry);

    ls_buf_add_text(out, " # SKIP ");
    add_description(out, why);
    free(why);
}

static void add_entry(struct ls_buf *out, const struct run_entry *entry,
                      size_t number)
{
    enum run_outcome outcome = run_entry_outcome(entry);
    bool is_ok = outcome == RUN_PASSED || outcome == RUN_SKIPPED;

    if (entry->result != NULL)
        add_subtest(out, entry->result);
    ls_buf_printf(out, "%sok %zu - ", is_ok ? "" : "not ", number);
    add_description(out, run_entry_title(entry));
    if (outcome == RUN_SKIPPED)
        add_skip(out, entry);
    ls_buf_add_byte(out, '\n');
    if (entry->scenario == NULL)
        add_faults(out, entry);
}

void tap_report_print(const struct run_report *report, struct ls_buf *out)
{
    /* The prove of our time refuses a version above 13 though it can read
     * what it says; with a remark behind it, it takes the line for text. */
    ls_buf_printf(out, "TAP version 14 # and read by older harnesses\n1..%zu\n",
                  report->count);
    for (size_t i = 0; i < report->count; i++)
        add_entry(out, &report->entries[i], i + 1);
}
