/*
 * How much is taken over a stream, to the line and to the byte.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_framer.h"

#include "support/sip_stream.h"

#define NAMED                                                                  \
    "Via: SIP/2.0/TLS 192.0.2.7:5061;branch=z9hG4bK1\r\n"                      \
    "From: <sip:ann@a.com>;tag=1\r\nTo: <sip:bob@a.com>\r\nCall-ID: 1\r\n"
#define OK "200 OK|"

/* A request whose head is as long, and has as many lines, as is asked. */
static void write_large(struct ls_buf *bytes, size_t lines, size_t length)
{
    static const char head[] = "OPTIONS sip:a.com SIP/2.0\r\n" NAMED
                               "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n";
    size_t count = 7;

    ls_buf_add_text(bytes, head);
    for (; count + 1 < lines; count++)
        ls_buf_add_text(bytes, "X: 1\r\n");
    if (count < lines) {
        ls_buf_add_text(bytes, "X: ");
        while (bytes->length + 4 < length)
            ls_buf_add_byte(bytes, 'x');
        ls_buf_add_text(bytes, "\r\n");
    }
    ls_buf_add_text(bytes, "\r\n");
}

Test(sip_stream_limits, is_limited_to_the_byte)
{
    static const struct {
        const char *label;
        size_t lines;
        size_t length; /* of the head, its blank line included */
        const char *answers;
    } limits[] = {
        {"256 lines", SIP_HEADERS_MAX_LINES, 0, OK},
        {"257 lines", SIP_HEADERS_MAX_LINES + 1, 0, "513 Message Too Large|"},
        {"64 KiB", 8, SIP_HEADERS_MAX_BYTES, OK},
        {"64 KiB and a byte", 8, SIP_HEADERS_MAX_BYTES + 1,
         "513 Message Too Large|"},
    };

    for (size_t i = 0; i < LS_COUNT(limits); i++)
        for (size_t piece = 1; piece < 100000; piece = piece * 300 + 77) {
            struct ls_buf bytes = {0};
            struct ls_buf answers = {0};
            bool is_closed;
            char *lines;

            write_large(&bytes, limits[i].lines, limits[i].length);
            cr_assert(limits[i].length == 0 ||
                      bytes.length == limits[i].length);
            is_closed =
                sip_stream_converse(ls_buf_str(&bytes), piece, &answers);
            lines = sip_stream_status_lines(ls_buf_str(&answers));
            cr_expect_str_eq(lines, limits[i].answers, "%s: %s",
                             limits[i].label, lines);
            cr_expect_eq(is_closed, strcmp(limits[i].answers, OK) != 0, "%s",
                         limits[i].label);
            free(lines);
            ls_buf_clear(&bytes);
            ls_buf_clear(&answers);
        }
}

Test(sip_stream_limits, takes_a_body_of_a_mebibyte)
{
    struct ls_buf bytes = {0};
    struct ls_buf answers = {0};

    ls_buf_printf(&bytes,
                  "MESSAGE sip:bob@a.com SIP/2.0\r\n" NAMED
                  "CSeq: 1 MESSAGE\r\nContent-Type: a/b\r\n"
                  "Content-Length: %u\r\n\r\n",
                  (unsigned)SIP_BODY_MAX_BYTES);
    for (size_t i = 0; i < SIP_BODY_MAX_BYTES; i++)
        ls_buf_add_byte(&bytes, (char)i);
    ls_buf_add_text(&bytes, sip_stream_probe);
    cr_expect_not(sip_stream_converse(ls_buf_str(&bytes), 4099, &answers));
    cr_expect(
        ls_str_starts_with(ls_buf_str(&answers), "SIP/2.0 404 Not Found\r\n"));
    cr_expect(sip_stream_is_probed(ls_buf_str(&answers)));
    ls_buf_clear(&bytes);
    ls_buf_clear(&answers);
}
