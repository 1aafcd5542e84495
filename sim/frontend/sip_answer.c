#include "lyncsim/sip_answer.h"

#include <stdio.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_field.h"
#include "lyncsim/sip_status.h"
#include "lyncsim/sip_writer.h"

/* RFC 3261 8.2.6.2: every response but 100 has a To tag, and the one of the
 * request where there is one. */
static void choose_tag(struct sip_answer *answer)
{
    struct ls_str tag = sip_message_to_tag(answer->request->message);
    /* It fits, so it stays where it is. */
    struct ls_buf drawn = {.at = answer->to_tag,
                           .capacity = sizeof answer->to_tag};

    answer->to_tag[0] = '\0';
    if (ls_str_is_empty(tag) && answer->status != 100)
        id_source_add_hex(front_end_ids(answer->request->front_end), &drawn,
                          32);
}

void sip_answer_init(struct sip_answer *answer,
                     const struct sip_request *request, int status,
                     const char *reason)
{
    *answer = (struct sip_answer){
        .request = request,
        .status = status,
        .reason = reason && *reason ? reason : sip_status_reason(status),
    };
    choose_tag(answer);
}

void sip_answer_text(struct ls_buf *place, const char *name, const char *value)
{
    struct sip_writer writer = {.out = place};

    sip_writer_header(&writer, name, ls_str_from(value));
}

void sip_answer_header(struct ls_buf *place, const char *name,
                       const char *format, ...)
{
    struct sip_writer writer = {.out = place};
    va_list args;

    sip_writer_begin(&writer, name);
    va_start(args, format);
    ls_buf_vprintf(place, format, args);
    va_end(args);
    sip_writer_end(&writer);
}

void sip_answer_echo(struct ls_buf *place, const struct sip_message *message,
                     const char *name)
{
    struct sip_writer writer = {.out = place};
    const struct sip_header *header;

    for (size_t at = 0; (header = sip_message_next_header(message, name, &at));)
        sip_writer_header(&writer, name, header->value);
}

static void echo_to(struct sip_writer *writer, const struct sip_answer *answer)
{
    const struct sip_header *to =
        sip_message_header(answer->request->message, "To", 0);

    if (!to)
        return;
    sip_writer_begin(writer, "To");
    ls_buf_add(writer->out, to->value);
    if (answer->to_tag[0]) {
        ls_buf_add_text(writer->out, ";tag=");
        ls_buf_add_text(writer->out, answer->to_tag);
    }
    sip_writer_end(writer);
}

/* RFC 3261 18.2.1 and the product's own parameters, as recorded: received
 * only where the Via host is not the source address. */
static void add_via_params(struct ls_buf *out,
                           const struct sip_request *request, struct ls_str via)
{
    const struct sip_caller *caller = request->caller;
    struct ls_str host = sip_message_via_host(request->message);
    struct ls_str present;

    if (!ls_str_equal_nocase(host, ls_str_from(caller->address)) &&
        !sip_field_param(via, "received", &present)) {
        ls_buf_add_text(out, ";received=");
        ls_buf_add_text(out, caller->address);
    }
    ls_buf_add_text(out, ";ms-received-port=");
    ls_buf_add_decimal(out, caller->port);
    ls_buf_add_text(out, ";ms-received-cid=");
    ls_buf_add_hex(out, caller->connection_id, 1, LS_HEX_UPPER);
}

void sip_answer_add_vias(struct ls_buf *out, const struct sip_request *request)
{
    struct sip_writer writer = {.out = out};
    const struct sip_header *header;
    bool is_topmost = true;

    for (size_t at = 0;
         (header = sip_message_next_header(request->message, "Via", &at));) {
        struct ls_str rest = header->value;
        struct ls_str first;

        sip_writer_begin(&writer, "Via");
        if (is_topmost && sip_message_has_via(request->message) &&
            sip_field_cut(&rest, &first)) {
            ls_buf_add(out, first);
            add_via_params(out, request, first);
            if (!ls_str_is_empty(rest))
                ls_buf_add_text(out, ", ");
        }
        ls_buf_add(out, ls_str_trim(rest));
        sip_writer_end(&writer);
        is_topmost = false;
    }
}

void sip_answer_send(struct sip_answer *answer)
{
    const struct sip_request *request = answer->request;
    const struct front_end_settings *settings =
        front_end_settings(request->front_end);
    struct sip_writer writer;

    sip_writer_response(&writer, request->out, answer->status, answer->reason);
    ls_buf_add(request->out, ls_buf_str(&answer->before));
    sip_answer_echo(request->out, request->message, "From");
    echo_to(&writer, answer);
    sip_answer_echo(request->out, request->message, "Call-ID");
    sip_answer_echo(request->out, request->message, "CSeq");
    sip_answer_add_vias(request->out, request);
    ls_buf_add(request->out, ls_buf_str(&answer->after));
    sip_writer_header(&writer, "Server",
                      ls_str_from(product_version_server(settings->version)));
    ls_buf_add(request->out, ls_buf_str(&answer->tail));
    sip_writer_body(&writer, ls_buf_str(&answer->body));
    ls_buf_clear(&answer->before);
    ls_buf_clear(&answer->after);
    ls_buf_clear(&answer->tail);
    ls_buf_clear(&answer->body);
}

void sip_answer_plain(const struct sip_request *request, int status,
                      const char *reason)
{
    struct sip_answer answer;

    sip_answer_init(&answer, request, status, reason);
    sip_answer_send(&answer);
}

void sip_answer_add_contact(struct ls_buf *place,
                            const struct front_end *front_end)
{
    sip_answer_header(place, "Contact", "<sip:%s:5061;transport=tls>",
                      front_end_settings(front_end)->fqdn);
}

void sip_answer_add_reached(struct ls_buf *out, struct ls_str uri,
                            uint64_t connection_id)
{
    struct sip_uri parts = {0};
    size_t headers = 0;

    /* RFC 3261 19.1.1: parameters stand before the headers of a URI. */
    if (sip_field_uri(uri, &parts) && !ls_str_is_empty(parts.headers))
        headers = parts.headers.length + 1;
    ls_buf_add(out, ls_str_first(uri, uri.length - headers));
    ls_buf_add_text(out, ";ms-received-cid=");
    ls_buf_add_hex(out, connection_id, 1, LS_HEX_UPPER);
    ls_buf_add(out, ls_str_skip(uri, uri.length - headers));
}
