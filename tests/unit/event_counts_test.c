/* Is what happened counted, and the count told? */
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/event_counts.h"

static void count(struct event_counts *counts, struct trace_event event)
{
    event_counts_add(counts, &event);
}

static void count_some(struct event_counts *counts)
{
    struct trust_verdict refused = {.outcome = TRUST_REFUSED};
    struct trust_verdict accepted = {.outcome = TRUST_ACCEPTED};
    struct trust_verdict client = {.outcome = TRUST_CLIENT};

    for (int i = 0; i < 3; i++)
        count(counts, (struct trace_event){.kind = TRACE_OPENED});
    count(counts, (struct trace_event){.kind = TRACE_STATE});
    count(counts,
          (struct trace_event){.kind = TRACE_VERDICT, .verdict = &refused});
    count(counts,
          (struct trace_event){.kind = TRACE_VERDICT, .verdict = &accepted});
    count(counts,
          (struct trace_event){.kind = TRACE_VERDICT, .verdict = &client});
    count(counts, (struct trace_event){.kind = TRACE_MESSAGE});
    count(counts,
          (struct trace_event){.kind = TRACE_MESSAGE, .incoming = true});
    count(counts,
          (struct trace_event){.kind = TRACE_LIMIT, .limit = LIMIT_IDLE_TIME});
    count(counts, (struct trace_event){.kind = TRACE_LIMIT,
                                       .limit = LIMIT_CONNECTIONS});
    count(counts,
          (struct trace_event){.kind = TRACE_LIMIT, .limit = LIMIT_IDLE_TIME});
}

Test(event_counts, are_told_to_people)
{
    struct event_counts counts = {0};
    struct ls_buf text = {0};

    count_some(&counts);
    event_counts_print(&counts, &text);

    cr_expect_str_eq(text.at,
                     "lyncsim: connections: 3; accepted 1, refused 1, clients "
                     "1; messages: 1 in, 1 out\n"
                     "lyncsim: limits reached: connections 1, idle time 2\n");
    ls_buf_clear(&text);
}

Test(event_counts, say_that_nothing_was_reached_and_what_was_lost)
{
    struct event_counts counts = {.lost = 7};
    struct ls_buf text = {0};

    event_counts_print(&counts, &text);

    cr_expect_not_null(strstr(text.at, "; 7 events were lost\n"));
    cr_expect_not_null(strstr(text.at, "limits reached: none\n"));
    ls_buf_clear(&text);
}

Test(event_counts, are_one_line_of_json_with_every_limit)
{
    struct event_counts counts = {0};
    struct ls_buf text = {0};

    count_some(&counts);
    event_counts_print_json(&counts, &text);

    cr_expect_eq(strchr(text.at, '\n'), text.at + text.length - 1);
    cr_expect_not_null(strstr(text.at, "{\"event\":\"counts\""));
    cr_expect_not_null(strstr(text.at, "\"idle time\":2"));
    for (int i = 0; i < LIMIT_COUNT; i++)
        cr_expect_not_null(
            strstr(text.at, trace_limit_text((enum trace_limit)i)), "%d", i);
    ls_buf_clear(&text);
}
