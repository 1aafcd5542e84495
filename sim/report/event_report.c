/*
 * Events in words.
 */
#include "lyncsim/event_report.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/timestamp.h"

#include "page.h"
#include "story_internal.h"

static void begin(struct page *page, const struct trace_event *event)
{
    struct ls_buf time = {0};

    timestamp_format_ms(&time, event->at_ms);
    page_ink(page, INK_DIM, time.at);
    page_printf(page, " ");
    page_ink(page, INK_PLAIN, event->peer != NULL ? event->peer : "-");
    page_printf(page, "  ");
    ls_buf_clear(&time);
}

static void tell(struct page *page, const struct trace_event *event,
                 const char *what, const char *text)
{
    begin(page, event);
    page_printf(page, "%s%s", what, text != NULL ? ": " : "");
    page_ink(page, INK_PLAIN, text != NULL ? text : "");
    page_printf(page, "\n");
}

static void tell_verdict(struct page *page, const struct trace_event *event,
                         const struct story_style *style)
{
    begin(page, event);
    page_printf(page, "is judged\n");
    story_print_verdict(event->verdict, NULL, style, page->out);
}

/* The first line, or all of it. */
static void tell_message(struct page *page, const struct trace_event *event,
                         bool verbose)
{
    struct ls_str bytes = ls_str_from_bytes(event->bytes, event->byte_count);
    char *first =
        ls_str_dup(ls_str_trim(ls_str_first(bytes, ls_str_find(bytes, '\n'))));

    begin(page, event);
    page_printf(page, event->incoming ? "--> " : "<-- ");
    page_ink(page, INK_PLAIN, first);
    page_printf(page, "\n");
    if (verbose)
        page_lines(page, STORY_LABEL + 2, INK_DIM, event->bytes);
    free(first);
}

void event_report_text(const struct trace_event *event,
                       const struct story_style *style, struct ls_buf *out)
{
    struct page page = {out, style->color};

    switch (event->kind) {
    case TRACE_OPENED:
        if (event->is_dialled)
            tell(&page, event, "is connected", event->text);
        else
            tell(&page, event, "connects", NULL);
        break;
    case TRACE_DIALLED:
        tell(&page, event, "is dialled", event->text);
        break;
    case TRACE_HANDSHAKE:
        tell(&page, event, "TLS is up", event->text);
        break;
    case TRACE_VERDICT:
        tell_verdict(&page, event, style);
        break;
    case TRACE_MESSAGE:
        tell_message(&page, event, style->verbose);
        break;
    case TRACE_LIMIT:
        tell(&page, event, "a limit is reached", event->text);
        break;
    case TRACE_CLOSED:
        tell(&page, event, "has gone", event->text);
        break;
    case TRACE_CONNECTION:
        if (event->is_dialled)
            tell(&page, event, event->text, event->result_code);
        break;
    case TRACE_STATE:
    case TRACE_DIAGNOSTIC:
    case TRACE_EVENT_COUNT:
        break;
    }
}
