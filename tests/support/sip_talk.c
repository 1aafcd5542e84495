#include "support/sip_talk.h"

#include "lyncsim/alloc.h"
#include "lyncsim/sip_message.h"
#include "lyncsim/sip_outbox.h"

#define JOURNAL_EVENTS 1000

void sip_talk_init(struct sip_talk *talk, enum product_version version)
{
    struct front_end_settings settings = {
        .fqdn = TALK_FQDN,
        .refuse = {REFUSE_AFTER_HANDSHAKE, REFUSE_CLOSE},
        .version = version,
        .journal = trace_journal_new(JOURNAL_EVENTS),
    };

    id_source_init_seeded(&settings.ids, ls_str_from("sip_talk"));
    *talk = (struct sip_talk){
        .front_end = front_end_new(&settings),
        .server = {.connection_id = 0x2500,
                   .is_trusted = true,
                   .treat_as_authenticated = true,
                   .fqdn = "cas.contoso.com",
                   .address = "192.0.2.7",
                   .port = 49732},
        .other = {.connection_id = 0x2700,
                  .is_trusted = true,
                  .treat_as_authenticated = true,
                  .fqdn = "cas2.contoso.com",
                  .address = "192.0.2.8",
                  .port = 49733},
        .client = {.connection_id = 0x2600,
                   .address = "192.0.2.9",
                   .port = 50000},
        .now_ms = TALK_NOW_MS,
        .journal = settings.journal,
    };
}

void sip_talk_clear(struct sip_talk *talk)
{
    front_end_free(talk->front_end);
    trace_journal_free(talk->journal);
}

unsigned sip_talk_limit_count(struct sip_talk *talk, enum trace_limit limit)
{
    struct trace_event event;
    unsigned count = 0;

    while (trace_journal_take(talk->journal, &event)) {
        count += event.kind == TRACE_LIMIT && event.limit == limit;
        trace_event_clear(&event);
    }
    return count;
}

char *sip_talk_ask(struct sip_talk *talk, const struct sip_caller *caller,
                   struct ls_str text)
{
    struct sip_message *message = NULL;
    const char *reason = NULL;
    struct ls_buf out = {0};
    int status = 0;

    if (sip_message_parse(text, &message, &status, &reason) == LS_OK)
        front_end_answer(talk->front_end, caller, message, talk->now_ms, &out);
    else
        front_end_answer_bad(talk->front_end, caller, message, status, reason,
                             &out);
    sip_message_free(message);
    return ls_buf_take(&out);
}

char *sip_talk_ask_text(struct sip_talk *talk, const struct sip_caller *caller,
                        const char *text)
{
    return sip_talk_ask(talk, caller, ls_str_from(text));
}

char *sip_talk_mail(struct sip_talk *talk, const struct sip_caller *caller)
{
    struct ls_buf out = {0};

    sip_outbox_take(front_end_outbox(talk->front_end), caller->connection_id,
                    &out);
    return ls_buf_take(&out);
}

char *sip_talk_answer_to(const char *mail, const char *status_line,
                         const char *to_params)
{
    static const char *const echoed[] = {"Via", "From", "Call-ID", "CSeq",
                                         "Record-Route"};
    struct ls_str rest = ls_str_from(mail);
    struct ls_buf out = {0};
    struct ls_str line;

    ls_buf_add_text(&out, status_line);
    while (ls_str_cut(&rest, '\n', &line) && line.length > 1) {
        struct ls_str name = ls_str_first(line, ls_str_find(line, ':'));

        if (ls_str_equal_nocase(name, ls_str_from("To")))
            ls_buf_printf(&out, "%.*s%s\r\n", LS_STR_ARG(ls_str_trim(line)),
                          to_params);
        for (size_t i = 0; i < LS_COUNT(echoed); i++)
            if (ls_str_equal_nocase(name, ls_str_from(echoed[i])))
                ls_buf_printf(&out, "%.*s\n", LS_STR_ARG(line));
    }
    ls_buf_add_text(&out, "Contact: <sip:192.0.2.8>\r\n"
                          "Content-Length: 0\r\n\r\n");
    return ls_buf_take(&out);
}
