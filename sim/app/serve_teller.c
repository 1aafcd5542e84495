/*
 * Telling what happens.
 */
#include "serve_teller.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/event_log.h"
#include "lyncsim/event_report.h"

#include "command.h"
#include "policy_options.h"

/* Gathered beyond this is not held until the turn of the loop is over. */
#define MUCH_BYTES (256u * 1024)
/* The memory that waits for the next turn. */
#define KEPT_BYTES (64u * 1024)

/* For nobody else's eyes. */
static bool open_keylog(struct serve_teller *teller, const char *file)
{
    if (!record_file_open(&teller->keylog, file))
        return false;
    if (file == NULL)
        return true;
    teller->secrets = ls_alloc(sizeof *teller->secrets);
    if (fchmod(teller->keylog.fd, S_IRUSR | S_IWUSR) != 0)
        command_complain("warning: others may be able to read %s", file);
    command_complain("warning: who has %s can read this traffic", file);
    return true;
}

bool serve_teller_open(struct serve_teller *teller,
                       const struct options *options)
{
    *teller = (struct serve_teller){
        .is_json = options_has(options, OPTION_JSON),
        .is_quiet = options_has(options, OPTION_QUIET),
        .style = {.color = options_color(options, STDOUT_FILENO),
                  .verbose = options_has(options, OPTION_VERBOSE)},
    };
    sipstack_trace_init(&teller->trace_style);
    teller->trace_style.style = policy_options_style(options);
    teller->trace_style.fields = policy_options_fields(options);
    teller->events.fd = teller->keylog.fd = -1;
    return record_file_open(&teller->trace,
                            options_text(options, OPTION_TRACE)) &&
           record_file_open(&teller->events,
                            options_text(options, OPTION_EVENTS)) &&
           open_keylog(teller, options_text(options, OPTION_KEYLOG));
}

bool serve_teller_close(struct serve_teller *teller)
{
    bool is_whole;

    serve_teller_flush(teller);
    is_whole = record_file_close(&teller->trace);
    is_whole = record_file_close(&teller->keylog) && is_whole;
    if (teller->secrets != NULL)
        ls_buf_clear(teller->secrets);
    free(teller->secrets);
    teller->secrets = NULL;
    ls_buf_clear(&teller->text);
    ls_buf_clear(&teller->records);
    return record_file_close(&teller->events) && is_whole;
}

void serve_teller_tell(struct serve_teller *teller, struct trace_event *event)
{
    event_counts_add(&teller->counts, event);
    if (teller->is_json)
        event_report_json(event, teller->style.verbose, &teller->text);
    else if (!teller->is_quiet)
        event_report_text(event, &teller->style, &teller->text);
    if (teller->trace.fd >= 0)
        sipstack_trace_print(&teller->trace_style, event, &teller->records);
    trace_event_clear(event);
}

static void flush_secrets(struct serve_teller *teller)
{
    if (teller->secrets == NULL)
        return;
    record_file_write(&teller->keylog, ls_buf_str(teller->secrets));
    ls_buf_clear(teller->secrets);
}

void serve_teller_flush(struct serve_teller *teller)
{
    flush_secrets(teller);
    if (teller->text.length > 0)
        command_print(stdout, &teller->text);
    if (teller->records.length == 0)
        return;
    record_file_write(&teller->trace, ls_buf_str(&teller->records));
    if (teller->records.capacity > KEPT_BYTES)
        ls_buf_clear(&teller->records);
    else
        ls_buf_reset(&teller->records);
}

bool serve_teller_has_much(const struct serve_teller *teller)
{
    return teller->text.length + teller->records.length > MUCH_BYTES;
}

void serve_teller_note(struct serve_teller *teller, const char *kind,
                       const char *field, const char *value, const char *text)
{
    if (teller->is_json)
        event_report_json_note(kind, field, value, &teller->text);
    else if (text != NULL)
        ls_buf_printf(&teller->text, "lyncsim: %s\n", text);
    serve_teller_flush(teller);
}

void serve_teller_counts(struct serve_teller *teller)
{
    if (teller->is_json)
        event_counts_print_json(&teller->counts, &teller->text);
    else
        event_counts_print(&teller->counts, &teller->text);
    serve_teller_flush(teller);
}

void serve_teller_dialled(struct serve_teller *teller, const char *computer,
                          const struct trace_event *event)
{
    struct event_log log = {teller->is_json ? EVENT_LOG_JSON : EVENT_LOG_TEXT,
                            computer};
    struct ls_buf text = {0};

    if (event_log_dial_failure(&log, event, &text))
        record_file_write(&teller->events, ls_buf_str(&text));
    ls_buf_clear(&text);
}

void serve_teller_table(struct serve_teller *teller, const char *computer,
                        const struct known_servers *before,
                        const struct known_servers *after, int64_t at_ms)
{
    struct event_log log = {teller->is_json ? EVENT_LOG_JSON : EVENT_LOG_TEXT,
                            computer};
    struct ls_buf text = {0};

    if (before == NULL)
        event_log_start(&log, after, at_ms, &text);
    else
        event_log_change(&log, before, after, at_ms, &text);
    record_file_write(&teller->events, ls_buf_str(&text));
    ls_buf_clear(&text);
}
