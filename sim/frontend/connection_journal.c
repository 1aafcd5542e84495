#include "lyncsim/connection_journal.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/dial_failure.h"
#include "lyncsim/sip_message.h"

/* The words of the product's record, to the letter. */
#define TEXT_UNKNOWN_SERVER                                                    \
    "The peer is not a configured server on this network interface"

void connection_journal_init(struct connection_journal *journal,
                             struct trace_journal *events,
                             uint64_t connection_id, const char *peer)
{
    journal->journal = events;
    journal->connection_id = connection_id;
    journal->peer = ls_strdup(peer);
}

void connection_journal_clear(struct connection_journal *journal)
{
    free(journal->peer);
    journal->peer = NULL;
}

void connection_journal_set_name(struct connection_journal *journal,
                                 const char *fqdn)
{
    const char *colon = strrchr(journal->peer, ':');
    char *named = ls_strf("%s%s", fqdn, colon ? colon : "");

    free(journal->peer);
    journal->peer = named;
}

static struct trace_event begin(const struct connection_journal *journal,
                                enum trace_event_kind kind)
{
    return (struct trace_event){
        .kind = kind,
        .at_ms = (int64_t)journal->now_ms,
        .connection_id = journal->connection_id,
        .peer = ls_strdup(journal->peer),
        .is_dialled = journal->is_dialled,
    };
}

void connection_journal_add(struct connection_journal *journal,
                            enum trace_event_kind kind, const char *text,
                            const char *detail)
{
    struct trace_event event;

    if (!journal->journal)
        return;
    event = begin(journal, kind);
    event.text = ls_strdup(text);
    event.detail = ls_strdup(detail);
    trace_journal_add(journal->journal, &event);
}

void connection_journal_add_limit(struct connection_journal *journal,
                                  enum trace_limit limit, const char *detail)
{
    struct trace_event event;

    if (!journal->journal)
        return;
    event = begin(journal, TRACE_LIMIT);
    event.limit = limit;
    event.text = ls_strdup(trace_limit_text(limit));
    event.detail = ls_strdup(detail);
    trace_journal_add(journal->journal, &event);
}

void connection_journal_add_message(struct connection_journal *journal,
                                    bool incoming, struct ls_str bytes)
{
    struct trace_event event;

    if (!journal->journal)
        return;
    event = begin(journal, TRACE_MESSAGE);
    event.incoming = incoming;
    event.bytes = ls_str_dup(bytes);
    event.byte_count = bytes.length;
    trace_journal_add(journal->journal, &event);
}

static char *header_text(const struct sip_message *message, const char *name)
{
    const struct sip_header *header = sip_message_header(message, name, 0);

    return header ? ls_str_dup(header->value) : NULL;
}

static struct trace_event
begin_diagnostic(const struct connection_journal *journal,
                 const struct sip_message *message, const char *text,
                 const char *result_code)
{
    struct trace_event event = begin(journal, TRACE_DIAGNOSTIC);

    event.text = ls_strdup(text);
    event.result_code = ls_strdup(result_code);
    if (message) {
        event.start_line = ls_str_dup(sip_message_start_line(message));
        event.call_id = header_text(message, "Call-ID");
        event.cseq = header_text(message, "CSeq");
    }
    return event;
}

void connection_journal_add_diagnostic(struct connection_journal *journal,
                                       const struct sip_message *message,
                                       const char *text,
                                       const char *result_code, bool is_warning)
{
    struct trace_event event;

    if (!journal->journal)
        return;
    event = begin_diagnostic(journal, message, text, result_code);
    event.is_warning = is_warning;
    trace_journal_add(journal->journal, &event);
}

void connection_journal_add_dial_failure(struct connection_journal *journal,
                                         const struct dial_failure *failure)
{
    struct trace_event event;

    if (!journal->journal)
        return;
    event = begin(journal, TRACE_CONNECTION);
    event.text = ls_strdup(failure->is_of_tls ? "TLS negotiation failed"
                                              : "The connection attempt "
                                                "failed");
    event.result_code = ls_strdup(failure->socket_code);
    event.data = ls_strdup(failure->data);
    event.is_of_tls = failure->is_of_tls;
    trace_journal_add(journal->journal, &event);
}

void connection_journal_add_unrouted(struct connection_journal *journal,
                                     const struct sip_message *message,
                                     const struct dial_failure *failure)
{
    struct trace_event event;

    if (!journal->journal)
        return;
    event =
        begin_diagnostic(journal, message, failure->text, failure->result_code);
    event.data = ls_strdup(failure->data);
    trace_journal_add(journal->journal, &event);
}

static void add_record(struct connection_journal *journal,
                       const struct trust_verdict *verdict)
{
    struct trace_event event = begin(journal, TRACE_CONNECTION);
    struct ls_str name = {0};

    if (verdict->has_identity)
        name =
            ls_str_from_bytes(verdict->identity_name, verdict->identity_length);
    event.text = ls_strdup(TEXT_UNKNOWN_SERVER);
    event.fqdn = ls_str_dup(name);
    event.fqdn_length = name.length;
    trace_journal_add(journal->journal, &event);
}

void connection_journal_add_verdict(struct connection_journal *journal,
                                    const struct trust_verdict *verdict)
{
    struct trace_event event;

    if (!journal->journal)
        return;
    event = begin(journal, TRACE_VERDICT);
    event.text = ls_strdup(trust_outcome_text(verdict->outcome));
    event.verdict = ls_alloc(sizeof *event.verdict);
    trust_verdict_copy(event.verdict, verdict);
    trace_journal_add(journal->journal, &event);
    if (!journal->is_dialled && verdict->outcome == TRUST_REFUSED &&
        trust_check_is_of_table(verdict->reason))
        add_record(journal, verdict);
}
