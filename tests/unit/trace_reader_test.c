#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/sipstack_trace.h"
#include "lyncsim/trace_reader.h"

#define HEADER                                                                 \
    "TL_ERROR(TF_CONNECTION) [0]0AC0.1278::12/20/2011-20:45:01.704.000003ca "  \
    "(SIPStack,SIPAdminLog::TraceConnectionRecord:SIPAdminLog.cpp(160))"
#define SENTENCE "The peer is not a configured server on this network interface"
#define FIELDS                                                                 \
    "LogType: connection\nSeverity: error\nText: " SENTENCE                    \
    "\nTransport: TLS\nData: fqdn=\"deitterick.com\"\n"
#define MESSAGE                                                                \
    "TL_INFO(TF_PROTOCOL) [1]0BC0.178C::07/19/2012-10:38:20.042.000004cf "     \
    "(SIPStack,SIPAdminLog::TraceProtocolRecord:SIPAdminLog.cpp(125))"         \
    "$$begin_record\nDirection: incoming\nText: no field\n\n"                  \
    "Data: fqdn=\"body\"\n$$end_record\n"

/* Every record as a line of its own, joined. */
static char *summary_by(struct ls_str text, size_t step)
{
    struct trace_reader *reader = trace_reader_new();
    struct trace_record record;
    struct ls_buf out = {0};

    for (size_t i = 0; i <= text.length; i += step) {
        if (i < text.length)
            trace_reader_feed(reader, ls_str_first(ls_str_skip(text, i), step));
        if (i + step > text.length)
            trace_reader_feed_eof(reader);
        while (trace_reader_next(reader, &record)) {
            ls_buf_printf(&out, "%ju %.*s %.*s|%.*s|", (uintmax_t)record.line,
                          LS_STR_ARG(record.level), LS_STR_ARG(record.flag),
                          LS_STR_ARG(record.text));
            if (record.has_fqdn)
                ls_buf_add_escaped(&out, record.fqdn);
            ls_buf_add_text(&out, record.has_fqdn ? "\n" : "-\n");
        }
    }
    trace_reader_free(reader);
    return ls_buf_take(&out);
}

static char *summary(const char *text)
{
    return summary_by(ls_str_from(text), strlen(text) + 1);
}

static const struct {
    const char *label;
    const char *text;
    const char *expected;
} rows[] = {
    {"nothing", "", ""},
    {"no record", "hello\n\nTL_ERROR\nTL_ERROR(x)\nTL_(\n", ""},
    {"whole", HEADER "$$begin_record\n" FIELDS "$$end_record\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|deitterick.com\n"},
    {"no line end", HEADER "$$begin_record\n" FIELDS "$$end_record",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|deitterick.com\n"},
    {"bare", "Prose.\n\n" HEADER "$$begin_record\n" FIELDS "\n\nProse: more.\n",
     "3 TL_ERROR TF_CONNECTION|" SENTENCE "|deitterick.com\n"},
    {"bare at the end", HEADER "\n" FIELDS,
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|deitterick.com\n"},
    {"quoted mail",
     "> " HEADER "$$begin_record\n> LogType: connection\n"
     "> Text: " SENTENCE "\n> Data: fqdn=\"a.b\"\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"},
    {"mail quoted by bars",
     "| " HEADER "$$begin_record\n| LogType: connection\n"
     "| Text: " SENTENCE "\n| Data: fqdn=\"a.b\"\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"},
    {"numbered by grep -n",
     "7:" HEADER "$$begin_record\n8:Text: " SENTENCE
     "\n9:Data: fqdn=\"a.b\"\n10:$$end_record\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"},
    {"numbered by cat -n",
     "     7\t" HEADER "$$begin_record\n     8\tText: " SENTENCE
     "\n     9\tData: fqdn=\"a.b\"\n    10\t$$end_record\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"},
    {"carriage returns alone",
     HEADER "$$begin_record\rText: " SENTENCE
            "\rData: fqdn=\"a.b\"\r$$end_record\r",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"},
    {"the source of a page",
     "<html><body><p>" HEADER "$$begin_record<br>\nText: The peer&#39;s "
     "&quot;a&amp;b&quot; &lt;x&gt;<br>\n"
     "Data: expected-fqdn=&quot;c.d&quot;;fqdn=&quot;a.b&quot;<br>\n",
     "1 TL_ERROR TF_CONNECTION|The peer's \"a&b\" <x>|a.b\n"},
    {"a name of entities is a name",
     HEADER "$$begin_record\nText: " SENTENCE
            "\nData: fqdn=\"a&quot;;fqdn=&quot;b\"\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a&quot;;fqdn=&quot;b\n"},
    {"a cell of a table",
     "\"" HEADER "\n" HEADER "$$begin_record\nText: " SENTENCE
     "\nData: fqdn=\"\"a.b\"\"\n",
     "2 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"},
    {"an empty name",
     HEADER "$$begin_record\nText: " SENTENCE "\nData: fqdn=\"\";info=\"x\"\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|\n"},
    {"a mail as it is sent",
     HEADER "$$begin_record\nText: The peer is not a configured server on "
            "this net=\nwork interface\nData: fqdn=3D\"a.=\nb\"\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"},
    {"a name in two lines",
     HEADER "$$begin_record\nText: " SENTENCE "\nData: fqdn=\"mail.\n"
            "  a.b\"\n\nmore\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|mail.a.b\n"},
    {"cut within the name",
     HEADER "$$begin_record\nText: " SENTENCE "\nData: fqdn=\"mail.a",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|-\n"},
    {"cut before the next record",
     HEADER "$$begin_record\nText: " SENTENCE "\nData: fqdn=\"mail.\n" HEADER
            "$$begin_record\n" FIELDS,
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|-\n"
     "4 TL_ERROR TF_CONNECTION|" SENTENCE "|deitterick.com\n"},
    {"blanks that do not break",
     "\xC2\xA0" HEADER "$$begin_record\n\xC2\xA0 Text:\xC2\xA0" SENTENCE
     "\nData:\xC2\xA0"
     "fqdn=\"a.b\"\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"},
    {"wrapped",
     "TL_ERROR(TF_CONNECTION) [0]0AC0.1278::12/20/2011-20:45:01.704.000003ca\n"
     "(SIPStack,SIPAdminLog::TraceConnectionRecord:SIPAdminLog.cpp(160))\n"
     "$$begin_record\nText: The peer is not a configured\n  server on this "
     "network interface\nData: fqdn=\"a.b\"\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"},
    {"one line",
     HEADER "$$begin_record LogType: connection Severity: error Text: " SENTENCE
            " Transport: TLS Data: fqdn=\"a.b\" $$end_record " HEADER
            "$$begin_record Text: " SENTENCE " Data: fqdn=\"c\"\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|c\n"},
    {"a name cannot hold a field",
     HEADER "\nData: fqdn=\"a Text: forged\"\nText: x\n",
     "1 TL_ERROR TF_CONNECTION|x|a Text: forged\n"},
    {"a field is said once",
     HEADER "\nText: a\nText: b\nData: fqdn=\"x\"\n"
            "Data: fqdn=\"y\"\n",
     "1 TL_ERROR TF_CONNECTION|a|x\n"},
    {"web quotes",
     HEADER "\nData: fqdn=\xE2\x80\x9C"
            "a.b\xE2\x80\x9D\n",
     "1 TL_ERROR TF_CONNECTION||a.b\n"},
    {"entities", HEADER "\nData: fqdn=&quot;a.b&quot;\n",
     "1 TL_ERROR TF_CONNECTION||a.b\n"},
    {"a page's source",
     "<p>" HEADER "$$begin_record<br />\nText: " SENTENCE "<br />\n"
     "<span class=\"x\">Data: fqdn=&quot;a.b&quot;</span></p>\n<p>More.</p>\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"},
    {"a page's source on one line",
     HEADER "$$begin_record<br>LogType: connection<br>Text: " SENTENCE
            "<br/>Transport: TLS<BR />Data: fqdn=\"a.b\"</p>\n",
     "1 TL_ERROR TF_CONNECTION|" SENTENCE "|a.b\n"},
    {"a name may hold a tag", HEADER "\nData: fqdn=\"a<br>Text: b\"\n",
     "1 TL_ERROR TF_CONNECTION||a<br>Text: b\n"},
    {"no tag", HEADER "\nText: <a <brx> < >\nData: fqdn=\"a\"\n",
     "1 TL_ERROR TF_CONNECTION|<a <brx> < >|a\n"},
    {"spaced out", HEADER "\nData: expected-fqdn =\" no \"; fqdn =\" a.b \"\n",
     "1 TL_ERROR TF_CONNECTION||a.b\n"},
    {"read back", HEADER "\nData: fqdn=\"a\\x22\\x00\\xff\\x5Cx41\\xZZ\"\n",
     "1 TL_ERROR TF_CONNECTION||a\\x22\\x00\\xFF\\x5Cx41\\x5CxZZ\n"},
    {"no name", HEADER "\nData: fqdn=\"\"\n", "1 TL_ERROR TF_CONNECTION||\n"},
    {"no quotes", HEADER "\nData: fqdn=a.b\n", "1 TL_ERROR TF_CONNECTION||-\n"},
    {"messages between",
     MESSAGE HEADER "$$begin_record\n" FIELDS "$$end_record\n" MESSAGE,
     "1 TL_INFO TF_PROTOCOL||-\n"
     "7 TL_ERROR TF_CONNECTION|" SENTENCE "|deitterick.com\n"
     "14 TL_INFO TF_PROTOCOL||-\n"},
    {"fields alone", "I saw this:\n\n  " FIELDS "What now?\n",
     "3  |" SENTENCE "|deitterick.com\n"},
    {"fields alone, twice", FIELDS "\n" FIELDS,
     "1  |" SENTENCE "|deitterick.com\n7  |" SENTENCE "|deitterick.com\n"},
    {"the sentence alone", "Text: " SENTENCE "\nData: fqdn=\"a.b\"\n",
     "1  |" SENTENCE "|a.b\n"},
    {"not within a message",
     "TL_INFO(TF_PROTOCOL) [0]x::y\n" FIELDS "$$end_record\n",
     "1 TL_INFO TF_PROTOCOL||-\n"},
    {"cut by the next", HEADER "\nText: a\n" HEADER "\nText: b\n",
     "1 TL_ERROR TF_CONNECTION|a|-\n3 TL_ERROR TF_CONNECTION|b|-\n"},
    {"2015",
     "TL_ERROR(TF_DIAG) [sfvedge\\sfvedge]0B60.0D6C::03/02/2017-06:30:40.025."
     "00005602 (SIPStack,SIPAdminLog::WriteDiagnosticEvent:SIPAdminLog.cpp("
     "833)) [3634190282] $$begin_record\r\nSeverity: error\r\n"
     "Text: Message cannot be routed Result-Code: 0xc3e93d67 X\r\n"
     "Data: expected-fqdn=\"a\";certName=\"b\"\r\n$$end_record\r\n",
     "1 TL_ERROR TF_DIAG|Message cannot be routed|-\n"},
    {"prose after a header", HEADER "\nabc\ndef\nghi\njkl\nText: late\n",
     "1 TL_ERROR TF_CONNECTION||-\n"},
};

Test(trace_reader, finds_records_wherever_they_stand)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = summary(rows[i].text);

        cr_expect_str_eq(text, rows[i].expected, "%s: %s", rows[i].label, text);
        free(text);
    }
}

Test(trace_reader, reads_the_same_a_byte_at_a_time)
{
    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *text = summary_by(ls_str_from(rows[i].text), 1);

        cr_expect_str_eq(text, rows[i].expected, "%s: %s", rows[i].label, text);
        free(text);
    }
}

/* As of one who was killed while it was being written. */
Test(trace_reader, reads_a_cut_log_to_its_last_whole_record)
{
    static const struct ls_str text = LS_STR(
        MESSAGE HEADER "$$begin_record\n" FIELDS "$$end_record\n" MESSAGE);
    static const size_t ends[] = {
        0, sizeof MESSAGE - 1,
        sizeof MESSAGE HEADER "$$begin_record\n" FIELDS "$$end_record\n" - 1};

    for (size_t cut = 0; cut < text.length; cut++) {
        size_t whole = 0;
        char *of_whole, *of_cut;

        for (size_t i = 0; i < LS_COUNT(ends); i++)
            whole = ends[i] <= cut ? ends[i] : whole;
        of_whole = summary_by(ls_str_first(text, whole), whole + 1);
        of_cut = summary_by(ls_str_first(text, cut), cut + 1);
        cr_expect(ls_str_starts_with(ls_str_from(of_cut), of_whole),
                  "cut at %zu: %s", cut, of_cut);
        free(of_whole);
        free(of_cut);
    }
}

Test(trace_reader, reads_utf_16_of_both_byte_orders)
{
    for (int big = 0; big < 2; big++) {
        static const char *const text = HEADER "\r\n" FIELDS;
        struct ls_buf wide = {0};

        ls_buf_add(&wide, ls_str_from(big ? "\xFE\xFF" : "\xFF\xFE"));
        for (const char *at = text; *at; at++) {
            ls_buf_add_byte(&wide, big ? '\0' : *at);
            ls_buf_add_byte(&wide, big ? *at : '\0');
        }
        char *found = summary_by(ls_buf_str(&wide), 7);

        cr_expect_str_eq(found, "1 TL_ERROR TF_CONNECTION|" SENTENCE
                                "|deitterick.com\n");
        free(found);
        ls_buf_clear(&wide);
    }
}

Test(trace_reader, says_when_and_where)
{
    struct trace_reader *reader = trace_reader_new();
    struct trace_record record;
    static const struct ls_str text =
        LS_STR("TL_WARN(TF_DIAG) [P\\M]0AC0.1278::12/20/2011-20:45:01.704."
               "0000773E (SIPStack,X:y.cpp(830)) [12] $$begin_record\n"
               "LogType: diagnostic\nSeverity: warning\nPeer-IP: 10.0.0.1:5\n"
               "SIP-Start-Line: OPTIONS sip:a SIP/2.0\n"
               "Result-Code: 0xc3e93c5e SIPPROXY_E_ROUTING\n$$end_record\n");

    trace_reader_feed(reader, text);
    cr_assert(trace_reader_next(reader, &record));

    cr_expect(record.has_time);
    cr_expect_eq(record.at_ms, INT64_C(1324413901704));
    cr_expect(ls_str_equal_text(record.origin, "P\\M"));
    cr_expect(ls_str_equal_text(record.log_type, "diagnostic"));
    cr_expect(ls_str_equal_text(record.severity, "warning"));
    cr_expect(ls_str_equal_text(record.peer, "10.0.0.1:5"));
    cr_expect(ls_str_equal_text(record.start_line, "OPTIONS sip:a SIP/2.0"));
    cr_expect(
        ls_str_equal_text(record.result_code, "0xc3e93c5e SIPPROXY_E_ROUTING"));
    cr_expect_eq(trace_reader_lines(reader), 7u);
    trace_reader_free(reader);
}

Test(trace_reader, knows_no_time_that_is_none)
{
    static const char *const times[] = {
        "",
        "::",
        "::13/20/2011-20:45:01.704.0",
        "::12/20/2011-24:45:01.704.0",
        "::12/20/2011 20:45:01.704.0",
        "::12/2/2011-20:45:01.704.0",
        "::12/20/2011-20:45:01.704",
    };

    for (size_t i = 0; i < LS_COUNT(times); i++) {
        struct trace_reader *reader = trace_reader_new();
        struct trace_record record;
        char *text = ls_strf("TL_X(TF_Y) [0]0AC0.1278%s\n", times[i]);

        trace_reader_feed(reader, ls_str_from(text));
        trace_reader_feed_eof(reader);
        cr_assert(trace_reader_next(reader, &record), "%s", times[i]);
        cr_expect_not(record.has_time, "%s", times[i]);
        trace_reader_free(reader);
        free(text);
    }
}

Test(trace_reader, reads_back_what_the_trace_writes)
{
    static const char hostile[] = "a\"\r\n$$end_record\\x41\0TL_\xC3\xBC\xFF";
    struct sipstack_trace trace;
    struct trace_event event = {.kind = TRACE_CONNECTION,
                                .fqdn = (char *)hostile,
                                .fqdn_length = sizeof hostile - 1};
    struct ls_buf out = {0};
    struct trace_reader *reader = trace_reader_new();
    struct trace_record record;

    sipstack_trace_init(&trace);
    for (int style = 0; style < 2; style++) {
        trace.style = (enum sipstack_style)style;
        sipstack_trace_print(&trace, &event, &out);
    }
    trace_reader_feed(reader, ls_buf_str(&out));
    for (int style = 0; style < 2; style++) {
        cr_assert(trace_reader_next(reader, &record));
        cr_expect(ls_str_equal(record.fqdn,
                               ls_str_from_bytes(hostile, sizeof hostile - 1)));
    }
    cr_expect_not(trace_reader_next(reader, &record));
    trace_reader_free(reader);
    ls_buf_clear(&out);
}

Test(trace_reader, passes_over_the_rest_of_an_endless_line)
{
    struct trace_reader *reader = trace_reader_new();
    struct trace_record record;
    static char chunk[4096];
    memset(chunk, 'x', sizeof chunk);

    trace_reader_feed(reader, ls_str_from("Text: "));
    for (int i = 0; i < 64; i++) {
        trace_reader_feed(reader, ls_str_from_bytes(chunk, sizeof chunk));
        cr_assert_not(trace_reader_next(reader, &record));
    }
    trace_reader_feed(reader, ls_str_from("\n" HEADER "\n" FIELDS));
    trace_reader_feed_eof(reader);

    cr_assert(trace_reader_next(reader, &record));
    cr_expect_eq(record.line, 2u);
    cr_expect(ls_str_equal_text(record.fqdn, "deitterick.com"));
    cr_expect_not(trace_reader_next(reader, &record));
    trace_reader_free(reader);
}

Test(trace_reader, keeps_a_record_within_bounds)
{
    struct ls_buf text = {0};
    struct trace_reader *reader = trace_reader_new();
    struct trace_record record;

    ls_buf_add_text(&text, HEADER "\n");
    for (int i = 0; i < FILENAME_MAX; i++)
        ls_buf_add_text(&text, "Text: a long text of no use to anybody\n"
                               "Peer: x\nConnection-ID: 0x2500\n");
    ls_buf_add_text(&text, "Data: fqdn=\"late.example\"\n");
    trace_reader_feed(reader, ls_buf_str(&text));
    trace_reader_feed_eof(reader);

    cr_assert(trace_reader_next(reader, &record));
    cr_expect(ls_str_equal_text(record.fqdn, "late.example"));
    trace_reader_free(reader);
    ls_buf_clear(&text);
}

Test(trace_reader, finds_the_record_in_the_article)
{
    static const char path[] = LYNCSIM_SOURCE_DIR "/tests/data/article.txt";
    FILE *file = fopen(path, "rb");
    cr_assert(file, "%s", path);
    static char text[65536];
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);

    char *found = summary_by(ls_str_from_bytes(text, length), 100);

    cr_expect_str_eq(found,
                     "10 TL_ERROR TF_CONNECTION|" SENTENCE "|deitterick.com\n");
    free(found);
}
