#include "lyncsim/registration.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/presence.h"
#include "lyncsim/registrar.h"
#include "lyncsim/sip_field.h"
#include "lyncsim/subscription.h"
#include "lyncsim/watchers.h"

static const char allow_events[] =
    "vnd-microsoft-provisioning,vnd-microsoft-roaming-contacts,"
    "vnd-microsoft-roaming-ACL,presence,presence.wpending,"
    "vnd-microsoft-roaming-self,vnd-microsoft-provisioning-v2";

static uint32_t seconds_of(struct ls_str text, uint32_t most)
{
    uint64_t seconds = 0;

    /* No number, or one beyond all numbers, is as good as none. */
    if (!ls_str_to_u64(text, &seconds) || seconds > most)
        return most;
    return (uint32_t)seconds;
}

uint32_t registration_expires(const struct sip_header *header, uint32_t most)
{
    return header ? seconds_of(header->value, most) : most;
}

/* The contacts of a message, in however many headers they stand. */
struct contacts {
    const struct sip_message *message;
    size_t at; /* the next header */
    struct ls_str rest;
};

static bool next_contact(struct contacts *contacts, struct ls_str *contact)
{
    while (!sip_field_cut(&contacts->rest, contact)) {
        const struct sip_header *header = sip_message_next_header(
            contacts->message, "Contact", &contacts->at);

        if (!header)
            return false;
        contacts->rest = header->value;
    }
    return true;
}

static bool is_star(struct ls_str contact)
{
    return ls_str_equal_text(contact, "*");
}

/* RFC 3261 10.2.1.1: a Contact's own parameter goes before the header. */
static uint32_t contact_expires(const struct sip_request *request,
                                const struct sip_address *contact)
{
    struct ls_str text;

    if (sip_field_param(contact->params, "expires", &text))
        return seconds_of(text, REGISTRATION_EXPIRES_S);
    return registration_expires(
        sip_message_header(request->message, "Expires", 0),
        REGISTRATION_EXPIRES_S);
}

/* The 16 bytes of "<urn:uuid:34d859db-6585-...>" as Windows keeps a GUID. */
static bool read_guid(struct ls_str instance, unsigned char guid[16])
{
    static const int order[16] = {3, 2, 1,  0,  5,  4,  7,  6,
                                  8, 9, 10, 11, 12, 13, 14, 15};
    unsigned digits = 0;

    instance = ls_str_trim(instance);
    if (!ls_str_starts_with(instance, "<urn:uuid:"))
        return false;
    instance = ls_str_skip(instance, 10);
    for (size_t i = 0; i < instance.length && instance.at[i] != '>'; i++) {
        int digit = ls_str_hex_digit(instance.at[i]);

        if (instance.at[i] == '-')
            continue;
        if (digit < 0 || digits == 32)
            return false;
        unsigned char *byte = &guid[order[digits / 2]];
        *byte = (unsigned char)(digits % 2 ? *byte * 16 + digit : digit);
        digits++;
    }
    return digits == 32;
}

/* The opaque part of a user's GRUU: GUID and two zero bytes, in the base64 of
 * URLs, as it stands in recorded answers. */
static void add_opaque(struct ls_buf *out, const unsigned char guid[16])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
                                  "opqrstuvwxyz0123456789-_";
    unsigned char bytes[18] = {0};

    for (size_t i = 0; i < 16; i++)
        bytes[i] = guid[i];
    for (size_t i = 0; i < sizeof(bytes); i += 3) {
        unsigned word = (unsigned)bytes[i] << 16 | (unsigned)bytes[i + 1] << 8 |
                        bytes[i + 2];

        for (int shift = 18; shift >= 0; shift -= 6)
            ls_buf_add_byte(out, letters[word >> shift & 63]);
    }
}

static bool wants_gruu(const struct sip_message *message)
{
    const struct sip_header *header;

    for (size_t at = 0;
         (header = sip_message_next_header(message, "Supported", &at));)
        if (sip_field_has_token(header->value, "gruu-10") ||
            sip_field_has_token(header->value, "gruu"))
            return true;
    return false;
}

/* "user:epid:21nYNIVlkV-jtN6FPBU0fQAA", or nothing where there is no GRUU. */
static void add_gruu_opaque(struct ls_buf *out,
                            const struct sip_request *request,
                            const struct sip_address *contact)
{
    struct ls_str instance;
    unsigned char guid[16] = {0};

    if (!sip_field_param(contact->params, "+sip.instance", &instance) ||
        !wants_gruu(request->message) || !read_guid(instance, guid))
        return;
    ls_buf_add_text(out, "user:epid:");
    add_opaque(out, guid);
}

static void add_contact(struct ls_buf *place, const struct sip_request *request,
                        const struct sip_address *contact, uint32_t expires)
{
    struct ls_buf value = {0};
    struct ls_buf opaque = {0};
    struct ls_str instance;

    ls_buf_add_text(&value, "<");
    sip_answer_add_reached(&value, contact->uri,
                           request->caller->connection_id);
    ls_buf_printf(&value, ">;expires=%u", expires);
    if (sip_field_param(contact->params, "+sip.instance", &instance)) {
        ls_buf_printf(&value, ";+sip.instance=\"%.*s\"", LS_STR_ARG(instance));
        add_gruu_opaque(&opaque, request, contact);
        if (opaque.length > 0)
            ls_buf_printf(&value, ";gruu=\"%.*s;opaque=%.*s;gruu\"",
                          LS_STR_ARG(sip_message_to_aor(request->message)),
                          LS_STR_ARG(ls_buf_str(&opaque)));
        ls_buf_clear(&opaque);
    }
    sip_answer_header(place, "Contact", "%.*s", LS_STR_ARG(ls_buf_str(&value)));
    ls_buf_clear(&value);
}

/* What the endpoint is known by; the parts are the caller's to free. */
static struct binding make_binding(const struct sip_request *request,
                                   const struct sip_address *contact)
{
    struct ls_buf opaque = {0};
    const struct sip_header *from =
        sip_message_header(request->message, "From", 0);
    struct sip_address address;
    struct ls_str epid;

    struct binding binding = {
        .user = ls_str_dup(sip_message_to_aor(request->message)),
        .contact = ls_str_dup(contact->uri),
        .connection_id = request->caller->connection_id,
    };
    if (sip_field_address(from->value, &address) &&
        sip_field_param(address.params, "epid", &epid) &&
        !ls_str_is_empty(epid))
        binding.epid = ls_str_dup(epid);
    add_gruu_opaque(&opaque, request, contact);
    if (opaque.length > 0)
        binding.opaque = ls_buf_take(&opaque);
    return binding;
}

static void clear_binding(struct binding *binding)
{
    free(binding->user);
    free(binding->contact);
    free(binding->epid);
    free(binding->opaque);
}

struct outcome {
    bool is_known;    /* was signed in before */
    bool is_full;     /* there is no room */
    bool is_leaving;  /* an endpoint of the user has signed out */
    uint32_t expires; /* the longest granted */
    struct ls_buf contacts;
};

/* What the endpoint subscribed to and what it published end with it. */
static void leave(const struct sip_request *request)
{
    struct front_end *front_end = request->front_end;
    struct ls_str user = sip_message_to_aor(request->message);
    uint64_t connection_id = request->caller->connection_id;

    watchers_remove_subscriber(front_end_watchers(front_end), user,
                               connection_id);
    if (presence_withdraw_user(front_end_presence(front_end), user,
                               connection_id))
        subscription_notify(front_end, user, request->now_ms);
}

static void register_contact(const struct sip_request *request,
                             const struct sip_address *contact,
                             struct outcome *outcome)
{
    struct registrar *registrar = front_end_registrar(request->front_end);
    struct binding binding = make_binding(request, contact);
    uint32_t expires = contact_expires(request, contact);

    outcome->is_known |= registrar_has_endpoint(registrar, &binding);
    if (expires > 0) {
        binding.expires_ms = request->now_ms + (uint64_t)expires * 1000;
        if (!registrar_add(registrar, &binding)) {
            registrar_make_room(registrar, request->now_ms);
            outcome->is_full |= !registrar_add(registrar, &binding);
        }
        add_contact(&outcome->contacts, request, contact, expires);
        if (expires > outcome->expires)
            outcome->expires = expires;
    } else {
        registrar_remove_endpoint(registrar, &binding);
        outcome->is_leaving = true;
    }
    clear_binding(&binding);
}

/* RFC 3261 10.2.2: what "*" asks for. */
static void take_back_all(const struct sip_request *request,
                          struct outcome *outcome)
{
    registrar_remove(front_end_registrar(request->front_end),
                     sip_message_to_aor(request->message));
    outcome->is_leaving = true;
}

static void register_contacts(const struct sip_request *request,
                              struct outcome *outcome)
{
    struct contacts contacts = {.message = request->message};
    struct sip_address address;
    struct ls_str contact;

    while (next_contact(&contacts, &contact))
        if (is_star(contact))
            take_back_all(request, outcome);
        else if (sip_field_address(contact, &address))
            register_contact(request, &address, outcome);
    if (outcome->is_leaving)
        leave(request);
}

/* A REGISTER without Contact asks what is registered (RFC 3261 10.2.3). */
static void list_contacts(const struct sip_request *request,
                          struct outcome *outcome)
{
    struct registrar *registrar = front_end_registrar(request->front_end);
    struct ls_str user = sip_message_to_aor(request->message);
    const struct binding *binding;

    for (size_t i = 0;
         (binding = registrar_find_next(registrar, user, request->now_ms, i));
         i++) {
        uint32_t expires =
            (uint32_t)((binding->expires_ms - request->now_ms) / 1000);

        struct ls_buf uri = {0};

        sip_answer_add_reached(&uri, ls_str_from(binding->contact),
                               binding->connection_id);
        sip_answer_header(&outcome->contacts, "Contact", "<%.*s>;expires=%u",
                          LS_STR_ARG(ls_buf_str(&uri)), expires);
        ls_buf_clear(&uri);
        if (expires > outcome->expires)
            outcome->expires = expires;
    }
}

/* What versions say they support beyond the first, as recorded from Skype for
 * Business 2015; of the others it is assumed. */
static void add_supported(struct sip_answer *answer)
{
    enum product_version version =
        front_end_settings(answer->request->front_end)->version;

    sip_answer_header(&answer->tail, "Supported", "msrtc-event-categories");
    if (version == LYNC_2010)
        return;
    sip_answer_header(&answer->tail, "Supported", "ms-keepalive-deregister");
    sip_answer_header(&answer->tail, "Supported",
                      "ms-userservices-state-notification");
}

static void sign_in(const struct sip_request *request,
                    const struct outcome *outcome)
{
    struct sip_answer answer;

    sip_answer_init(&answer, request, 200, NULL);
    sip_answer_header(&answer.before, "ms-keep-alive",
                      "UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300");
    ls_buf_add(&answer.after, ls_buf_str(&outcome->contacts));
    sip_answer_header(&answer.after, "Expires", "%u", outcome->expires);
    if (sip_message_header(request->message, "Contact", 0) &&
        outcome->expires > 0)
        sip_answer_header(&answer.after, "presence-state",
                          "register-action=\"%s\"",
                          outcome->is_known ? "refreshed" : "added");
    sip_answer_header(&answer.after, "Allow-Events", "%s", allow_events);
    sip_answer_header(&answer.after, "Supported", "adhoclist");
    add_supported(&answer);
    sip_answer_send(&answer);
}

/* Why the contacts cannot be registered, which is looked at before any of them
 * is: all are, or none (RFC 3261 10.3). NULL when they can. */
static const char *find_fault(const struct sip_message *message)
{
    struct contacts contacts = {.message = message};
    const struct sip_header *expires =
        sip_message_header(message, "Expires", 0);
    bool takes_back = expires && registration_expires(expires, 1) == 0;
    unsigned count = 0, star_count = 0;
    struct sip_address address;
    struct ls_str contact;

    for (; next_contact(&contacts, &contact); count++)
        if (is_star(contact))
            star_count++;
        else if (!sip_field_address(contact, &address))
            return "Invalid Contact Information";
    /* More than a user can have are an attack on whoever reads the answer. */
    if (count > REGISTRAR_ENDPOINTS_MAX)
        return "Too Many Contacts";
    /* RFC 3261 10.2.2: "*" stands alone. */
    if (star_count > 0 && (count > 1 || !takes_back))
        return "Invalid Contact Information";
    return NULL;
}

/* RFC 3261 10.3 7: a time that is too short; 0 signs out. */
static bool is_too_brief(const struct sip_request *request)
{
    struct contacts contacts = {.message = request->message};
    struct sip_address address;
    struct ls_str contact;

    while (next_contact(&contacts, &contact)) {
        uint32_t expires = sip_field_address(contact, &address)
                               ? contact_expires(request, &address)
                               : 0;

        if (expires > 0 && expires < REGISTRATION_EXPIRES_MIN_S)
            return true;
    }
    return false;
}

static void refuse_brief(const struct sip_request *request)
{
    struct sip_answer answer;

    sip_answer_init(&answer, request, 423, NULL);
    sip_answer_header(&answer.after, "Min-Expires", "%u",
                      REGISTRATION_EXPIRES_MIN_S);
    sip_answer_send(&answer);
}

static void refuse_full(const struct sip_request *request)
{
    front_end_note_limit(request->front_end, request->caller->connection_id,
                         LIMIT_BINDINGS, request->now_ms);
    sip_answer_plain(request, 503, NULL);
}

void registration_answer(const struct sip_request *request)
{
    const struct sip_message *message = request->message;
    const char *fault = find_fault(message);
    struct outcome outcome = {0};
    struct sip_uri user;

    /* RFC 3261 10.3: the address of record is a SIP URI. */
    if (!sip_field_uri(sip_message_to_uri(message), &user)) {
        sip_answer_plain(request, 400, "To Is No SIP URI");
        return;
    }
    if (fault) {
        sip_answer_plain(request, 400, fault);
        return;
    }
    if (is_too_brief(request)) {
        refuse_brief(request);
        return;
    }
    if (!sip_message_header(message, "Contact", 0))
        list_contacts(request, &outcome);
    register_contacts(request, &outcome);
    if (outcome.is_full)
        refuse_full(request);
    else
        sign_in(request, &outcome);
    ls_buf_clear(&outcome.contacts);
}
