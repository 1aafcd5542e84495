#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/sip_writer.h"

Test(sip_writer, writes_what_it_is_told_in_that_order_and_spelling)
{
    struct sip_writer writer;
    struct ls_buf out = {0};

    sip_writer_response(&writer, &out, 200, "OK");
    sip_writer_header(&writer, "ms-keep-alive", ls_str_from("UAS; tcp=no"));
    sip_writer_headerf(&writer, "CSeq", "%u %s", 3u, "REGISTER");
    sip_writer_body(&writer, ls_str_from("a\r\nb"));

    char *text = ls_buf_take(&out);
    cr_expect_str_eq(text, "SIP/2.0 200 OK\r\n"
                           "ms-keep-alive: UAS; tcp=no\r\n"
                           "CSeq: 3 REGISTER\r\n"
                           "Content-Length: 4\r\n"
                           "\r\n"
                           "a\r\nb");
    free(text);
}

Test(sip_writer, writes_requests_one_after_the_other)
{
    struct sip_writer writer;
    struct ls_buf out = {0};

    sip_writer_request(&writer, &out, "OPTIONS", ls_str_from("sip:a@b"));
    sip_writer_body(&writer, (struct ls_str){0});
    sip_writer_request(&writer, &out, "BENOTIFY", ls_str_from("sip:c@d"));
    sip_writer_body(&writer, (struct ls_str){0});

    char *text = ls_buf_take(&out);
    cr_expect_str_eq(text, "OPTIONS sip:a@b SIP/2.0\r\n"
                           "Content-Length: 0\r\n\r\n"
                           "BENOTIFY sip:c@d SIP/2.0\r\n"
                           "Content-Length: 0\r\n\r\n");
    free(text);
}

Test(sip_writer, lets_no_value_add_a_line)
{
    struct sip_writer writer;
    struct ls_buf out = {0};

    sip_writer_response(&writer, &out, 400, "Bad\r\nEvil: 1");
    sip_writer_header(&writer, "From",
                      ls_str_from_bytes("a\r\nEvil: 2\r\n\r\n\0b", 16));
    sip_writer_headerf(&writer, "To", "%s", "c\nEvil: 3");
    sip_writer_body(&writer, (struct ls_str){0});

    char *text = ls_buf_take(&out);
    cr_expect_str_eq(text, "SIP/2.0 400 Bad  Evil: 1\r\n"
                           "From: a  Evil: 2     b\r\n"
                           "To: c Evil: 3\r\n"
                           "Content-Length: 0\r\n\r\n");
    free(text);
}

Test(sip_writer, lets_no_request_uri_add_a_line)
{
    struct sip_writer writer;
    struct ls_buf out = {0};

    sip_writer_request(&writer, &out, "BYE", ls_str_from("sip:a@b\r\nEvil: 1"));

    char *text = ls_buf_take(&out);
    cr_expect_str_eq(text, "BYE sip:a@b  Evil: 1 SIP/2.0\r\n");
    free(text);
}
