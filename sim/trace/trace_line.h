/*
 * What does one line of a trace say? The header of a record, the fields of
 * one, and the name in its Data; as the product writes them and as mails and
 * pages leave them.
 */
#ifndef LYNCSIM_TRACE_LINE_H
#define LYNCSIM_TRACE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

/* The fields that are read; Peer-IP is the same as Peer where only one is. */
/* clang-format off */
#define FIELD_LIST(X)                                                          \
    X(FIELD_LOG_TYPE, "LogType")                                               \
    X(FIELD_SEVERITY, "Severity")                                              \
    X(FIELD_TEXT, "Text")                                                      \
    X(FIELD_PEER, "Peer")                                                      \
    X(FIELD_PEER_IP, "Peer-IP")                                                \
    X(FIELD_LOCAL_IP, "Local-IP")                                              \
    X(FIELD_CONNECTION_ID, "Connection-ID")                                    \
    X(FIELD_TRANSPORT, "Transport")                                            \
    X(FIELD_RESULT_CODE, "Result-Code")                                        \
    X(FIELD_START_LINE, "SIP-Start-Line")                                      \
    X(FIELD_CALL_ID, "SIP-Call-ID")                                            \
    X(FIELD_CSEQ, "SIP-CSeq")                                                  \
    X(FIELD_DATA, "Data")

enum field {
#define X(name, text) name,
    FIELD_LIST(X)
#undef X
    FIELD_COUNT
};
/* clang-format on */

/* Index of the first such text, or str.length. */
size_t trace_line_find(struct ls_str str, const char *text);
/* Without what stands before a line in mails and pages: blanks, quote marks,
 * tags. */
struct ls_str trace_line_without_margin(struct ls_str line);

/* Take TL_ERROR(TF_CONNECTION) off the front; false when it is not there. */
bool trace_line_cut_origin(struct ls_str *rest, struct ls_str *level,
                           struct ls_str *flag);
/* 12/20/2011-20:45:01.704. at the front, as if it were UTC. */
bool trace_line_read_time(struct ls_str rest, int64_t *at_ms);

/* Which field begins at the front, an enum field or -1, and what follows its
 * colon. */
int trace_line_field(struct ls_str text, struct ls_str *value);
/* How long the value at the front is: to the end, or to where another field
 * or a tag begins. What is between quotes is a peer's and begins nothing. */
size_t trace_line_value_length(struct ls_str text);

/* Find fqdn="name" in a Data: fqdn itself, not another word's end. A name
 * whose quote has no end is not whole, and none. */
bool trace_line_find_fqdn(struct ls_str data, struct ls_str *name);
/* Whether it ends within that name; within any quote. */
bool trace_line_is_name_cut(struct ls_str data);
bool trace_line_is_quote_open(struct ls_str data);
/* Append text with the entities of a web page (&quot;, &#39;) as what they
 * stand for. */
void trace_line_decode(struct ls_buf *out, struct ls_str text);
/* Append text with every \xNN as the byte it stands for. */
void trace_line_read_back(struct ls_buf *out, struct ls_str text);

#endif
