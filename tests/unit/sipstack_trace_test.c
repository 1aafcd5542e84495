#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sipstack_trace.h"

/* 2011-12-20T20:45:01.704Z */
#define ARTICLE_MS INT64_C(1324413901704)

#define HEADER_2010                                                            \
    "TL_ERROR(TF_CONNECTION) [0]0AC0.1278::12/20/2011-20:45:01.704.000003ca "  \
    "(SIPStack,SIPAdminLog::TraceConnectionRecord:SIPAdminLog.cpp(160))"       \
    "$$begin_record\n"

static struct sipstack_trace article_trace(void)
{
    struct sipstack_trace trace;

    sipstack_trace_init(&trace);
    trace.sequence = 0x3ca;
    return trace;
}

static struct trace_event refusal_of(const char *name, size_t length)
{
    return (struct trace_event){.kind = TRACE_CONNECTION,
                                .at_ms = ARTICLE_MS,
                                .connection_id = 0x2500,
                                .peer = (char *)"10.0.0.5:49732",
                                .fqdn = (char *)name,
                                .fqdn_length = length};
}

static struct trace_event message_of(const char *bytes, bool incoming)
{
    return (struct trace_event){.kind = TRACE_MESSAGE,
                                .at_ms = ARTICLE_MS,
                                .connection_id = 0x2500,
                                .incoming = incoming,
                                .peer = (char *)"cas.contoso.com:49732",
                                .bytes = (char *)bytes,
                                .byte_count = strlen(bytes)};
}

static char *printed(struct sipstack_trace *trace, struct trace_event event)
{
    struct ls_buf out = {0};

    cr_assert(sipstack_trace_print(trace, &event, &out));
    return ls_buf_take(&out);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        count++;
    return count;
}

Test(sipstack_trace, writes_the_record_of_the_article_to_the_byte)
{
    struct sipstack_trace trace = article_trace();
    char *text = printed(&trace, refusal_of("deitterick.com", 14));

    cr_expect_str_eq(
        text, HEADER_2010
        "LogType: connection\n"
        "Severity: error\n"
        "Text: The peer is not a configured server on this network interface\n"
        "Transport: TLS\n"
        "Data: fqdn=\"deitterick.com\"\n"
        "$$end_record\n");
    free(text);
}

Test(sipstack_trace, writes_the_style_of_2015)
{
    struct sipstack_trace trace = article_trace();
    trace.style = SIPSTACK_SFB_2015;
    strcpy(trace.machine, "sfvedge\\sfvedge");
    trace.sequence = 0x773e;
    char *text = printed(&trace, refusal_of("a.b", 3));

    cr_expect_eq(strncmp(text,
                         "TL_ERROR(TF_CONNECTION) [sfvedge\\sfvedge]0AC0.1278"
                         "::12/20/2011-20:45:01.704.0000773E (SIPStack,"
                         "SIPAdminLog::TraceConnectionRecord:SIPAdminLog.cpp("
                         "160)) [",
                         150),
                 0, "%s", text);
    cr_expect(strstr(text, "] $$begin_record\nLogType: connection\n"));
    free(text);
}

Test(sipstack_trace, counts_its_records)
{
    struct sipstack_trace trace = article_trace();
    trace.sequence = UINT32_MAX;

    free(printed(&trace, refusal_of("a", 1)));
    char *text = printed(&trace, refusal_of("a", 1));

    cr_expect(strstr(text, ".00000000 (SIPStack"), "%s", text);
    free(text);
}

Test(sipstack_trace, keeps_what_is_assumed_behind_full)
{
    struct sipstack_trace trace = article_trace();
    trace.fields = SIPSTACK_FIELDS_FULL;
    char *text = printed(&trace, refusal_of("deitterick.com", 14));

    cr_expect_str_eq(
        text, HEADER_2010
        "LogType: connection\n"
        "Severity: error\n"
        "Text: The peer is not a configured server on this network interface\n"
        "Peer-IP: 10.0.0.5:49732\n"
        "Transport: TLS\n"
        "Result-Code: 0xc3e93d6a SIPPROXY_E_CONNECTION_UNKNOWN_SERVER\n"
        "Data: fqdn=\"deitterick.com\"\n"
        "$$end_record\n");
    free(text);
}

Test(sipstack_trace, writes_other_sentences_of_a_connection_in_full_only)
{
    struct sipstack_trace trace = article_trace();
    struct trace_event event = refusal_of(NULL, 0);
    struct ls_buf out = {0};
    event.text = (char *)"Receive operation on the connection failed";
    event.data = (char *)"info=\"x\"";

    cr_expect_not(sipstack_trace_print(&trace, &event, &out));
    cr_expect_eq(out.length, 0u);
    cr_expect_eq(trace.sequence, 0x3cau);
    trace.fields = SIPSTACK_FIELDS_FULL;
    cr_expect(sipstack_trace_print(&trace, &event, &out));

    cr_expect(strstr(out.at, "Text: Receive operation on the connection fai"));
    cr_expect(strstr(out.at, "Data: info=\"x\"\n"));
    ls_buf_clear(&out);
}

Test(sipstack_trace, writes_nothing_of_events_that_have_no_record)
{
    static const enum trace_event_kind kinds[] = {
        TRACE_OPENED,  TRACE_STATE, TRACE_HANDSHAKE,
        TRACE_VERDICT, TRACE_LIMIT, TRACE_CLOSED,
    };
    struct sipstack_trace trace = article_trace();
    struct ls_buf out = {0};

    for (size_t i = 0; i < LS_COUNT(kinds); i++) {
        struct trace_event event = {.kind = kinds[i]};
        cr_expect_not(sipstack_trace_print(&trace, &event, &out));
    }
    cr_expect_eq(out.length, 0u);
}

Test(sipstack_trace, lets_no_name_forge_a_record)
{
    static const struct {
        const char *label;
        const char *name;
        size_t length;
        const char *expected;
    } rows[] = {
        {"no name", NULL, 0, "fqdn=\"\"\n"},
        {"quote", "a\"b", 3, "fqdn=\"a\\x22b\"\n"},
        {"backslash", "a\\x41", 5, "fqdn=\"a\\x5Cx41\"\n"},
        {"line end", "a\r\n$$end_record", 15,
         "fqdn=\"a\\x0D\\x0A\\x24$end_record\"\n"},
        {"begin", "$$begin_record", 14, "fqdn=\"\\x24$begin_record\"\n"},
        {"three marks", "$$$", 3, "fqdn=\"\\x24\\x24$\"\n"},
        {"level", "TL_ERROR(TF_CONNECTION)", 23,
         "fqdn=\"\\x54L_ERROR(TF_CONNECTION)\"\n"},
        {"NUL", "a\0.evil", 7, "fqdn=\"a\\x00.evil\"\n"},
        {"Latin-1", "m\xFCller", 6, "fqdn=\"m\\xFCller\"\n"},
        {"UTF-8", "m\xC3\xBCller", 7, "fqdn=\"m\xC3\xBCller\"\n"},
        {"escape", "\x1B[2J", 4, "fqdn=\"\\x1B[2J\"\n"},
        {"DEL", "\x7F", 1, "fqdn=\"\\x7F\"\n"},
        {"line separator", "a\xE2\x80\xA8z", 5, "fqdn=\"a\\xE2\\x80\\xA8z\"\n"},
        {"next line", "a\xC2\x85z", 4, "fqdn=\"a\\xC2\\x85z\"\n"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct sipstack_trace trace = article_trace();
        char *text = printed(&trace, refusal_of(rows[i].name, rows[i].length));

        cr_expect(strstr(text, rows[i].expected), "%s: %s", rows[i].label,
                  text);
        cr_expect_eq(count_of(text, "\n"), 7u, "%s: %s", rows[i].label, text);
        cr_expect_eq(count_of(text, "$$end_record"), 1u, "%s", rows[i].label);
        free(text);
    }
}

Test(sipstack_trace, writes_a_request_with_its_headers_as_received)
{
    struct sipstack_trace trace = article_trace();
    char *text = printed(&trace, message_of("OPTIONS sip:a@b.com SIP/2.0\r\n"
                                            "To: <sip:a@b.com>\r\n"
                                            "MAX-FORWARDS: 70\r\n"
                                            "Subject: a\r\n\tb \"c\" \\d\r\n"
                                            "\r\n",
                                            true));

    cr_expect_str_eq(
        text,
        "TL_INFO(TF_PROTOCOL) [0]0AC0.1278::12/20/2011-20:45:01.704.000003ca "
        "(SIPStack,SIPAdminLog::TraceProtocolRecord:SIPAdminLog.cpp(125))"
        "$$begin_record\n"
        "Trace-Correlation-Id: 3346581093\n"
        "Instance-Id: 00000001\n"
        "Direction: incoming\n"
        "Peer: cas.contoso.com:49732\n"
        "Message-Type: request\n"
        "Start-Line: OPTIONS sip:a@b.com SIP/2.0\n"
        "To: <sip:a@b.com>\n"
        "MAX-FORWARDS: 70\n"
        "Subject: a\n"
        "\tb \"c\" \\d\n"
        "Message-Body: -\n"
        "$$end_record\n");
    free(text);
}

Test(sipstack_trace, writes_a_response_with_its_body)
{
    struct sipstack_trace trace = article_trace();
    char *text = printed(&trace, message_of("SIP/2.0 200 OK\r\n"
                                            "Content-Length: 6\r\n"
                                            "\r\n"
                                            "a\r\n\r\nb",
                                            false));

    cr_expect(strstr(text, "Direction: outgoing\n"));
    cr_expect(strstr(text, "Message-Type: response\n"
                           "Start-Line: SIP/2.0 200 OK\n"
                           "Content-Length: 6\n"
                           "Message-Body: a\n\nb\n$$end_record\n"),
              "%s", text);
    free(text);
}

Test(sipstack_trace, lets_no_message_end_its_record_early)
{
    struct sipstack_trace trace = article_trace();
    char *text = printed(
        &trace,
        message_of("MESSAGE sip:a@b.com SIP/2.0\r\n"
                   "X: 1\n$$end_record\r\n"
                   "Y: \x01\xFF\r\n"
                   "\r\n"
                   "$$end_record\r\n"
                   "TL_ERROR(TF_CONNECTION) [0]0AC0.1278::"
                   "12/20/2011-20:45:01.704.000003ca (SIPStack,x)"
                   "$$begin_record\r\nData: fqdn=\"victim\"\r\n\\x24 \r.",
                   true));

    cr_expect_eq(count_of(text, "$$end_record"), 1u, "%s", text);
    cr_expect_eq(count_of(text, "$$begin_record"), 1u, "%s", text);
    cr_expect_eq(count_of(text, "TL_"), 1u, "%s", text);
    cr_expect(strstr(text, "\n\\x24$end_record\n"));
    cr_expect(strstr(text, "\n\\x54L_ERROR(TF_CONNECTION)"));
    cr_expect(strstr(text, "\nY: \\x01\\xFF\n"));
    cr_expect(strstr(text, "\n\\x5Cx24 \\x0D.\n"));
    free(text);
}

Test(sipstack_trace, escapes_what_does_harm_wherever_it_stands)
{
    static const struct {
        const char *sent;
        const char *shown;
    } rows[] = {
        {"TL_", "\\x54L_"},           {"$$", "\\x24$"},  {"\\x41", "\\x5Cx41"},
        {"a\rb", "a\\x0Db"},          {"\x7F", "\\x7F"}, {"\x1B", "\\x1B"},
        {"\r\r", "\\x0D\\x0D"},       {"\xFF", "\\xFF"}, {"a\tb", "a\tb"},
        {"TLS L $ \\", "TLS L $ \\"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        for (int before = 0; before < 40; before++) {
            struct sipstack_trace trace = article_trace();
            char *sent = ls_strf("A sip:b SIP/2.0\r\nX: %*s%s\r\n\r\n", before,
                                 "", rows[i].sent);
            char *shown = ls_strf("X: %*s%s\nMessage-Body: -\n", before, "",
                                  rows[i].shown);
            char *text = printed(&trace, (struct trace_event){
                                             .kind = TRACE_MESSAGE,
                                             .bytes = sent,
                                             .byte_count = strlen(sent),
                                         });

            cr_expect(strstr(text, shown), "%zu after %d: %s", i, before, text);
            free(text);
            free(shown);
            free(sent);
        }
}

Test(sipstack_trace, shows_no_credentials_unless_told_to)
{
    static const char *const message =
        "REGISTER sip:b.com SIP/2.0\r\n"
        "Proxy-Authorization: TLS-DSK qop=\"auth\",\r\n response=\"secret\"\r\n"
        "authorization : secret\r\n"
        "Authentication-Info: rspauth=\"secret\", snum=\"1\"\r\n"
        "Via: x\r\n\r\n";
    struct sipstack_trace trace = article_trace();
    char *hidden = printed(&trace, message_of(message, true));
    trace.unredacted = true;
    char *shown = printed(&trace, message_of(message, true));

    cr_expect_not(strstr(hidden, "secret"), "%s", hidden);
    cr_expect(strstr(hidden, "Proxy-Authorization: TLS-DSK (redacted)\n"
                             "authorization : (redacted)\n"
                             "Authentication-Info: (redacted)\n"
                             "Via: x\n"),
              "%s", hidden);
    cr_expect_eq(count_of(shown, "secret"), 3u, "%s", shown);
    free(hidden);
    free(shown);
}

Test(sipstack_trace, shows_the_start_of_a_large_body)
{
    struct ls_buf message = {0};
    struct sipstack_trace trace = article_trace();
    ls_buf_add_text(&message, "SERVICE sip:b.com SIP/2.0\r\n\r\n");
    for (int i = 0; i < 5000; i++)
        ls_buf_add_byte(&message, 'x');

    char *cut = printed(&trace, message_of(message.at, true));
    trace.unredacted = true;
    char *whole = printed(&trace, message_of(message.at, true));

    cr_expect(strstr(cut, "x\n(the first 4096 of 5000 bytes)\n$$end_record"));
    cr_expect_eq(count_of(whole, "x"), 5000u);
    ls_buf_clear(&message);
    free(cut);
    free(whole);
}

Test(sipstack_trace, survives_a_message_that_is_none)
{
    static const char *const messages[] = {"", "\r\n", "x", "x\r\n:", "\n\n\n"};

    for (size_t i = 0; i < LS_COUNT(messages); i++) {
        struct sipstack_trace trace = article_trace();
        char *text = printed(&trace, message_of(messages[i], true));

        cr_expect(strstr(text, "\n$$end_record\n"), "%zu: %s", i, text);
        free(text);
    }
}

Test(sipstack_trace, writes_a_diagnostic_record)
{
    struct trace_event event = {
        .kind = TRACE_DIAGNOSTIC,
        .at_ms = ARTICLE_MS,
        .peer = (char *)"vcse.steven.lab:25001",
        .text = (char *)"Cannot process",
        .result_code = (char *)"0xc3e93c5e SIPPROXY_E_ROUTING",
        .start_line = (char *)"OPTIONS sip:a@b.com SIP/2.0",
        .call_id = (char *)"c00b",
        .cseq = (char *)"1 OPTIONS",
        .data = (char *)"expected-fqdn=\"a\";certName=\"b\"",
        .is_warning = true,
    };
    struct sipstack_trace trace = article_trace();
    char *text = printed(&trace, event);

    cr_expect_str_eq(
        text,
        "TL_WARN(TF_DIAG) [0]0AC0.1278::12/20/2011-20:45:01.704.000003ca "
        "(SIPStack,SIPAdminLog::WriteDiagnosticEvent:SIPAdminLog.cpp(830))"
        "$$begin_record\n"
        "LogType: diagnostic\n"
        "Severity: warning\n"
        "Text: Cannot process\n"
        "Result-Code: 0xc3e93c5e SIPPROXY_E_ROUTING\n"
        "SIP-Start-Line: OPTIONS sip:a@b.com SIP/2.0\n"
        "SIP-Call-ID: c00b\n"
        "SIP-CSeq: 1 OPTIONS\n"
        "Peer: vcse.steven.lab:25001\n"
        "Data: expected-fqdn=\"a\";certName=\"b\"\n"
        "$$end_record\n");
    free(text);

    trace.style = SIPSTACK_SFB_2015;
    event.is_warning = false;
    text = printed(&trace, event);
    cr_expect(strstr(text, "TL_ERROR(TF_DIAG) ["));
    cr_expect(strstr(text, "(833)) ["));
    cr_expect(strstr(text, "$$begin_record\nSeverity: error\n"), "%s", text);
    free(text);
}

Test(sipstack_trace, writes_times_before_1970)
{
    struct sipstack_trace trace = article_trace();
    struct trace_event event = refusal_of("a", 1);
    event.at_ms = -1;
    char *text = printed(&trace, event);

    cr_expect(strstr(text, "::12/31/1969-23:59:59.999."), "%s", text);
    free(text);
}
