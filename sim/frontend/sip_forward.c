#include "lyncsim/sip_forward.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_field.h"
#include "lyncsim/sip_writer.h"

#define MAX_FORWARDS_DEFAULT 70u

void sip_forward_add_branch(struct ls_buf *out, struct front_end *front_end)
{
    struct id_source *ids = front_end_ids(front_end);

    ls_buf_add_text(out, "z9hG4bK");
    id_source_add_hex(ids, out, 8);
    ls_buf_add_byte(out, '.');
    id_source_add_hex(ids, out, 16);
}

static void add_header(struct ls_buf *out, const struct sip_header *header)
{
    struct sip_writer writer = {.out = out};
    char *name = ls_str_dup(header->name);

    sip_writer_header(&writer, name, header->value);
    free(name);
}

static uint64_t max_forwards(const struct sip_message *request)
{
    const struct sip_header *header =
        sip_message_header(request, "Max-Forwards", 0);
    uint64_t value = MAX_FORWARDS_DEFAULT;

    if (header && !ls_str_to_u64(header->value, &value))
        value = MAX_FORWARDS_DEFAULT;
    return value;
}

bool sip_forward_may_hop(const struct sip_message *request)
{
    return max_forwards(request) > 0;
}

/* What traces of Lync 2013 and Skype for Business 2015 have and older ones
 * have not: where a message passed, signed. What stands in the signatures is
 * the server's own affair; ours mean nothing. */
static bool signs_its_ways(const struct front_end *front_end)
{
    return front_end_settings(front_end)->version != LYNC_2010;
}

/* An ACK or CANCEL has the Via of its INVITE, so all of it comes from the
 * branch. */
static void add_our_via(struct ls_buf *out, const struct front_end *front_end,
                        const char *branch)
{
    struct ls_str info = ls_str_from(branch);

    info = ls_str_skip(info, ls_str_find(info, '.') + 1);
    sip_answer_header(out, "Via",
                      "SIP/2.0/TLS %s:5061;branch=%s;branched=FALSE%s%.*s%s",
                      front_end_settings(front_end)->fqdn, branch,
                      signs_its_ways(front_end) ? ";ms-internal-info=\"" : "",
                      signs_its_ways(front_end) ? (int)info.length : 0, info.at,
                      signs_its_ways(front_end) ? "\"" : "");
}

/* RFC 3261 16.6 4: later requests of the dialog come through here again. The
 * state names the connection the request arrived on, as the product does. */
static void add_record_route(struct ls_buf *out,
                             const struct sip_request *request)
{
    const char *fqdn = front_end_settings(request->front_end)->fqdn;
    unsigned long long state = request->caller->connection_id;
    struct id_source *ids = front_end_ids(request->front_end);
    struct ls_buf sign = {0}, tag = {0};

    if (!signs_its_ways(request->front_end)) {
        sip_answer_header(
            out, "Record-Route",
            "<sip:%s:5061;transport=tls;opaque=state:F:Ci.R%llx;lr>", fqdn,
            state);
        return;
    }
    id_source_add_hex(ids, &sign, 32);
    id_source_add_hex(ids, &tag, 32);
    sip_answer_header(out, "Record-Route",
                      "<sip:%s:5061;transport=tls;ms-fe=%s;opaque=state:F:"
                      "Ci.R%llx;lr;ms-route-sig=%s>;ms-rrsig=%s;tag=%s",
                      fqdn, fqdn, state, sign.at, sign.at, tag.at);
    ls_buf_clear(&sign);
    ls_buf_clear(&tag);
}

static bool makes_dialog(const struct sip_message *request)
{
    struct ls_str method = sip_message_method(request);

    return ls_str_is_empty(sip_message_to_tag(request)) &&
           (ls_str_equal_text(method, "INVITE") ||
            ls_str_equal_text(method, "REFER"));
}

/* By name, or by the address that the caller reached us at. */
static bool names_us(const struct sip_request *request, struct ls_str route)
{
    const char *fqdn = front_end_settings(request->front_end)->fqdn;
    const char *local = request->caller->local;
    struct sip_address address;
    struct sip_uri uri;
    char *place;
    bool is_local;

    if (!sip_field_address(route, &address) ||
        !sip_field_uri(address.uri, &uri))
        return false;
    if (ls_str_equal_nocase(uri.host, ls_str_from(fqdn)))
        return true;
    if (ls_str_is_empty(uri.port))
        uri.port = ls_str_from("5061");
    place = ls_strf("%.*s:%.*s", LS_STR_ARG(uri.host), LS_STR_ARG(uri.port));
    is_local = local && strcmp(place, local) == 0;
    free(place);
    return is_local;
}

/* RFC 3261 16.4: a first Route that names us has served its purpose. */
static void add_routes(struct ls_buf *out, const struct sip_request *request)
{
    const struct sip_header *header;
    bool is_first = true;

    for (size_t at = 0;
         (header = sip_message_next_header(request->message, "Route", &at));) {
        struct ls_str rest = header->value;
        struct ls_str element;

        while (sip_field_cut(&rest, &element)) {
            bool is_us = is_first && names_us(request, element);

            is_first = false;
            if (!is_us)
                sip_answer_header(out, "Route", "%.*s", LS_STR_ARG(element));
        }
    }
}

void sip_forward_request(struct ls_buf *out, const struct sip_request *request,
                         struct ls_str uri, const char *branch)
{
    static const char *const rewritten[] = {"Via", "Max-Forwards", "Route",
                                            "Content-Length"};
    const struct sip_message *message = request->message;
    struct sip_writer writer;
    char *method = ls_str_dup(sip_message_method(message));

    sip_writer_request(&writer, out, method, uri);
    free(method);
    add_our_via(out, request->front_end, branch);
    sip_answer_add_vias(out, request);
    sip_answer_header(out, "Max-Forwards", "%u",
                      (unsigned)(max_forwards(message) - 1));
    add_routes(out, request);
    if (makes_dialog(message))
        add_record_route(out, request);
    for (size_t i = 0; i < sip_message_header_count(message); i++) {
        const struct sip_header *header = sip_message_header_at(message, i);
        bool is_rewritten = false;

        for (size_t n = 0; n < LS_COUNT(rewritten); n++)
            is_rewritten = is_rewritten || sip_header_is(header, rewritten[n]);
        if (!is_rewritten)
            add_header(out, header);
    }
    sip_writer_body(&writer, sip_message_body(message));
}

void sip_forward_response(struct ls_buf *out,
                          const struct sip_message *response)
{
    struct sip_writer writer = {.out = out};
    const struct sip_header *top = sip_message_header(response, "Via", 0);

    ls_buf_add(out, sip_message_start_line(response));
    ls_buf_add_text(out, "\r\n");
    for (size_t i = 0; i < sip_message_header_count(response); i++) {
        const struct sip_header *header = sip_message_header_at(response, i);

        if (header == top) {
            struct ls_str rest = header->value;
            struct ls_str element;

            sip_field_cut(&rest, &element);
            if (!ls_str_is_empty(ls_str_trim(rest)))
                sip_writer_header(&writer, "Via", ls_str_trim(rest));
        } else if (!sip_header_is(header, "Content-Length")) {
            add_header(out, header);
        }
    }
    sip_writer_body(&writer, sip_message_body(response));
}

void sip_forward_companion(struct ls_buf *out,
                           const struct sip_request *request,
                           const char *method, struct ls_str uri,
                           const char *branch,
                           const struct sip_message *response)
{
    const struct sip_message *message = request->message;
    const struct sip_header *from = sip_message_header(message, "From", 0);
    const struct sip_header *to =
        sip_message_header(response ? response : message, "To", 0);
    struct sip_writer writer;

    sip_writer_request(&writer, out, method, uri);
    add_our_via(out, request->front_end, branch);
    sip_writer_header(&writer, "Max-Forwards", ls_str_from("70"));
    sip_writer_header(&writer, "From", from->value);
    sip_writer_header(&writer, "To", to->value);
    sip_writer_header(&writer, "Call-ID", sip_message_call_id(message));
    sip_writer_headerf(&writer, "CSeq", "%u %s", sip_message_cseq(message),
                       method);
    sip_writer_body(&writer, (struct ls_str){0});
}
