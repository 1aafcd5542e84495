#include "lyncsim/front_end_answer.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/challenge.h"
#include "lyncsim/ms_diagnostics.h"
#include "lyncsim/publication.h"
#include "lyncsim/registration.h"
#include "lyncsim/sip_answer.h"
#include "lyncsim/sip_field.h"
#include "lyncsim/sip_router.h"
#include "lyncsim/sip_transaction.h"
#include "lyncsim/subscription.h"

static void answer_options(const struct sip_request *request);

/* BENOTIFY asks for no answer ([MS-SIP]). */
static void say_nothing(const struct sip_request *request)
{
    (void)request;
}

/* How each method is met, and with which status a client is challenged; 0
 * where it is not. */
/* clang-format off */
#define METHOD_LIST(X)                                                         \
    X("INVITE", sip_router_request, 407)                                       \
    X("BYE", sip_router_request, 407)                                          \
    X("ACK", sip_router_acknowledge, 0)                                        \
    X("CANCEL", sip_router_cancel, 0)                                          \
    X("INFO", sip_router_request, 407)                                         \
    X("UPDATE", sip_router_request, 407)                                       \
    X("REFER", sip_router_request, 407)                                        \
    X("NOTIFY", sip_router_request, 407)                                       \
    X("MESSAGE", sip_router_request, 407)                                      \
    X("OPTIONS", answer_options, 401)                                          \
    X("PRACK", sip_router_request, 407)                                        \
    X("SUBSCRIBE", subscription_answer, 401)                                   \
    X("REGISTER", registration_answer, 401)                                    \
    X("SERVICE", publication_answer, 401)                                      \
    X("BENOTIFY", say_nothing, 0)

static const struct {
    const char *method;
    void (*answer)(const struct sip_request *request);
    int challenge;
} methods[] = {
#define X(method, answer, challenge) {method, answer, challenge},
    METHOD_LIST(X)
#undef X
};
/* clang-format on */

static void add_allow(struct ls_buf *place)
{
#define X(method, answer, challenge) ", " method
    static const char names[] = METHOD_LIST(X);
#undef X

    sip_answer_text(place, "Allow", names + sizeof ", " - 1);
}

static void answer_options(const struct sip_request *request)
{
    struct sip_answer answer;

    sip_answer_init(&answer, request, 200, NULL);
    ls_buf_reserve(&answer.after, 256);
    add_allow(&answer.after);
    sip_answer_text(&answer.after, "Accept",
                    "application/sdp, text/plain, "
                    "application/msrtc-category-publish+xml");
    sip_answer_text(&answer.after, "Supported", "adhoclist");
    sip_answer_send(&answer);
}

static void refuse_method(const struct sip_request *request)
{
    struct sip_answer answer;

    sip_answer_init(&answer, request, 405, NULL);
    add_allow(&answer.after);
    sip_answer_send(&answer);
}

/* RFC 3261 8.2.2.1. */
static bool is_known_scheme(struct ls_str uri)
{
    struct ls_str scheme = sip_field_scheme(uri);

    return ls_str_equal_nocase(scheme, ls_str_from("sip")) ||
           ls_str_equal_nocase(scheme, ls_str_from("sips")) ||
           ls_str_equal_nocase(scheme, ls_str_from("tel"));
}

/* Extensions that may be required of a Front End: the product's and the
 * standard ones it passes on or needs to do nothing for. */
static bool is_known_extension(struct ls_str name)
{
    static const char *const names[] = {
        "100rel",
        "adhoclist",
        "com.microsoft.autoextend",
        "eventlist",
        "gruu",
        "gruu-10",
        "histinfo",
        "join",
        "ms-benotify",
        "ms-conf-invite",
        "ms-dialog-route-set-update",
        "ms-early-media",
        "ms-forking",
        "ms-keepalive-deregister",
        "ms-piggyback-first-notify",
        "ms-safe-transfer",
        "ms-sender",
        "ms-userservices-state-notification",
        "msrtc-event-categories",
        "norefersub",
        "outbound",
        "path",
        "replaces",
        "timer",
    };

    for (size_t i = 0; i < LS_COUNT(names); i++)
        if (ls_str_equal_nocase(name, ls_str_from(names[i])))
            return true;
    return false;
}

static void add_unknown_extensions(struct ls_buf *out,
                                   const struct sip_message *message,
                                   const char *name)
{
    const struct sip_header *header;

    for (size_t at = 0;
         (header = sip_message_next_header(message, name, &at));) {
        struct ls_str rest = header->value;
        struct ls_str element;

        while (sip_field_cut(&rest, &element))
            if (!is_known_extension(element))
                ls_buf_printf(out, "%s%.*s", out->length > 0 ? ", " : "",
                              LS_STR_ARG(element));
    }
}

/* RFC 3261 8.2.2.3. False when something is asked for that nobody here can. */
static bool check_extensions(const struct sip_request *request)
{
    struct ls_buf unknown = {0};
    struct sip_answer answer;
    bool is_possible;

    add_unknown_extensions(&unknown, request->message, "Require");
    add_unknown_extensions(&unknown, request->message, "Proxy-Require");
    is_possible = unknown.length == 0;
    if (!is_possible) {
        sip_answer_init(&answer, request, 420, NULL);
        sip_answer_header(&answer.after, "Unsupported", "%.*s",
                          LS_STR_ARG(ls_buf_str(&unknown)));
        sip_answer_send(&answer);
    }
    ls_buf_clear(&unknown);
    return is_possible;
}

static bool is_method(const struct sip_message *message, const char *method)
{
    return ls_str_equal_text(sip_message_method(message), method);
}

static void answer_as_told(const struct sip_request *request,
                           const struct answer_form *form)
{
    struct sip_answer answer;

    if (form->status == 0)
        return;
    sip_answer_init(&answer, request, form->status, form->reason);
    for (size_t i = 0; i < form->header_count; i++)
        sip_answer_header(&answer.after, form->headers[i].name, "%s",
                          form->headers[i].value);
    if (form->body != NULL)
        ls_buf_add_text(&answer.body, form->body);
    sip_answer_send(&answer);
}

/* False when no rule speaks of it. */
static bool answer_by_rule(const struct sip_request *request)
{
    struct answer_rules *rules = front_end_rules(request->front_end);
    const struct answer_form *form =
        rules ? answer_rules_choose(rules, request->message) : NULL;

    if (form != NULL)
        answer_as_told(request, form);
    return form != NULL;
}

static void answer_request(const struct sip_request *request)
{
    const struct sip_message *message = request->message;
    size_t i = 0;

    while (i < LS_COUNT(methods) && !is_method(message, methods[i].method))
        i++;
    if (i == LS_COUNT(methods))
        refuse_method(request);
    else if (!methods[i].challenge)
        methods[i].answer(request);
    else if (challenge_is_due(request->caller))
        challenge_send(request, methods[i].challenge);
    else if (!is_known_scheme(sip_message_uri(message)))
        sip_answer_plain(request, 416, NULL);
    else if (check_extensions(request))
        methods[i].answer(request);
}

/* A request that was seen before is answered as it was then; it is not done
 * again (RFC 3261 17.2). */
static void answer_once(const struct sip_request *request)
{
    struct sip_transactions *transactions =
        front_end_transactions(request->front_end);
    size_t before = request->out->length;
    struct sip_transaction_key key =
        sip_transaction_key_of(request->caller->connection_id, request->message,
                               sip_message_method(request->message));
    struct ls_str answer;

    if (sip_transactions_find(transactions, key, request->message, &answer)) {
        ls_buf_add(request->out, answer);
    } else {
        if (!answer_by_rule(request))
            answer_request(request);
        answer = ls_str_skip(ls_buf_str(request->out), before);
        sip_transactions_add(transactions, key, request->message, answer,
                             request->now_ms);
    }
}

/* What needs to know who else is there is for home, where several loops
 * serve. */
static bool is_for_home(const struct sip_request *request)
{
    const struct sip_message *message = request->message;
    size_t i = 0;

    if (front_end_settings(request->front_end)->loop_index == 0)
        return false;
    if (!sip_message_is_request(message))
        return true;
    while (i < LS_COUNT(methods) && !is_method(message, methods[i].method))
        i++;
    return i < LS_COUNT(methods) && methods[i].answer != answer_options &&
           methods[i].answer != say_nothing &&
           !(methods[i].challenge && challenge_is_due(request->caller));
}

static void send_home(const struct sip_request *request)
{
    if (!front_end_send_home(request->front_end, request->caller,
                             sip_message_bytes(request->message)) &&
        sip_message_is_request(request->message))
        front_end_answer_busy(request->front_end, request->caller,
                              request->message, 1, request->out);
}

void front_end_answer(struct front_end *front_end,
                      const struct sip_caller *caller,
                      const struct sip_message *message, uint64_t now_ms,
                      struct ls_buf *out)
{
    struct sip_request request = {front_end, caller, message, now_ms, out};

    if (is_for_home(&request))
        send_home(&request);
    else if (!sip_message_is_request(message))
        sip_router_response(front_end, caller, message, now_ms);
    else if (is_method(message, "ACK") || is_method(message, "BENOTIFY"))
        answer_request(&request); /* neither is a transaction of its own */
    else
        answer_once(&request);
}

/* ACK and BENOTIFY are never answered. */
static bool is_answerable(const struct sip_message *message)
{
    return message != NULL && sip_message_is_request(message) &&
           !is_method(message, "ACK") && !is_method(message, "BENOTIFY");
}

/* RFC 3261 21.5.4. That it is ErrorId 1007 is assumed: of those that are
 * documented it alone says that the request may be sent again. */
void front_end_answer_busy(struct front_end *front_end,
                           const struct sip_caller *caller,
                           const struct sip_message *message,
                           unsigned retry_after_s, struct ls_buf *out)
{
    struct sip_request request = {front_end, caller, message, 0, out};
    struct sip_answer answer;

    if (!is_answerable(message))
        return;
    sip_answer_init(&answer, &request, 503, NULL);
    sip_answer_header(&answer.after, "Retry-After", "%u", retry_after_s);
    /* Nobody outside hears more ([MS-OCER] 2.2.1.2). */
    if (caller->is_trusted)
        ms_diagnostic_add(&answer.after, front_end, 1007, "");
    sip_answer_send(&answer);
}

void front_end_answer_bad(struct front_end *front_end,
                          const struct sip_caller *caller,
                          const struct sip_message *message, int status,
                          const char *reason, struct ls_buf *out)
{
    struct sip_request request = {front_end, caller, message, 0, out};

    if (status != 0 && is_answerable(message))
        sip_answer_plain(&request, status, reason);
}
