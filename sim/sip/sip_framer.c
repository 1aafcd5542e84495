#include "lyncsim/sip_framer.h"

#include <assert.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/byte_set.h"

#include "sip_line.h"

struct sip_framer {
    struct ls_buf buffer;
    size_t start;      /* of the message being read */
    size_t handed_out; /* bytes from start that the last frame showed */
    bool is_out_of_step;
    size_t headers_max_bytes;
    size_t body_max_bytes;

    /* Of the head being read. */
    size_t scanned;  /* bytes from start in lines that were looked at */
    size_t searched; /* bytes from start known to end no further line */
    size_t untold;   /* bytes from start in lines that tell no length */
    unsigned lines;

    /* Once its end was found. */
    size_t head_length; /* 0: not yet */
    size_t body_length;
    int status; /* of the answer a bad message deserves */
    const char *reason;
};

struct sip_framer *sip_framer_new(void)
{
    struct sip_framer *framer = ls_alloc(sizeof(*framer));

    framer->headers_max_bytes = SIP_HEADERS_MAX_BYTES;
    framer->body_max_bytes = SIP_BODY_MAX_BYTES;
    return framer;
}

void sip_framer_free(struct sip_framer *framer)
{
    if (!framer)
        return;
    ls_buf_clear(&framer->buffer);
    free(framer);
}

void sip_framer_limit(struct sip_framer *framer, size_t headers_max_bytes,
                      size_t body_max_bytes)
{
    if (headers_max_bytes > 0)
        framer->headers_max_bytes = headers_max_bytes;
    if (body_max_bytes > 0)
        framer->body_max_bytes = body_max_bytes;
}

static void begin_message(struct sip_framer *framer, size_t consumed)
{
    framer->start += consumed;
    framer->scanned = 0;
    framer->searched = 0;
    framer->untold = 0;
    framer->lines = 0;
    framer->head_length = 0;
    framer->body_length = 0;
    framer->status = 0;
    framer->reason = NULL;
}

static void release_frame(struct sip_framer *framer)
{
    framer->start += framer->handed_out;
    framer->handed_out = 0;
    if (framer->start < framer->buffer.length)
        return;
    framer->start = 0;
    ls_buf_clear(&framer->buffer);
}

void sip_framer_feed(struct sip_framer *framer, struct ls_str bytes)
{
    release_frame(framer);
    if (framer->is_out_of_step)
        return;
    ls_buf_consume(&framer->buffer, framer->start);
    framer->start = 0;
    ls_buf_add(&framer->buffer, bytes);
}

static struct ls_str unread(const struct sip_framer *framer)
{
    return ls_str_skip(ls_buf_str(&framer->buffer), framer->start);
}

static bool give(struct sip_framer *framer, struct sip_frame *frame,
                 enum sip_frame_kind kind, size_t length)
{
    *frame = (struct sip_frame){
        .kind = kind,
        .bytes = ls_str_first(unread(framer), length),
        .status = framer->status,
        .reason = framer->reason,
    };
    begin_message(framer, 0);
    framer->handed_out = length;
    return true;
}

static bool give_fatal(struct sip_framer *framer, struct sip_frame *frame,
                       size_t length)
{
    framer->is_out_of_step = true;
    return give(framer, frame, SIP_FRAME_FATAL, length);
}

static void fault(struct sip_framer *framer, int status, const char *reason)
{
    if (framer->status)
        return; /* the first one is told */
    framer->status = status;
    framer->reason = reason;
}

/* RFC 3261 7.5: line ends before a start line are ignored; two of them are a
 * keep-alive (RFC 5626 3.5.1). False when more bytes must decide. */
static bool skip_line_ends(struct sip_framer *framer, bool *is_keep_alive)
{
    *is_keep_alive = false;
    for (;;) {
        struct ls_str rest = unread(framer);

        if (ls_str_starts_with(rest, "\r\n\r\n")) {
            *is_keep_alive = true;
            return true;
        }
        if (ls_str_is_empty(rest) || ls_str_equal_text(rest, "\r") ||
            ls_str_equal_text(rest, "\r\n") ||
            ls_str_equal_text(rest, "\r\n\r"))
            return false;
        if (ls_str_starts_with(rest, "\r\n"))
            begin_message(framer, 2);
        else if (ls_str_starts_with(rest, "\n"))
            begin_message(framer, 1);
        else
            return true;
    }
}

/* By its first letters, of "Content-…", "c" or "l"; after blanks another may
 * stand, as in any name. */
static bool may_tell_length(struct ls_str line)
{
    static const struct byte_set firsts = {
        .high = BYTE_SET_OF('C') | BYTE_SET_OF('c') | BYTE_SET_OF('L') |
                BYTE_SET_OF('l'),
    };
    static const struct byte_set seconds = {
        .low = BYTE_SET_OF(' ') | BYTE_SET_OF('\t') | BYTE_SET_OF('\r') |
               BYTE_SET_OF(':'),
        .high = BYTE_SET_OF('O') | BYTE_SET_OF('o'),
    };

    return sip_line_is_continuation(line) ||
           (line.length > 1 && byte_set_has(&firsts, line.at[0]) &&
            byte_set_has(&seconds, line.at[1]));
}

/* What is known of the lines up to here need not be read again. A line that
 * goes on with one that tells nothing tells nothing either. */
static void note_untold(struct sip_framer *framer, struct ls_str line,
                        size_t length)
{
    bool goes_on = framer->untold > 0 && sip_line_is_continuation(line);

    if (framer->untold == framer->scanned &&
        (goes_on || !may_tell_length(line)))
        framer->untold += length;
}

enum head_state { HEAD_UNFINISHED, HEAD_ENDED, HEAD_TOO_LARGE };

/* Look at the lines that have come since. */
static enum head_state scan_head(struct sip_framer *framer)
{
    struct ls_str rest = ls_str_skip(unread(framer), framer->scanned);
    struct ls_str fresh = ls_str_skip(unread(framer), framer->searched);
    struct ls_str line;
    enum sip_line_end end;

    /* A line that comes a byte at a time is not searched from its front. */
    framer->searched = unread(framer).length;
    if (ls_str_find(fresh, '\n') == fresh.length)
        rest = (struct ls_str){0};
    while (sip_line_cut(&rest, &line, &end) && end != SIP_LINE_CUT) {
        size_t length = line.length + (end == SIP_LINE_CRLF ? 2 : 1);

        if (framer->scanned + length > framer->headers_max_bytes)
            return HEAD_TOO_LARGE;
        /* What a parser with another opinion on LF would see as another
         * message is refused whole, and its sender told. */
        if (end == SIP_LINE_LF)
            fault(framer, 400, "Line Ends With LF Alone");
        if (ls_str_is_empty(line)) {
            framer->scanned += length;
            return HEAD_ENDED;
        }
        if (framer->lines == SIP_HEADERS_MAX_LINES)
            return HEAD_TOO_LARGE;
        note_untold(framer, line, length);
        framer->scanned += length;
        framer->lines++;
    }
    return unread(framer).length > framer->headers_max_bytes ? HEAD_TOO_LARGE
                                                             : HEAD_UNFINISHED;
}

/* What the head says about the length of the body. */
struct length_facts {
    unsigned count;
    bool is_number;
    bool agrees; /* all of several say the same */
    uint64_t length;
    bool has_type;
};

static void note_length(struct length_facts *facts, struct ls_str value)
{
    uint64_t length = 0;
    bool is_number = ls_str_to_u64(ls_str_trim(value), &length);

    if (facts->count == 0) {
        facts->is_number = is_number;
        facts->agrees = true;
        facts->length = length;
    } else {
        facts->is_number = facts->is_number && is_number;
        facts->agrees = facts->agrees && length == facts->length;
    }
    facts->count++;
}

static struct length_facts read_lengths(struct ls_str head)
{
    static const struct ls_str content_length = LS_STR("Content-Length");
    static const struct ls_str content_type = LS_STR("Content-Type");
    struct length_facts facts = {0};
    struct ls_str line;
    struct ls_str next;
    enum sip_line_end end;
    bool has_line = sip_line_cut(&head, &line, &end);

    while (has_line) {
        struct ls_str name;
        struct ls_str value;
        bool has_next = sip_line_cut(&head, &next, &end);

        while (has_next && sip_line_is_continuation(next)) {
            line.length = (size_t)(next.at + next.length - line.at);
            has_next = sip_line_cut(&head, &next, &end);
        }
        if (may_tell_length(line) && sip_line_header(line, &name, &value)) {
            if (sip_line_is_named(name, content_length))
                note_length(&facts, value);
            if (sip_line_is_named(name, content_type))
                facts.has_type = true;
        }
        line = next;
        has_line = has_next;
    }
    return facts;
}

/* RFC 3261 18.3: on a stream Content-Length alone says where a message ends.
 * False when it cannot be known: the stream is out of step. */
static bool measure_body(struct sip_framer *framer)
{
    struct ls_str head = ls_str_first(unread(framer), framer->head_length);
    struct length_facts facts = read_lengths(ls_str_skip(head, framer->untold));

    if (facts.count == 0) {
        /* Mandatory on a stream, but people type requests without; only a
         * body that is announced and not measured puts us out of step. */
        if (facts.has_type)
            fault(framer, 400, "Missing Content-Length");
        return !facts.has_type;
    }
    if (!facts.is_number || !facts.agrees) {
        fault(framer, 400,
              facts.count > 1 ? "Contradicting Content-Length Headers"
                              : "Malformed Content-Length");
        return false;
    }
    if (facts.length > framer->body_max_bytes) {
        fault(framer, 413, "Request Entity Too Large");
        return false;
    }
    if (facts.count > 1)
        fault(framer, 400, "Multiple Content-Length Headers");
    framer->body_length = (size_t)facts.length;
    return true;
}

bool sip_framer_next(struct sip_framer *framer, struct sip_frame *frame)
{
    bool is_keep_alive;

    release_frame(framer);
    if (framer->is_out_of_step)
        return false;
    if (framer->scanned == 0) {
        if (!skip_line_ends(framer, &is_keep_alive))
            return false;
        if (is_keep_alive)
            return give(framer, frame, SIP_FRAME_KEEP_ALIVE, 4);
    }
    if (framer->head_length == 0) {
        switch (scan_head(framer)) {
        case HEAD_UNFINISHED:
            return false;
        case HEAD_TOO_LARGE:
            framer->status = 0; /* whatever was wrong before matters less */
            fault(framer, 513, "Message Too Large");
            return give_fatal(framer, frame, framer->scanned);
        case HEAD_ENDED:
            framer->head_length = framer->scanned;
            if (!measure_body(framer))
                return give_fatal(framer, frame, framer->head_length);
        }
    }

    size_t length = framer->head_length + framer->body_length;

    if (unread(framer).length < length)
        return false;
    if (!framer->status)
        return give(framer, frame, SIP_FRAME_MESSAGE, length);
    size_t head_length = framer->head_length;
    give(framer, frame, SIP_FRAME_BAD_MESSAGE, length);
    frame->bytes = ls_str_first(frame->bytes, head_length);
    return true;
}
