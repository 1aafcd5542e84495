#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/sip_message.h"

#define BASE                                                                   \
    "Via: SIP/2.0/TLS 192.0.2.7:49732;branch=z9hG4bK1\r\n"                     \
    "Max-Forwards: 70\r\n"                                                     \
    "From: \"U\" <sip:U@b>;tag=1;epid=e\r\n"                                   \
    "To: <sip:v%77@b>\r\n"                                                     \
    "Call-ID: c@d\r\n"

static const char plain[] =
    "MESSAGE sip:v@b SIP/2.0\r\n" BASE "cseq : 7 MESSAGE\r\n"
    "k: a,\r\n\t b\r\nms-Text-format: x\r\nContent-Length: 2\r\n\r\nhi";

static struct sip_message *parse_sound(const char *text)
{
    struct sip_message *message;
    const char *reason;
    int status;
    enum ls_err err =
        sip_message_parse(ls_str_from(text), &message, &status, &reason);

    cr_assert_eq(err, LS_OK, "%s: %s", text, reason);
    cr_expect_eq(status, 0);
    return message;
}

static bool is_text(struct ls_str str, const char *text)
{
    return ls_str_equal_text(str, text);
}

Test(sip_message, shows_what_a_request_says)
{
    struct sip_message *message = parse_sound(plain);

    cr_expect(sip_message_is_request(message));
    cr_expect(
        is_text(sip_message_start_line(message), "MESSAGE sip:v@b SIP/2.0"));
    cr_expect(is_text(sip_message_method(message), "MESSAGE"));
    cr_expect(is_text(sip_message_uri(message), "sip:v@b"));
    cr_expect(is_text(sip_message_body(message), "hi"));
    cr_expect(is_text(sip_message_call_id(message), "c@d"));
    cr_expect_eq(sip_message_cseq(message), 7u);
    cr_expect(is_text(sip_message_cseq_method(message), "MESSAGE"));
    cr_expect(is_text(sip_message_from_uri(message), "sip:U@b"));
    cr_expect(is_text(sip_message_from_aor(message), "sip:u@b"));
    cr_expect(is_text(sip_message_from_tag(message), "1"));
    cr_expect(is_text(sip_message_to_uri(message), "sip:v%77@b"));
    cr_expect(is_text(sip_message_to_aor(message), "sip:vw@b"));
    cr_expect(is_text(sip_message_to_tag(message), ""));
    cr_expect(is_text(sip_message_branch(message), "z9hG4bK1"));
    cr_expect(is_text(sip_message_via_host(message), "192.0.2.7"));
    cr_expect(is_text(sip_message_bytes(message), plain));
    sip_message_free(message);
}

Test(sip_message, keeps_headers_in_order_and_spelling)
{
    struct sip_message *message = parse_sound(plain);
    const struct sip_header *header = sip_message_header_at(message, 5);

    cr_expect_eq(sip_message_header_count(message), 9u);
    cr_expect(is_text(header->name, "cseq"));
    header = sip_message_header(message, "Supported", 0);
    cr_assert(header);
    cr_expect(is_text(header->name, "k"));
    cr_expect(is_text(header->value, "a, b"));
    header = sip_message_header(message, "MS-TEXT-FORMAT", 0);
    cr_assert(header);
    cr_expect(is_text(header->name, "ms-Text-format"));
    cr_expect_null(sip_message_header(message, "Supported", 1));
    cr_expect_null(sip_message_header_at(message, 9));
    sip_message_free(message);
}

Test(sip_message, knows_compact_forms)
{
    static const char *const names[] = {"Via",
                                        "From",
                                        "To",
                                        "Call-ID",
                                        "Contact",
                                        "Contact",
                                        "Content-Type",
                                        "Subject",
                                        "Supported",
                                        "Event",
                                        "Allow-Events",
                                        "Refer-To",
                                        "Content-Encoding"};
    struct sip_message *message =
        parse_sound("A sip:v@b SIP/2.0\r\nv:SIP/2.0/TLS h\r\nf:<sip:u@b>\r\n"
                    "t:<sip:v@b>\r\nI:c\r\nCSeq:1 A\r\nm:<sip:x@y>\r\n"
                    "M:<sip:z@y>\r\nc:a/b\r\ns:hi\r\nk:x\r\no:presence\r\n"
                    "u:a\r\nr:<sip:r@b>\r\ne:gzip\r\nl:0\r\n\r\n");

    for (size_t i = 0; i < LS_COUNT(names); i++)
        cr_expect(sip_message_header(message, names[i], 0), "%s", names[i]);
    cr_expect(sip_message_header(message, "Contact", 1));
    cr_expect(is_text(sip_message_from_uri(message), "sip:u@b"));
    sip_message_free(message);
}

Test(sip_message, shows_what_a_response_says)
{
    struct sip_message *message = parse_sound(
        "SIP/2.0 183 Session Progress\r\n" BASE "CSeq: 2 INVITE\r\n\r\n");

    cr_expect_not(sip_message_is_request(message));
    cr_expect_eq(sip_message_status(message), 183);
    cr_expect(is_text(sip_message_reason(message), "Session Progress"));
    cr_expect(is_text(sip_message_cseq_method(message), "INVITE"));
    sip_message_free(message);
}

Test(sip_message, tells_which_answer_a_bad_request_deserves)
{
    static const struct {
        const char *text;
        int status;
        const char *reason;
    } rows[] = {
        {"A sip:v@b SIP/7.0\r\n" BASE "CSeq: 1 A\r\n\r\n", 505,
         "Version Not Supported"},
        {"A sip:v@b HTTP/1.1\r\n" BASE "CSeq: 1 A\r\n\r\n", 400,
         "Malformed Request-Line"},
        {"A sip:v@b SIP/x.y\r\n" BASE "CSeq: 1 A\r\n\r\n", 400,
         "Malformed Request-Line"},
        {"A sip:v@b\r\n" BASE "CSeq: 1 A\r\n\r\n", 400,
         "Malformed Request-Line"},
        {"A\r\n" BASE "CSeq: 1 A\r\n\r\n", 400, "Malformed Request-Line"},
        {"A  SIP/2.0\r\n" BASE "CSeq: 1 A\r\n\r\n", 400,
         "Malformed Request-URI"},
        {"A(B) sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\n\r\n", 400,
         "Malformed Request-Line"},
        {"A sip:v@b SIP/2.0 \r\n" BASE "CSeq: 1 A\r\n\r\n", 400,
         "Malformed Request-Line"},
        {"A  sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\n\r\n", 400,
         "Malformed Request-URI"},
        {"A <sip:v@b> SIP/2.0\r\n" BASE "CSeq: 1 A\r\n\r\n", 400,
         "Malformed Request-URI"},
        {"A v SIP/2.0\r\n" BASE "CSeq: 1 A\r\n\r\n", 400,
         "Malformed Request-URI"},
        {"A sip:v@b?X=y SIP/2.0\r\n" BASE "CSeq: 1 A\r\n\r\n", 400,
         "Headers In Request-URI"},
        {"A sip:v@b SIP/2.0\r\n X: y\r\n" BASE "CSeq: 1 A\r\n\r\n", 400,
         "Malformed Header Line"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\nX\r\n\r\n", 400,
         "Malformed Header Line"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\nX Y: z\r\n\r\n", 400,
         "Malformed Header Line"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\n: z\r\n\r\n", 400,
         "Malformed Header Line"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\nX: y\rZ: 1\r\n\r\n", 400,
         "Stray CR"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\nX: y\r\n\r\n", 400,
         "Line Ends With LF Alone"},
        {"A sip:v@b SIP/2.0\r\n" BASE "\r\n", 400, "Missing CSeq Header"},
        {"A sip:v@b SIP/2.0\r\nCSeq: 1 A\r\n\r\n", 400, "Missing From Header"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 B\r\n\r\n", 400,
         "CSeq Method Does Not Match"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 a\r\n\r\n", 400,
         "CSeq Method Does Not Match"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 2147483648 A\r\n\r\n", 400,
         "Malformed CSeq Header"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: A\r\n\r\n", 400,
         "Malformed CSeq Header"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: -1 A\r\n\r\n", 400,
         "Malformed CSeq Header"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\nt: <sip:x@b>\r\n\r\n", 400,
         "Multiple To Headers"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\ni: x\r\n\r\n", 400,
         "Multiple Call-ID Headers"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\nMax-Forwards: 5\r\n\r\n",
         400, "Multiple Max-Forwards Headers"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\nv: SIP/2.0/TLS\r\n\r\n",
         400, "Malformed Via Header"},
        {"A sip:v@b SIP/2.0\r\n" BASE
         "CSeq: 1 A\r\nv: SIP/2.0/TLS h;;,;,,\r\n\r\n",
         400, "Malformed Via Header"},
        {"A sip:v@b SIP/2.0\r\n" BASE
         "CSeq: 1 A\r\nv: SIP/2.0/TLS h:65536\r\n\r\n",
         400, "Malformed Via Header"},
        {"A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\nm: sip:a@b?c=d\r\n\r\n",
         400, "Malformed Contact Header"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct sip_message *message;
        const char *reason;
        int status;
        enum ls_err err = sip_message_parse(ls_str_from(rows[i].text), &message,
                                            &status, &reason);

        cr_expect_eq(err, LS_EPARSE, "%s", rows[i].text);
        cr_expect_eq(status, rows[i].status, "%d: %s", status, rows[i].text);
        cr_expect_str_eq(reason ? reason : "-", rows[i].reason, "%s",
                         rows[i].text);
        sip_message_free(message);
    }
}

Test(sip_message, keeps_what_can_be_echoed_of_a_bad_request)
{
    struct sip_message *message;
    const char *reason;
    int status;
    enum ls_err err = sip_message_parse(
        ls_str_from("A sip:v@b SIP/7.0\r\n" BASE "CSeq: x\r\n\r\n"), &message,
        &status, &reason);

    cr_assert_eq(err, LS_EPARSE);
    cr_assert(message);
    cr_expect(sip_message_has_via(message));
    cr_expect(is_text(sip_message_header(message, "CSeq", 0)->value, "x"));
    cr_expect(is_text(sip_message_from_tag(message), "1"));
    sip_message_free(message);
}

Test(sip_message, gives_no_answer_to_bad_responses)
{
    static const char *const rows[] = {
        "SIP/2.0 4294967301 x\r\n" BASE "CSeq: 1 A\r\n\r\n",
        "SIP/2.0 99 x\r\n" BASE "CSeq: 1 A\r\n\r\n",
        "SIP/2.0 700 x\r\n" BASE "CSeq: 1 A\r\n\r\n",
        "SIP/2.0 2x0 x\r\n" BASE "CSeq: 1 A\r\n\r\n",
        "SIP/3.0 200 x\r\n" BASE "CSeq: 1 A\r\n\r\n",
        "SIP/2.0\r\n" BASE "CSeq: 1 A\r\n\r\n",
        "SIP/2.0 200 OK\r\n" BASE "CSeq: 9292394834772304023312 A\r\n\r\n",
        "SIP/2.0 200 OK\r\nCSeq: 1 A\r\n\r\n",
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct sip_message *message;
        const char *reason;
        int status = -1;

        cr_expect_eq(
            sip_message_parse(ls_str_from(rows[i]), &message, &status, &reason),
            LS_EPARSE, "%s", rows[i]);
        cr_expect_eq(status, 0, "%s", rows[i]);
        sip_message_free(message);
    }
}

#define WITH(via, from, cseq)                                                  \
    "A sip:v@b SIP/2.0\r\nVia: " via "\r\nFrom: " from                         \
    "\r\nTo: <sip:v@b>\r\nCall-ID: c\r\nCSeq: " cseq "\r\n\r\n"
#define VIA "SIP/2.0/TLS h"
#define FROM "<sip:u@b>"

Test(sip_message, reads_what_answers_need_by_the_grammar)
{
    static const struct {
        const char *text;
        const char *host, *branch, *tag;
    } rows[] = {
        {WITH(VIA, FROM, "1 A"), "h", "", ""},
        {WITH("SIP / 2.0 / TLS  h : 5061 ; branch = z ", FROM, "1 A"), "h", "z",
         ""},
        {WITH("SIP/2.0/TLS [2001:db8::1]:5061;branch=z", FROM, "1 A"),
         "2001:db8::1", "z", ""},
        {WITH("SIP/2.0/TLS a.b;rport;Branch=z", FROM, "1 A"), "a.b", "z", ""},
        {WITH("SIP/2.0/TLS h;x=\";branch=y\";branch=z, SIP/2.0/TLS i", FROM,
              "1 A"),
         "h", "z", ""},
        {WITH(VIA, "\"u;tag=2\" <sip:u@b;tag=3> ; x ; tag = 1;y=\"<;>\"",
              "1 A"),
         "h", "", "1"},
        {WITH(VIA, "sip:u@b;TAG=1", "0001\t A"), "h", "", "1"},
        {WITH(VIA, "<tel:+1>;tag=1", "2147483647 A"), "h", "", "1"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct sip_message *message = parse_sound(rows[i].text);

        cr_expect(is_text(sip_message_via_host(message), rows[i].host), "%s",
                  rows[i].text);
        cr_expect(is_text(sip_message_branch(message), rows[i].branch), "%s",
                  rows[i].text);
        cr_expect(is_text(sip_message_from_tag(message), rows[i].tag), "%s",
                  rows[i].text);
        sip_message_free(message);
    }
}

Test(sip_message, refuses_what_answers_could_not_be_made_from)
{
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {WITH("SIP/2.0 h", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS h;Branch=z;branch=y", FROM, "1 A"),
         "Malformed Via Header"},
        {WITH("SIP/3.0/TLS h", FROM, "1 A"), "Malformed Via Header"},
        {WITH("S(P/2.0/TLS h", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/ h", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS ;branch=z", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS h i;branch=z", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS h:", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS h:5o61", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS [::1", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS []", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS [g]", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS [::1]5061", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS h;branch", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS h;branch=", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS h;branch=<z", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS h;a b=c", FROM, "1 A"), "Malformed Via Header"},
        {WITH("SIP/2.0/TLS h;", FROM, "1 A"), "Malformed Via Header"},
        {WITH(VIA, "<sip:u@b>;tag=", "1 A"), "Malformed From Header"},
        {WITH(VIA, "<sip:u@b>;tag", "1 A"), "Malformed From Header"},
        {WITH(VIA, "<sip:u@b>;tag=a b", "1 A"), "Malformed From Header"},
        {WITH(VIA, "<sip:u@b>;tag=\"1\"", "1 A"), "Malformed From Header"},
        {WITH(VIA, "<sip:u@b>;x=\"1", "1 A"), "Malformed From Header"},
        {WITH(VIA, "<sip:u@>;tag=1", "1 A"), "Malformed From Header"},
        {WITH(VIA, FROM, "1A"), "Malformed CSeq Header"},
        {WITH(VIA, FROM, "1 "), "Malformed CSeq Header"},
        {WITH(VIA, FROM, "1 A B"), "Malformed CSeq Header"},
        {WITH(VIA, FROM, "+1 A"), "Malformed CSeq Header"},
        {WITH(VIA, FROM, "99999999999999999999 A"), "Malformed CSeq Header"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct sip_message *message;
        const char *reason;
        int status;

        cr_expect_eq(sip_message_parse(ls_str_from(rows[i].text), &message,
                                       &status, &reason),
                     LS_EPARSE, "%s", rows[i].text);
        cr_expect_str_eq(reason ? reason : "-", rows[i].reason, "%s",
                         rows[i].text);
        sip_message_free(message);
    }
}

Test(sip_message, keeps_headers_beyond_the_usual_number)
{
    struct ls_buf text = {0};
    struct sip_message *message;

    ls_buf_add_text(&text, "A sip:v@b SIP/2.0\r\n" BASE "CSeq: 1 A\r\n");
    for (int i = 0; i < 100; i++)
        ls_buf_printf(&text, "X-Many: %d,\r\n  folded\r\n", i);
    ls_buf_add_text(&text, "\r\n");
    message = parse_sound(ls_buf_str(&text).at);
    for (size_t i = 0; i < 100; i++) {
        char *expected = ls_strf("%zu, folded", i);

        cr_expect(
            is_text(sip_message_header(message, "X-Many", i)->value, expected));
        free(expected);
    }
    sip_message_free(message);
    ls_buf_clear(&text);
}

Test(sip_message, takes_a_nul_where_the_grammar_has_one)
{
    static const char text[] = "A sip:v@b SIP/2.0\r\nv: SIP/2.0/TLS h\r\n"
                               "f: \"x\\\0y\" <sip:u@b>;tag=1\r\n"
                               "t: <sip:v@b>\r\ni: c\r\nCSeq: 1 A\r\n\r\n";
    struct sip_message *message;
    const char *reason;
    int status;

    cr_assert_eq(sip_message_parse(ls_str_from_bytes(text, sizeof(text) - 1),
                                   &message, &status, &reason),
                 LS_OK);
    cr_expect(is_text(sip_message_from_uri(message), "sip:u@b"));
    cr_expect(is_text(sip_message_from_tag(message), "1"));
    sip_message_free(message);
}

Test(sip_message, refuses_a_value_with_too_many_parameters)
{
    struct ls_buf text = {0};
    struct sip_message *message;
    const char *reason;
    int status;

    ls_buf_add_text(&text, "A sip:v@b SIP/2.0\r\nv: SIP/2.0/TLS h\r\n"
                           "t: <sip:v@b>\r\ni: c\r\nCSeq: 1 A\r\n"
                           "f: <sip:u@b>");
    for (int i = 0; i < 10000; i++)
        ls_buf_add_text(&text, ";a=b");
    ls_buf_add_text(&text, "\r\n\r\n");

    cr_expect_eq(
        sip_message_parse(ls_buf_str(&text), &message, &status, &reason),
        LS_EPARSE);
    cr_expect_str_eq(reason, "Malformed From Header");
    sip_message_free(message);
    ls_buf_clear(&text);
}

Test(sip_message, survives_every_cut)
{
    for (size_t length = 0; length < sizeof(plain); length++) {
        struct sip_message *message;
        const char *reason;
        int status;

        enum ls_err err = sip_message_parse(ls_str_from_bytes(plain, length),
                                            &message, &status, &reason);
        cr_expect(err == LS_OK || err == LS_EPARSE, "%zu", length);
        sip_message_free(message);
    }
}
