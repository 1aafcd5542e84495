/*
 * Who was refused, how often and since when? The records of a log folded into
 * findings, in bounded memory.
 */
#ifndef LYNCSIM_TRACE_SUMMARY_H
#define LYNCSIM_TRACE_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/known_servers.h"
#include "lyncsim/trace_reader.h"

/* More different findings are counted only. */
#define TRACE_FINDINGS_MAX 10000

enum trace_finding_kind {
    TRACE_FINDING_REFUSED,    /* a server this Front End does not know */
    TRACE_FINDING_CONNECTION, /* another error of a connection */
    TRACE_FINDING_DIAGNOSTIC, /* an error or warning about a message */
};
/* "refused", "connection", "diagnostic". */
const char *trace_finding_kind_text(enum trace_finding_kind kind);

/* Records that say the same. Texts are as in the log, NULL where it says
 * nothing; they are those of the first record. */
struct trace_finding {
    enum trace_finding_kind kind;
    char *name; /* refused: whom, raw bytes; NULL where the log has no name */
    size_t name_length;
    bool has_other_case; /* the log has it in other letter case, too */
    char *text;
    char *result_code;
    char *data;
    char *peer;
    uint64_t count;
    uint64_t first_line;
    uint64_t last_line;
    bool has_time;
    int64_t first_ms; /* as if the log's local time were UTC */
    int64_t last_ms;
    const char *meaning; /* what it says in plain words; static */
    bool is_assumed;     /* no public trace shows this sentence */
};

struct trace_summary;

struct trace_summary *trace_summary_new(void);
void trace_summary_free(struct trace_summary *summary);

/* Before the first is added: NAMES_SENSITIVE tells names apart that differ in
 * letter case alone; they are one otherwise. */
void trace_summary_set_names(struct trace_summary *summary,
                             enum name_comparison names);

void trace_summary_add(struct trace_summary *summary,
                       const struct trace_record *record);

/* Records seen, whatever they are; those of them that are refusals. */
uint64_t trace_summary_records(const struct trace_summary *summary);
uint64_t trace_summary_refusals(const struct trace_summary *summary);
/* Records beyond TRACE_FINDINGS_MAX different findings. */
uint64_t trace_summary_uncounted(const struct trace_summary *summary);

/* In the order in which each was first seen; borrowed. */
size_t trace_summary_count(const struct trace_summary *summary);
const struct trace_finding *
trace_summary_at(const struct trace_summary *summary, size_t index);

#endif
