/*
 * Which records stand in this log? A SIPStack trace as people have it: either
 * style, whole or pasted from a web page or a mail, UTF-8 or UTF-16, with
 * megabytes of other records between. A feed/next machine in bounded memory.
 */
#ifndef LYNCSIM_TRACE_READER_H
#define LYNCSIM_TRACE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/str.h"

/* What is kept of one line and of one record; more is passed over. */
#define TRACE_READER_LINE_MAX_BYTES 65536u
#define TRACE_READER_RECORD_MAX_BYTES 65536u

/* Empty views are what the record does not say. All views are valid until the
 * next call on the reader. */
struct trace_record {
    uint64_t line;        /* of its header or first field, from 1 */
    struct ls_str level;  /* "TL_ERROR"; empty where the header is missing */
    struct ls_str flag;   /* "TF_CONNECTION" */
    struct ls_str origin; /* a processor, or POOL\MACHINE */
    bool has_time;
    int64_t at_ms; /* as if the log's local time were UTC */
    /* Of records that are no SIP message, as they are written. */
    struct ls_str log_type;
    struct ls_str severity;
    struct ls_str text;
    struct ls_str peer; /* Peer, else Peer-IP */
    struct ls_str result_code;
    struct ls_str start_line;
    struct ls_str data;
    /* The fqdn="…" of data with every \xNN read back: raw bytes. */
    bool has_fqdn;
    struct ls_str fqdn;
};

struct trace_reader;

struct trace_reader *trace_reader_new(void);
void trace_reader_free(struct trace_reader *reader);

/* Take all records with next before feeding more: what is not taken is kept. */
void trace_reader_feed(struct trace_reader *reader, struct ls_str bytes);
void trace_reader_feed_eof(struct trace_reader *reader);
/* The next record, in the order of the log; false until more is fed. */
bool trace_reader_next(struct trace_reader *reader,
                       struct trace_record *record);

/* Lines seen so far. */
uint64_t trace_reader_lines(const struct trace_reader *reader);

#endif
