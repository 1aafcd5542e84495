/*
 * One connection told from the side that dialled.
 */
#include "lyncsim/connect_report.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"

#include "json_text.h"
#include "story_internal.h"

static const char *const answers[] = {
    [CONNECT_ACCEPTED] = "accepted",
    [CONNECT_REFUSED] = "refused",
    [CONNECT_CLIENT] = "client",
    [CONNECT_UNABLE] = "unable",
};

const char *connect_answer_text(enum connect_answer answer)
{
    return answers[answer];
}

/* Whoever never looked at our certificate has not refused it; and whoever never
 * showed one speaks no TLS that we do. */
static bool has_judged(const struct connect_report *report)
{
    return report->own != NULL ? report->was_asked : report->shown != NULL;
}

enum connect_answer connect_report_answer(const struct connect_report *report)
{
    switch (report->result->outcome) {
    case PEER_CONNECTED:
        return report->own != NULL && report->was_asked ? CONNECT_ACCEPTED
                                                        : CONNECT_CLIENT;
    case PEER_CLOSED_AFTER_HANDSHAKE:
    case PEER_CLOSED_IN_HANDSHAKE:
    case PEER_RESET:
        return has_judged(report) ? CONNECT_REFUSED : CONNECT_UNABLE;
    case PEER_ALERT:
        return CONNECT_REFUSED;
    case PEER_PENDING:
    case PEER_REFUSED_BY_PEER:
    case PEER_TIMEOUT:
    case PEER_UNREACHABLE:
        break;
    }
    return CONNECT_UNABLE;
}

static const char *meaning_of_answer(const struct connect_report *report)
{
    if (report->result->status == 0 && report->result->detail != NULL)
        return report->own != NULL && report->was_asked
                   ? "The server took the certificate, and what it answered "
                     "cannot be read as SIP: is it a SIP server?"
                   : "What the server answered cannot be read as SIP: is it a "
                     "SIP server?";
    if (report->own == NULL)
        return report->was_asked
                   ? "The server asked for a certificate, got none, and "
                     "answered all the same: to it we are a client."
                   : "The server did not ask for a certificate, and answered.";
    return report->was_asked
               ? "The server took the certificate and answered."
               : "The server answered, and never asked for the certificate: to "
                 "it we are a client.";
}

/* What such an end means in words. */
static const char *meaning_of(const struct connect_report *report)
{
    bool is_unseen = report->own != NULL && !report->was_asked;

    switch (report->result->outcome) {
    case PEER_CONNECTED:
        return meaning_of_answer(report);
    case PEER_CLOSED_AFTER_HANDSHAKE:
        return is_unseen ? "The handshake was completed and the connection "
                           "dropped, but the server never asked for the "
                           "certificate."
                         : "The handshake was completed and the connection "
                           "dropped without an answer: a Front End does this "
                           "to a name that is not among its known servers.";
    case PEER_CLOSED_IN_HANDSHAKE:
    case PEER_RESET:
        return report->shown == NULL
                   ? "The server ended the connection before it showed a "
                     "certificate: it speaks another TLS version, other "
                     "ciphers, or no TLS at all."
               : is_unseen ? "The server ended the connection, and never asked "
                             "for the certificate."
                           : "The server ended the connection.";
    case PEER_ALERT:
        return report->shown == NULL
                   ? "The server sent a TLS alert before it showed a "
                     "certificate: there is no TLS version or cipher in common."
                   : "The server sent a TLS alert: it does not accept the "
                     "certificate or the way TLS is spoken.";
    case PEER_REFUSED_BY_PEER:
        return "We hung up: we do not take the server's certificate.";
    case PEER_TIMEOUT:
        return report->result->tls != NULL
                   ? "The handshake was completed, and nobody answered OPTIONS "
                     "or the sign-in in time: is it a SIP server?"
                   : "The connection was taken, and no TLS spoken in time.";
    case PEER_UNREACHABLE:
        return "Nobody could be reached there.";
    case PEER_PENDING:
        break;
    }
    return "It did not end.";
}

static void tell_names(struct page *page, const char *label,
                       const struct certificate_facts *facts)
{
    struct ls_buf names = {0};

    for (size_t i = 0; facts != NULL && i < facts->name_count; i++) {
        const struct certificate_name *name = &facts->names[i];

        ls_buf_printf(&names, "%s%s=", i > 0 ? ", " : "",
                      name_source_text(name->source));
        page_add_safe(&names, ls_str_from_bytes(name->text, name->length));
    }
    if (facts == NULL)
        ls_buf_add_text(&names, "no certificate");
    else if (facts->name_count == 0)
        ls_buf_add_text(&names, "a certificate without any name");
    story_say(page, label, names.at);
    ls_buf_clear(&names);
}

static void tell_end(struct page *page, const struct cas_result *result)
{
    struct ls_buf text = {0};

    ls_buf_add_text(&text, peer_outcome_text(result->outcome));
    if (result->tls != NULL)
        ls_buf_printf(&text, ", %s", result->tls);
    if (result->alert_text != NULL)
        ls_buf_printf(&text, ", alert \"%s\" (%d)", result->alert_text,
                      result->alert);
    if (result->status != 0)
        ls_buf_printf(&text, ", SIP %d", result->status);
    if (result->detail != NULL)
        ls_buf_printf(&text, "; %s", result->detail);
    story_say(page, "we see", text.at);
    ls_buf_clear(&text);
}

/* What TLS came to, where it came to anything. */
static void tell_tls(struct page *page, const struct connect_report *report)
{
    const struct staple_report *staple = report->staple;
    struct ls_buf text = {0};

    if (report->cipher == NULL)
        return;
    ls_buf_add_text(&text, report->cipher);
    if (staple != NULL && staple->state != STAPLE_ABSENT)
        ls_buf_printf(&text, ", OCSP staple: %s",
                      staple_state_text(staple->state));
    story_say(page, "cipher", text.at);
    ls_buf_clear(&text);
}

/* Where the name has one address only, what became of it is told below. */
static void tell_tries(struct page *page, const struct connect_report *report)
{
    if (report->reached == NULL && report->try_count < 2)
        return;
    for (size_t i = 0; i < report->try_count; i++) {
        const struct connect_try *one = &report->tries[i];
        char *text = ls_strf("%s: %s", one->address, one->why);

        story_say(page, i == 0 ? "tried" : "", text);
        free(text);
    }
    if (report->try_count > 0 && report->reached != NULL)
        story_say(page, "reached", report->reached);
}

static json_t *tries_of(const struct connect_report *report)
{
    json_t *json = json_array();

    for (size_t i = 0; i < report->try_count; i++) {
        json_t *row = json_object();

        json_object_set_new(row, "address",
                            json_text_or_null(report->tries[i].address));
        json_object_set_new(row, "why",
                            json_text_or_null(report->tries[i].why));
        json_array_append_new(json, row);
    }
    return json;
}

void connect_report_text(const struct connect_report *report,
                         const struct story_style *style, struct ls_buf *out)
{
    static const enum page_ink inks[] = {
        [CONNECT_ACCEPTED] = INK_GOOD,
        [CONNECT_REFUSED] = INK_BAD,
        [CONNECT_CLIENT] = INK_WARN,
        [CONNECT_UNABLE] = INK_WARN,
    };
    enum connect_answer answer = connect_report_answer(report);
    struct page page = {out, style->color};

    page_ink(&page, INK_BOLD, report->server);
    page_printf(&page, "  ");
    page_ink(&page, inks[answer], connect_answer_text(answer));
    page_printf(&page, "\n");
    tell_tries(&page, report);
    tell_names(&page, "we show", report->own);
    if (report->shown != NULL)
        tell_names(&page, "it shows", report->shown);
    tell_end(&page, report->result);
    tell_tls(&page, report);
    story_say(&page, "", meaning_of(report));
    if (report->result->owa != NULL)
        story_say(&page, "OWA's user", report->result->owa);
    if (!report->trust_is_checked)
        story_say(&page, "note",
                  "Without --ca the server's certificate is not checked.");
    if (style->verbose && report->transcript.length > 0) {
        char *transcript = ls_str_dup(report->transcript);

        story_label_alone(&page, "SIP");
        page_lines(&page, STORY_LABEL + 2, INK_DIM, transcript);
        free(transcript);
    }
}

static json_t *names_from(const struct certificate_facts *facts)
{
    json_t *json;

    if (facts == NULL)
        return json_null();
    json = json_array();
    for (size_t i = 0; i < facts->name_count; i++) {
        const struct certificate_name *name = &facts->names[i];
        json_t *row = json_object();

        json_object_set_new(
            row, "name",
            json_text_from(ls_str_from_bytes(name->text, name->length)));
        json_object_set_new(row, "source",
                            json_text_or_null(name_source_text(name->source)));
        json_array_append_new(json, row);
    }
    return json;
}

void connect_report_json(const struct connect_report *report,
                         struct ls_buf *out)
{
    const struct cas_result *result = report->result;
    enum connect_answer answer = connect_report_answer(report);
    json_t *json = json_object();
    json_t *peer = json_object();

    json_object_set_new(json, "server", json_text_or_null(report->server));
    json_object_set_new(json, "address", json_text_or_null(report->reached));
    json_object_set_new(json, "unreached", tries_of(report));
    json_object_set_new(json, "answer",
                        json_text_or_null(connect_answer_text(answer)));
    json_object_set_new(peer, "outcome",
                        json_text_or_null(peer_outcome_text(result->outcome)));
    json_object_set_new(peer, "tls", json_text_or_null(result->tls));
    json_object_set_new(peer, "cipher", json_text_or_null(report->cipher));
    json_object_set_new(
        peer, "staple",
        json_text_or_null(report->staple != NULL
                              ? staple_state_text(report->staple->state)
                              : NULL));
    json_object_set_new(peer, "alert", json_text_or_null(result->alert_text));
    json_object_set_new(peer, "detail", json_text_or_null(result->detail));
    json_object_set_new(json, "peer", peer);
    json_object_set_new(json, "asked", json_boolean(report->was_asked));
    json_object_set_new(json, "status",
                        result->status != 0 ? json_integer(result->status)
                                            : json_null());
    json_object_set_new(json, "owa", json_text_or_null(result->owa));
    json_object_set_new(json, "shown", names_from(report->own));
    json_object_set_new(json, "seen", names_from(report->shown));
    json_text_print(json, out);
}
