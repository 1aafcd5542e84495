#include "lyncsim/subscription.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/presence.h"
#include "lyncsim/registration.h"
#include "lyncsim/sip_field.h"
#include "lyncsim/sip_forward.h"
#include "lyncsim/sip_status.h"
#include "lyncsim/sip_writer.h"
#include "lyncsim/watchers.h"

#include "roaming_state.h"
#include "xml_scan.h"

static bool supports(const struct sip_message *message, const char *extension)
{
    static const char *const names[] = {"Supported", "Require",
                                        "Proxy-Require"};
    const struct sip_header *header;

    for (size_t n = 0; n < LS_COUNT(names); n++)
        for (size_t at = 0;
             (header = sip_message_next_header(message, names[n], &at));)
            if (sip_field_has_token(header->value, extension))
                return true;
    return false;
}

static void add_subscription_state(struct ls_buf *place, uint32_t expires)
{
    sip_answer_header(place, "subscription-state", "%s;expires=%u",
                      expires > 0 ? "active" : "terminated", expires);
}

/* --- notifies ------------------------------------------------------------ */

/* A NOTIFY, or BENOTIFY where the watcher wants no transaction for it. */
static void write_notify(struct ls_buf *out, struct front_end *front_end,
                         struct watcher *watcher, const char *content_type,
                         struct ls_str body, uint64_t now_ms)
{
    const char *method = watcher->is_benotified ? "BENOTIFY" : "NOTIFY";
    struct ls_buf branch = {0};
    struct sip_writer writer;
    uint32_t left =
        watcher->expires_ms > now_ms
            ? (uint32_t)((watcher->expires_ms - now_ms + 999) / 1000)
            : 0;

    sip_forward_add_branch(&branch, front_end);
    sip_writer_request(&writer, out, method, ls_str_from(watcher->target));
    sip_writer_headerf(&writer, "Via", "SIP/2.0/TLS %s:5061;branch=%s",
                       front_end_settings(front_end)->fqdn, branch.at);
    sip_writer_header(&writer, "Max-Forwards", ls_str_from("70"));
    sip_writer_header(&writer, "From", ls_str_from(watcher->from));
    sip_writer_header(&writer, "To", ls_str_from(watcher->to));
    sip_writer_header(&writer, "Call-ID", ls_str_from(watcher->call_id));
    sip_writer_headerf(&writer, "CSeq", "%u %s", ++watcher->cseq, method);
    sip_answer_add_contact(out, front_end);
    sip_writer_header(&writer, "Event", ls_str_from(watcher->event));
    add_subscription_state(out, left);
    sip_writer_header(&writer, "Content-Type", ls_str_from(content_type));
    sip_writer_body(&writer, body);
    ls_buf_clear(&branch);
}

static void send_notify(struct front_end *front_end, struct watcher *watcher,
                        const struct ls_buf *content_type,
                        const struct ls_buf *body, uint64_t now_ms)
{
    struct ls_buf out = {0};

    write_notify(&out, front_end, watcher, content_type->at, ls_buf_str(body),
                 now_ms);
    front_end_leave(front_end, watcher->connection_id, ls_buf_str(&out),
                    now_ms);
    ls_buf_clear(&out);
}

/* The state of all that the watcher watches. */
static void notify_first(struct front_end *front_end, struct watcher *watcher,
                         const struct roaming_package *package, uint64_t now_ms)
{
    struct roaming_users users = {watcher->users, watcher->user_count};
    struct ls_buf content_type = {0};
    struct ls_buf body = {0};

    if (front_end_refuses_mail(front_end, watcher->connection_id, now_ms))
        return;
    if (!roaming_state_add(package, front_end, &users, &content_type, &body))
        front_end_note_limit(front_end, watcher->connection_id, LIMIT_STATE,
                             now_ms);
    send_notify(front_end, watcher, &content_type, &body, now_ms);
    ls_buf_clear(&content_type);
    ls_buf_clear(&body);
}

/* All watchers of a package hear the same of a user: it is written once, and
 * only when somebody takes it. */
static void notify_of(struct front_end *front_end, char *user,
                      const struct roaming_package *package, uint64_t now_ms)
{
    struct watchers_walk walk =
        watchers_of(front_end_watchers(front_end), ls_str_from(user), now_ms);
    struct roaming_users users = {&user, 1};
    struct ls_buf content_type = {0};
    struct ls_buf body = {0};
    struct watcher *watcher;

    while ((watcher = watchers_next(&walk))) {
        if (strcmp(watcher->event, package->event) != 0 ||
            front_end_refuses_mail(front_end, watcher->connection_id, now_ms))
            continue;
        if (body.length == 0)
            roaming_state_add(package, front_end, &users, &content_type, &body);
        send_notify(front_end, watcher, &content_type, &body, now_ms);
    }
    ls_buf_clear(&content_type);
    ls_buf_clear(&body);
}

void subscription_notify(struct front_end *front_end, struct ls_str user,
                         uint64_t now_ms)
{
    const struct roaming_package *package;
    char *name = ls_str_dup(user);

    for (size_t i = 0; (package = roaming_package_at(i)); i++)
        if (package->is_of_presence)
            notify_of(front_end, name, package, now_ms);
    free(name);
}

/* --- who watches whom ---------------------------------------------------- */

static bool has_user(const struct watcher *watcher, struct ls_str aor)
{
    for (size_t i = 0; i < watcher->user_count; i++)
        if (ls_str_equal_text(aor, watcher->users[i]))
            return true;
    return false;
}

/* Who is named twice is watched once: the answer has his state in it. */
static void add_user(struct watcher *watcher, struct ls_str uri)
{
    struct ls_buf aor = {0};

    sip_field_add_aor(&aor, uri);
    if (has_user(watcher, ls_buf_str(&aor))) {
        ls_buf_clear(&aor);
        return;
    }
    watcher->users = ls_realloc_array(watcher->users, watcher->user_count + 1,
                                      sizeof(*watcher->users));
    watcher->users[watcher->user_count++] = ls_buf_take(&aor);
}

static void add_list(struct watcher *watcher, struct ls_str body)
{
    struct ls_str attributes, content, uri;
    size_t count = 0;

    while (xml_scan_element(&body, "adhocList", &attributes, &content))
        while (xml_scan_element(&content, "resource", &attributes, &uri)) {
            if (count++ == WATCHER_USERS_MAX)
                return;
            if (xml_scan_attribute(attributes, "uri", &uri))
                add_user(watcher, uri);
        }
}

/* A batch names its users in the body; anybody else watches who stands in
 * To. */
static void add_users(struct watcher *watcher,
                      const struct sip_message *message)
{
    add_list(watcher, sip_message_body(message));
    if (watcher->user_count == 0)
        add_user(watcher, sip_message_to_uri(message));
}

static char *our_party(const struct sip_answer *answer)
{
    const struct sip_header *to =
        sip_message_header(answer->request->message, "To", 0);

    return ls_strf("%.*s%s%s", LS_STR_ARG(to->value),
                   answer->to_tag[0] ? ";tag=" : "", answer->to_tag);
}

static struct watcher make_watcher(const struct sip_answer *answer,
                                   const struct roaming_package *package,
                                   uint32_t expires)
{
    const struct sip_request *request = answer->request;
    const struct sip_message *message = request->message;
    const struct sip_header *contact =
        sip_message_header(message, "Contact", 0);
    struct sip_address target = {.uri = sip_message_from_uri(message)};
    struct watcher watcher = {
        .event = ls_strdup(package->event),
        .call_id = ls_str_dup(sip_message_call_id(message)),
        .tag = ls_str_dup(sip_message_from_tag(message)),
        .from = our_party(answer),
        .to = ls_str_dup(sip_message_header(message, "From", 0)->value),
        .subscriber = ls_str_dup(sip_message_from_aor(message)),
        .is_benotified = supports(message, "ms-benotify"),
        .connection_id = request->caller->connection_id,
        .expires_ms = request->now_ms + (uint64_t)expires * 1000,
    };

    if (contact && !sip_field_address(contact->value, &target))
        target.uri = sip_message_from_uri(message);
    watcher.target = ls_str_dup(target.uri);
    add_users(&watcher, message);
    return watcher;
}

/* --- answers ------------------------------------------------------------- */

static void refuse_event(const struct sip_request *request)
{
    const struct roaming_package *package;
    struct ls_buf events = {0};
    struct sip_answer answer;

    for (size_t i = 0; (package = roaming_package_at(i)); i++)
        ls_buf_printf(&events, "%s%s", i > 0 ? "," : "", package->event);
    sip_answer_init(&answer, request, 489, NULL);
    sip_answer_header(&answer.after, "Allow-Events", "%.*s",
                      LS_STR_ARG(ls_buf_str(&events)));
    sip_answer_send(&answer);
    ls_buf_clear(&events);
}

static void send_answer(struct sip_answer *answer,
                        const struct roaming_package *package,
                        struct watcher *watcher, uint32_t expires)
{
    struct front_end *front_end = answer->request->front_end;
    struct roaming_users users = {watcher->users, watcher->user_count};
    struct ls_buf content_type = {0};
    bool in_answer =
        supports(answer->request->message, "ms-piggyback-first-notify");

    sip_answer_echo(&answer->after, answer->request->message, "Record-Route");
    sip_answer_add_contact(&answer->after, front_end);
    sip_answer_header(&answer->after, "Expires", "%u", expires);
    sip_answer_header(&answer->after, "Event", "%s", package->event);
    add_subscription_state(&answer->after, expires);
    if (in_answer) {
        sip_answer_header(&answer->after, "ms-piggyback-cseq", "%u",
                          ++watcher->cseq);
        if (!roaming_state_add(package, front_end, &users, &content_type,
                               &answer->body))
            front_end_note_limit(front_end, watcher->connection_id, LIMIT_STATE,
                                 answer->request->now_ms);
        sip_answer_header(&answer->after, "Content-Type", "%s",
                          content_type.at);
        ls_buf_clear(&content_type);
    }
    sip_answer_header(&answer->after, "Supported",
                      "ms-benotify, ms-piggyback-first-notify");
    sip_answer_send(answer);
    if (!in_answer)
        notify_first(front_end, watcher, package, answer->request->now_ms);
}

/* The event of a subscription, with its parameters cut off. */
static const struct roaming_package *
find_package(const struct sip_message *message)
{
    const struct sip_header *event = sip_message_header(message, "Event", 0);

    if (!event)
        return NULL;
    return roaming_package_find(ls_str_trim(
        ls_str_first(event->value, ls_str_find(event->value, ';'))));
}

void subscription_answer(const struct sip_request *request)
{
    const struct sip_message *message = request->message;
    const struct roaming_package *package = find_package(message);
    struct watchers *watchers = front_end_watchers(request->front_end);
    bool is_in_dialog = !ls_str_is_empty(sip_message_to_tag(message));
    uint32_t expires = registration_expires(
        sip_message_header(message, "Expires", 0), SUBSCRIPTION_EXPIRES_S);
    struct watcher *watcher;
    struct sip_answer answer;
    struct watcher fresh;

    if (!package) {
        refuse_event(request);
        return;
    }
    watcher = watchers_find(watchers, sip_message_call_id(message),
                            sip_message_from_tag(message), package->event);
    if (!watcher && is_in_dialog) {
        sip_answer_plain(request, 481, NULL);
        return;
    }
    sip_answer_init(&answer, request, 200, NULL);
    fresh = make_watcher(&answer, package, expires);
    fresh.cseq = is_in_dialog ? watcher->cseq : 0;
    watcher = watchers_set(watchers, &fresh, request->now_ms);
    if (!watcher) {
        front_end_note_limit(request->front_end, request->caller->connection_id,
                             LIMIT_WATCHERS, request->now_ms);
        answer.status = 503;
        answer.reason = sip_status_reason(503);
        sip_answer_send(&answer);
        return;
    }
    send_answer(&answer, package, watcher, expires);
    if (expires == 0)
        watchers_remove(watchers, watcher);
}
