/*
 * What would the Front End have logged? Events as SIPStack trace records, to
 * the byte, as the records show that administrators have published.
 */
#ifndef LYNCSIM_SIPSTACK_TRACE_H
#define LYNCSIM_SIPSTACK_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/trace_event.h"

enum sipstack_style { SIPSTACK_LYNC_2010, SIPSTACK_SFB_2015 };
enum sipstack_fields { SIPSTACK_FIELDS_ARTICLE, SIPSTACK_FIELDS_FULL };

/* "lync-2010", "sfb-2015"; "article", "full". */
const char *sipstack_style_text(enum sipstack_style style);
const char *sipstack_fields_text(enum sipstack_fields fields);

struct sipstack_trace {
    enum sipstack_style style;
    enum sipstack_fields fields;
    char process[9];   /* four upper-case hex digits: "0AC0" */
    char thread[9];    /* "1278" */
    uint32_t sequence; /* of the next record: 0x3ca */
    char machine[64];  /* sfb-2015: "POOL\MACHINE" */
    uint32_t instance; /* of the next message: its Instance-Id */
    /* The highest verbosity only: credentials in headers as they came, and
     * bodies beyond SIPSTACK_BODY_MAX_BYTES. */
    bool unredacted;
    /* Of the last record: its second, and how that is written. */
    int64_t second;
    char second_text[24];
};

/* The sentence of the one connection record that is evidenced. */
#define SIPSTACK_UNKNOWN_SERVER                                                \
    "The peer is not a configured server on this network interface"

/* What a trace shows of a body unless it is unredacted. */
#define SIPSTACK_BODY_MAX_BYTES 4096

/* The defaults of a trace nobody configured. */
void sipstack_trace_init(struct sipstack_trace *trace);

/* Append the record of an event, ending with its line of "$$end_record" and a
 * newline; false when this event has no record in a SIPStack trace of these
 * fields. Nothing a peer chose can end the record or begin another: control
 * bytes and what is not UTF-8 appear as \xNN, in names quotes and backslashes
 * too, and the marks of a record lose their first letter to \xNN. */
bool sipstack_trace_print(struct sipstack_trace *trace,
                          const struct trace_event *event, struct ls_buf *out);

#endif
