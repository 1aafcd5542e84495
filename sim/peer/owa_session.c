#include "owa_session.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "owa.h"
#include "owa_call.h"

/* Calls and messages of others are kept; whoever sends more of them than this
 * is no Front End. */
#define KEPT_MAX_BYTES (64u * 1024 * 1024)

enum phase {
    PHASE_SIGN_IN,
    PHASE_TALK,
    PHASE_HANG_UP,
    PHASE_SIGN_OUT,
    PHASE_DONE,
};

struct owa_session {
    const struct cas_peer_settings *settings;
    struct cas_result *result;
    struct owa_writer writer;
    struct owa_user *users;
    size_t user_count;
    enum phase phase;
    size_t user;    /* whose turn it is in a phase of users */
    size_t request; /* the next of that user's sign-in */
    size_t says;    /* the message that is next, or waits for its answer */
    struct owa_call **calls;
    size_t call_count, call_capacity;
    struct owa_call *asked; /* of the request that waits; or NULL */
    bool is_inviting;       /* that request is an INVITE */
    uint32_t cseq;          /* of the request that waits; 0: none does */
    size_t kept_bytes;      /* of requests that began calls, and messages */
};

/* As UCMA's documents and a free client have it; no trace of OWA itself could
 * be found, so the order is assumed. */
static const enum owa_request sign_in[] = {
    OWA_REGISTER,
    OWA_SUBSCRIBE_SELF,
    OWA_SUBSCRIBE_CONTACTS,
    OWA_SUBSCRIBE_PROVISIONING,
    OWA_PUBLISH,
    OWA_WATCH,
};

struct owa_session *owa_session_new(const struct cas_peer_settings *settings,
                                    struct cas_result *result)
{
    struct owa_session *session = ls_alloc(sizeof *session);

    session->settings = settings;
    session->result = result;
    owa_writer_init(&session->writer, settings);
    if (settings->task != CAS_SIGN_IN)
        return session;
    session->users =
        ls_alloc_array(settings->user_count, sizeof *session->users);
    session->user_count = settings->user_count;
    for (size_t i = 0; i < session->user_count; i++)
        owa_user_init(&session->users[i], settings->users[i], &session->writer);
    return session;
}

static void forget_calls(struct owa_session *session)
{
    for (size_t i = 0; i < session->call_count; i++)
        owa_call_free(session->calls[i]);
    session->call_count = 0;
    session->asked = NULL;
}

void owa_session_free(struct owa_session *session)
{
    if (!session)
        return;
    forget_calls(session);
    free(session->calls);
    for (size_t i = 0; i < session->user_count; i++)
        owa_user_clear(&session->users[i]);
    free(session->users);
    free(session);
}

bool owa_session_is_done(const struct owa_session *session)
{
    return session->phase == PHASE_DONE && session->cseq == 0;
}

/* --- what the users see -------------------------------------------------- */

/* Tell them how it stands, if that is news. */
static void tell_users(struct owa_session *session)
{
    struct cas_result *result = session->result;
    struct cas_texts *seen = &result->seen;

    if (session->user_count == 0)
        return;
    result->available_count = 0;
    for (size_t i = 0; i < session->user_count; i++)
        result->available_count += session->users[i].is_available;
    result->signed_in = result->available_count == session->user_count;
    result->owa =
        result->signed_in ? "available" : owa_text(session->settings->owa);
    if (seen->count == 0 ||
        strcmp(seen->items[seen->count - 1], result->owa) != 0)
        cas_texts_add(seen, ls_strdup(result->owa));
}

/* "sip:ann@contoso.com" is Ann's address without its scheme, for people. */
static const char *shown(const char *uri)
{
    return ls_str_starts_with(ls_str_from(uri), "sip:") ? uri + 4 : uri;
}

static void note_sent(struct owa_session *session, const char *why)
{
    const struct cas_says *says = &session->settings->says[session->says++];

    cas_texts_add(&session->result->sent,
                  ls_strf("%s to %s: %s%s", shown(says->from), shown(says->to),
                          says->text, why));
}

static void note_refused(struct owa_session *session,
                         const struct sip_message *response)
{
    char *why =
        ls_strf(" (not delivered: %d %.*s)", sip_message_status(response),
                LS_STR_ARG(sip_message_reason(response)));

    note_sent(session, why);
    free(why);
}

/* --- who is who ---------------------------------------------------------- */

static struct owa_user *find_user(struct owa_session *session,
                                  struct ls_str aor)
{
    for (size_t i = 0; i < session->user_count; i++)
        if (ls_str_equal_text(aor, session->users[i].aor))
            return &session->users[i];
    return NULL;
}

static struct owa_user *find_uri(struct owa_session *session, const char *uri)
{
    for (size_t i = 0; i < session->user_count; i++)
        if (strcmp(session->users[i].uri, uri) == 0)
            return &session->users[i];
    return NULL;
}

static struct owa_call *add_call(struct owa_session *session,
                                 struct owa_call *call)
{
    LS_GROW(session->calls, session->call_count, session->call_capacity);
    session->calls[session->call_count++] = call;
    return call;
}

static void remove_call(struct owa_session *session, struct owa_call *call)
{
    size_t i = 0;

    while (session->calls[i] != call)
        i++;
    session->calls[i] = session->calls[--session->call_count];
    owa_call_free(call);
}

/* The end that user talks to the other of; the conversation of the two may
 * have been begun by either. */
static struct owa_call *find_talk(const struct owa_session *session,
                                  const struct owa_user *user, const char *peer)
{
    struct owa_call *found = NULL;
    char *aor = owa_aor(ls_str_from(peer));

    for (size_t i = 0; i < session->call_count && !found; i++)
        if (session->calls[i]->is_up && session->calls[i]->user == user &&
            strcmp(session->calls[i]->peer_aor, aor) == 0)
            found = session->calls[i];
    free(aor);
    return found;
}

static struct owa_call *find_call_of(const struct owa_session *session,
                                     const struct sip_message *request)
{
    for (size_t i = 0; i < session->call_count; i++)
        if (owa_call_is_of(session->calls[i], request))
            return session->calls[i];
    return NULL;
}

/* --- what is said next --------------------------------------------------- */

static bool talks(const struct owa_session *session,
                  const struct owa_user *user)
{
    for (size_t i = 0; i < session->settings->says_count; i++)
        if (strcmp(session->settings->says[i].from, user->uri) == 0 ||
            strcmp(session->settings->says[i].to, user->uri) == 0)
            return true;
    return false;
}

static void enter(struct owa_session *session, enum phase phase)
{
    session->phase = phase;
    session->user = 0;
    session->request = 0;
}

/* The server asks for itself once; a user goes through its sign-in. */
static bool next_of_sign_in(struct owa_session *session, struct ls_buf *out)
{
    struct owa_user *user = session->users + session->user;
    enum owa_request request;

    if (session->settings->task == CAS_CONNECT) {
        enter(session, PHASE_DONE);
        owa_write_request(&session->writer, NULL, OWA_OPTIONS, out);
        return true;
    }
    if (session->user == session->user_count) {
        tell_users(session);
        enter(session, PHASE_TALK);
        return false;
    }
    if (user->has_failed || session->request == LS_COUNT(sign_in)) {
        user->is_available = !user->has_failed;
        session->user++;
        session->request = 0;
        return false;
    }
    request = sign_in[session->request++];
    if ((request == OWA_PUBLISH && !session->settings->publishes) ||
        (request == OWA_WATCH && !talks(session, user)))
        return false;
    owa_write_request(&session->writer, user, request, out);
    return true;
}

static bool next_of_talk(struct owa_session *session, struct ls_buf *out)
{
    const struct cas_says *says = &session->settings->says[session->says];
    struct owa_user *user;

    if (session->says == session->settings->says_count) {
        enter(session, PHASE_HANG_UP);
        return false;
    }
    user = find_uri(session, says->from);
    if (!user->is_available) {
        note_sent(session, " (not sent: not signed in)");
        return false;
    }
    session->asked = find_talk(session, user, says->to);
    session->is_inviting = !session->asked;
    if (session->asked) {
        owa_call_write_message(session->asked, &session->writer, says->text,
                               out);
    } else {
        session->asked =
            add_call(session, owa_call_new(user, says->to, &session->writer));
        owa_call_write_invite(session->asked, &session->writer, out);
    }
    return true;
}

static bool next_of_hang_up(struct owa_session *session, struct ls_buf *out)
{
    for (size_t i = 0; i < session->call_count; i++)
        if (session->calls[i]->is_caller && session->calls[i]->is_up) {
            session->asked = session->calls[i];
            session->is_inviting = false;
            owa_call_write_bye(session->asked, &session->writer, out);
            return true;
        }
    enter(session, PHASE_SIGN_OUT);
    return false;
}

static bool next_of_sign_out(struct owa_session *session, struct ls_buf *out)
{
    struct owa_user *user = session->users + session->user;

    if (session->user == session->user_count) {
        enter(session, PHASE_DONE);
        return false;
    }
    session->user++;
    if (!user->is_available)
        return false;
    owa_write_request(&session->writer, user, OWA_SIGN_OUT, out);
    return true;
}

bool owa_session_next(struct owa_session *session, struct ls_buf *out)
{
    static bool (*const nexts[])(struct owa_session *, struct ls_buf *) = {
        [PHASE_SIGN_IN] = next_of_sign_in,
        [PHASE_TALK] = next_of_talk,
        [PHASE_HANG_UP] = next_of_hang_up,
        [PHASE_SIGN_OUT] = next_of_sign_out,
    };

    while (session->phase != PHASE_DONE)
        if (nexts[session->phase](session, out)) {
            session->cseq = session->writer.cseq;
            return true;
        }
    return false;
}

/* --- answers ------------------------------------------------------------- */

static void take_invite_answer(struct owa_session *session,
                               const struct sip_message *response,
                               struct ls_buf *out)
{
    struct owa_call *call = session->asked;

    if (sip_message_status(response) < 300) {
        owa_call_accept(call, response);
        owa_call_write_ack(call, &session->writer, out);
        return;
    }
    owa_call_write_refused_ack(call, &session->writer, response, out);
    remove_call(session, call);
    note_refused(session, response);
}

static void take_talk_answer(struct owa_session *session,
                             const struct sip_message *response,
                             struct ls_buf *out)
{
    if (session->is_inviting)
        take_invite_answer(session, response, out);
    else if (sip_message_status(response) < 300)
        note_sent(session, "");
    else
        note_refused(session, response);
    session->asked = NULL;
}

bool owa_session_take_answer(struct owa_session *session,
                             const struct sip_message *response,
                             struct ls_buf *out)
{
    int status = sip_message_status(response);

    /* RFC 3261 7.2: 1xx is no final answer. */
    if (status < 200 || session->cseq == 0 ||
        sip_message_cseq(response) != session->cseq)
        return false;
    session->cseq = 0;
    session->result->status = status;
    switch (session->phase) {
    case PHASE_SIGN_IN:
        if (status >= 300)
            session->users[session->user].has_failed = true;
        break;
    case PHASE_TALK:
        take_talk_answer(session, response, out);
        break;
    case PHASE_HANG_UP:
        remove_call(session, session->asked);
        session->asked = NULL;
        break;
    case PHASE_SIGN_OUT:
    case PHASE_DONE:
        break;
    }
    return true;
}

/* --- requests ------------------------------------------------------------ */

static void note_received(struct owa_session *session,
                          const struct owa_call *call, struct ls_str text)
{
    cas_texts_add(&session->result->received,
                  ls_strf("%s from %s: %.*s", shown(call->user->uri),
                          shown(call->peer), LS_STR_ARG(text)));
}

/* Whether there is room for what is kept of a request. */
static bool has_room(struct owa_session *session,
                     const struct sip_message *request)
{
    struct ls_str method = sip_message_method(request);
    size_t bytes = session->kept_bytes + sip_message_bytes(request).length;

    if (!ls_str_equal_text(method, "INVITE") &&
        !ls_str_equal_text(method, "MESSAGE"))
        return true;
    if (bytes > KEPT_MAX_BYTES)
        return false;
    session->kept_bytes = bytes;
    return true;
}

/* False: it is none of a call. */
static bool take_call_request(struct owa_session *session,
                              const struct sip_message *request,
                              struct ls_buf *out)
{
    struct ls_str method = sip_message_method(request);
    struct owa_user *user = find_user(session, sip_message_to_aor(request));

    if (ls_str_equal_text(method, "INVITE") && user &&
        ls_str_is_empty(sip_message_to_tag(request))) {
        owa_call_write_accepted(
            add_call(session,
                     owa_call_new_from(user, request, &session->writer)),
            &session->writer, request, out);
        return true;
    }
    if (ls_str_equal_text(method, "MESSAGE") && find_call_of(session, request))
        note_received(session, find_call_of(session, request),
                      sip_message_body(request));
    return false;
}

/* What there is to say to a request that makes no call. */
static struct owa_answer choose_answer(struct owa_session *session,
                                       const struct sip_message *request,
                                       bool is_full)
{
    static const struct owa_answer ok = {.status = 200, .reason = "OK"};
    static const struct owa_answer nobody = {.status = 404,
                                             .reason = "Not Found"};
    static const struct owa_answer full = {.status = 503,
                                           .reason = "Service Unavailable"};
    static const struct owa_answer no_call = {
        .status = 481, .reason = "Call Leg/Transaction Does Not Exist"};
    struct ls_str method = sip_message_method(request);
    bool is_of_call = ls_str_equal_text(method, "MESSAGE") ||
                      ls_str_equal_text(method, "BYE") ||
                      ls_str_equal_text(method, "INFO");

    if (is_full)
        return full;
    if (ls_str_equal_text(method, "INVITE") &&
        ls_str_is_empty(sip_message_to_tag(request)))
        return nobody;
    return is_of_call && !find_call_of(session, request) ? no_call : ok;
}

void owa_session_take_request(struct owa_session *session,
                              const struct sip_message *request,
                              struct ls_buf *out)
{
    struct owa_answer answer;
    bool is_full = !has_room(session, request);
    struct owa_call *call;
    char *tag;

    if (!is_full && take_call_request(session, request, out))
        return;
    tag = owa_draw(&session->writer, OWA_TAG_DIGITS);
    answer = choose_answer(session, request, is_full);
    answer.tag = tag;
    owa_write_answer(&session->writer, request, &answer, out);
    free(tag);
    call = find_call_of(session, request);
    if (call && call != session->asked &&
        ls_str_equal_text(sip_message_method(request), "BYE"))
        remove_call(session, call);
}

/* --- loss ---------------------------------------------------------------- */

void owa_session_lose(struct owa_session *session)
{
    if (session->phase == PHASE_TALK && session->cseq != 0)
        note_sent(session, " (not delivered: the connection was lost)");
    for (size_t i = 0; i < session->user_count; i++) {
        session->users[i].has_failed = false;
        session->users[i].is_available = false;
    }
    session->cseq = 0;
    forget_calls(session);
    enter(session, PHASE_SIGN_IN);
    tell_users(session);
}
