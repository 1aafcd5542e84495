/*
 * TAP 14.
 */
#include "lyncsim/tap_report.h"

#include <stdlib.h>

#include "markup.h"
#include "page.h"

/* A description: no line end, and a # would begin a directive. */
static void add_description(struct ls_buf *out, const char *text)
{
    struct ls_buf safe = {0};

    page_add_safe(&safe, ls_str_from(text));
    for (size_t i = 0; i < safe.length; i++) {
        if (safe.at[i] == '#')
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
static void add_value(struct ls_buf *out, const char *key, const char *text)
{
    struct ls_str rest = ls_str_from(text);
    const char *between = "";
    struct ls_str line;

    ls_buf_printf(out, "        %s: \"", key);
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
    add_value(out, "field", failure->field);
    add_value(out, "expected", failure->expected);
    add_value(out, "actual", failure->actual);
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
        add_value(out, "error", step->error);
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

static void add_scenario(struct ls_buf *out,
                         const struct scenario_result *result, size_t number)
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
    ls_buf_printf(out, "    1..%zu\n%sok %zu - ", steps,
                  result->outcome == PLAY_PASSED ? "" : "not ", number);
    add_description(out, result->scenario->title);
    ls_buf_add_byte(out, '\n');
}

void tap_report_print(const struct scenario_result *const *results,
                      size_t count, struct ls_buf *out)
{
    ls_buf_printf(out, "TAP version 14\n1..%zu\n", count);
    for (size_t i = 0; i < count; i++)
        add_scenario(out, results[i], i + 1);
}
