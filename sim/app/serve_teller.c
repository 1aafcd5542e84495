/*
 * Telling what happens.
 */
#include "serve_teller.h"

#include <stdlib.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/event_log.h"
#include "lyncsim/event_report.h"
#include "lyncsim/tls_context.h"

#include "command.h"
#include "policy_options.h"

/* Gathered beyond this is not held until the turn of the loop is over. */
#define MUCH_BYTES (256u * 1024)
/* What is left of the five seconds in which an interrupted program ends. */
#define PATIENCE_MS 2000

static bool open_records(struct serve_records *records,
                         const struct options *options)
{
    const char *keys = options_text(options, OPTION_KEYLOG);

    records->events.fd = records->keylog.fd = -1;
    record_file_open(&records->told, "-", false);
    if (!record_file_open(&records->trace, options_text(options, OPTION_TRACE),
                          false) ||
        !record_file_open(&records->events,
                          options_text(options, OPTION_EVENTS), false) ||
        !record_file_open(&records->keylog, keys, true))
        return false;
    if (keys != NULL)
        command_complain("warning: who reads %s can read this traffic",
                         records->keylog.file);
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
        .records = ls_alloc(sizeof(struct serve_records)),
    };
    sipstack_trace_init(&teller->trace_style);
    teller->trace_style.style = policy_options_style(options);
    teller->trace_style.fields = policy_options_fields(options);
    if (!open_records(teller->records, options))
        return false;
    teller->writer = record_writer_new();
    return teller->writer != NULL;
}

static bool close_records(struct serve_records *records)
{
    struct record_file *all[] = {&records->told, &records->trace,
                                 &records->events, &records->keylog};
    bool is_whole = true;

    for (size_t i = 0; i < LS_COUNT(all); i++)
        is_whole = record_file_close(all[i]) && is_whole;
    free(records);
    return is_whole;
}

bool serve_teller_close(struct serve_teller *teller)
{
    bool is_whole = false;

    if (teller->records == NULL)
        return true;
    serve_teller_flush(teller);
    ls_buf_clear(&teller->text);
    ls_buf_clear(&teller->trace);
    if (record_writer_free(teller->writer, PATIENCE_MS))
        is_whole = close_records(teller->records);
    else
        command_complain("%zu bytes still wait to be written, and are lost: "
                         "nobody takes them",
                         record_writer_waiting(teller->writer));
    return is_whole;
}

/* --- events --------------------------------------------------------------- */

void serve_teller_tell(struct serve_teller *teller, struct trace_event *event)
{
    event_counts_add(&teller->counts, event);
    teller->gathered_count++;
    if (teller->is_json)
        event_report_json(event, teller->style.verbose, &teller->text);
    else if (!teller->is_quiet)
        event_report_text(event, &teller->style, &teller->text);
    if (teller->records->trace.file != NULL)
        sipstack_trace_print(&teller->trace_style, event, &teller->trace);
    trace_event_clear(event);
}

struct mailbox *serve_teller_secrets(struct serve_teller *teller)
{
    return teller->records->keylog.file != NULL ? &teller->secrets : NULL;
}

static void flush_secrets(struct serve_teller *teller)
{
    struct mailbox_letter *letter, *next;

    for (letter = mailbox_take(&teller->secrets); letter; letter = next) {
        struct tls_secret *secret = (struct tls_secret *)letter;

        next = letter->next;
        record_writer_put(teller->writer, &teller->records->keylog,
                          ls_str_from_bytes(secret->line, secret->length));
        tls_secret_free(secret);
    }
}

static void hand_on(struct serve_teller *teller, struct record_file *file,
                    struct ls_buf *gathered)
{
    if (gathered->length == 0)
        return;
    if (record_writer_waiting(teller->writer) > RECORDS_MAX_BYTES) {
        serve_teller_lose(teller, teller->gathered_count);
        teller->gathered_count = 0;
        ls_buf_clear(gathered);
    } else {
        record_writer_swap(teller->writer, file, gathered);
    }
}

static void note_backlog(struct serve_teller *teller)
{
    size_t waiting = record_writer_waiting(teller->writer);

    if (!teller->is_behind && waiting > RECORDS_HIGH_BYTES)
        command_complain("%u MiB wait to be written: peers are not read from "
                         "until half of that is",
                         RECORDS_HIGH_BYTES >> 20);
    else if (teller->is_behind && waiting <= RECORDS_HIGH_BYTES / 2)
        command_complain("what waited is written: peers are read from again");
    else
        return;
    teller->is_behind = !teller->is_behind;
}

void serve_teller_flush(struct serve_teller *teller)
{
    if (teller->writer == NULL)
        return;
    flush_secrets(teller);
    hand_on(teller, &teller->records->told, &teller->text);
    hand_on(teller, &teller->records->trace, &teller->trace);
    teller->gathered_count = 0;
    note_backlog(teller);
}

bool serve_teller_has_much(const struct serve_teller *teller)
{
    return teller->text.length + teller->trace.length > MUCH_BYTES;
}

size_t serve_teller_waiting(const struct serve_teller *teller)
{
    return record_writer_waiting(teller->writer);
}

void serve_teller_lose(struct serve_teller *teller, uint64_t count)
{
    if (count > 0 && teller->counts.lost == 0)
        command_complain("more happens than can be written: events are lost "
                         "from here on, and counted");
    teller->counts.lost += count;
}

void serve_teller_on_relieved(struct serve_teller *teller,
                              void (*relieved)(void *arg), void *arg)
{
    record_writer_on_relieved(teller->writer, relieved, arg);
}

void serve_teller_renew(struct serve_teller *teller)
{
    record_writer_renew(teller->writer, &teller->records->trace);
    record_writer_renew(teller->writer, &teller->records->events);
    record_writer_renew(teller->writer, &teller->records->keylog);
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
        record_writer_put(teller->writer, &teller->records->events,
                          ls_buf_str(&text));
    ls_buf_clear(&text);
}

void serve_teller_table(struct serve_teller *teller, const char *computer,
                        const struct known_servers *before,
                        const struct known_servers *after, int64_t at_ms)
{
    struct event_log log = {teller->is_json ? EVENT_LOG_JSON : EVENT_LOG_TEXT,
                            computer};
    struct ls_buf text = {0};

    /* To compare large tables takes a while, and nobody wants to know. */
    if (teller->records->events.file == NULL)
        return;
    if (before == NULL)
        event_log_start(&log, after, at_ms, &text);
    else
        event_log_change(&log, before, after, at_ms, &text);
    record_writer_put(teller->writer, &teller->records->events,
                      ls_buf_str(&text));
    ls_buf_clear(&text);
}
