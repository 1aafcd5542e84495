/*
 * The outputs of run.
 */
#include "run_reports.h"

#include "lyncsim/alloc.h"
#include "lyncsim/html_report.h"
#include "lyncsim/junit_report.h"
#include "lyncsim/result_json.h"
#include "lyncsim/tap_report.h"

#include "command.h"

static const struct {
    enum option_id option;
    void (*print)(const struct run_report *report, struct ls_buf *out);
} kinds[RUN_REPORT_KINDS] = {
    {OPTION_JSON, result_json_print},
    {OPTION_JUNIT, junit_report_print},
    {OPTION_TAP, tap_report_print},
    {OPTION_HTML, html_report_print},
};

/* --json is a switch, and standard output its only place. */
static const char *file_of(const struct options *options, enum option_id id)
{
    if (id == OPTION_JSON)
        return options_has(options, id) ? "-" : NULL;
    return options_text(options, id);
}

bool run_reports_open(struct run_reports *reports,
                      const struct options *options)
{
    for (size_t i = 0; i < RUN_REPORT_KINDS; i++)
        if (!output_open(&reports->reports[i],
                         file_of(options, kinds[i].option)))
            return false;
    return output_open(&reports->trace, file_of(options, OPTION_TRACE)) &&
           output_open(&reports->events, file_of(options, OPTION_EVENTS));
}

static bool is_stdout(const struct output *output)
{
    return output->stream == stdout;
}

static bool is_open(const struct output *output)
{
    return output->stream != NULL;
}

static bool has_one(const struct run_reports *reports,
                    bool (*is_so)(const struct output *output))
{
    bool found = is_so(&reports->trace) || is_so(&reports->events);

    for (size_t i = 0; i < RUN_REPORT_KINDS; i++)
        found |= is_so(&reports->reports[i]);
    return found;
}

bool run_reports_are_wanted(const struct run_reports *reports)
{
    return has_one(reports, is_open);
}

bool run_reports_take_stdout(const struct run_reports *reports)
{
    return has_one(reports, is_stdout);
}

void run_reports_log(struct run_reports *reports,
                     const struct scenario_runner *runner)
{
    output_write(&reports->trace, scenario_runner_trace(runner));
    output_write(&reports->events, scenario_runner_events(runner));
}

void run_reports_write(struct run_reports *reports,
                       const struct run_report *report)
{
    struct ls_buf text = {0};

    for (size_t i = 0; i < RUN_REPORT_KINDS; i++) {
        ls_buf_reset(&text);
        if (is_open(&reports->reports[i]))
            kinds[i].print(report, &text);
        output_write(&reports->reports[i], ls_buf_str(&text));
    }
    ls_buf_clear(&text);
}

bool run_reports_close(struct run_reports *reports)
{
    bool closed = output_close(&reports->trace);

    closed &= output_close(&reports->events);
    for (size_t i = 0; i < RUN_REPORT_KINDS; i++)
        closed &= output_close(&reports->reports[i]);
    return closed;
}
