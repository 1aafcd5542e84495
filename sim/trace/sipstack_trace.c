#include "lyncsim/sipstack_trace.h"

#include <assert.h>
#include <string.h>
#include <time.h>

#include "lyncsim/alloc.h"
#include "lyncsim/byte_block.h"
#include "lyncsim/byte_set.h"

#define END_RECORD "$$end_record\n"
/* About what a record has beside its message. */
#define RECORD_FRAME_BYTES 512
/* Of a larger message little is shown. */
#define LOOKED_AT_MAX_BYTES 8192

const char *sipstack_style_text(enum sipstack_style style)
{
    static const char *const texts[] = {
        [SIPSTACK_LYNC_2010] = "lync-2010",
        [SIPSTACK_SFB_2015] = "sfb-2015",
    };

    assert((size_t)style < LS_COUNT(texts));
    return texts[style];
}

const char *sipstack_fields_text(enum sipstack_fields fields)
{
    static const char *const texts[] = {
        [SIPSTACK_FIELDS_ARTICLE] = "article",
        [SIPSTACK_FIELDS_FULL] = "full",
    };

    assert((size_t)fields < LS_COUNT(texts));
    return texts[fields];
}

void sipstack_trace_init(struct sipstack_trace *trace)
{
    *trace = (struct sipstack_trace){
        .process = "0AC0",
        .thread = "1278",
        .sequence = 1,
        .machine = "LYNC\\LYNC",
        .instance = 1,
    };
}

/* What writes a record: level, flag, function and line of the product's own
 * source. Line 160 stands in a Lync 2010 trace, 125 in those of 2007 R2 and
 * Lync 2010, 830 and 833 in Skype for Business 2015; that the other product
 * has the same numbers is assumed. */
struct record_origin {
    struct ls_str front;
    struct ls_str place;
};
#define ORIGIN(level, flag, function, line)                                    \
    {                                                                          \
        LS_STR(level "(" flag ") ["),                                          \
            LS_STR(" (SIPStack,SIPAdminLog::" function                         \
                   ":SIPAdminLog.cpp(" #line "))")                             \
    }

static const struct record_origin
    from_connection =
        ORIGIN("TL_ERROR", "TF_CONNECTION", "TraceConnectionRecord", 160),
    from_protocol =
        ORIGIN("TL_INFO", "TF_PROTOCOL", "TraceProtocolRecord", 125),
    from_warning = ORIGIN("TL_WARN", "TF_DIAG", "WriteDiagnosticEvent", 830),
    from_error = ORIGIN("TL_ERROR", "TF_DIAG", "WriteDiagnosticEvent", 833);

/* The number by which the product groups the records of one connection; any
 * that differs between connections and repeats between runs will do. */
static uint32_t correlation_of(const struct trace_event *event)
{
    uint64_t mixed = event->connection_id * UINT64_C(0x9E3779B97F4A7C15);

    return (uint32_t)((mixed >> 32) ^ mixed);
}

/* "12/20/2011-20:45:01.704"; what is the same all second long is kept. */
static void add_time(struct sipstack_trace *trace, int64_t at_ms,
                     struct ls_buf *out)
{
    int64_t ms = at_ms % 1000;
    int64_t second = at_ms / 1000;
    struct tm tm = {0};

    if (ms < 0) {
        ms += 1000;
        second--;
    }
    if (trace->second_text[0] == '\0' || trace->second != second) {
        gmtime_r(&(time_t){second}, &tm);
        trace->second = second;
        strftime(trace->second_text, sizeof trace->second_text,
                 "%m/%d/%Y-%H:%M:%S.", &tm);
    }
    const char digits[] = {
        (char)('0' + ms / 100),
        (char)('0' + ms / 10 % 10),
        (char)('0' + ms % 10),
    };

    ls_buf_add_text(out, trace->second_text);
    ls_buf_add(out, ls_str_from_bytes(digits, sizeof digits));
}

static void begin_record(struct sipstack_trace *trace,
                         const struct trace_event *event,
                         const struct record_origin *from, struct ls_buf *out)
{
    bool is_2010 = trace->style == SIPSTACK_LYNC_2010;

    ls_buf_add(out, from->front);
    ls_buf_add_text(out, is_2010 ? "0" : trace->machine);
    ls_buf_add_byte(out, ']');
    ls_buf_add_text(out, trace->process);
    ls_buf_add_byte(out, '.');
    ls_buf_add_text(out, trace->thread);
    ls_buf_add_text(out, "::");
    add_time(trace, event->at_ms, out);
    ls_buf_add_byte(out, '.');
    ls_buf_add_hex(out, trace->sequence++, 8,
                   is_2010 ? LS_HEX_LOWER : LS_HEX_UPPER);
    ls_buf_add(out, from->place);
    if (!is_2010) {
        ls_buf_add_text(out, " [");
        ls_buf_add_decimal(out, correlation_of(event));
        ls_buf_add_text(out, "] ");
    }
    ls_buf_add_text(out, "$$begin_record\n");
}

/* Could a reader of traces take this for the mark of a record? */
static bool is_mark(struct ls_str text)
{
    return ls_str_starts_with(text, "$$") || ls_str_starts_with(text, "TL_");
}

/* Bytes that stand for themselves wherever they come: nearly all there are. A
 * mark may begin with $ or T; the others are another matter in quotes. */
static const struct byte_set plain = {
    .low = BYTE_SET_FROM_TO(' ', '?') & ~BYTE_SET_OF('$') & ~BYTE_SET_OF('"'),
    .high = BYTE_SET_FROM_TO('@', '~') & ~BYTE_SET_OF('T') & ~BYTE_SET_OF('\\'),
};

/* Bytes at which a mark may begin, or that stay as they are outside quotes. */
static bool is_special(char byte, bool quoted)
{
    return byte == '$' || byte == 'T' ||
           (!quoted && (byte == '"' || byte == '\\' || byte == '\t'));
}

/* Which of them are not printable ASCII, or what marks and escapes are made
 * of: "$$", "TL_", \. */
static inline byte_block find_harm(byte_block block)
{
    return (block < ' ') | (block == 0x7F) | (block == '$') | (block == '_') |
           (block == '\\') | (block == '"');
}

static bool is_harmless(struct ls_str text)
{
    return byte_block_finds_none(find_harm, text);
}

/* What a peer chose, unable to end the line or the record. Quoted is a name
 * between quotes; otherwise the text stays as readable as it came, and only a
 * \x of the peer's own becomes \x5Cx: what is read back is what was sent. */
static void add_foreign(struct ls_buf *out, struct ls_str text, bool quoted)
{
    if (is_harmless(text)) {
        ls_buf_add(out, text);
        return;
    }
    while (text.length) {
        size_t length = byte_set_span(&plain, text), other = 0;

        ls_buf_add(out, ls_str_first(text, length));
        text = ls_str_skip(text, length);
        if (text.length == 0)
            return;
        while (other < text.length && !byte_set_has(&plain, text.at[other]) &&
               !is_special(text.at[other], quoted))
            other++;
        ls_buf_add_escaped(out, ls_str_first(text, other));
        text = ls_str_skip(text, other);
        if (text.length == 0 || !is_special(text.at[0], quoted))
            continue;
        if (is_mark(text) || ls_str_starts_with(text, "\\x"))
            ls_buf_printf(out, "\\x%02X", (unsigned char)text.at[0]);
        else
            ls_buf_add_byte(out, text.at[0]);
        text = ls_str_skip(text, 1);
    }
}

/* Which of sixteen bytes could be anything but themselves in a message that
 * is shown line by line; the one behind them is looked at as well. */
static inline byte_block find_harm_in_lines(const char *at)
{
    byte_block here = byte_block_at(at), next = byte_block_at(at + 1);
    byte_block line_end = (here == '\n') | ((here == '\r') & (next == '\n'));

    return ((here < ' ') & ~line_end) | (here == 0x7F) | (here == '$') |
           (here == '\\') | ((here == 'L') & (next == '_'));
}

/* Most of what a trace costs is looking for what is hardly ever there: nearly
 * all messages are looked at once, and not line by line. */
static bool has_harmless_lines(struct ls_str message)
{
    char rest[sizeof(byte_block) + 1];
    byte_block found = {0};

    if (message.length > LOOKED_AT_MAX_BYTES)
        return false;
    for (; message.length > sizeof found;
         message = ls_str_skip(message, sizeof found))
        found |= find_harm_in_lines(message.at);
    memset(rest, '\n', sizeof rest);
    if (message.length > 0)
        memcpy(rest, message.at, message.length);
    return byte_block_is_zero(found | find_harm_in_lines(rest));
}

/* A line of a message, which may be known to be harmless. */
static void add_line(struct ls_buf *out, struct ls_str line, bool is_known)
{
    if (is_known)
        ls_buf_add(out, line);
    else
        add_foreign(out, line, false);
    ls_buf_add_byte(out, '\n');
}

/* "Name: value" as a line; nothing where there is no value. */
static void add_field(struct ls_buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    ls_buf_add_text(out, name);
    ls_buf_add_text(out, ": ");
    add_foreign(out, ls_str_from(value), false);
    ls_buf_add_byte(out, '\n');
}

static bool is_address(const char *peer)
{
    return peer[0] == '[' || strspn(peer, "0123456789.:") == strlen(peer);
}

/* What stands between the text and the transport is remembered by people who
 * worked with the product and in no trace that could be found. */
static void add_peer(struct ls_buf *out, const struct trace_event *event)
{
    if (event->peer)
        add_field(out, is_address(event->peer) ? "Peer-IP" : "Peer",
                  event->peer);
}

static bool is_unknown_server(const struct trace_event *event)
{
    return !event->text || strcmp(event->text, SIPSTACK_UNKNOWN_SERVER) == 0;
}

static bool print_connection(struct sipstack_trace *trace,
                             const struct trace_event *event,
                             struct ls_buf *out)
{
    bool is_full = trace->fields == SIPSTACK_FIELDS_FULL;
    const char *result_code = event->result_code;

    if (!is_full && !is_unknown_server(event))
        return false;
    if (!result_code && is_unknown_server(event))
        result_code = "0xc3e93d6a SIPPROXY_E_CONNECTION_UNKNOWN_SERVER";
    begin_record(trace, event, &from_connection, out);
    ls_buf_add_text(out, "LogType: connection\nSeverity: error\n");
    add_field(out, "Text", event->text ? event->text : SIPSTACK_UNKNOWN_SERVER);
    if (is_full)
        add_peer(out, event);
    ls_buf_add_text(out, "Transport: TLS\n");
    if (is_full)
        add_field(out, "Result-Code", result_code);
    if (event->fqdn || !event->data) {
        ls_buf_add_text(out, "Data: fqdn=\"");
        add_foreign(out, ls_str_from_bytes(event->fqdn, event->fqdn_length),
                    true);
        ls_buf_add_text(out, "\"\n");
    } else {
        add_field(out, "Data", event->data);
    }
    ls_buf_add_text(out, END_RECORD);
    return true;
}

static bool print_diagnostic(struct sipstack_trace *trace,
                             const struct trace_event *event,
                             struct ls_buf *out)
{
    begin_record(trace, event, event->is_warning ? &from_warning : &from_error,
                 out);
    /* No 2015 record that could be found has this line. */
    if (trace->style == SIPSTACK_LYNC_2010 ||
        trace->fields == SIPSTACK_FIELDS_FULL)
        ls_buf_add_text(out, "LogType: diagnostic\n");
    add_field(out, "Severity", event->is_warning ? "warning" : "error");
    add_field(out, "Text", event->text);
    add_field(out, "Result-Code", event->result_code);
    add_field(out, "SIP-Start-Line", event->start_line);
    add_field(out, "SIP-Call-ID", event->call_id);
    add_field(out, "SIP-CSeq", event->cseq);
    add_field(out, "Peer", event->peer);
    add_field(out, "Data", event->data);
    ls_buf_add_text(out, END_RECORD);
    return true;
}

/* Take a line off the front, without its CR LF or LF. */
static bool cut_line(struct ls_str *rest, struct ls_str *line)
{
    if (!ls_str_cut(rest, '\n', line))
        return false;
    if (line->length && line->at[line->length - 1] == '\r')
        line->length--;
    return true;
}

/* Whether the line is such a header. Most are told by their first letter. */
static bool is_credential(struct ls_str line)
{
    static const char *const names[] = {
        "Authorization",
        "Proxy-Authorization",
        "Authentication-Info",
        "Proxy-Authentication-Info",
    };
    char first = line.at[0] | 0x20;
    struct ls_str name;

    if (first != 'a' && first != 'p')
        return false;
    name = ls_str_trim(ls_str_first(line, ls_str_find(line, ':')));
    for (size_t i = 0; i < LS_COUNT(names); i++)
        if (ls_str_equal_nocase(name, ls_str_from(names[i])))
            return true;
    return false;
}

/* Of a credential only the header's name and the scheme. */
static void add_redacted(struct ls_buf *out, struct ls_str line)
{
    size_t colon = ls_str_find(line, ':');
    struct ls_str value = ls_str_trim(ls_str_skip(line, colon + 1));
    size_t blank = ls_str_find(value, ' ');

    add_foreign(out, ls_str_first(line, colon), false);
    ls_buf_add_text(out, ": ");
    if (blank < ls_str_find(value, '='))
        add_foreign(out, ls_str_first(value, blank + 1), false);
    ls_buf_add_text(out, "(redacted)\n");
}

/* The headers in the sender's spelling and order, up to the empty line; of a
 * redacted one its folded lines are left out. */
static void add_headers(struct ls_buf *out, struct ls_str *rest,
                        bool unredacted, bool is_known)
{
    bool hiding = false;
    struct ls_str line;

    while (cut_line(rest, &line) && line.length) {
        bool is_folded = line.at[0] == ' ' || line.at[0] == '\t';

        if (!is_folded)
            hiding = !unredacted && is_credential(line);
        if (!hiding)
            add_line(out, line, is_known);
        else if (!is_folded)
            add_redacted(out, line);
    }
}

static void add_body(struct ls_buf *out, struct ls_str body, bool unredacted,
                     bool is_known)
{
    struct ls_str shown = body;
    struct ls_str line;

    ls_buf_add_text(out, "Message-Body: ");
    if (!unredacted)
        shown = ls_str_first(body, SIPSTACK_BODY_MAX_BYTES);
    if (shown.length == 0)
        ls_buf_add_text(out, "-\n");
    while (cut_line(&shown, &line))
        add_line(out, line, is_known);
    if (!unredacted && body.length > SIPSTACK_BODY_MAX_BYTES)
        ls_buf_printf(out, "(the first %d of %zu bytes)\n",
                      SIPSTACK_BODY_MAX_BYTES, body.length);
}

static bool print_message(struct sipstack_trace *trace,
                          const struct trace_event *event, struct ls_buf *out)
{
    struct ls_str rest = ls_str_from_bytes(event->bytes, event->byte_count);
    struct ls_str line = {"", 0};
    bool is_known = has_harmless_lines(rest);

    ls_buf_reserve(out, event->byte_count + RECORD_FRAME_BYTES);
    begin_record(trace, event, &from_protocol, out);
    ls_buf_add_text(out, "Trace-Correlation-Id: ");
    ls_buf_add_decimal(out, correlation_of(event));
    ls_buf_add_text(out, "\nInstance-Id: ");
    ls_buf_add_hex(out, trace->instance++, 8, LS_HEX_UPPER);
    ls_buf_add_text(out, event->incoming ? "\nDirection: incoming\n"
                                         : "\nDirection: outgoing\n");
    add_field(out, "Peer", event->peer);
    cut_line(&rest, &line);
    ls_buf_add_text(out, ls_str_starts_with(line, "SIP/")
                             ? "Message-Type: response\nStart-Line: "
                             : "Message-Type: request\nStart-Line: ");
    add_line(out, line, is_known);
    add_headers(out, &rest, trace->unredacted, is_known);
    add_body(out, rest, trace->unredacted, is_known);
    ls_buf_add_text(out, END_RECORD);
    return true;
}

bool sipstack_trace_print(struct sipstack_trace *trace,
                          const struct trace_event *event, struct ls_buf *out)
{
    switch (event->kind) {
    case TRACE_CONNECTION:
        return print_connection(trace, event, out);
    case TRACE_MESSAGE:
        return print_message(trace, event, out);
    case TRACE_DIAGNOSTIC:
        return print_diagnostic(trace, event, out);
    case TRACE_OPENED:
    case TRACE_DIALLED:
    case TRACE_STATE:
    case TRACE_HANDSHAKE:
    case TRACE_VERDICT:
    case TRACE_LIMIT:
    case TRACE_CLOSED:
    case TRACE_EVENT_COUNT:
        return false;
    }
    return false;
}
