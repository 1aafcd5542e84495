#include "lyncsim/sip_writer.h"

#include <string.h>

#include "lyncsim/byte_block.h"

static inline byte_block find_end(byte_block block)
{
    return (block == '\r') | (block == '\n') | (block == '\0');
}

/* What could end the line of a value becomes blanks. */
static void blank_ends(struct ls_buf *out, size_t start)
{
    static const char ends[] = {'\r', '\n', '\0'};

    if (byte_block_finds_none(find_end, ls_str_skip(ls_buf_str(out), start)))
        return;
    for (size_t i = 0; i < sizeof ends; i++) {
        char *at = out->at + start;

        while ((at = memchr(at, ends[i], (size_t)(out->at + out->length - at))))
            *at++ = ' ';
    }
}

static void add_value(struct ls_buf *out, struct ls_str value)
{
    size_t start = out->length;

    ls_buf_add(out, value);
    blank_ends(out, start);
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
    sip_writer_begin(writer, name);
    ls_buf_add(writer->out, value);
    sip_writer_end(writer);
}

void sip_writer_begin(struct sip_writer *writer, const char *name)
{
    ls_buf_add_text(writer->out, name);
    ls_buf_add_text(writer->out, ": ");
    writer->value_start = writer->out->length;
}

void sip_writer_end(struct sip_writer *writer)
{
    blank_ends(writer->out, writer->value_start);
    ls_buf_add_text(writer->out, "\r\n");
}

void sip_writer_headerf(struct sip_writer *writer, const char *name,
                        const char *format, ...)
{
    va_list args;

    sip_writer_begin(writer, name);
    va_start(args, format);
    ls_buf_vprintf(writer->out, format, args);
    va_end(args);
    sip_writer_end(writer);
}

void sip_writer_body(struct sip_writer *writer, struct ls_str body)
{
    ls_buf_add_text(writer->out, "Content-Length: ");
    ls_buf_add_decimal(writer->out, body.length);
    ls_buf_add_text(writer->out, "\r\n\r\n");
    ls_buf_add(writer->out, body);
}
