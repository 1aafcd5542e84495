#include "lyncsim/publication.h"

#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/ms_diagnostics.h"
#include "lyncsim/presence.h"
#include "lyncsim/sip_field.h"
#include "lyncsim/subscription.h"

#include "xml_scan.h"

static const char publish_type[] = "application/msrtc-category-publish+xml";
static const char fault_type[] = "application/msrtc-fault+xml";

struct publications {
    struct publication items[PUBLICATIONS_MAX];
    size_t count;
};

/* The names go into other users' documents: letters, digits and a few marks. */
static bool is_name(struct ls_str text)
{
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.at[i];

        if (!((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
              (byte >= '0' && byte <= '9') ||
              (byte != '\0' && strchr("-_.:", byte))))
            return false;
    }
    return text.length > 0 && text.length <= 64;
}

static bool read_number(struct ls_str attributes, const char *name,
                        uint32_t *number)
{
    struct ls_str text;
    uint64_t value = 0;

    *number = 0;
    if (!xml_scan_attribute(attributes, name, &text))
        return true;
    if (!ls_str_to_u64(text, &value) || value > UINT32_MAX - 1)
        return false;
    *number = (uint32_t)value;
    return true;
}

static bool read_publication(struct ls_str attributes, struct ls_str content,
                             struct publication *publication)
{
    struct ls_str expires;

    *publication = (struct publication){.content = ls_str_trim(content)};
    publication->expire_type = ls_str_from("endpoint");
    xml_scan_attribute(attributes, "expireType", &publication->expire_type);
    publication->is_withdrawn =
        xml_scan_attribute(attributes, "expires", &expires) &&
        ls_str_equal_text(expires, "0");
    return xml_scan_attribute(attributes, "categoryName", &publication->name) &&
           is_name(publication->name) && is_name(publication->expire_type) &&
           read_number(attributes, "instance", &publication->instance) &&
           read_number(attributes, "container", &publication->container) &&
           read_number(attributes, "version", &publication->version) &&
           ls_str_is_utf8(publication->content) &&
           xml_scan_is_balanced(publication->content);
}

/* False for a document that is none. *user is whose presence it is about. */
static bool read_document(struct ls_str body, struct publications *list,
                          struct ls_str *user)
{
    struct ls_str attributes;
    struct ls_str inside;
    struct ls_str content;

    list->count = 0;
    if (!xml_scan_element(&body, "publications", &attributes, &inside) ||
        !xml_scan_attribute(attributes, "uri", user))
        return false;
    while (xml_scan_element(&inside, "publication", &attributes, &content))
        if (list->count == PUBLICATIONS_MAX ||
            !read_publication(attributes, content, &list->items[list->count++]))
            return false;
    return list->count > 0;
}

static void refuse(const struct sip_request *request, int status,
                   const char *code, const char *details)
{
    struct sip_answer answer;

    sip_answer_init(&answer, request, status, NULL);
    if (status == 403)
        ms_diagnostic_add(&answer.after, request->front_end, 4268, "");
    sip_answer_header(&answer.after, "Content-Type", "%s", fault_type);
    ls_buf_printf(&answer.body,
                  "<Fault xmlns=\"http://schemas.microsoft.com/2006/09/sip/"
                  "service-fault\"><Faultcode>%s</Faultcode>%s</Fault>",
                  code, details);
    sip_answer_send(&answer);
}

/* Version by version, so that the publisher can mend what he has wrong. */
static bool check_versions(const struct sip_request *request,
                           const struct publications *list, struct ls_str user)
{
    const struct presence *presence = front_end_presence(request->front_end);
    struct ls_buf details = {0};
    bool is_right;

    for (size_t i = 0; i < list->count; i++) {
        uint32_t version = presence_version(presence, user, &list->items[i]);

        if (version != list->items[i].version)
            ls_buf_printf(&details,
                          "<operation index=\"%zu\" version=\"%u\" "
                          "curVersion=\"%u\"/>",
                          i, list->items[i].version, version);
    }
    is_right = details.length == 0;
    if (!is_right) {
        struct ls_buf wrapped = {0};

        ls_buf_printf(&wrapped, "<details>%s</details>", details.at);
        refuse(request, 409, "Client.BadCall.WrongDelta", wrapped.at);
        ls_buf_clear(&wrapped);
    }
    ls_buf_clear(&details);
    return is_right;
}

static void accept_all(const struct sip_request *request, struct ls_str user)
{
    struct sip_answer answer;

    sip_answer_init(&answer, request, 200, NULL);
    sip_answer_header(&answer.after, "Content-Type",
                      "application/vnd-microsoft-roaming-self+xml");
    ls_buf_add_text(&answer.body,
                    "<roamingData xmlns=\"http://schemas.microsoft.com/"
                    "2006/09/sip/roaming-self\"><categories xmlns=\"http://"
                    "schemas.microsoft.com/2006/09/sip/categories\" uri=\"");
    xml_scan_add_text(&answer.body, user);
    ls_buf_add_text(&answer.body, "\">");
    presence_add_own(&answer.body, front_end_presence(request->front_end),
                     user);
    ls_buf_add_text(&answer.body, "</categories></roamingData>");
    sip_answer_send(&answer);
    subscription_notify(request->front_end, user, request->now_ms);
}

static void publish(const struct sip_request *request,
                    const struct publications *list, struct ls_str user)
{
    struct presence *presence = front_end_presence(request->front_end);
    enum presence_outcome outcome = PRESENCE_PUBLISHED;
    uint32_t version;

    for (size_t i = 0; i < list->count && outcome == PRESENCE_PUBLISHED; i++)
        outcome =
            presence_publish(presence, user, request->caller->connection_id,
                             &list->items[i], request->now_ms, &version);
    switch (outcome) {
    case PRESENCE_PUBLISHED:
        accept_all(request, user);
        break;
    case PRESENCE_WRONG_VERSION: /* the same category twice in one request */
        refuse(request, 409, "Client.BadCall.WrongDelta", "");
        break;
    case PRESENCE_FULL:
        front_end_note_limit(request->front_end, request->caller->connection_id,
                             LIMIT_STATE, request->now_ms);
        sip_answer_plain(request, 503, NULL);
        break;
    }
}

static void answer_document(const struct sip_request *request)
{
    struct publications list;
    struct ls_buf aor = {0};
    struct ls_str uri;

    if (!read_document(sip_message_body(request->message), &list, &uri)) {
        refuse(request, 400, "Client.BadCall.MalformedXml", "");
        return;
    }
    sip_field_add_aor(&aor, uri);
    if (!ls_str_equal(ls_buf_str(&aor), sip_message_from_aor(request->message)))
        refuse(request, 403, "Client.Delegate.Operation.NotAuthorized", "");
    else if (check_versions(request, &list, ls_buf_str(&aor)))
        publish(request, &list, ls_buf_str(&aor));
    ls_buf_clear(&aor);
}

void publication_answer(const struct sip_request *request)
{
    const struct sip_header *type =
        sip_message_header(request->message, "Content-Type", 0);
    struct ls_str name = {0};
    struct sip_answer answer;

    if (type)
        name = ls_str_trim(
            ls_str_first(type->value, ls_str_find(type->value, ';')));
    if (ls_str_equal_nocase(name, ls_str_from(publish_type))) {
        answer_document(request);
        return;
    }
    /* Contacts and settings are changed by SOAP: taken, and not kept. */
    if (ls_str_equal_nocase(name, ls_str_from("application/SOAP+xml"))) {
        sip_answer_plain(request, 200, NULL);
        return;
    }
    sip_answer_init(&answer, request, 415, NULL);
    sip_answer_header(&answer.after, "Accept", "%s, application/SOAP+xml",
                      publish_type);
    sip_answer_send(&answer);
}
