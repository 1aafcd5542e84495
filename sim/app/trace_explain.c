/*
 * What refused whom in this log, why, and what can be done?
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/known_servers.h"
#include "lyncsim/scenario_settings.h"
#include "lyncsim/trace_judge.h"
#include "lyncsim/trace_reader.h"
#include "lyncsim/trace_report.h"

#include "command.h"
#include "credential_file.h"
#include "input.h"
#include "policy_options.h"
#include "topology_file.h"

/* One command line at work. */
struct explanation {
    const struct options *options;
    struct topology *topology;
    struct known_servers *known;     /* NULL: no topology was given */
    struct credential **credentials; /* those that were given */
    size_t credential_count;
    struct trace_summary *summary;
    uint64_t lines;
};

/* Logs are large: never more than a chunk of one is held. */
static char *read_log(struct explanation *work, FILE *stream, const char *name)
{
    static const size_t chunk_bytes = 65536;
    struct trace_reader *reader = trace_reader_new();
    struct trace_record record;
    char *chunk = ls_alloc(chunk_bytes);
    char *why = NULL;

    for (bool more = true; more;) {
        size_t got = fread(chunk, 1, chunk_bytes, stream);

        more = got > 0;
        trace_reader_feed(reader, ls_str_from_bytes(chunk, got));
        if (!more)
            trace_reader_feed_eof(reader);
        while (trace_reader_next(reader, &record))
            trace_summary_add(work->summary, &record);
    }
    if (ferror(stream))
        why = ls_strf("%s cannot be read: %s", name, strerror(errno));
    work->lines = trace_reader_lines(reader);
    free(chunk);
    trace_reader_free(reader);
    return why;
}

static enum app_exit read_file(struct explanation *work, const char *file)
{
    const char *name = input_name(file);
    bool is_stdin = strcmp(file, "-") == 0;
    FILE *stream = is_stdin ? stdin : fopen(file, "rbe");
    char *why;

    if (stream == NULL) {
        command_complain("%s cannot be read: %s", name, strerror(errno));
        return APP_EXIT_UNABLE;
    }
    why = read_log(work, stream, name);
    if (!is_stdin)
        fclose(stream);
    if (why == NULL)
        return APP_EXIT_OK;
    command_complain("%s", why);
    free(why);
    return APP_EXIT_UNABLE;
}

static enum app_exit load_topology(struct explanation *work)
{
    const char *file = options_text(work->options, OPTION_TOPOLOGY);
    enum app_exit code = APP_EXIT_OK;

    if (file == NULL)
        return APP_EXIT_OK;
    work->topology = topology_file_load(file, &code);
    if (work->topology != NULL)
        work->known = known_servers_new(work->topology);
    return code;
}

static enum app_exit load_certificates(struct explanation *work)
{
    size_t count;
    const char *const *files =
        options_all(work->options, OPTION_CERTIFICATE, &count);
    enum app_exit code = APP_EXIT_OK;

    work->credentials = ls_alloc_array(count, sizeof *work->credentials);
    for (size_t i = 0; i < count; i++) {
        struct credential_names names = {
            .certificate = files[i],
            .password_file = options_text(work->options, OPTION_PASSWORD_FILE),
        };
        struct credential *credential = credential_file_load(&names, &code);

        if (credential == NULL)
            return code;
        work->credentials[work->credential_count++] = credential;
    }
    return code;
}

/* The first certificate that is looked up under that name, or NULL. */
static const struct certificate_facts *
facts_of(const struct explanation *work, const struct trust_policy *policy,
         const struct trace_finding *finding)
{
    for (size_t i = 0; i < work->credential_count; i++) {
        const struct certificate_facts *facts =
            credential_facts(work->credentials[i]);

        if (trace_judge_is_of(policy, facts, finding))
            return facts;
    }
    return NULL;
}

static struct trust_policy policy_of(const struct explanation *work)
{
    struct scenario_front_end settings = {0};
    struct trust_policy policy;

    policy_options_read(work->options, &settings);
    policy = scenario_settings_policy(&settings);
    policy.known = work->known;
    policy.topology = work->topology;
    return policy;
}

static void judge(const struct explanation *work,
                  const struct trace_finding *finding,
                  struct trace_report_row *row)
{
    struct trust_policy policy = policy_of(work);
    struct trust_verdict *verdict;

    if (finding->kind != TRACE_FINDING_REFUSED || finding->name == NULL)
        return;
    row->facts = facts_of(work, &policy, finding);
    if (work->known == NULL)
        return;
    verdict = ls_alloc(sizeof *verdict);
    trace_judge_decide(verdict, &policy, finding, row->facts,
                       (int64_t)time(NULL));
    row->verdict = verdict;
}

static void report(const struct explanation *work, const char *file)
{
    size_t count = trace_summary_count(work->summary);
    struct trace_report_row *rows = ls_alloc_array(count, sizeof *rows);
    struct trace_report view = {
        .file = input_name(file),
        .lines = work->lines,
        .summary = work->summary,
        .rows = rows,
        .has_topology = work->known != NULL,
        .has_certificate = work->credential_count > 0,
        .verbose = options_has(work->options, OPTION_VERBOSE),
    };
    struct ls_buf out = {0};

    for (size_t i = 0; i < count; i++)
        judge(work, trace_summary_at(work->summary, i), &rows[i]);
    if (options_has(work->options, OPTION_JSON))
        trace_report_print_json(&view, &out);
    else if (!options_has(work->options, OPTION_QUIET) ||
             trace_summary_refusals(work->summary) > 0)
        trace_report_print(&view, options_color(work->options, STDOUT_FILENO),
                           &out);
    command_print(stdout, &out);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].verdict != NULL)
            trust_verdict_clear((struct trust_verdict *)rows[i].verdict);
        free((struct trust_verdict *)rows[i].verdict);
    }
    free(rows);
}

/* A trace may be empty; what has lines and no record is something else. */
static bool is_no_trace(const struct explanation *work)
{
    return work->lines > 0 && trace_summary_records(work->summary) == 0;
}

static enum app_exit conclude(const struct explanation *work, const char *file)
{
    if (is_no_trace(work)) {
        command_complain(
            "%s holds no record of a SIPStack trace: none of its %ju line%s "
            "begins with TL_ or with LogType: (a binary .etl has to be opened "
            "in Snooper and saved as text first)",
            input_name(file), (uintmax_t)work->lines,
            work->lines == 1 ? "" : "s");
        return APP_EXIT_USAGE;
    }
    report(work, file);
    return trace_summary_refusals(work->summary) > 0 ? APP_EXIT_NO
                                                     : APP_EXIT_OK;
}

static int run(const struct options *options)
{
    const char *file = options->arguments[0];
    struct explanation work = {.options = options};
    enum app_exit code = load_topology(&work);

    if (code == APP_EXIT_OK)
        code = load_certificates(&work);
    work.summary = trace_summary_new();
    trace_summary_set_names(work.summary, policy_of(&work).names);
    if (code == APP_EXIT_OK)
        code = read_file(&work, file);
    if (code == APP_EXIT_OK)
        code = conclude(&work, file);
    trace_summary_free(work.summary);
    for (size_t i = 0; i < work.credential_count; i++)
        credential_free(work.credentials[i]);
    free(work.credentials);
    known_servers_free(work.known);
    topology_free(work.topology);
    return (int)code;
}

static const enum option_id option_ids[] = {
    OPTION_TOPOLOGY, OPTION_CERTIFICATE, OPTION_PASSWORD_FILE, OPTION_RULE,
    OPTION_NAMES,    OPTION_CN,          OPTION_VERBOSE,       OPTION_END,
};

static const enum option_id many[] = {OPTION_CERTIFICATE, OPTION_END};

const struct command trace_explain_command = {
    .name = "trace explain",
    .arguments = "FILE",
    .summary = "what refused whom in this log, why, and what can be done?",
    .details =
        "Reads a SIPStack trace of either style, UTF-8 or UTF-16, of any "
        "size,\n"
        "or what was pasted of one. With --topology each refusal gets its\n"
        "verdict, near misses and remedies; with --certificate, which may be\n"
        "repeated, the whole of it for the name that each is looked up by.\n"
        "The exit code is 1 when the log holds a refusal, 0 when not or when\n"
        "it is empty, and 2 when what it holds is no trace.\n",
    .options = option_ids,
    .many = many,
    .argument_min = 1,
    .argument_max = 1,
    .run = run,
};
