#include "lyncsim/subscription.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/registration.h"
#include "lyncsim/sip_field.h"
#include "lyncsim/sip_writer.h"

/* The first state of a package for a user of whom nothing is known yet.
 * Names and namespaces are the public ones of these packages ([MS-PRES],
 * [MS-SIPREGE]); the content is the least that is complete. %s is the user,
 * fit for XML. */
static const struct package {
    const char *event;
    const char *content_type;
    const char *body;
} packages[] = {
    {"vnd-microsoft-roaming-self", "application/vnd-microsoft-roaming-self+xml",
     "<roamingData xmlns=\"http://schemas.microsoft.com/2006/09/sip/"
     "roaming-self\">"
     "<categories xmlns=\"http://schemas.microsoft.com/2006/09/sip/"
     "categories\" uri=\"%s\"/>"
     "<containers xmlns=\"http://schemas.microsoft.com/2006/09/sip/"
     "container-management\"/>"
     "<subscribers xmlns=\"http://schemas.microsoft.com/2006/09/sip/"
     "presence-subscribers\"/>"
     "</roamingData>"},
    {"vnd-microsoft-roaming-contacts",
     "application/vnd-microsoft-roaming-contacts+xml",
     "<contactList deltaNum=\"1\">"
     "<group id=\"1\" name=\"~\" externalURI=\"\"/>"
     "</contactList>"},
    {"vnd-microsoft-roaming-ACL", "application/vnd-microsoft-roaming-acls+xml",
     "<ACLlist deltaNum=\"1\"><ACE type=\"USER\" mask=\"%s\" rights=\"AA\"/>"
     "</ACLlist>"},
    {"vnd-microsoft-provisioning-v2",
     "application/vnd-microsoft-roaming-provisioning-v2+xml",
     "<provisionGroupList xmlns=\"http://schemas.microsoft.com/2006/09/sip/"
     "provisiongrouplist-notification\">"
     "<provisionGroup name=\"ServerConfiguration\"/>"
     "</provisionGroupList>"},
    {"vnd-microsoft-provisioning",
     "application/vnd-microsoft-roaming-provisioning+xml",
     "<provisionList xmlns=\"http://schemas.microsoft.com/2005/09/sip/"
     "provisioning\"/>"},
    {"presence", "application/msrtc-event-categories+xml",
     "<categories xmlns=\"http://schemas.microsoft.com/2006/09/sip/"
     "categories\" uri=\"%s\"/>"},
    {"presence.wpending", "text/xml+msrtc.wpending", "<watchers/>"},
};

static const struct package *find_package(const struct sip_message *message)
{
    const struct sip_header *event = sip_message_header(message, "Event", 0);

    if (!event)
        return NULL;
    struct ls_str name =
        ls_str_trim(ls_str_first(event->value, ls_str_find(event->value, ';')));
    for (size_t i = 0; i < LS_COUNT(packages); i++)
        if (ls_str_equal_nocase(name, ls_str_from(packages[i].event)))
            return &packages[i];
    return NULL;
}

static void add_xml(struct ls_buf *out, struct ls_str text)
{
    for (size_t i = 0; i < text.length; i++) {
        switch (text.at[i]) {
        case '&':
            ls_buf_add_text(out, "&amp;");
            break;
        case '<':
            ls_buf_add_text(out, "&lt;");
            break;
        case '>':
            ls_buf_add_text(out, "&gt;");
            break;
        case '"':
            ls_buf_add_text(out, "&quot;");
            break;
        default:
            ls_buf_add_byte(out, text.at[i]);
        }
    }
}

static void add_state(struct ls_buf *out, const struct package *package,
                      struct ls_str user)
{
    struct ls_str rest = ls_str_from(package->body);
    struct ls_str piece;

    while (ls_str_cut(&rest, '%', &piece)) {
        ls_buf_add(out, piece);
        if (ls_str_starts_with(rest, "s")) {
            rest = ls_str_skip(rest, 1);
            add_xml(out, user);
        }
    }
}

static bool supports(const struct sip_message *message, const char *extension)
{
    static const char *const names[] = {"Supported", "Require",
                                        "Proxy-Require"};
    const struct sip_header *header;

    for (size_t n = 0; n < LS_COUNT(names); n++)
        for (size_t i = 0; (header = sip_message_header(message, names[n], i));
             i++)
            if (sip_field_has_token(header->value, extension))
                return true;
    return false;
}

static void add_subscription_state(struct ls_buf *place, uint32_t expires)
{
    sip_answer_header(place, "subscription-state", "%s;expires=%u",
                      expires > 0 ? "active" : "terminated", expires);
}

/* The notify that follows an answer which could not carry it: NOTIFY, or
 * BENOTIFY where the subscriber wants no transaction for it. */
static void send_notify(const struct sip_request *request,
                        const struct package *package, const char *tag,
                        uint32_t expires)
{
    const struct sip_message *message = request->message;
    const struct sip_header *contact =
        sip_message_header(message, "Contact", 0);
    const struct sip_header *from = sip_message_header(message, "From", 0);
    const struct sip_header *to = sip_message_header(message, "To", 0);
    const char *method =
        supports(message, "ms-benotify") ? "BENOTIFY" : "NOTIFY";
    const char *fqdn = front_end_settings(request->front_end)->fqdn;
    struct sip_address target = {.uri = sip_message_from_uri(message)};
    struct sip_writer writer;
    struct ls_buf branch = {0};
    struct ls_buf body = {0};

    if (contact && !sip_field_address(contact->value, &target))
        target.uri = sip_message_from_uri(message);
    id_source_add_hex(front_end_ids(request->front_end), &branch, 24);
    sip_writer_request(&writer, request->out, method, target.uri);
    sip_writer_headerf(&writer, "Via",
                       "SIP/2.0/TLS %s:5061;branch=z9hG4bK%.8s.%s", fqdn,
                       ls_buf_str(&branch).at, ls_buf_str(&branch).at + 8);
    sip_writer_header(&writer, "Max-Forwards", ls_str_from("70"));
    sip_writer_headerf(&writer, "From", "%.*s%s%s", LS_STR_ARG(to->value),
                       *tag ? ";tag=" : "", tag);
    sip_writer_header(&writer, "To", from->value);
    sip_writer_header(&writer, "Call-ID", sip_message_call_id(message));
    sip_writer_headerf(&writer, "CSeq", "1 %s", method);
    sip_answer_add_contact(writer.out, request->front_end);
    sip_writer_header(&writer, "Event", ls_str_from(package->event));
    add_subscription_state(writer.out, expires);
    sip_writer_header(&writer, "Content-Type",
                      ls_str_from(package->content_type));
    add_state(&body, package, sip_message_to_aor(message));
    sip_writer_body(&writer, ls_buf_str(&body));
    ls_buf_clear(&branch);
    ls_buf_clear(&body);
}

static void refuse_event(const struct sip_request *request)
{
    struct ls_buf events = {0};
    struct sip_answer answer;

    for (size_t i = 0; i < LS_COUNT(packages); i++)
        ls_buf_printf(&events, "%s%s", i > 0 ? "," : "", packages[i].event);
    sip_answer_init(&answer, request, 489, NULL);
    sip_answer_header(&answer.after, "Allow-Events", "%.*s",
                      LS_STR_ARG(ls_buf_str(&events)));
    sip_answer_send(&answer);
    ls_buf_clear(&events);
}

void subscription_answer(const struct sip_request *request)
{
    const struct sip_message *message = request->message;
    const struct package *package = find_package(message);
    uint32_t expires = registration_expires(
        sip_message_header(message, "Expires", 0), SUBSCRIPTION_EXPIRES_S);
    bool in_answer = supports(message, "ms-piggyback-first-notify");
    struct sip_answer answer;

    if (!package) {
        refuse_event(request);
        return;
    }
    sip_answer_init(&answer, request, 200, NULL);
    sip_answer_add_contact(&answer.after, request->front_end);
    sip_answer_header(&answer.after, "Expires", "%u", expires);
    sip_answer_header(&answer.after, "Event", "%s", package->event);
    add_subscription_state(&answer.after, expires);
    if (in_answer) {
        sip_answer_header(&answer.after, "ms-piggyback-cseq", "1");
        sip_answer_header(&answer.after, "Content-Type", "%s",
                          package->content_type);
        add_state(&answer.body, package, sip_message_to_aor(message));
    }
    sip_answer_header(&answer.after, "Supported",
                      "ms-benotify, ms-piggyback-first-notify");
    sip_answer_send(&answer);
    if (!in_answer)
        send_notify(request, package, answer.to_tag, expires);
}
