/*
 * JUnit XML.
 */
#include "lyncsim/junit_report.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "markup.h"
#include "story_internal.h"

struct counts {
    unsigned tests, failures, errors, skipped;
    double seconds;
};

static bool is_case(const struct step_result *step)
{
    return step->step->action != ACTION_SAY;
}

static struct counts count_steps(const struct scenario_result *result)
{
    struct counts counts = {.seconds = result->duration_ms / 1e3};

    for (size_t i = 0; i < result->step_count; i++) {
        counts.tests += is_case(&result->steps[i]);
        counts.failures += result->steps[i].outcome == PLAY_FAILED;
        counts.errors += result->steps[i].outcome == PLAY_ERROR;
    }
    counts.tests += result->error != NULL;
    counts.errors += result->error != NULL;
    return counts;
}

static struct counts count_entry(const struct run_entry *entry)
{
    bool is_skipped = run_entry_outcome(entry) == RUN_SKIPPED;

    if (entry->result != NULL)
        return count_steps(entry->result);
    return (struct counts){
        .tests = 1, .errors = !is_skipped, .skipped = is_skipped};
}

static struct counts count_all(const struct run_report *report)
{
    struct counts sum = {0};

    for (size_t i = 0; i < report->count; i++) {
        struct counts one = count_entry(&report->entries[i]);

        sum.tests += one.tests;
        sum.failures += one.failures;
        sum.errors += one.errors;
        sum.seconds += one.seconds;
    }
    return sum;
}

static void add_counts(struct ls_buf *out, const struct counts *counts)
{
    ls_buf_printf(
        out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" time=\"%.3f\"",
        counts->tests, counts->failures, counts->errors, counts->seconds);
}

/* Readers put a message in one line. */
static void add_first_line(struct ls_buf *out, const char *text)
{
    size_t end = strcspn(text, "\n");

    markup_add_str(out, ls_str_from_bytes(text, end));
    if (text[end] != '\0' && text[end + 1] != '\0')
        ls_buf_add_text(out, " \xE2\x80\xA6");
}

/* What it is about in one line; the rest as a terminal is shown it. */
static void add_failures(struct ls_buf *out,
                         const struct scenario_result *result,
                         const struct step_result *step)
{
    const struct step_failure *first = &step->failures[0];
    struct ls_buf told = {0};

    if (step->failure_count == 0)
        return;
    ls_buf_add_text(out, "<failure type=\"expectation\" message=\"");
    markup_add(out, first->field);
    ls_buf_add_text(out, ": expected ");
    add_first_line(out, first->expected);
    ls_buf_add_text(out, ", actual ");
    add_first_line(out, *first->actual ? first->actual : "nothing");
    ls_buf_add_text(out, "\">");
    story_failures(result, step, &told);
    markup_add_str(out, ls_buf_str(&told));
    ls_buf_add_text(out, "</failure>\n");
    ls_buf_clear(&told);
}

/* details may be NULL. */
static void add_error(struct ls_buf *out, const char *type, const char *error,
                      const char *details)
{
    if (error == NULL)
        return;
    ls_buf_printf(out, "<error type=\"%s\" message=\"", type);
    markup_add(out, error);
    ls_buf_add_text(out, "\">");
    markup_add(out, details);
    ls_buf_add_text(out, "</error>\n");
}

/* Readers take what is before the last dot for a folder: a path as they write
 * theirs, "scenarios.cases.tls-1_0-only-peer". */
static void add_class(struct ls_buf *out, const char *file)
{
    struct ls_str rest = ls_str_from(file);
    char *name;

    while (ls_str_starts_with(rest, "/") || ls_str_starts_with(rest, "."))
        rest = ls_str_skip(rest, 1);
    if (ls_str_ends_with(rest, ".yaml"))
        rest.length -= strlen(".yaml");
    name = ls_str_dup(rest);
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '.' ? '_' : *at == '/' ? '.' : *at;
    markup_add(out, name);
    free(name);
}

/* After the name of a case. */
static void end_name(struct ls_buf *out, const char *file, double duration_ms)
{
    ls_buf_add_text(out, "\" classname=\"");
    add_class(out, file);
    ls_buf_printf(out, "\" time=\"%.3f\">\n", duration_ms / 1e3);
}

/* Readers keep one case of each name: the second of a name says so. */
static void add_name(struct ls_buf *out, char *const *names, size_t index)
{
    unsigned count = 1;

    for (size_t i = 0; i < index; i++)
        count += strcmp(names[i], names[index]) == 0;
    markup_add(out, names[index]);
    if (count > 1)
        ls_buf_printf(out, " (%u)", count);
}

static void add_case(struct ls_buf *out, const struct scenario_result *result,
                     char *const *names, size_t index)
{
    const struct step_result *step = &result->steps[index];

    ls_buf_add_text(out, "<testcase name=\"");
    add_name(out, names, index);
    end_name(out, result->scenario->file, step->duration_ms);
    add_error(out, "step", step->error, NULL);
    add_failures(out, result, step);
    if (step->record_count > 0) {
        ls_buf_add_text(out, "<system-out>");
        for (size_t i = 0; i < step->record_count; i++)
            markup_add(out, step->records[i]);
        ls_buf_add_text(out, "</system-out>\n");
    }
    ls_buf_add_text(out, "</testcase>\n");
}

static void add_cases(struct ls_buf *out, const struct scenario_result *result)
{
    char **names = ls_alloc_array(result->step_count + 1, sizeof(*names));

    for (size_t i = 0; i < result->step_count; i++)
        names[i] = markup_step_name(result->steps[i].step);
    for (size_t i = 0; i < result->step_count; i++)
        if (is_case(&result->steps[i]))
            add_case(out, result, names, i);
    for (size_t i = 0; i < result->step_count; i++)
        free(names[i]);
    free(names);
}

/* A lab that could not be made, a file with faults, or one left out. */
static void add_unplayed(struct ls_buf *out, const struct run_entry *entry)
{
    bool is_skipped = run_entry_outcome(entry) == RUN_SKIPPED;
    char *why = run_entry_why(entry);
    char *faults = run_entry_faults(entry);

    if (why == NULL)
        return;
    ls_buf_printf(out, "<testcase name=\"%s",
                  entry->result != NULL ? "the lab" : "the file");
    end_name(out, entry->file, 0);
    if (is_skipped) {
        ls_buf_add_text(out, "<skipped>");
        markup_add(out, why);
        ls_buf_add_text(out, "</skipped>\n");
    } else {
        add_error(out, entry->result != NULL ? "lab" : "file", why, faults);
    }
    ls_buf_add_text(out, "</testcase>\n");
    free(why);
    free(faults);
}

static void add_suite(struct ls_buf *out, const struct run_entry *entry)
{
    const struct scenario_result *result = entry->result;
    struct counts counts = count_entry(entry);

    ls_buf_add_text(out, "<testsuite name=\"");
    markup_add(out, run_entry_title(entry));
    ls_buf_add_byte(out, '"');
    add_counts(out, &counts);
    ls_buf_printf(out, " skipped=\"%u\">\n", counts.skipped);
    if (result != NULL)
        add_cases(out, result);
    add_unplayed(out, entry);
    ls_buf_add_text(out, "</testsuite>\n");
}

void junit_report_print(const struct run_report *report, struct ls_buf *out)
{
    struct counts counts = count_all(report);

    ls_buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<testsuites name=\"lyncsim\"");
    add_counts(out, &counts);
    ls_buf_add_text(out, ">\n");
    for (size_t i = 0; i < report->count; i++)
        add_suite(out, &report->entries[i]);
    ls_buf_add_text(out, "</testsuites>\n");
}
