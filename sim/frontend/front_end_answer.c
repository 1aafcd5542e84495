#include "lyncsim/front_end_answer.h"

#include "lyncsim/alloc.h"
#include "lyncsim/challenge.h"
#include "lyncsim/registration.h"
#include "lyncsim/sip_answer.h"
#include "lyncsim/sip_field.h"
#include "lyncsim/subscription.h"

/* "Name: a, b, c" of every method there is. */
static void add_allow(struct ls_buf *place);

static void answer_options(const struct sip_request *request)
{
    struct sip_answer answer;

    sip_answer_init(&answer, request, 200, NULL);
    add_allow(&answer.after);
    sip_answer_header(&answer.after, "Accept",
                      "application/sdp, text/plain, "
                      "application/msrtc-category-publish+xml");
    sip_answer_header(&answer.after, "Supported", "adhoclist");
    sip_answer_send(&answer);
}

/* Between users: 404 for who is not signed in, 481 for a dialog that is not
 * there. */
static void answer_to_user(const struct sip_request *request)
{
    struct sip_answer answer;
    const char *fqdn = front_end_settings(request->front_end)->fqdn;

    if (!ls_str_is_empty(sip_message_to_tag(request->message))) {
        sip_answer_plain(request, 481, NULL);
        return;
    }
    sip_answer_init(&answer, request, 404, NULL);
    sip_answer_header(&answer.after, "ms-diagnostics",
                      "1003;reason=\"User does not exist\";source=\"%s\"",
                      fqdn);
    sip_answer_send(&answer);
}

static void answer_no_transaction(const struct sip_request *request)
{
    sip_answer_plain(request, 481, NULL);
}

/* ACK is never answered (RFC 3261 17), nor is BENOTIFY ([MS-SIP] 3.5). */
static void say_nothing(const struct sip_request *request)
{
    (void)request;
}

/* How each method is met, and with which status a client is challenged; 0
 * where it is not. */
static const struct {
    const char *method;
    void (*answer)(const struct sip_request *request);
    int challenge;
} methods[] = {
    {"INVITE", answer_to_user, 407},
    {"BYE", answer_to_user, 407},
    {"ACK", say_nothing, 0},
    {"CANCEL", answer_no_transaction, 0},
    {"INFO", answer_to_user, 407},
    {"UPDATE", answer_to_user, 407},
    {"REFER", answer_to_user, 407},
    {"NOTIFY", answer_to_user, 407},
    {"MESSAGE", answer_to_user, 407},
    {"OPTIONS", answer_options, 401},
    {"PRACK", answer_to_user, 407},
    {"SUBSCRIBE", subscription_answer, 401},
    {"REGISTER", registration_answer, 401},
    {"BENOTIFY", say_nothing, 0},
};

static void add_allow(struct ls_buf *place)
{
    struct ls_buf names = {0};

    for (size_t i = 0; i < LS_COUNT(methods); i++)
        ls_buf_printf(&names, "%s%s", i > 0 ? ", " : "", methods[i].method);
    sip_answer_header(place, "Allow", "%.*s", LS_STR_ARG(ls_buf_str(&names)));
    ls_buf_clear(&names);
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

    for (size_t i = 0; (header = sip_message_header(message, name, i)); i++) {
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

void front_end_answer(struct front_end *front_end,
                      const struct sip_caller *caller,
                      const struct sip_message *message, uint64_t now_ms,
                      struct ls_buf *out)
{
    struct sip_request request = {front_end, caller, message, now_ms, out};
    size_t i = 0;

    if (!sip_message_is_request(message))
        return; /* nothing was asked that it could answer */
    while (i < LS_COUNT(methods) && !is_method(message, methods[i].method))
        i++;
    if (i == LS_COUNT(methods))
        refuse_method(&request);
    else if (!methods[i].challenge)
        methods[i].answer(&request);
    else if (challenge_is_due(caller))
        challenge_send(&request, methods[i].challenge);
    else if (!is_known_scheme(sip_message_uri(message)))
        sip_answer_plain(&request, 416, NULL);
    else if (check_extensions(&request))
        methods[i].answer(&request);
}

void front_end_answer_bad(struct front_end *front_end,
                          const struct sip_caller *caller,
                          const struct sip_message *message, int status,
                          const char *reason, struct ls_buf *out)
{
    struct sip_request request = {front_end, caller, message, 0, out};

    if (status == 0 || !message || !sip_message_is_request(message) ||
        is_method(message, "ACK") || is_method(message, "BENOTIFY"))
        return;
    sip_answer_plain(&request, status, reason);
}
