#include "lyncsim/sip_writer.h"

#include <string.h>

/* Append value with what could end its line as blanks. */
static void add_value(struct ls_buf *out, struct ls_str value)
{
    static const char ends[] = {'\r', '\n', '\0'};
    size_t start = out->length;

    ls_buf_add(out, value);
    for (size_t i = 0; i < sizeof ends; i++) {
        char *at = out->at + start;

        while ((at = memchr(at, ends[i], (size_t)(out->at + out->length - at))))
            *at++ = ' ';
    }
}

void sip_writer_request(struct sip_writer *writer, struct ls_buf *out,
                        const char *method, struct ls_str uri)
{
    writer->out = out;
    ls_buf_add_text(out, method);
    ls_buf_add_byte(out, ' ');
    add_value(out, uri);
    ls_buf_add_text(out, " SIP/2.0\r\n");
}

void sip_writer_response(struct sip_writer *writer, struct ls_buf *out,
                         int status, const char *reason)
{
    writer->out = out;
    ls_buf_add_text(out, "SIP/2.0 ");
    ls_buf_add_decimal(out, (uint64_t)status);
    ls_buf_add_byte(out, ' ');
    add_value(out, ls_str_from(reason));
    ls_buf_add_text(out, "\r\n");
}

void sip_writer_header(struct sip_writer *writer, const char *name,
                       struct ls_str value)
{
    ls_buf_add_text(writer->out, name);
    ls_buf_add_text(writer->out, ": ");
    add_value(writer->out, value);
    ls_buf_add_text(writer->out, "\r\n");
}

void sip_writer_headerf(struct sip_writer *writer, const char *name,
                        const char *format, ...)
{
    struct ls_buf value = {0};
    va_list args;

    va_start(args, format);
    ls_buf_vprintf(&value, format, args);
    va_end(args);
    sip_writer_header(writer, name, ls_buf_str(&value));
    ls_buf_clear(&value);
}

void sip_writer_body(struct sip_writer *writer, struct ls_str body)
{
    ls_buf_add_text(writer->out, "Content-Length: ");
    ls_buf_add_decimal(writer->out, body.length);
    ls_buf_add_text(writer->out, "\r\n\r\n");
    ls_buf_add(writer->out, body);
}
