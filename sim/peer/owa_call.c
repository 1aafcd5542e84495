#include "owa_call.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_field.h"

static const char sdp_type[] = "application/sdp";

struct owa_call *owa_call_new(const struct owa_user *user, const char *peer,
                              struct owa_writer *writer)
{
    struct owa_call *call = ls_alloc(sizeof *call);

    call->user = user;
    call->peer = ls_strdup(peer);
    call->peer_aor = owa_aor(ls_str_from(peer));
    call->id = owa_draw(writer, OWA_CALL_ID_DIGITS);
    call->local_tag = owa_draw(writer, OWA_TAG_DIGITS);
    call->target = ls_strdup(peer);
    call->is_caller = true;
    return call;
}

void owa_call_free(struct owa_call *call)
{
    if (!call)
        return;
    for (size_t i = 0; i < call->route_count; i++)
        free(call->routes[i]);
    free(call->routes);
    free(call->peer);
    free(call->peer_aor);
    free(call->id);
    free(call->local_tag);
    free(call->remote_tag);
    free(call->target);
    free(call);
}

/* RFC 3261 12.1: the route set as it stands in the message, and for the
 * caller the other way round; the remote target is the Contact. */
static void take_path(struct owa_call *call, const struct sip_message *message)
{
    const struct sip_header *contact =
        sip_message_header(message, "Contact", 0);
    const struct sip_header *header;
    struct sip_address address;

    for (size_t at = 0;
         (header = sip_message_next_header(message, "Record-Route", &at));) {
        struct ls_str rest = header->value;
        struct ls_str element;

        while (sip_field_cut(&rest, &element)) {
            call->routes = ls_realloc_array(call->routes, call->route_count + 1,
                                            sizeof *call->routes);
            call->routes[call->route_count++] = ls_str_dup(element);
        }
    }
    for (size_t i = 0; call->is_caller && i < call->route_count / 2; i++) {
        char **last = &call->routes[call->route_count - 1 - i];
        char *first = call->routes[i];

        call->routes[i] = *last;
        *last = first;
    }
    if (contact && sip_field_address(contact->value, &address)) {
        free(call->target);
        call->target = ls_str_dup(address.uri);
    }
}

struct owa_call *owa_call_new_from(const struct owa_user *user,
                                   const struct sip_message *invite,
                                   struct owa_writer *writer)
{
    struct owa_call *call = ls_alloc(sizeof *call);

    call->user = user;
    call->peer = ls_str_dup(sip_message_from_uri(invite));
    call->peer_aor = owa_aor(sip_message_from_uri(invite));
    call->id = ls_str_dup(sip_message_call_id(invite));
    call->local_tag = owa_draw(writer, OWA_TAG_DIGITS);
    call->remote_tag = ls_str_dup(sip_message_from_tag(invite));
    call->target = ls_strdup(call->peer);
    take_path(call, invite);
    call->is_up = true;
    return call;
}

void owa_call_accept(struct owa_call *call, const struct sip_message *response)
{
    free(call->remote_tag);
    call->remote_tag = ls_str_dup(sip_message_to_tag(response));
    take_path(call, response);
    call->is_up = true;
}

bool owa_call_is_of(const struct owa_call *call,
                    const struct sip_message *request)
{
    return call->remote_tag &&
           ls_str_equal_text(sip_message_call_id(request), call->id) &&
           ls_str_equal_text(sip_message_to_tag(request), call->local_tag) &&
           ls_str_equal_text(sip_message_from_tag(request), call->remote_tag);
}

/* --- what is written ----------------------------------------------------- */

/* ACK has the number of its INVITE, which was the last. */
static void write_head(struct owa_call *call, struct owa_writer *writer,
                       struct sip_writer *sip, const char *method,
                       struct ls_buf *out)
{
    bool is_ack = ls_str_equal_text(ls_str_from(method), "ACK");
    unsigned cseq = is_ack ? writer->cseq : ++writer->cseq;

    owa_write_start(writer, sip, out, method, ls_str_from(call->target));
    sip_writer_headerf(sip, "From", "<%s>;tag=%s;epid=%s", call->user->uri,
                       call->local_tag, call->user->epid);
    if (call->remote_tag)
        sip_writer_headerf(sip, "To", "<%s>;tag=%s", call->peer,
                           call->remote_tag);
    else
        sip_writer_headerf(sip, "To", "<%s>", call->peer);
    sip_writer_header(sip, "Call-ID", ls_str_from(call->id));
    sip_writer_headerf(sip, "CSeq", "%u %s", cseq, method);
    for (size_t i = 0; i < call->route_count; i++)
        sip_writer_header(sip, "Route", ls_str_from(call->routes[i]));
    owa_write_agent(writer, sip);
}

/* What an instant message session is made of; owned by the caller. */
static char *make_sdp(const struct owa_writer *writer)
{
    const struct cas_peer_settings *settings = writer->settings;
    struct ls_str address = ls_str_from(settings->address);
    bool is_ipv6 = ls_str_starts_with(address, "[");
    const char *type = is_ipv6 ? "IP6" : "IP4";

    if (is_ipv6) /* RFC 4566: as it is, without the brackets of a URI */
        address = ls_str_first(ls_str_skip(address, 1), address.length - 2);
    return ls_strf("v=0\r\no=- 0 0 IN %s %.*s\r\ns=session\r\n"
                   "c=IN %s %.*s\r\nt=0 0\r\nm=message %u sip null\r\n"
                   "a=accept-types:text/plain\r\n",
                   type, LS_STR_ARG(address), type, LS_STR_ARG(address),
                   (unsigned)settings->port);
}

void owa_call_write_invite(struct owa_call *call, struct owa_writer *writer,
                           struct ls_buf *out)
{
    char *sdp = make_sdp(writer);
    struct sip_writer sip;

    write_head(call, writer, &sip, "INVITE", out);
    owa_write_contact(writer, &sip);
    sip_writer_headerf(&sip, "Ms-Conversation-ID", "%s", call->id);
    sip_writer_header(&sip, "Content-Type", ls_str_from(sdp_type));
    sip_writer_body(&sip, ls_str_from(sdp));
    free(sdp);
}

void owa_call_write_refused_ack(const struct owa_call *call,
                                const struct owa_writer *writer,
                                const struct sip_message *response,
                                struct ls_buf *out)
{
    const struct sip_header *from = sip_message_header(response, "From", 0);
    const struct sip_header *to = sip_message_header(response, "To", 0);
    struct sip_writer sip;

    sip_writer_request(&sip, out, "ACK", ls_str_from(call->target));
    owa_write_via(writer, &sip);
    sip_writer_header(&sip, "Max-Forwards", ls_str_from("70"));
    sip_writer_header(&sip, "From", from->value);
    sip_writer_header(&sip, "To", to->value);
    sip_writer_header(&sip, "Call-ID", ls_str_from(call->id));
    sip_writer_headerf(&sip, "CSeq", "%u ACK",
                       (unsigned)sip_message_cseq(response));
    sip_writer_body(&sip, (struct ls_str){0});
}

void owa_call_write_ack(struct owa_call *call, struct owa_writer *writer,
                        struct ls_buf *out)
{
    struct sip_writer sip;

    write_head(call, writer, &sip, "ACK", out);
    sip_writer_body(&sip, (struct ls_str){0});
}

void owa_call_write_message(struct owa_call *call, struct owa_writer *writer,
                            const char *text, struct ls_buf *out)
{
    struct sip_writer sip;

    write_head(call, writer, &sip, "MESSAGE", out);
    sip_writer_header(&sip, "Content-Type",
                      ls_str_from("text/plain; charset=UTF-8"));
    sip_writer_body(&sip, ls_str_from(text));
}

void owa_call_write_bye(struct owa_call *call, struct owa_writer *writer,
                        struct ls_buf *out)
{
    struct sip_writer sip;

    write_head(call, writer, &sip, "BYE", out);
    sip_writer_body(&sip, (struct ls_str){0});
}

void owa_call_write_accepted(const struct owa_call *call,
                             struct owa_writer *writer,
                             const struct sip_message *invite,
                             struct ls_buf *out)
{
    char *sdp = make_sdp(writer);
    struct owa_answer answer = {.status = 200,
                                .reason = "OK",
                                .tag = call->local_tag,
                                .is_of_call = true,
                                .type = sdp_type,
                                .body = sdp};

    owa_write_answer(writer, invite, &answer, out);
    free(sdp);
}
