#include "lyncsim/sip_service.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/connection_journal.h"
#include "lyncsim/sip_framer.h"
#include "lyncsim/sip_message.h"
#include "lyncsim/sip_outbox.h"

#define SECOND_MS 1000
/* Of a few requests at once, so that they need not grow into it. */
#define ANSWERS_BYTES 4000

struct sip_service {
    struct front_end *front_end;
    const struct sip_caller *caller;
    struct connection_journal *journal;
    struct sip_framer *framer;
    uint64_t second; /* the one that requests are counted in */
    uint32_t request_count;
};

struct sip_service *sip_service_new(struct front_end *front_end,
                                    const struct sip_caller *caller,
                                    struct connection_journal *journal)
{
    struct sip_service *service = ls_alloc(sizeof *service);

    service->front_end = front_end;
    service->caller = caller;
    service->journal = journal;
    service->framer = sip_framer_new();
    sip_framer_limit(service->framer,
                     front_end_settings(front_end)->headers_max_bytes,
                     front_end_settings(front_end)->body_max_bytes);
    return service;
}

void sip_service_free(struct sip_service *service)
{
    if (!service)
        return;
    sip_framer_free(service->framer);
    free(service);
}

void sip_service_feed(struct sip_service *service, struct ls_str plain)
{
    sip_framer_feed(service->framer, plain);
}

/* The length of our own writer's message at the start of text. */
static size_t own_message_length(struct ls_str text)
{
    static const char header[] = "Content-Length: ";
    struct ls_str rest = text, line;
    size_t body = 0;

    while (ls_str_cut(&rest, '\n', &line) && line.length > 1)
        if (ls_str_starts_with(line, header))
            body = strtoul(line.at + sizeof header - 1, NULL, 10);
    return text.length - ls_str_skip(rest, body).length;
}

static void note_answers(struct sip_service *service, struct ls_str answers)
{
    while (answers.length > 0) {
        size_t length = own_message_length(answers);

        connection_journal_add_message(service->journal, false,
                                       ls_str_first(answers, length));
        answers = ls_str_skip(answers, length);
    }
}

/* The lower ceiling is for clients, and for applications whose pool is to be
 * throttled as they are. 0: none. */
static uint32_t request_limit(const struct sip_service *service,
                              const char **whose)
{
    const struct front_end_settings *settings =
        front_end_settings(service->front_end);
    uint32_t limit = settings->requests_per_second;
    uint32_t as_client = settings->client_requests_per_second;

    *whose = NULL;
    if (service->caller->throttle_as_server || as_client == 0 ||
        (limit > 0 && limit < as_client))
        return limit;
    *whose = "throttled as a client";
    return as_client;
}

/* Back-pressure by answer: what is above the limit costs no more than a
 * refusal, and the limit is told once a second. */
static bool is_over_limit(struct sip_service *service, uint64_t now_ms)
{
    const char *whose;
    uint32_t limit = request_limit(service, &whose);

    if (limit == 0)
        return false;
    if (service->second != now_ms / SECOND_MS) {
        service->second = now_ms / SECOND_MS;
        service->request_count = 0;
    }
    if (service->request_count++ == limit)
        connection_journal_add_limit(service->journal, LIMIT_REQUESTS, whose);
    return service->request_count > limit;
}

/* The record of a message that could not be taken. That there is one, and its
 * words, are assumed: no trace of the product with one could be found. */
static void note_fault(struct sip_service *service,
                       const struct sip_message *message, const char *reason)
{
    char *text = ls_strf("The message cannot be processed: %s", reason);

    connection_journal_add_diagnostic(service->journal, message, text, NULL,
                                      false);
    free(text);
}

/* To the letter and the code as the record in Microsoft's article on a
 * failing Test-CsFederatedPartner has it. */
static void note_routes(struct sip_service *service,
                        const struct sip_message *message)
{
    static const char text[] =
        "Cannot process Route headers from a non-trusted source, or with "
        "first Route field in the set not matching the connection on which "
        "the request arrived";

    if (!service->caller->is_trusted && sip_message_is_request(message) &&
        sip_message_header(message, "Route", 0))
        connection_journal_add_diagnostic(service->journal, message, text,
                                          "0xc3e93c5e SIPPROXY_E_ROUTING",
                                          true);
}

static void answer_message(struct sip_service *service, struct ls_str bytes,
                           struct ls_buf *answers, uint64_t now_ms)
{
    struct sip_message *message = NULL;
    const char *reason = NULL;
    int status = 0;
    enum ls_err err =
        sip_message_parse_known(front_end_parties(service->front_end), bytes,
                                &message, &status, &reason);

    /* Nobody may ask more often for asking badly. */
    if (sip_message_is_request(message) && is_over_limit(service, now_ms)) {
        front_end_answer_busy(service->front_end, service->caller, message, 1,
                              answers);
    } else if (err != LS_OK) {
        note_fault(service, message, reason);
        front_end_answer_bad(service->front_end, service->caller, message,
                             status, reason, answers);
    } else {
        note_routes(service, message);
        front_end_answer(service->front_end, service->caller, message, now_ms,
                         answers);
    }
    sip_message_free(message);
}

/* What was too large for the framer, and therefore refused by it. */
static void note_size(struct sip_service *service,
                      const struct sip_frame *frame)
{
    if (frame->status == 513)
        connection_journal_add_limit(service->journal, LIMIT_HEADERS,
                                     frame->reason);
    else if (frame->status == 413)
        connection_journal_add_limit(service->journal, LIMIT_BODY,
                                     frame->reason);
}

/* The framer refused it; its head may still say who is to be answered. */
static void answer_frame(struct sip_service *service,
                         const struct sip_frame *frame, struct ls_buf *answers,
                         uint64_t now_ms)
{
    struct sip_message *message = NULL;
    const char *reason = NULL;
    int status = 0;
    enum ls_err err =
        sip_message_parse(frame->bytes, &message, &status, &reason);

    note_size(service, frame);
    (void)err; /* the framer's status stands, whatever the head looks like */
    if (frame->kind == SIP_FRAME_BAD_MESSAGE &&
        sip_message_is_request(message) && is_over_limit(service, now_ms)) {
        front_end_answer_busy(service->front_end, service->caller, message, 1,
                              answers);
    } else {
        note_fault(service, message, frame->reason);
        front_end_answer_bad(service->front_end, service->caller, message,
                             frame->status, frame->reason, answers);
    }
    sip_message_free(message);
}

static void take_frame(struct sip_service *service,
                       const struct sip_frame *frame, struct ls_buf *answers,
                       uint64_t now_ms)
{
    size_t before = answers->length;

    if (frame->kind == SIP_FRAME_KEEP_ALIVE) {
        ls_buf_add_text(answers, "\r\n");
        return;
    }
    if (answers->length == 0)
        ls_buf_reserve(answers, ANSWERS_BYTES);
    connection_journal_add_message(service->journal, true, frame->bytes);
    if (frame->kind == SIP_FRAME_MESSAGE)
        answer_message(service, frame->bytes, answers, now_ms);
    else
        answer_frame(service, frame, answers, now_ms);
    note_answers(service, ls_str_skip(ls_buf_str(answers), before));
}

/* What others have left for this peer. */
static void take_mail(struct sip_service *service, struct ls_buf *answers)
{
    size_t before = answers->length;

    sip_outbox_take(front_end_outbox(service->front_end),
                    service->caller->connection_id, answers);
    note_answers(service, ls_str_skip(ls_buf_str(answers), before));
}

enum sip_service_end sip_service_run(struct sip_service *service,
                                     struct ls_buf *answers, size_t cap,
                                     uint64_t now_ms)
{
    struct sip_frame frame;

    take_mail(service, answers);
    while (answers->length < cap) {
        if (!sip_framer_next(service->framer, &frame))
            return SIP_SERVICE_IDLE;
        take_frame(service, &frame, answers, now_ms);
        take_mail(service, answers);
        if (frame.kind == SIP_FRAME_FATAL) {
            return SIP_SERVICE_BROKEN;
        }
    }
    return SIP_SERVICE_FULL;
}
