#include "lyncsim/trace_event.h"

#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"

const char *trace_event_kind_text(enum trace_event_kind kind)
{
    static const char *const texts[] = {
#define X(name, text) [name] = text,
        TRACE_EVENT_LIST(X)
#undef X
    };

    assert((size_t)kind < LS_COUNT(texts));
    return texts[kind];
}

void trace_event_clear(struct trace_event *event)
{
    free(event->peer);
    free(event->text);
    free(event->detail);
    free(event->fqdn);
    free(event->bytes);
    free(event->result_code);
    free(event->start_line);
    free(event->call_id);
    free(event->cseq);
    free(event->data);
    if (event->verdict)
        trust_verdict_clear(event->verdict);
    free(event->verdict);
    *event = (struct trace_event){0};
}

/* A ring that grows up to its cap: events leave at first, join behind. */
struct trace_journal {
    struct trace_event *events;
    size_t first;
    size_t count;
    size_t capacity;
    size_t cap;
    uint64_t dropped;
};

struct trace_journal *trace_journal_new(size_t cap_events)
{
    struct trace_journal *journal = ls_alloc(sizeof *journal);

    assert(cap_events > 0);
    journal->cap = cap_events;
    return journal;
}

void trace_journal_free(struct trace_journal *journal)
{
    struct trace_event event;

    if (!journal)
        return;
    while (trace_journal_take(journal, &event))
        trace_event_clear(&event);
    free(journal->events);
    free(journal);
}

static void journal_grow(struct trace_journal *journal)
{
    size_t capacity = journal->capacity ? 2 * journal->capacity : 8;

    if (capacity > journal->cap)
        capacity = journal->cap;
    struct trace_event *events = ls_alloc_array(capacity, sizeof *events);
    for (size_t i = 0; i < journal->count; i++)
        events[i] = journal->events[(journal->first + i) % journal->capacity];
    free(journal->events);
    journal->events = events;
    journal->first = 0;
    journal->capacity = capacity;
}

void trace_journal_add(struct trace_journal *journal, struct trace_event *event)
{
    if (journal->count == journal->cap) {
        journal->dropped++;
        trace_event_clear(event);
        return;
    }
    if (journal->count == journal->capacity)
        journal_grow(journal);
    size_t last = (journal->first + journal->count) % journal->capacity;
    journal->events[last] = *event;
    journal->count++;
    *event = (struct trace_event){0};
}

bool trace_journal_take(struct trace_journal *journal,
                        struct trace_event *event)
{
    if (journal->count == 0)
        return false;
    *event = journal->events[journal->first];
    journal->first = (journal->first + 1) % journal->capacity;
    journal->count--;
    return true;
}

uint64_t trace_journal_take_dropped(struct trace_journal *journal)
{
    uint64_t dropped = journal->dropped;

    journal->dropped = 0;
    return dropped;
}
