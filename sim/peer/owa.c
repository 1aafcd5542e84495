#include "owa.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_field.h"

/* RFC 3261 8.1.1.7 */
#define BRANCH_COOKIE "z9hG4bK"

static const struct {
    const char *text;
    const char *standing;
} owa_texts[] = {
    [OWA_2010] = {"Instant Messaging isn't available right now. The Contact "
                  "List will appear when the service becomes available.",
                  "evidenced"},
    /* No text of 2013 is evidenced; it is a 2016 in all that shows. */
    [OWA_2013] = {"There's a problem with instant messaging. Please try again "
                  "later.",
                  "assumed"},
    [OWA_2016] = {"There's a problem with instant messaging. Please try again "
                  "later.",
                  "evidenced"},
};

/* UCMA 3 comes with Lync 2010, UCMA 4 with Lync 2013 and later. */
static const char *const user_agents[] = {
    [OWA_2010] = "RTCC/4.0.0.0",
    [OWA_2013] = "RTCC/5.0.0.0",
    [OWA_2016] = "RTCC/5.0.0.0",
};

/* What each request says beyond the headers of all. */
static const struct {
    const char *method;
    const char *event;
    const char *accept;
    const char *body_type;
    const char *body; /* NULL: made for the user */
} requests[] = {
    [OWA_OPTIONS] = {"OPTIONS", NULL, NULL, NULL, ""},
    [OWA_REGISTER] = {"REGISTER", "registration", NULL, NULL, ""},
    [OWA_SUBSCRIBE_SELF] =
        {"SUBSCRIBE", "vnd-microsoft-roaming-self",
         "application/vnd-microsoft-roaming-self+xml",
         "application/vnd-microsoft-roaming-self+xml",
         "<roamingList xmlns=\"http://schemas.microsoft.com/2006/09/sip/"
         "roaming-self\"><roaming type=\"categories\"/><roaming "
         "type=\"containers\"/><roaming type=\"subscribers\"/></roamingList>"},
    [OWA_SUBSCRIBE_CONTACTS] = {"SUBSCRIBE", "vnd-microsoft-roaming-contacts",
                                "application/vnd-microsoft-roaming-contacts+"
                                "xml",
                                NULL, ""},
    [OWA_SUBSCRIBE_PROVISIONING] =
        {"SUBSCRIBE", "vnd-microsoft-provisioning-v2",
         "application/vnd-microsoft-roaming-provisioning-v2+xml",
         "application/vnd-microsoft-roaming-provisioning-v2+xml",
         "<provisioningGroupList xmlns=\"http://schemas.microsoft.com/2006/09/"
         "sip/provisioninggrouplist\"><provisioningGroup "
         "name=\"ServerConfiguration\"/></provisioningGroupList>"},
    [OWA_PUBLISH] = {"SERVICE", NULL, NULL,
                     "application/msrtc-category-publish+xml", NULL},
    [OWA_WATCH] = {"SUBSCRIBE", "presence",
                   "application/msrtc-event-categories+xml, "
                   "application/rlmi+xml, multipart/related",
                   "application/msrtc-adrl-categorylist+xml", NULL},
    [OWA_SIGN_OUT] = {"REGISTER", "registration", NULL, NULL, ""},
};

const char *owa_text(enum owa_version version)
{
    assert((size_t)version < LS_COUNT(owa_texts));
    return owa_texts[version].text;
}

const char *owa_text_standing(enum owa_version version)
{
    assert((size_t)version < LS_COUNT(owa_texts));
    return owa_texts[version].standing;
}

void owa_writer_init(struct owa_writer *writer,
                     const struct cas_peer_settings *settings)
{
    *writer = (struct owa_writer){.settings = settings, .ids = settings->ids};
}

char *owa_draw(struct owa_writer *writer, unsigned digits)
{
    struct ls_buf drawn = {0};

    id_source_add_hex(&writer->ids, &drawn, digits);
    return ls_buf_take(&drawn);
}

char *owa_aor(struct ls_str uri)
{
    struct ls_buf aor = {0};

    sip_field_add_aor(&aor, uri);
    return ls_buf_take(&aor);
}

void owa_user_init(struct owa_user *user, const char *uri,
                   struct owa_writer *writer)
{
    static const unsigned groups[] = {8, 4, 4, 4, 12};
    struct ls_buf uuid = {0};
    char *epid = owa_draw(writer, OWA_EPID_DIGITS);

    for (size_t i = 0; i < LS_COUNT(groups); i++) {
        ls_buf_add_text(&uuid, i > 0 ? "-" : "");
        id_source_add_hex(&writer->ids, &uuid, groups[i]);
    }
    *user = (struct owa_user){.uri = uri, .aor = owa_aor(ls_str_from(uri))};
    memcpy(user->epid, epid, OWA_EPID_DIGITS);
    memcpy(user->instance, uuid.at, sizeof user->instance - 1);
    ls_buf_clear(&uuid);
    free(epid);
}

void owa_user_clear(struct owa_user *user)
{
    free(user->aor);
}

/* --- parts of requests --------------------------------------------------- */

void owa_write_via(const struct owa_writer *writer, struct sip_writer *sip)
{
    sip_writer_headerf(sip, "Via",
                       "SIP/2.0/TLS %s:%u;branch=" BRANCH_COOKIE "%s",
                       writer->settings->address,
                       (unsigned)writer->settings->port, writer->branch);
}

void owa_write_start(struct owa_writer *writer, struct sip_writer *sip,
                     struct ls_buf *out, const char *method, struct ls_str uri)
{
    char *branch = owa_draw(writer, OWA_BRANCH_DIGITS);

    memcpy(writer->branch, branch, OWA_BRANCH_DIGITS);
    sip_writer_request(sip, out, method, uri);
    owa_write_via(writer, sip);
    sip_writer_header(sip, "Max-Forwards", ls_str_from("70"));
    free(branch);
}

static const char *own_host(const struct owa_writer *writer)
{
    return writer->settings->from ? writer->settings->from
                                  : writer->settings->address;
}

void owa_write_contact(const struct owa_writer *writer, struct sip_writer *sip)
{
    sip_writer_headerf(sip, "Contact", "<sip:%s:%u;transport=tls>",
                       own_host(writer), (unsigned)writer->settings->port);
}

void owa_write_agent(const struct owa_writer *writer, struct sip_writer *sip)
{
    sip_writer_header(sip, "User-Agent",
                      ls_str_from(user_agents[writer->settings->owa]));
}

/* "sip:test@contoso.com" gives "contoso.com". */
static struct ls_str domain_of(const char *uri)
{
    struct ls_str whole = ls_str_from(uri);
    size_t at = ls_str_find(whole, '@');

    return at < whole.length ? ls_str_skip(whole, at + 1) : whole;
}

/* From, To, Call-ID and CSeq of a request that begins a dialog. */
static void write_dialog(struct owa_writer *writer, struct sip_writer *sip,
                         const struct owa_user *user, struct ls_str to,
                         const char *method)
{
    char *tag = owa_draw(writer, OWA_TAG_DIGITS);
    char *call_id = owa_draw(writer, OWA_CALL_ID_DIGITS);

    if (user)
        sip_writer_headerf(sip, "From", "<%s>;tag=%s;epid=%s", user->uri, tag,
                           user->epid);
    else
        sip_writer_headerf(sip, "From", "<sip:%s>;tag=%s", own_host(writer),
                           tag);
    sip_writer_headerf(sip, "To", "<%.*s>", LS_STR_ARG(to));
    sip_writer_header(sip, "Call-ID", ls_str_from(call_id));
    sip_writer_headerf(sip, "CSeq", "%u %s", (unsigned)++writer->cseq, method);
    free(tag);
    free(call_id);
}

static void write_register(const struct owa_writer *writer,
                           struct sip_writer *sip, const struct owa_user *user,
                           enum owa_request request)
{
    sip_writer_headerf(sip, "Contact",
                       "<sip:%s:%u;transport=tls>;+sip.instance=\"<urn:uuid:"
                       "%s>\"",
                       own_host(writer), (unsigned)writer->settings->port,
                       user->instance);
    sip_writer_header(sip, "Supported",
                      ls_str_from("gruu-10, adhoclist, "
                                  "msrtc-event-categories"));
    sip_writer_header(sip, "ms-keep-alive", ls_str_from("UAC;hop-hop=yes"));
    sip_writer_header(sip, "Expires",
                      ls_str_from(request == OWA_SIGN_OUT ? "0" : "7200"));
}

static void write_subscribe(struct sip_writer *sip, enum owa_request request)
{
    sip_writer_header(sip, "Accept", ls_str_from(requests[request].accept));
    sip_writer_header(sip, "Supported",
                      ls_str_from("com.microsoft.autoextend"));
    sip_writer_header(sip, "Supported", ls_str_from("ms-benotify"));
    sip_writer_header(sip, "Proxy-Require", ls_str_from("ms-benotify"));
    sip_writer_header(sip, "Supported",
                      ls_str_from("ms-piggyback-first-notify"));
}

/* --- bodies that are the user's own -------------------------------------- */

/* A SIP address has neither quotes nor angle brackets, but it may have &. */
static void add_uri(struct ls_buf *body, const char *uri)
{
    for (; *uri; uri++)
        if (*uri == '&')
            ls_buf_add_text(body, "&amp;");
        else
            ls_buf_add_byte(body, *uri);
}

/* "Online", to whom the user talks with ([MS-PRES] 2.2.2.1: container 200). */
static void add_publication(struct ls_buf *body, const struct owa_user *user)
{
    ls_buf_add_text(body,
                    "<publish xmlns=\"http://schemas.microsoft.com/2006/09/"
                    "sip/rich-presence\"><publications uri=\"");
    add_uri(body, user->uri);
    ls_buf_add_text(body,
                    "\"><publication categoryName=\"state\" instance=\"0\" "
                    "container=\"200\" version=\"0\" expireType=\"endpoint\">"
                    "<state xmlns=\"http://schemas.microsoft.com/2006/09/sip/"
                    "state\"><availability>3500</availability></state>"
                    "</publication></publications></publish>");
}

static void add_watched(struct ls_buf *body, const struct owa_writer *writer,
                        const struct owa_user *user)
{
    const struct cas_peer_settings *settings = writer->settings;

    ls_buf_add_text(body,
                    "<batchSub xmlns=\"http://schemas.microsoft.com/2006/01/"
                    "sip/batch-subscribe\" uri=\"");
    add_uri(body, user->uri);
    ls_buf_add_text(body, "\" name=\"\"><action name=\"subscribe\" id=\"1\">"
                          "<adhocList>");
    for (size_t i = 0; i < settings->says_count; i++) {
        const struct cas_says *says = &settings->says[i];
        bool is_from = strcmp(says->from, user->uri) == 0;

        if (!is_from && strcmp(says->to, user->uri) != 0)
            continue;
        ls_buf_add_text(body, "<resource uri=\"");
        add_uri(body, is_from ? says->to : says->from);
        ls_buf_add_text(body, "\"/>");
    }
    ls_buf_add_text(body, "</adhocList></action></batchSub>");
}

static void write_body(const struct owa_writer *writer, struct sip_writer *sip,
                       const struct owa_user *user, enum owa_request request)
{
    struct ls_buf body = {0};

    if (requests[request].body)
        ls_buf_add_text(&body, requests[request].body);
    else if (request == OWA_PUBLISH)
        add_publication(&body, user);
    else
        add_watched(&body, writer, user);
    if (requests[request].body_type)
        sip_writer_header(sip, "Content-Type",
                          ls_str_from(requests[request].body_type));
    sip_writer_body(sip, ls_buf_str(&body));
    ls_buf_clear(&body);
}

/* --- whole messages ------------------------------------------------------ */

static void add_target(struct ls_buf *uri, const struct owa_writer *writer,
                       const struct owa_user *user, enum owa_request request)
{
    if (!user)
        ls_buf_printf(uri, "sip:%s", writer->settings->server);
    else if (request == OWA_REGISTER || request == OWA_SIGN_OUT)
        ls_buf_printf(uri, "sip:%.*s", LS_STR_ARG(domain_of(user->uri)));
    else
        ls_buf_add_text(uri, user->uri);
}

void owa_write_request(struct owa_writer *writer, const struct owa_user *user,
                       enum owa_request request, struct ls_buf *out)
{
    const char *method = requests[request].method;
    struct ls_buf uri = {0};
    struct sip_writer sip;

    add_target(&uri, writer, user, request);
    owa_write_start(writer, &sip, out, method, ls_buf_str(&uri));
    write_dialog(writer, &sip, user,
                 user ? ls_str_from(user->uri) : ls_buf_str(&uri), method);
    ls_buf_clear(&uri);
    if (request == OWA_REGISTER || request == OWA_SIGN_OUT)
        write_register(writer, &sip, user, request);
    else
        owa_write_contact(writer, &sip);
    owa_write_agent(writer, &sip);
    if (requests[request].event)
        sip_writer_header(&sip, "Event", ls_str_from(requests[request].event));
    if (requests[request].accept)
        write_subscribe(&sip, request);
    write_body(writer, &sip, user, request);
}

static void echo(struct sip_writer *sip, const struct sip_message *request,
                 const char *name)
{
    const struct sip_header *header;

    for (size_t at = 0; (header = sip_message_next_header(request, name, &at));)
        sip_writer_header(sip, name, header->value);
}

static void echo_to(struct sip_writer *sip, const struct sip_message *request,
                    const char *tag)
{
    const struct sip_header *to = sip_message_header(request, "To", 0);

    if (ls_str_is_empty(sip_message_to_tag(request)))
        sip_writer_headerf(sip, "To", "%.*s;tag=%s", LS_STR_ARG(to->value),
                           tag);
    else
        sip_writer_header(sip, "To", to->value);
}

void owa_write_answer(struct owa_writer *writer,
                      const struct sip_message *request,
                      const struct owa_answer *answer, struct ls_buf *out)
{
    struct sip_writer sip;

    if (ls_str_equal_text(sip_message_method(request), "ACK") ||
        ls_str_equal_text(sip_message_method(request), "BENOTIFY"))
        return;
    sip_writer_response(&sip, out, answer->status, answer->reason);
    echo(&sip, request, "Via");
    echo(&sip, request, "From");
    echo_to(&sip, request, answer->tag);
    echo(&sip, request, "Call-ID");
    echo(&sip, request, "CSeq");
    if (answer->is_of_call) {
        echo(&sip, request, "Record-Route");
        owa_write_contact(writer, &sip);
    }
    owa_write_agent(writer, &sip);
    if (answer->type)
        sip_writer_header(&sip, "Content-Type", ls_str_from(answer->type));
    sip_writer_body(&sip, ls_str_from(answer->body ? answer->body : ""));
}
