/*
 * How does one connection write down what happens to it? Events of the trace
 * with what is the same in all of them filled in.
 */
#ifndef LYNCSIM_CONNECTION_JOURNAL_H
#define LYNCSIM_CONNECTION_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/str.h"
#include "lyncsim/trace_event.h"

struct connection_journal {
    struct trace_journal *journal; /* borrowed; NULL: nobody reads */
    uint64_t connection_id;
    char *peer; /* "192.0.2.7:49732", then "cas.contoso.com:49732"; owned */
    uint64_t now_ms;
    bool is_dialled; /* the Front End opened the connection */
};

void connection_journal_init(struct connection_journal *journal,
                             struct trace_journal *events,
                             uint64_t connection_id, const char *peer);
void connection_journal_clear(struct connection_journal *journal);

/* The peer's name is known: it stands before the port from now on. */
void connection_journal_set_name(struct connection_journal *journal,
                                 const char *fqdn);

/* text and detail are copied; detail may be NULL. */
void connection_journal_add(struct connection_journal *journal,
                            enum trace_event_kind kind, const char *text,
                            const char *detail);
/* A limit was reached; detail may be NULL. */
void connection_journal_add_limit(struct connection_journal *journal,
                                  enum trace_limit limit, const char *detail);
void connection_journal_add_message(struct connection_journal *journal,
                                    bool incoming, struct ls_str bytes);
/* A TF_DIAG record about a message; what cannot be read of it is left out.
 * result_code is "0xc3e93c5e SIPPROXY_E_ROUTING", or NULL where none is known.
 */
struct sip_message;
void connection_journal_add_diagnostic(struct connection_journal *journal,
                                       const struct sip_message *message,
                                       const char *text,
                                       const char *result_code,
                                       bool is_warning);
/* The record of a connection that was dialled in vain, and of each message
 * that could not be sent over it. */
struct dial_failure;
void connection_journal_add_dial_failure(struct connection_journal *journal,
                                         const struct dial_failure *failure);
void connection_journal_add_unrouted(struct connection_journal *journal,
                                     const struct sip_message *message,
                                     const struct dial_failure *failure);
/* The verdict, and the connection record if it ends at the table. */
void connection_journal_add_verdict(struct connection_journal *journal,
                                    const struct trust_verdict *verdict);

#endif
