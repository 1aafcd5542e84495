#include "lyncsim/sip_writer.h"

/* Append value with what could end its line as blanks. */
static void add_value(struct ls_buf *out, struct ls_str value)
{
    size_t start = out->length;

    ls_buf_add(out, value);
    for (size_t i = start; i < out->length; i++)
        if (out->at[i] == '\r' || out->at[i] == '\n' || out->at[i] == '\0')
            out->at[i] = ' ';
}

void sip_writer_request(struct sip_writer *writer, struct ls_buf *out,
                        const char *method, struct ls_str uri)
{
    writer->out = out;
    ls_buf_printf(out, "%s ", method);
    add_value(out, uri);
    ls_buf_add_text(out, " SIP/2.0\r\n");
}

void sip_writer_response(struct sip_writer *writer, struct ls_buf *out,
                         int status, const char *reason)
{
    writer->out = out;
    ls_buf_printf(out, "SIP/2.0 %d ", status);
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
    ls_buf_printf(writer->out, "Content-Length: %zu\r\n\r\n", body.length);
    ls_buf_add(writer->out, body);
}
