#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/trace_summary.h"

#define HEADER(time)                                                           \
    "TL_ERROR(TF_CONNECTION) [0]0AC0.1278::12/20/2011-" time                   \
    ".000003ca (SIPStack,x)$$begin_record\n"
#define SENTENCE "The peer is not a configured server on this network interface"
#define REFUSAL(time, name)                                                    \
    HEADER(time)                                                               \
    "Text: " SENTENCE "\nPeer-IP: 10.0.0.1:5\nData: fqdn=\"" name              \
    "\"\n$$end_record\n"

static struct trace_summary *summary_of(const char *log)
{
    struct trace_summary *summary = trace_summary_new();
    struct trace_reader *reader = trace_reader_new();
    struct trace_record record;

    trace_reader_feed(reader, ls_str_from(log));
    trace_reader_feed_eof(reader);
    while (trace_reader_next(reader, &record))
        trace_summary_add(summary, &record);
    trace_reader_free(reader);
    return summary;
}

Test(trace_summary, says_who_was_refused_how_often_and_since_when)
{
    struct trace_summary *summary = summary_of(
        "TL_INFO(TF_PROTOCOL) [0]x::y $$begin_record\n"
        "$$end_record\n" REFUSAL("20:45:01.704", "a.b")
            REFUSAL("20:44:00.000", "c.d") REFUSAL("20:46:00.000", "a.b"));

    cr_expect_eq(trace_summary_records(summary), 4u);
    cr_expect_eq(trace_summary_refusals(summary), 3u);
    cr_assert_eq(trace_summary_count(summary), 2u);
    const struct trace_finding *first = trace_summary_at(summary, 0);
    cr_expect_eq(first->kind, TRACE_FINDING_REFUSED);
    cr_expect_str_eq(first->name, "a.b");
    cr_expect_str_eq(first->text, SENTENCE);
    cr_expect_str_eq(first->peer, "10.0.0.1:5");
    cr_expect_eq(first->count, 2u);
    cr_expect_eq(first->first_line, 3u);
    cr_expect_eq(first->last_line, 13u);
    cr_expect(first->has_time);
    cr_expect_eq(first->first_ms, INT64_C(1324413901704));
    cr_expect_eq(first->last_ms - first->first_ms, 58296);
    cr_expect_not_null(first->meaning);
    cr_expect_not(first->is_assumed);
    cr_expect_str_eq(trace_summary_at(summary, 1)->name, "c.d");
    trace_summary_free(summary);
}

Test(trace_summary, tells_refusals_from_other_findings)
{
    static const struct {
        const char *label, *log;
        int kind; /* -1: no finding */
        bool is_explained;
    } rows[] = {
        {"refusal", REFUSAL("20:45:01.704", "a"), TRACE_FINDING_REFUSED, true},
        {"by code", HEADER("x") "Result-Code: 0xC3E93D6A X\n",
         TRACE_FINDING_REFUSED, true},
        {"letter case",
         HEADER("x") "Text: THE PEER IS NOT A CONFIGURED SERVER "
                     "ON THIS NETWORK INTERFACE\n",
         TRACE_FINDING_REFUSED, true},
        {"fields alone",
         "LogType: connection\nSeverity: error\nText: " SENTENCE
         "\nData: fqdn=\"a\"\n",
         TRACE_FINDING_REFUSED, true},
        {"another error",
         HEADER("x") "Text: Receive operation on the "
                     "connection failed\n",
         TRACE_FINDING_CONNECTION, true},
        {"explained by its code",
         HEADER("x") "Text: Something\nResult-Code: 0x80090322 SEC_E\n",
         TRACE_FINDING_CONNECTION, true},
        {"unknown", HEADER("x") "Text: Something\n", TRACE_FINDING_CONNECTION,
         false},
        {"diagnostic",
         "TL_ERROR(TF_DIAG) [0]x::y\nText: Message cannot be routed because "
         "the peer's certificate does not contain a matching FQDN\n",
         TRACE_FINDING_DIAGNOSTIC, true},
        {"run together",
         "TL_ERROR(TF_COMPONENT) [0]x::y\nLogType: diagnostic\nSeverity: "
         "warning\nText: Cannot process Route headers from a non-trusted "
         "source, or\n",
         TRACE_FINDING_DIAGNOSTIC, true},
        {"information",
         "TL_INFO(TF_CONNECTION) [0]x::y\nSeverity: information\nText: TLS "
         "negotiation started\n",
         -1, false},
        {"nothing said", HEADER("x"), -1, false},
        {"message",
         "TL_INFO(TF_PROTOCOL) [0]x::y\nText: " SENTENCE "\n$$end_record\n", -1,
         false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trace_summary *summary = summary_of(rows[i].log);
        size_t count = trace_summary_count(summary);

        cr_expect_eq(count, rows[i].kind < 0 ? 0u : 1u, "%s", rows[i].label);
        if (count == 1) {
            const struct trace_finding *found = trace_summary_at(summary, 0);
            cr_expect_eq((int)found->kind, rows[i].kind, "%s", rows[i].label);
            cr_expect_eq(found->meaning != NULL, rows[i].is_explained, "%s",
                         rows[i].label);
        }
        trace_summary_free(summary);
    }
}

Test(trace_summary, has_a_text_for_each_kind)
{
    cr_expect_str_eq(trace_finding_kind_text(TRACE_FINDING_REFUSED), "refused");
    cr_expect_str_eq(trace_finding_kind_text(TRACE_FINDING_CONNECTION),
                     "connection");
    cr_expect_str_eq(trace_finding_kind_text(TRACE_FINDING_DIAGNOSTIC),
                     "diagnostic");
}

Test(trace_summary, keeps_names_with_nul_apart)
{
    struct trace_summary *summary = summary_of(
        REFUSAL("20:45:01.704", "a") REFUSAL("20:45:01.704", "a\\x00")
            REFUSAL("20:45:01.704", "b"));

    cr_expect_eq(trace_summary_count(summary), 3u);
    cr_expect_eq(trace_summary_at(summary, 1)->name_length, 2u);
    trace_summary_free(summary);
}

Test(trace_summary, tells_letter_case_apart_where_it_counts)
{
    static const struct {
        enum name_comparison names;
        size_t count;
    } rows[] = {{NAMES_INSENSITIVE, 1}, {NAMES_SENSITIVE, 2}};
    static const char *const spellings[] = {"Mail.a.com", "mail.A.com",
                                            "Mail.a.com"};

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct trace_summary *summary = trace_summary_new();

        trace_summary_set_names(summary, rows[i].names);
        for (size_t j = 0; j < LS_COUNT(spellings); j++) {
            struct trace_record record = {
                .text = ls_str_from(SENTENCE),
                .has_fqdn = true,
                .fqdn = ls_str_from(spellings[j]),
            };

            trace_summary_add(summary, &record);
        }
        cr_assert_eq(trace_summary_count(summary), rows[i].count);
        cr_expect_str_eq(trace_summary_at(summary, 0)->name, "Mail.a.com");
        cr_expect_eq(trace_summary_at(summary, 0)->has_other_case,
                     rows[i].count == 1);
        trace_summary_free(summary);
    }
}

Test(trace_summary, counts_what_is_beyond_its_bounds)
{
    struct trace_summary *summary = trace_summary_new();

    for (int i = 0; i < TRACE_FINDINGS_MAX + 7; i++) {
        char *name = ls_strf("host%d", i);
        struct trace_record record = {
            .text = ls_str_from(SENTENCE),
            .has_fqdn = true,
            .fqdn = ls_str_from(name),
        };
        trace_summary_add(summary, &record);
        free(name);
    }

    cr_expect_eq(trace_summary_count(summary), (size_t)TRACE_FINDINGS_MAX);
    cr_expect_eq(trace_summary_uncounted(summary), 7u);
    cr_expect_eq(trace_summary_refusals(summary), TRACE_FINDINGS_MAX + 7u);
    trace_summary_free(summary);
}
