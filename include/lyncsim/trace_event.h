/*
 * What has been observed? Every fact that a trace, an event log or a report
 * may show, as one kind of value, and the journal that keeps them in order.
 */
#ifndef LYNCSIM_TRACE_EVENT_H
#define LYNCSIM_TRACE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/str.h"
#include "lyncsim/trace_limit.h"
#include "lyncsim/trust_verdict.h"

/* clang-format off */
#define TRACE_EVENT_LIST(X)                                                    \
    X(TRACE_OPENED, "opened")       /* a transport connection was accepted */  \
    X(TRACE_DIALLED, "dialled")     /* the Front End opens one itself */       \
    X(TRACE_STATE, "state")         /* from, to, event: the state machine */   \
    X(TRACE_HANDSHAKE, "handshake") /* TLS complete: text = version cipher */  \
    X(TRACE_VERDICT, "verdict")     /* verdict is set */                       \
    X(TRACE_CONNECTION, "connection") /* a TF_CONNECTION error record: text,   \
                                         fqdn */                               \
    X(TRACE_MESSAGE, "message")     /* a SIP message in or out: bytes */       \
    X(TRACE_DIAGNOSTIC, "diagnostic") /* a TF_DIAG record */                   \
    X(TRACE_LIMIT, "limit")         /* a limit was reached: limit, text */            \
    X(TRACE_CLOSED, "closed")       /* text = how */

enum trace_event_kind {
#define X(name, text) name,
    TRACE_EVENT_LIST(X)
#undef X
    TRACE_EVENT_COUNT
};
/* clang-format on */

const char *trace_event_kind_text(enum trace_event_kind kind);

struct trace_event {
    enum trace_event_kind kind;
    int64_t at_ms;          /* since 1970: lab time or real time */
    uint64_t connection_id; /* 0x2500 upwards, as ms-received-cid shows it */
    bool is_dialled;        /* the Front End opened the connection */
    bool is_of_tls;         /* of a connection record: TLS failed it */
    bool incoming;          /* of a message */
    enum trace_limit limit; /* of a limit */
    char *peer;             /* "10.0.0.5:49732" or "cas.contoso.com:49732" */
    char *text;             /* a sentence or token, by kind; or NULL */
    char *detail;           /* or NULL */
    char *fqdn;             /* of a connection record, raw; or NULL */
    size_t fqdn_length;
    char *bytes; /* of a message, raw; or NULL */
    size_t byte_count;
    struct trust_verdict *verdict; /* or NULL; owned here */
    /* Of a diagnostic: "0xc3e93c5e SIPPROXY_E_ROUTING", start line, Call-ID,
     * CSeq, Data; or NULL. */
    char *result_code;
    char *start_line;
    char *call_id;
    char *cseq;
    char *data;
    bool is_warning;
};

/* Free what it owns; it is zero afterwards. */
void trace_event_clear(struct trace_event *event);

/* The journal: machines append, whoever owns the loop takes. Bounded: beyond
 * the cap of events the newest are counted and dropped. */
struct trace_journal;

struct trace_journal *trace_journal_new(size_t cap_events);
void trace_journal_free(struct trace_journal *journal);
/* event's content is taken; it is zero afterwards. */
void trace_journal_add(struct trace_journal *journal,
                       struct trace_event *event);
/* The oldest one, the caller's to clear; false when empty. */
bool trace_journal_take(struct trace_journal *journal,
                        struct trace_event *event);
/* How many have been dropped since this was last asked. */
uint64_t trace_journal_take_dropped(struct trace_journal *journal);

#endif
