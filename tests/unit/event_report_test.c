/* Is what happens told as promised, whatever bytes a peer sent? */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/event_report.h"

#include "support/trust_lab.h"

static struct trace_event verdict_event(struct trust_lab *lab)
{
    struct trace_event event = {
        .kind = TRACE_VERDICT,
        .at_ms = TRUST_LAB_NOW_S * 1000,
        .connection_id = 0x2500,
        .peer = ls_strdup("127.0.0.1:49732"),
        .verdict = &lab->verdict,
    };

    trust_lab_decide(lab);
    return event;
}

static void expect_parts(const struct ls_buf *text, const char *const *parts)
{
    for (; *parts != NULL; parts++)
        cr_expect_not_null(strstr(text->at, *parts), "%s is not in %s", *parts,
                           text->at);
}

Test(event_report, gives_a_refusal_as_json)
{
    static const char *const parts[] = {
        "{\"event\":\"verdict\",\"at\":\"2015-01-01T00:00:00.000Z\"",
        "\"connection\":\"2500\"",
        "\"peer\":\"127.0.0.1:49732\"",
        "\"verdict\":{\"verdict\":\"refused\",\"reason\":\"unknown-server\"",
        "\"identity\":{\"name\":\"a.com\",\"source\":\"subject.cn\"}",
        "\"entry\":null",
        "\"checks\":[{\"id\":\"protocol\",\"result\":\"",
        "\"near\":[{\"name\":\"mail.a.com\",\"kind\":\"in-san-not-in-cn\"",
        "\"remedies\":[{\"title\":\"",
        NULL,
    };
    struct trust_lab lab;
    struct trace_event event;
    struct ls_buf text = {0};

    trust_lab_open(&lab, "cn=a.com dns=mail.a.com", "mail.a.com", NULL);
    event = verdict_event(&lab);

    event_report_json(&event, false, &text);

    expect_parts(&text, parts);
    cr_expect_eq(text.at[text.length - 1], '\n');
    cr_expect_eq(strchr(text.at, '\n'), text.at + text.length - 1);
    ls_buf_clear(&text);
    free(event.peer);
    trust_lab_close(&lab);
}

Test(event_report, gives_an_acceptance_as_json)
{
    static const char *const parts[] = {
        "\"verdict\":\"accepted\",\"reason\":null",
        ("\"entry\":{\"fqdn\":\"cas1.a.com\",\"kind\":\"computer\","
         "\"pool\":\"mail.a.com\""),
        "\"interface\":\"primary\"}",
        "\"near\":[],\"remedies\":[]",
        NULL,
    };
    struct trust_lab lab;
    struct trace_event event;
    struct ls_buf text = {0};

    trust_lab_open(&lab, "cn=cas1.a.com", "mail.a.com{cas1.a.com}", NULL);
    event = verdict_event(&lab);

    event_report_json(&event, false, &text);

    expect_parts(&text, parts);
    ls_buf_clear(&text);
    free(event.peer);
    trust_lab_close(&lab);
}

Test(event_report, tells_a_verdict_with_its_proof)
{
    static const char *const parts[] = {
        "2015-01-01T00:00:00.000Z 127.0.0.1:49732  is judged\n",
        "   name         a.com (subject.cn)\n",
        "   Front End    refused, unknown-server\n",
        "   proof        fail  unknown-server: saw",
        "   near miss    mail.a.com (in-san-not-in-cn)\n",
        "   way out      1. ",
        NULL,
    };
    struct story_style style = {0};
    struct trust_lab lab;
    struct trace_event event;
    struct ls_buf text = {0};

    trust_lab_open(&lab, "cn=a.com dns=mail.a.com", "mail.a.com", NULL);
    event = verdict_event(&lab);

    event_report_text(&event, &style, &text);

    expect_parts(&text, parts);
    ls_buf_clear(&text);
    free(event.peer);
    trust_lab_close(&lab);
}

Test(event_report, lets_no_message_of_a_peer_steer_the_terminal)
{
    static char bytes[] = "OPTIONS sip:\033[2J SIP/2.0\r\nVia: \377\r\n\r\n";
    struct trace_event event = {
        .kind = TRACE_MESSAGE,
        .incoming = true,
        .peer = (char[]){"127.0.0.1:1"},
        .bytes = bytes,
        .byte_count = sizeof bytes - 1,
    };
    struct story_style style = {.verbose = true};
    struct ls_buf text = {0}, json = {0};

    event_report_text(&event, &style, &text);
    event_report_json(&event, true, &json);

    cr_expect_null(strchr(text.at, '\033'));
    cr_expect_not_null(strstr(text.at, "--> OPTIONS sip:\\x1B[2J SIP/2.0\n"));
    cr_expect_not_null(strstr(text.at, "Via: \\xFF"));
    cr_expect_null(strchr(json.at, '\033'));
    cr_expect(ls_str_is_utf8(ls_buf_str(&json)));
    ls_buf_clear(&text);
    ls_buf_clear(&json);
}

Test(event_report, says_nothing_where_there_is_nothing_to_say)
{
    struct trace_event event = {.kind = TRACE_STATE};
    struct story_style style = {0};
    struct ls_buf text = {0};

    event_report_text(&event, &style, &text);

    cr_expect_eq(text.length, 0);
    ls_buf_clear(&text);
}

Test(event_report, notes_what_the_program_itself_does)
{
    struct ls_buf text = {0};

    event_report_json_note("listening", "address", "127.0.0.1:5061", &text);
    event_report_json_note("reloaded", NULL, NULL, &text);

    cr_expect_str_eq(text.at,
                     "{\"event\":\"listening\",\"address\":\"127.0.0.1:5061\"}"
                     "\n{\"event\":\"reloaded\"}\n");
    ls_buf_clear(&text);
}
