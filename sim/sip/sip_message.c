#include "lyncsim/sip_message.h"

#include <stdlib.h>
#include <string.h>

#include "sip_line.h"
#include "sip_message_internal.h"

void sip_message_free(struct sip_message *message)
{
    if (!message)
        return;
    free(message->flat);
    if (message->headers != message->few)
        free(message->headers);
    ls_buf_clear(&message->aors->from);
    ls_buf_clear(&message->aors->to);
    free(message);
}

bool sip_message_is_request(const struct sip_message *message)
{
    return message->is_request;
}

struct ls_str sip_message_bytes(const struct sip_message *message)
{
    return ls_str_from_bytes(message->bytes, message->byte_count);
}

struct ls_str sip_message_start_line(const struct sip_message *message)
{
    return message->start_line;
}

struct ls_str sip_message_method(const struct sip_message *message)
{
    return message->method;
}

struct ls_str sip_message_uri(const struct sip_message *message)
{
    return message->uri;
}

int sip_message_status(const struct sip_message *message)
{
    return message->status;
}

struct ls_str sip_message_reason(const struct sip_message *message)
{
    return message->reason;
}

struct ls_str sip_message_body(const struct sip_message *message)
{
    return message->body;
}

size_t sip_message_header_count(const struct sip_message *message)
{
    return message->header_count;
}

const struct sip_header *
sip_message_header_at(const struct sip_message *message, size_t index)
{
    return index < message->header_count ? &message->headers[index] : NULL;
}

static bool is_called(const struct sip_header *header, struct ls_str name,
                      uint32_t shape)
{
    return header->shape == shape && sip_line_is_named(header->name, name);
}

const struct sip_header *sip_message_header(const struct sip_message *message,
                                            const char *name, size_t index)
{
    struct ls_str full = ls_str_from(name);
    uint32_t shape = sip_line_shape_of_full(full);

    for (size_t i = 0; i < message->header_count; i++)
        if (is_called(&message->headers[i], full, shape) && index-- == 0)
            return &message->headers[i];
    return NULL;
}

const struct sip_header *
sip_message_next_header(const struct sip_message *message, const char *name,
                        size_t *at)
{
    struct ls_str full = ls_str_from(name);
    uint32_t shape = sip_line_shape_of_full(full);

    while (*at < message->header_count) {
        const struct sip_header *header = &message->headers[(*at)++];

        if (is_called(header, full, shape))
            return header;
    }
    return NULL;
}

bool sip_header_is(const struct sip_header *header, const char *name)
{
    struct ls_str full = ls_str_from(name);

    return is_called(header, full, sip_line_shape_of_full(full));
}

struct ls_str sip_message_call_id(const struct sip_message *message)
{
    return message->call_id;
}

uint32_t sip_message_cseq(const struct sip_message *message)
{
    return message->cseq;
}

struct ls_str sip_message_cseq_method(const struct sip_message *message)
{
    return message->cseq_method;
}

struct ls_str sip_message_from_uri(const struct sip_message *message)
{
    return message->from.address.uri;
}

struct ls_str sip_message_from_tag(const struct sip_message *message)
{
    return message->from.tag;
}

static struct ls_str aor_of(struct ls_str uri, struct ls_buf *aor)
{
    if (aor->length == 0)
        sip_field_add_aor(aor, uri);
    return ls_buf_str(aor);
}

struct ls_str sip_message_from_aor(const struct sip_message *message)
{
    return aor_of(message->from.address.uri, &message->aors->from);
}

struct ls_str sip_message_to_uri(const struct sip_message *message)
{
    return message->to.address.uri;
}

struct ls_str sip_message_to_tag(const struct sip_message *message)
{
    return message->to.tag;
}

struct ls_str sip_message_to_aor(const struct sip_message *message)
{
    return aor_of(message->to.address.uri, &message->aors->to);
}

struct ls_str sip_message_branch(const struct sip_message *message)
{
    return message->branch;
}

struct ls_str sip_message_via_host(const struct sip_message *message)
{
    return message->via_host;
}

bool sip_message_has_via(const struct sip_message *message)
{
    return !ls_str_is_empty(message->via_host);
}
