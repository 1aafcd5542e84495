/*
 * JUnit XML.
 */
#include "lyncsim/junit_report.h"

#include <stdlib.h>

#include "markup.h"

struct counts {
    unsigned tests, failures, errors;
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

static struct counts count_all(const struct scenario_result *const *results,
                               size_t count)
{
    struct counts sum = {0};

    for (size_t i = 0; i < count; i++) {
        struct counts one = count_steps(results[i]);

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

static void add_failures(struct ls_buf *out,
                         const struct scenario_result *result,
                         const struct step_result *step)
{
    const struct step_failure *first = &step->failures[0];

    if (step->failure_count == 0)
        return;
    ls_buf_add_text(out, "<failure type=\"expectation\" message=\"");
    markup_add(out, first->field);
    ls_buf_add_text(out, ": expected ");
    markup_add(out, first->expected);
    ls_buf_add_text(out, ", actual ");
    markup_add(out, first->actual);
    ls_buf_add_text(out, "\">");
    for (size_t i = 0; i < step->failure_count; i++) {
        const struct step_failure *failure = &step->failures[i];

        markup_add(out, result->scenario->file);
        ls_buf_printf(out, ":%u:%u: ", failure->place.line,
                      failure->place.column);
        markup_add(out, failure->field);
        ls_buf_add_text(out, "\n  expected  ");
        markup_add(out, failure->expected);
        ls_buf_add_text(out, "\n  actual    ");
        markup_add(out, failure->actual);
        ls_buf_add_byte(out, '\n');
    }
    ls_buf_add_text(out, "</failure>\n");
}

static void add_error(struct ls_buf *out, const char *error)
{
    if (error == NULL)
        return;
    ls_buf_add_text(out, "<error type=\"error\" message=\"");
    markup_add(out, error);
    ls_buf_add_text(out, "\"/>\n");
}

static void add_case(struct ls_buf *out, const struct scenario_result *result,
                     const struct step_result *step)
{
    char *name = markup_step_name(step->step);

    ls_buf_add_text(out, "<testcase name=\"");
    markup_add(out, name);
    ls_buf_add_text(out, "\" classname=\"");
    markup_add(out, result->scenario->file);
    ls_buf_add_text(out, "\" file=\"");
    markup_add(out, result->scenario->file);
    ls_buf_printf(out, "\" time=\"%.3f\">\n", step->duration_ms / 1e3);
    add_failures(out, result, step);
    add_error(out, step->error);
    if (step->record_count > 0) {
        ls_buf_add_text(out, "<system-out>");
        for (size_t i = 0; i < step->record_count; i++)
            markup_add(out, step->records[i]);
        ls_buf_add_text(out, "</system-out>\n");
    }
    ls_buf_add_text(out, "</testcase>\n");
    free(name);
}

static void add_suite(struct ls_buf *out, const struct scenario_result *result)
{
    struct counts counts = count_steps(result);

    ls_buf_add_text(out, "<testsuite name=\"");
    markup_add(out, result->scenario->title);
    ls_buf_add_byte(out, '"');
    add_counts(out, &counts);
    ls_buf_add_text(out, " skipped=\"0\">\n");
    for (size_t i = 0; i < result->step_count; i++)
        if (is_case(&result->steps[i]))
            add_case(out, result, &result->steps[i]);
    if (result->error != NULL) {
        ls_buf_add_text(out, "<testcase name=\"the lab\" classname=\"");
        markup_add(out, result->scenario->file);
        ls_buf_add_text(out, "\">\n");
        add_error(out, result->error);
        ls_buf_add_text(out, "</testcase>\n");
    }
    ls_buf_add_text(out, "</testsuite>\n");
}

void junit_report_print(const struct scenario_result *const *results,
                        size_t count, struct ls_buf *out)
{
    struct counts counts = count_all(results, count);

    ls_buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<testsuites name=\"lyncsim\"");
    add_counts(out, &counts);
    ls_buf_add_text(out, ">\n");
    for (size_t i = 0; i < count; i++)
        add_suite(out, results[i]);
    ls_buf_add_text(out, "</testsuites>\n");
}
