#include "owa.h"

#include <assert.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_writer.h"

#define TAG_DIGITS 10
#define EPID_DIGITS 10
#define CALL_ID_DIGITS 32
#define BRANCH_DIGITS 16
/* RFC 3261 8.1.1.7 */
#define BRANCH_COOKIE "z9hG4bK"

static const char *const owa_texts[] = {
    [OWA_2010] = "Instant Messaging isn't available right now. The Contact "
                 "List will appear when the service becomes available.",
    /* No text of 2013 is evidenced; it is a 2016 in all that shows. */
    [OWA_2013] = "There's a problem with instant messaging. Please try again "
                 "later.",
    [OWA_2016] = "There's a problem with instant messaging. Please try again "
                 "later.",
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
    const char *body;
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
};

const char *owa_text(enum owa_version version)
{
    assert((size_t)version < LS_COUNT(owa_texts));
    return owa_texts[version];
}

void owa_writer_init(struct owa_writer *writer,
                     const struct cas_peer_settings *settings)
{
    struct ls_buf epid = {0};

    writer->settings = settings;
    writer->ids = settings->ids;
    id_source_add_hex(&writer->ids, &epid, EPID_DIGITS);
    memcpy(writer->epid, epid.at, EPID_DIGITS);
    ls_buf_clear(&epid);
}

/* "sip:test@contoso.com" gives "contoso.com". */
static struct ls_str domain_of(struct ls_str uri)
{
    size_t at = ls_str_find(uri, '@');

    return at < uri.length ? ls_str_skip(uri, at + 1) : uri;
}

/* Whoever speaks: the user who is signed in, or the server itself. */
static struct ls_str speaker(const struct owa_writer *writer,
                             struct ls_buf *uri)
{
    const struct cas_peer_settings *settings = writer->settings;

    if (settings->task == CAS_SIGN_IN && settings->user)
        return ls_str_from(settings->user);
    ls_buf_printf(uri, "sip:%s",
                  settings->from ? settings->from : settings->address);
    return ls_buf_str(uri);
}

static void write_via(struct owa_writer *writer, struct sip_writer *sip)
{
    struct ls_buf branch = {0};

    id_source_add_hex(&writer->ids, &branch, BRANCH_DIGITS);
    sip_writer_headerf(
        sip, "Via", "SIP/2.0/TLS %s:%u;branch=" BRANCH_COOKIE "%.*s",
        writer->settings->address, (unsigned)writer->settings->port,
        LS_STR_ARG(ls_buf_str(&branch)));
    ls_buf_clear(&branch);
}

/* From, To, Call-ID and CSeq of a request that begins a dialog. */
static void write_dialog(struct owa_writer *writer, struct sip_writer *sip,
                         struct ls_str from, struct ls_str to,
                         const char *method)
{
    struct ls_buf tag = {0}, call_id = {0};

    id_source_add_hex(&writer->ids, &tag, TAG_DIGITS);
    id_source_add_hex(&writer->ids, &call_id, CALL_ID_DIGITS);
    sip_writer_headerf(sip, "From", "<%.*s>;tag=%.*s;epid=%s", LS_STR_ARG(from),
                       LS_STR_ARG(ls_buf_str(&tag)), writer->epid);
    sip_writer_headerf(sip, "To", "<%.*s>", LS_STR_ARG(to));
    sip_writer_header(sip, "Call-ID", ls_buf_str(&call_id));
    sip_writer_headerf(sip, "CSeq", "%u %s", (unsigned)++writer->cseq, method);
    ls_buf_clear(&tag);
    ls_buf_clear(&call_id);
}

static void write_register(struct sip_writer *sip)
{
    sip_writer_header(sip, "Supported",
                      ls_str_from("gruu-10, adhoclist, "
                                  "msrtc-event-categories"));
    sip_writer_header(sip, "ms-keep-alive", ls_str_from("UAC;hop-hop=yes"));
    sip_writer_header(sip, "Expires", ls_str_from("7200"));
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

static void write_target(struct owa_writer *writer, struct sip_writer *sip,
                         struct ls_buf *out, enum owa_request request,
                         struct ls_str from)
{
    struct ls_buf uri = {0};

    if (request == OWA_OPTIONS)
        ls_buf_printf(&uri, "sip:%s", writer->settings->server);
    else if (request == OWA_REGISTER)
        ls_buf_printf(&uri, "sip:%.*s", LS_STR_ARG(domain_of(from)));
    else
        ls_buf_add(&uri, from);
    sip_writer_request(sip, out, requests[request].method, ls_buf_str(&uri));
    write_via(writer, sip);
    sip_writer_header(sip, "Max-Forwards", ls_str_from("70"));
    write_dialog(writer, sip, from,
                 request == OWA_OPTIONS ? ls_buf_str(&uri) : from,
                 requests[request].method);
    ls_buf_clear(&uri);
}

void owa_write_request(struct owa_writer *writer, enum owa_request request,
                       struct ls_buf *out)
{
    const struct cas_peer_settings *settings = writer->settings;
    struct ls_buf uri = {0};
    struct ls_str from = speaker(writer, &uri);
    struct sip_writer sip;

    write_target(writer, &sip, out, request, from);
    sip_writer_headerf(&sip, "Contact", "<sip:%s:%u;transport=tls>",
                       settings->from ? settings->from : settings->address,
                       (unsigned)settings->port);
    sip_writer_header(&sip, "User-Agent",
                      ls_str_from(user_agents[settings->owa]));
    if (requests[request].event)
        sip_writer_header(&sip, "Event", ls_str_from(requests[request].event));
    if (request == OWA_REGISTER)
        write_register(&sip);
    else if (request != OWA_OPTIONS)
        write_subscribe(&sip, request);
    if (requests[request].body_type)
        sip_writer_header(&sip, "Content-Type",
                          ls_str_from(requests[request].body_type));
    sip_writer_body(&sip, ls_str_from(requests[request].body));
    ls_buf_clear(&uri);
}

void owa_write_answer(struct owa_writer *writer,
                      const struct sip_message *request, struct ls_buf *out)
{
    static const char *const echoed[] = {"Via", "From", "To", "Call-ID",
                                         "CSeq"};
    struct sip_writer sip;

    if (ls_str_equal_text(sip_message_method(request), "ACK") ||
        ls_str_equal_text(sip_message_method(request), "BENOTIFY"))
        return;
    sip_writer_response(&sip, out, 200, "OK");
    for (size_t i = 0; i < LS_COUNT(echoed); i++) {
        const struct sip_header *header;

        for (size_t n = 0; (header = sip_message_header(request, echoed[i], n));
             n++)
            sip_writer_header(&sip, echoed[i], header->value);
    }
    sip_writer_header(&sip, "User-Agent",
                      ls_str_from(user_agents[writer->settings->owa]));
    sip_writer_body(&sip, ls_str_from(""));
}
