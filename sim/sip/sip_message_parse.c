/*
 * Lines first, then what a message must have, then the values that answers
 * need. The first fault is told; the rest is read on, so that an answer can
 * echo it.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_field.h"
#include "lyncsim/sip_message.h"
#include "lyncsim/sip_party.h"

#include "sip_line.h"
#include "sip_message_internal.h"
#include "sip_value.h"

static void fault(struct sip_message *message, int status, const char *reason)
{
    if (message->fault_status)
        return;
    message->fault_status = status;
    message->fault_reason = reason;
}

/* RFC 3261 7.1: SIP-Version, of which there is one. */
static void check_version(struct sip_message *message, struct ls_str version)
{
    if (ls_str_equal_nocase(version, ls_str_from("SIP/2.0")))
        return;

    struct ls_str number = ls_str_skip(version, 4);
    struct ls_str major;
    uint64_t value;

    if (ls_str_equal_nocase(ls_str_first(version, 4), ls_str_from("SIP/")) &&
        ls_str_cut(&number, '.', &major) && ls_str_to_u64(major, &value) &&
        ls_str_to_u64(number, &value))
        fault(message, 505, "Version Not Supported");
    else
        fault(message, 400, "Malformed Request-Line");
}

static void read_request_line(struct sip_message *message, struct ls_str line)
{
    size_t first = ls_str_find(line, ' ');
    size_t last = line.length;
    struct sip_uri uri;

    while (last > 0 && line.at[last - 1] != ' ')
        last--;
    message->method = ls_str_first(line, first);
    if (!sip_line_is_token(message->method) || last <= first + 1) {
        fault(message, 400, "Malformed Request-Line");
        return;
    }
    message->uri = ls_str_first(ls_str_skip(line, first + 1), last - first - 2);
    check_version(message, ls_str_skip(line, last));
    if (!sip_field_is_uri(message->uri))
        fault(message, 400, "Malformed Request-URI");
    /* RFC 3261 19.1.1: headers are not allowed in a Request-URI. */
    else if (sip_field_uri(message->uri, &uri) && !ls_str_is_empty(uri.headers))
        fault(message, 400, "Headers In Request-URI");
}

static void read_status_line(struct sip_message *message, struct ls_str line)
{
    struct ls_str version;
    struct ls_str code;
    uint64_t status = 0;

    ls_str_cut(&line, ' ', &version);
    if (!ls_str_equal_nocase(version, ls_str_from("SIP/2.0")))
        fault(message, 505, "Version Not Supported");
    /* The blank after the code stands even where the reason is empty. */
    if (!ls_str_cut(&line, ' ', &code) || code.length != 3 ||
        !ls_str_to_u64(code, &status) || status < 100 || status > 699)
        fault(message, 400, "Malformed Status-Line");
    message->status = (int)status;
    message->reason = line;
}

static void read_start_line(struct sip_message *message, struct ls_str line)
{
    message->start_line = line;
    message->is_request =
        !ls_str_equal_nocase(ls_str_first(line, 4), ls_str_from("SIP/"));
    if (message->is_request)
        read_request_line(message, line);
    else
        read_status_line(message, line);
}

static void check_line(struct sip_message *message, struct ls_str line,
                       enum sip_line_end end)
{
    if (end == SIP_LINE_LF)
        fault(message, 400, "Line Ends With LF Alone");
    if (ls_str_find(line, '\r') < line.length)
        fault(message, 400, "Stray CR");
}

static void make_room(struct sip_message *message)
{
    size_t capacity = 2 * message->header_capacity;
    struct sip_header *headers = ls_alloc_array(capacity, sizeof *headers);

    memcpy(headers, message->headers, message->header_count * sizeof *headers);
    if (message->headers != message->few)
        free(message->headers);
    message->headers = headers;
    message->header_capacity = capacity;
}

/* RFC 3261 25.1 has it behind a backslash in quotes, and nowhere else: what
 * ends at one for others must not say more here. */
static bool has_nul(struct ls_str line)
{
    size_t at = ls_str_find(line, '\0');

    while (at < line.length && at > 0 && line.at[at - 1] == '\\')
        at += 1 + ls_str_find(ls_str_skip(line, at + 1), '\0');
    return at < line.length;
}

static void add_header(struct sip_message *message, struct ls_str line)
{
    struct sip_header header;

    if (sip_line_is_continuation(line) ||
        (message->holds_nul && has_nul(line)) ||
        !sip_line_header(line, &header.name, &header.value)) {
        fault(message, 400, "Malformed Header Line");
        return;
    }
    header.shape = sip_line_shape(header.name);
    if (message->header_count == message->header_capacity)
        make_room(message);
    message->headers[message->header_count++] = header;
}

/* Take the lines that go on with this one off the front of *rest: a folded
 * line joins the one before with a single blank (RFC 3261 7.3.1), which takes
 * no more room than its line end. */
static struct ls_str join_folds(struct sip_message *message, struct ls_str line,
                                struct ls_str *rest, char **flat)
{
    struct ls_str joined = {*flat, 0};
    struct ls_str more = line;
    enum sip_line_end end;

    if (!sip_line_is_continuation(*rest))
        return line;
    if (!*flat)
        joined.at = *flat = message->flat = ls_alloc(message->byte_count + 1);
    for (;;) {
        memcpy(*flat, more.at, more.length);
        *flat += more.length;
        if (!sip_line_is_continuation(*rest) ||
            !sip_line_cut(rest, &more, &end))
            break;
        check_line(message, more, end);
        more = ls_str_trim(more);
        *(*flat)++ = ' ';
    }
    joined.length = (size_t)(*flat - joined.at);
    return joined;
}

static void read_head(struct sip_message *message)
{
    struct ls_str rest = ls_str_from_bytes(message->bytes, message->byte_count);
    struct ls_str line;
    enum sip_line_end end;
    char *flat = NULL;

    message->holds_nul = ls_str_find(rest, '\0') < rest.length;
    if (sip_line_cut(&rest, &line, &end) && !ls_str_is_empty(line)) {
        check_line(message, line, end);
        read_start_line(message, line);
        while (sip_line_cut(&rest, &line, &end) && !ls_str_is_empty(line)) {
            check_line(message, line, end);
            add_header(message, join_folds(message, line, &rest, &flat));
        }
    }
    message->body = rest;
}

/* What a message must have once, and what it may have once at most. */
static const struct {
    struct ls_str name;
    const char *missing; /* NULL: it may be */
    const char *several;
} single_headers[] = {
    {LS_STR("From"), "Missing From Header", "Multiple From Headers"},
    {LS_STR("To"), "Missing To Header", "Multiple To Headers"},
    {LS_STR("Call-ID"), "Missing Call-ID Header", "Multiple Call-ID Headers"},
    {LS_STR("CSeq"), "Missing CSeq Header", "Multiple CSeq Headers"},
    {LS_STR("Max-Forwards"), NULL, "Multiple Max-Forwards Headers"},
    {LS_STR("Content-Type"), NULL, "Multiple Content-Type Headers"},
    {LS_STR("Expires"), NULL, "Multiple Expires Headers"},
    {LS_STR("Event"), NULL, "Multiple Event Headers"},
};

static void check_counts(struct sip_message *message)
{
    for (size_t i = 0; i < LS_COUNT(single_headers); i++) {
        struct ls_str name = single_headers[i].name;
        uint32_t shape = sip_line_shape_of_full(name);
        unsigned count = 0;

        for (size_t k = 0; k < message->header_count; k++)
            count += message->headers[k].shape == shape &&
                     sip_line_is_named(message->headers[k].name, name);
        if (count == 0 && single_headers[i].missing)
            fault(message, 400, single_headers[i].missing);
        else if (count > 1)
            fault(message, 400, single_headers[i].several);
    }
}

static bool read_party(const struct sip_message *message, const char *name,
                       struct sip_parties *parties, struct sip_party *party)
{
    const struct sip_header *header = sip_message_header(message, name, 0);

    return !header || sip_party_read(parties, header->value, party);
}

/* All of its elements; what the first of them says. */
static void read_via(struct sip_message *message, struct ls_str value,
                     struct ls_str *host, struct ls_str *branch)
{
    struct ls_str element, other_host, other_branch;

    *host = *branch = (struct ls_str){0};
    if (ls_str_is_empty(value) || ls_str_ends_with(value, ","))
        fault(message, 400, "Malformed Via Header");
    if (sip_field_cut(&value, &element) &&
        !sip_value_via(element, host, branch))
        fault(message, 400, "Malformed Via Header");
    while (sip_field_cut(&value, &element))
        if (!sip_value_via(element, &other_host, &other_branch))
            fault(message, 400, "Malformed Via Header");
}

static void read_vias(struct sip_message *message)
{
    const struct sip_header *header;
    struct ls_str host, branch;
    size_t at = 0;

    header = sip_message_next_header(message, "Via", &at);
    if (!header) {
        fault(message, 400, "Missing Via Header");
        return;
    }
    read_via(message, header->value, &message->via_host, &message->branch);
    while ((header = sip_message_next_header(message, "Via", &at)))
        read_via(message, header->value, &host, &branch);
}

static void read_cseq(struct sip_message *message)
{
    const struct sip_header *header = sip_message_header(message, "CSeq", 0);

    if (!header)
        return;
    if (!sip_value_cseq(header->value, &message->cseq, &message->cseq_method))
        fault(message, 400, "Malformed CSeq Header");
    else if (message->is_request &&
             !ls_str_equal(message->method, message->cseq_method))
        fault(message, 400, "CSeq Method Does Not Match");
}

static void read_call_id(struct sip_message *message)
{
    const struct sip_header *header = sip_message_header(message, "Call-ID", 0);

    if (!header)
        return;
    message->call_id = header->value;
    if (ls_str_is_empty(header->value) ||
        ls_str_find(header->value, ' ') < header->value.length ||
        ls_str_find(header->value, '\t') < header->value.length)
        fault(message, 400, "Malformed Call-ID Header");
}

static void check_max_forwards(struct sip_message *message)
{
    const struct sip_header *header =
        sip_message_header(message, "Max-Forwards", 0);
    uint64_t value = 0;

    if (header && (!ls_str_to_u64(header->value, &value) || value > 255))
        fault(message, 400, "Malformed Max-Forwards Header");
}

static void check_contacts(struct sip_message *message)
{
    const struct sip_header *header;

    for (size_t at = 0;
         (header = sip_message_next_header(message, "Contact", &at));) {
        struct ls_str rest = header->value;
        struct ls_str element;
        struct sip_address address;

        while (sip_field_cut(&rest, &element))
            if (!ls_str_equal_text(element, "*") &&
                !sip_field_address(element, &address))
                fault(message, 400, "Malformed Contact Header");
    }
}

static struct sip_message *message_new(struct ls_str bytes)
{
    struct sip_message_block *block =
        ls_realloc_array(NULL, sizeof *block + bytes.length + 1, 1);
    struct sip_message *message = &block->message;

    memset(block, 0, sizeof *block);
    if (bytes.length > 0)
        memcpy(block->bytes, bytes.at, bytes.length);
    block->bytes[bytes.length] = '\0';
    message->bytes = block->bytes;
    message->byte_count = bytes.length;
    message->headers = message->few;
    message->header_capacity = SIP_HEADERS_FEW;
    message->aors = &block->aors;
    return message;
}

enum ls_err sip_message_parse(struct ls_str bytes, struct sip_message **parsed,
                              int *status, const char **reason)
{
    return sip_message_parse_known(NULL, bytes, parsed, status, reason);
}

enum ls_err sip_message_parse_known(struct sip_parties *parties,
                                    struct ls_str bytes,
                                    struct sip_message **parsed, int *status,
                                    const char **reason)
{
    struct sip_message *message = message_new(bytes);

    read_head(message);
    check_counts(message);
    if (!read_party(message, "From", parties, &message->from))
        fault(message, 400, "Malformed From Header");
    if (!read_party(message, "To", parties, &message->to))
        fault(message, 400, "Malformed To Header");
    read_vias(message);
    read_call_id(message);
    read_cseq(message);
    check_max_forwards(message);
    check_contacts(message);

    *parsed = message;
    *status = message->is_request ? message->fault_status : 0;
    *reason = message->fault_reason;
    return message->fault_status ? LS_EPARSE : LS_OK;
}
