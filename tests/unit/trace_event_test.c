#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/trace_event.h"

static struct trace_event event_of(const char *text)
{
    return (struct trace_event){.kind = TRACE_CLOSED, .text = ls_strdup(text)};
}

static void expect_next(struct trace_journal *journal, const char *text)
{
    struct trace_event event;

    cr_assert(trace_journal_take(journal, &event), "%s", text);
    cr_expect_str_eq(event.text, text);
    trace_event_clear(&event);
}

Test(trace_event, has_a_text_for_each_kind)
{
    for (unsigned kind = 0; kind < TRACE_EVENT_COUNT; kind++)
        cr_expect_gt(strlen(trace_event_kind_text((enum trace_event_kind)kind)),
                     0u);
}

Test(trace_event, is_zero_after_clearing)
{
    struct trace_event event = event_of("x");
    event.peer = ls_strdup("p");
    event.detail = ls_strdup("d");
    event.fqdn = ls_strdup("f");
    event.bytes = ls_strdup("b");
    event.result_code = ls_strdup("r");
    event.start_line = ls_strdup("s");
    event.call_id = ls_strdup("c");
    event.cseq = ls_strdup("q");
    event.data = ls_strdup("a");
    event.verdict = ls_alloc(sizeof *event.verdict);

    trace_event_clear(&event);

    cr_expect_null(event.text);
    cr_expect_null(event.verdict);
    trace_event_clear(&event);
}

Test(trace_journal, gives_back_in_order_what_it_took)
{
    struct trace_journal *journal = trace_journal_new(100);
    static const char *const texts[] = {"a", "b", "c", "d", "e", "f",
                                        "g", "h", "i", "j", "k", "l"};

    /* Taken and added by turns, so that the ring wraps before it grows. */
    for (size_t i = 0; i < 5; i++) {
        struct trace_event event = event_of("early");
        trace_journal_add(journal, &event);
        cr_expect_null(event.text);
    }
    for (size_t i = 0; i < 5; i++)
        expect_next(journal, "early");
    for (size_t i = 0; i < LS_COUNT(texts); i++) {
        struct trace_event event = event_of(texts[i]);
        trace_journal_add(journal, &event);
    }
    for (size_t i = 0; i < LS_COUNT(texts); i++)
        expect_next(journal, texts[i]);

    struct trace_event event;
    cr_expect_not(trace_journal_take(journal, &event));
    cr_expect_eq(trace_journal_take_dropped(journal), 0u);
    trace_journal_free(journal);
}

Test(trace_journal, drops_and_counts_what_is_beyond_its_cap)
{
    struct trace_journal *journal = trace_journal_new(3);

    for (int i = 0; i < 10; i++) {
        char text[2] = {(char)('0' + i), '\0'};
        struct trace_event event = event_of(text);
        trace_journal_add(journal, &event);
        cr_expect_null(event.text);
    }

    cr_expect_eq(trace_journal_take_dropped(journal), 7u);
    cr_expect_eq(trace_journal_take_dropped(journal), 0u);
    expect_next(journal, "0");
    expect_next(journal, "1");
    struct trace_event event = event_of("new");
    trace_journal_add(journal, &event);
    expect_next(journal, "2");
    expect_next(journal, "new");
    trace_journal_free(journal);
}

Test(trace_journal, frees_what_nobody_took)
{
    struct trace_journal *journal = trace_journal_new(3);
    struct trace_event event = event_of("x");

    trace_journal_add(journal, &event);
    trace_journal_free(journal);
    trace_journal_free(NULL);
}
