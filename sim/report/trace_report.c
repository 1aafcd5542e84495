/*
 * A log, told: who was refused, why, what to do; then everything else.
 */
#include "lyncsim/trace_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "lyncsim/alloc.h"
#include "lyncsim/verdict_json.h"

#include "json_text.h"
#include "story_internal.h"

/* The log's own time; which zone that is it does not say. */
static char *moment(int64_t ms)
{
    time_t seconds = ms / 1000;
    struct tm tm = {0};

    gmtime_r(&seconds, &tm);
    return ls_strf("%04d-%02d-%02d %02d:%02d:%02d.%03d", tm.tm_year + 1900,
                   tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
                   (int)(ms % 1000));
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

/* ---- for people ---- */

/* So many names are told with all that can be done; of more, and there are
 * logs of whole scans, only who, how often and why. */
#define NAMES_IN_FULL 10

static char *period(const struct trace_finding *finding)
{
    char *first, *last, *text;

    if (!finding->has_time)
        return ls_strdup("the log does not say when");
    first = moment(finding->first_ms);
    last = moment(finding->last_ms);
    text = finding->count == 1 ? ls_strdup(first)
                               : ls_strf("from %s to %s", first, last);
    free(first);
    free(last);
    return text;
}

static void tell_count(struct page *page, const struct trace_finding *finding)
{
    char *when = period(finding);
    char *text = ls_strf("%ju time%s, %s (%sline %ju)",
                         (uintmax_t)finding->count, plural(finding->count),
                         when, finding->count > 1 ? "first in " : "",
                         (uintmax_t)finding->first_line);

    story_say(page, "how often", text);
    free(text);
    free(when);
}

static void tell_optional(struct page *page, const char *label,
                          const char *text)
{
    if (text != NULL)
        story_say(page, label, text);
}

static char *refused_name(const struct trace_finding *finding)
{
    struct ls_buf name = {0};

    if (finding->name == NULL)
        return ls_strdup("a server whose name the log does not show");
    if (finding->name_length == 0)
        return ls_strdup("a server without a name");
    ls_buf_add_escaped(&name,
                       ls_str_from_bytes(finding->name, finding->name_length));
    return ls_buf_take(&name);
}

/* What can be made at the table, which wants a name. */
static void tell_way_of_table(struct page *page,
                              const struct trace_finding *finding,
                              const char *name)
{
    char *pool;

    if (finding->name != NULL && finding->name_length == 0)
        return;
    pool = ls_strf("make a trusted application pool (or computer of "
                   "one) of exactly %s%s: a pool cannot be "
                   "renamed, so delete it, publish, make it anew, "
                   "publish, make its application again",
                   finding->name != NULL ? "this name, " : "",
                   finding->name != NULL ? name
                                         : "the name that its certificate "
                                           "speaks with");
    story_say(page, "or", pool);
    free(pool);
}

/* Without a topology no verdict can be had; what always helps is said. */
static void tell_ways(struct page *page, const struct trace_report *report,
                      const struct trace_finding *finding, const char *name)
{
    story_say(page, "way out",
              "reissue the peer's certificate so that "
              "its subject name is the name of the trusted "
              "application pool or computer it has");
    tell_way_of_table(page, finding, name);
    story_say(page, "verdict",
              report->has_certificate
                  ? "give --topology for what your servers know"
                  : "give --topology, and --certificate if you have it, for "
                    "the full verdict and its remedies");
}

static void tell_verdict(struct page *page, const struct trace_report *report,
                         const struct trace_report_row *row)
{
    if (row->facts != NULL)
        story_certificate(page, row->verdict, row->facts);
    else
        story_say(page, "certificate",
                  report->has_certificate
                      ? "none of those given is looked up under this name; "
                        "judged by the name alone, as if it were a subject CN"
                      : "not at hand; judged by the name alone, as if it were "
                        "a subject CN");
    story_verdict(page, row->verdict);
    if (row->verdict->outcome == TRUST_ACCEPTED)
        story_say(page, "so",
                  "this topology knows the name: the Front End "
                  "that wrote the log worked on another one, not "
                  "yet published, enabled or replicated");
    story_proof(page, row->verdict, report->verbose);
    story_ways_out(page, row->verdict, true);
}

static void tell_briefly(struct page *page, const struct trace_finding *finding,
                         const struct trace_report_row *row)
{
    tell_count(page, finding);
    if (row->verdict != NULL)
        story_verdict(page, row->verdict);
}

static void tell_refusal(struct page *page, const struct trace_report *report,
                         size_t index, size_t number)
{
    const struct trace_finding *finding =
        trace_summary_at(report->summary, index);
    const struct trace_report_row *row = &report->rows[index];
    char *name = refused_name(finding);

    page_printf(page, "\nRefused: ");
    page_ink(page, INK_BAD, name);
    page_printf(page, "\n");
    if (number >= NAMES_IN_FULL && !report->verbose) {
        tell_briefly(page, finding, row);
        free(name);
        return;
    }
    tell_count(page, finding);
    if (finding->has_other_case)
        story_say(page, "spelling",
                  "the log has it in other letter case, too; --names "
                  "sensitive tells them apart");
    tell_optional(page, "record", finding->text);
    tell_optional(page, "peer", finding->peer);
    tell_optional(page, "result", finding->result_code);
    tell_optional(page, "means", finding->meaning);
    if (row->verdict != NULL)
        tell_verdict(page, report, row);
    else
        tell_ways(page, report, finding, name);
    free(name);
}

static void tell_other(struct page *page, const struct trace_finding *finding)
{
    page_printf(page, "\n%s: ",
                finding->kind == TRACE_FINDING_DIAGNOSTIC ? "Diagnostic"
                                                          : "Connection");
    page_wrap(page, 12, 12, finding->text);
    tell_count(page, finding);
    tell_optional(page, "peer", finding->peer);
    tell_optional(page, "result", finding->result_code);
    tell_optional(page, "data", finding->data);
    tell_optional(page, "means", finding->meaning);
    if (finding->is_assumed)
        story_say(page, "assumed", "no public trace shows this one");
}

static size_t count_of(const struct trace_report *report,
                       enum trace_finding_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < trace_summary_count(report->summary); i++)
        count += trace_summary_at(report->summary, i)->kind == kind;
    return count;
}

static void tell_head(struct page *page, const struct trace_report *report)
{
    uint64_t records = trace_summary_records(report->summary);
    uint64_t refusals = trace_summary_refusals(report->summary);
    size_t names = count_of(report, TRACE_FINDING_REFUSED);

    page_add_safe(page->out, ls_str_from(report->file));
    page_printf(page, ": %ju record%s in %ju line%s, ", (uintmax_t)records,
                plural(records), (uintmax_t)report->lines,
                plural(report->lines));
    if (refusals == 0)
        page_printf(page, "no refusal\n");
    else
        page_printf(page, "%ju refusal%s of %zu name%s\n", (uintmax_t)refusals,
                    plural(refusals), names, plural(names));
    if (records == 0)
        page_printf(page, "The file is empty: nothing was traced, or another "
                          "one was meant.\n");
    if (trace_summary_uncounted(report->summary) > 0)
        page_printf(page, "%ju more records of other names were not counted\n",
                    (uintmax_t)trace_summary_uncounted(report->summary));
}

void trace_report_print(const struct trace_report *report, bool color,
                        struct ls_buf *out)
{
    struct page page = {out, color};
    size_t count = trace_summary_count(report->summary);
    size_t number = 0;

    tell_head(&page, report);
    for (size_t i = 0; i < count; i++)
        if (trace_summary_at(report->summary, i)->kind == TRACE_FINDING_REFUSED)
            tell_refusal(&page, report, i, number++);
    if (number > NAMES_IN_FULL && !report->verbose)
        page_printf(&page,
                    "\nAll names beyond the first %d are told briefly; "
                    "-v tells them in full.\n",
                    NAMES_IN_FULL);
    for (size_t i = 0; i < count; i++) {
        const struct trace_finding *finding =
            trace_summary_at(report->summary, i);

        if (finding->kind != TRACE_FINDING_REFUSED)
            tell_other(&page, finding);
    }
}

/* ---- for programs ---- */

static json_t *moment_from(const struct trace_finding *finding, int64_t ms)
{
    char *text;
    json_t *json;

    if (!finding->has_time)
        return json_null();
    text = moment(ms);
    text[10] = 'T'; /* RFC 3339 without an offset: the log has none */
    json = json_string(text);
    free(text);
    return json;
}

static json_t *number_from(uint64_t number)
{
    return json_integer((json_int_t)number);
}

static json_t *finding_from(const struct trace_finding *finding,
                            const struct trace_report_row *row)
{
    json_t *json = json_object();

    json_object_set_new(
        json, "kind",
        json_text_or_null(trace_finding_kind_text(finding->kind)));
    json_object_set_new(json, "name",
                        finding->name != NULL
                            ? json_text_from(ls_str_from_bytes(
                                  finding->name, finding->name_length))
                            : json_null());
    json_object_set_new(json, "count", number_from(finding->count));
    json_object_set_new(json, "first", moment_from(finding, finding->first_ms));
    json_object_set_new(json, "last", moment_from(finding, finding->last_ms));
    json_object_set_new(json, "line", number_from(finding->first_line));
    json_object_set_new(json, "other_case",
                        json_boolean(finding->has_other_case));
    json_object_set_new(json, "text", json_text_or_null(finding->text));
    json_object_set_new(json, "result_code",
                        json_text_or_null(finding->result_code));
    json_object_set_new(json, "data", json_text_or_null(finding->data));
    json_object_set_new(json, "peer", json_text_or_null(finding->peer));
    json_object_set_new(json, "meaning", json_text_or_null(finding->meaning));
    json_object_set_new(json, "assumed", json_boolean(finding->is_assumed));
    json_object_set_new(json, "verdict",
                        row->verdict != NULL ? verdict_json_from(row->verdict)
                                             : json_null());
    return json;
}

void trace_report_print_json(const struct trace_report *report,
                             struct ls_buf *out)
{
    json_t *json = json_object();
    json_t *findings = json_array();

    for (size_t i = 0; i < trace_summary_count(report->summary); i++)
        json_array_append_new(findings,
                              finding_from(trace_summary_at(report->summary, i),
                                           &report->rows[i]));
    json_object_set_new(json, "version", json_integer(1));
    json_object_set_new(json, "file", json_text_or_null(report->file));
    json_object_set_new(json, "lines", number_from(report->lines));
    json_object_set_new(json, "records",
                        number_from(trace_summary_records(report->summary)));
    json_object_set_new(json, "refusals",
                        number_from(trace_summary_refusals(report->summary)));
    json_object_set_new(json, "findings", findings);
    json_text_print(json, out);
}
