#include "lyncsim/trace_reader.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/sipstack_trace.h"
#include "lyncsim/text_decoder.h"

#define BEGIN_MARK "$$begin_record"
#define END_MARK "$$end_record"

/* Lines of a mail or web page that was wrapped may stand within a record; so
 * many of them that say nothing in a row end it. */
#define STRAY_LINES_MAX 3

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

static const struct ls_str field_names[FIELD_COUNT] = {
#define X(name, text) [name] = LS_STR(text),
    FIELD_LIST(X)
#undef X
};

/* Where a part of the record stands in its store. */
struct part {
    size_t at;
    size_t length;
};

struct trace_reader {
    struct text_decoder decoder;
    struct ls_buf input;
    size_t taken; /* of input */
    bool is_eof;
    bool passing_over; /* the rest of a line that is too long */
    bool is_mid_line;  /* another record follows on the same line */
    uint64_t lines;

    bool is_open; /* a record is being read */
    bool is_message;
    unsigned stray_lines;
    int last_field; /* or -1 */
    struct ls_buf store;
    struct ls_buf fqdn;
    struct trace_record record;
    struct part level, flag, origin;
    struct part fields[FIELD_COUNT];
};

struct trace_reader *trace_reader_new(void)
{
    struct trace_reader *reader = ls_alloc(sizeof *reader);

    ls_buf_init(&reader->store, TRACE_READER_RECORD_MAX_BYTES);
    return reader;
}

void trace_reader_free(struct trace_reader *reader)
{
    if (!reader)
        return;
    ls_buf_clear(&reader->input);
    ls_buf_clear(&reader->store);
    ls_buf_clear(&reader->fqdn);
    free(reader);
}

void trace_reader_feed(struct trace_reader *reader, struct ls_str bytes)
{
    ls_buf_consume(&reader->input, reader->taken);
    reader->taken = 0;
    text_decoder_feed(&reader->decoder, bytes, &reader->input);
}

void trace_reader_feed_eof(struct trace_reader *reader)
{
    text_decoder_feed_eof(&reader->decoder, &reader->input);
    reader->is_eof = true;
}

uint64_t trace_reader_lines(const struct trace_reader *reader)
{
    return reader->lines;
}

/* Index of the first such text, or str.length. */
static size_t find_text(struct ls_str str, const char *text)
{
    const char *found =
        str.length ? memmem(str.at, str.length, text, strlen(text)) : NULL;

    return found ? (size_t)(found - str.at) : str.length;
}

/* Without the blanks and the quote marks that mails put before a line. */
static struct ls_str without_margin(struct ls_str line)
{
    while (line.length &&
           (line.at[0] == ' ' || line.at[0] == '\t' || line.at[0] == '>'))
        line = ls_str_skip(line, 1);
    return line;
}

/* ---- the header line ---- */

/* TL_ERROR(TF_CONNECTION): letters and underscores, the flag in brackets. */
static bool cut_origin(struct ls_str *rest, struct ls_str *level,
                       struct ls_str *flag)
{
    size_t open, close;

    if (!ls_str_starts_with(*rest, "TL_"))
        return false;
    open = ls_str_find(ls_str_first(*rest, 32), '(');
    close = ls_str_find(ls_str_first(*rest, 96), ')');
    if (open >= close || close == rest->length || rest->at[close] != ')' ||
        !ls_str_starts_with(ls_str_skip(*rest, open), "(TF_"))
        return false;
    *level = ls_str_first(*rest, open);
    *flag = ls_str_skip(ls_str_first(*rest, close), open + 1);
    *rest = ls_str_skip(*rest, close + 1);
    return true;
}

static bool cut_number(struct ls_str *rest, size_t digits, char after, int *out)
{
    uint64_t number;

    if (rest->length <= digits || rest->at[digits] != after ||
        !ls_str_to_u64(ls_str_first(*rest, digits), &number))
        return false;
    *out = (int)number;
    *rest = ls_str_skip(*rest, digits + 1);
    return true;
}

/* 12/20/2011-20:45:01.704. */
static bool read_time(struct ls_str rest, int64_t *at_ms)
{
    struct tm tm = {0};
    int ms;

    if (!cut_number(&rest, 2, '/', &tm.tm_mon) ||
        !cut_number(&rest, 2, '/', &tm.tm_mday) ||
        !cut_number(&rest, 4, '-', &tm.tm_year) ||
        !cut_number(&rest, 2, ':', &tm.tm_hour) ||
        !cut_number(&rest, 2, ':', &tm.tm_min) ||
        !cut_number(&rest, 2, '.', &tm.tm_sec) ||
        !cut_number(&rest, 3, '.', &ms))
        return false;
    if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 ||
        tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
        return false;
    tm.tm_mon -= 1;
    tm.tm_year -= 1900;
    *at_ms = (int64_t)timegm(&tm) * 1000 + ms;
    return true;
}

static struct part keep(struct trace_reader *reader, struct ls_str text)
{
    struct part part = {reader->store.length, text.length};

    if (ls_buf_add(&reader->store, text) != LS_OK)
        part.length = 0;
    return part;
}

static void begin_record(struct trace_reader *reader)
{
    ls_buf_reset(&reader->store);
    memset(reader->fields, 0, sizeof reader->fields);
    reader->record = (struct trace_record){.line = reader->lines};
    reader->level = reader->flag = reader->origin = (struct part){0};
    reader->is_open = true;
    reader->is_message = false;
    reader->stray_lines = 0;
    reader->last_field = -1;
}

/* Begin a record where the line is the header of one; *rest is what follows
 * the header on the same line. */
static bool open_record(struct trace_reader *reader, struct ls_str line,
                        struct ls_str *rest)
{
    struct ls_str level, flag;
    struct ls_str after = without_margin(line);

    if (!cut_origin(&after, &level, &flag))
        return false;
    size_t open = ls_str_find(after, '['), close = ls_str_find(after, ']');
    struct ls_str origin =
        open < close ? ls_str_skip(ls_str_first(after, close), open + 1)
                     : ls_str_first(after, 0);
    size_t colons = find_text(after, "::");
    size_t begin = find_text(after, BEGIN_MARK);

    begin_record(reader);
    reader->record.has_time =
        read_time(ls_str_skip(after, colons + 2), &reader->record.at_ms);
    reader->level = keep(reader, level);
    reader->flag = keep(reader, flag);
    reader->origin = keep(reader, origin);
    reader->is_message = ls_str_equal_text(flag, "TF_PROTOCOL");
    *rest = ls_str_skip(after, begin + strlen(BEGIN_MARK));
    return true;
}

/* ---- the fields ---- */

static int field_at(struct ls_str text, struct ls_str *value)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        struct ls_str name = field_names[i];

        if (text.length <= name.length || text.at[name.length] != ':' ||
            !ls_str_equal(ls_str_first(text, name.length), name))
            continue;
        *value = ls_str_skip(text, name.length + 1);
        return i;
    }
    return -1;
}

/* How long the value at the front is: to the end, or to where another field
 * begins. Where a page lost its line ends several stand on one line; what is
 * between quotes is a peer's and begins nothing. */
static size_t value_length(struct ls_str text)
{
    struct ls_str ignored;
    bool quoted = false;

    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '"')
            quoted = !quoted;
        if (quoted || text.at[i] != ' ' || i + 1 == text.length)
            continue;
        char next = text.at[i + 1];
        if (next < 'A' || next > 'T')
            continue;
        if (field_at(ls_str_skip(text, i + 1), &ignored) >= 0)
            return i;
    }
    return text.length;
}

static void set_field(struct trace_reader *reader, int field,
                      struct ls_str value)
{
    reader->last_field = field;
    /* The first one speaks: nothing later can replace what was read. */
    if (reader->fields[field].length == 0)
        reader->fields[field] = keep(reader, ls_str_trim(value));
}

/* Append a line that a page wrapped to the text it belongs to. */
static void continue_text(struct trace_reader *reader, struct ls_str line)
{
    struct part *part = &reader->fields[FIELD_TEXT];
    struct ls_str before = {reader->store.at + part->at, part->length};
    struct ls_buf joined = {0};

    ls_buf_add(&joined, before);
    ls_buf_add_byte(&joined, ' ');
    ls_buf_add(&joined, ls_str_trim(line));
    *part = keep(reader, ls_buf_str(&joined));
    ls_buf_clear(&joined);
}

/* Read the fields of a line; false when there is none. */
static bool read_fields(struct trace_reader *reader, struct ls_str line)
{
    struct ls_str value;
    struct ls_str rest = without_margin(line);
    int field = field_at(rest, &value);

    if (field < 0)
        return false;
    while (field >= 0) {
        size_t length = value_length(value);

        set_field(reader, field, ls_str_first(value, length));
        field = field_at(ls_str_skip(value, length + 1), &value);
    }
    return true;
}

static bool is_data_missing(const struct trace_reader *reader)
{
    return reader->fields[FIELD_DATA].length == 0;
}

/* A line that is neither field nor mark: true when the record ends at it. */
static bool take_stray(struct trace_reader *reader, struct ls_str line)
{
    if (ls_str_is_empty(ls_str_trim(line)))
        return false;
    if (!is_data_missing(reader) || ++reader->stray_lines > STRAY_LINES_MAX)
        return true;
    if (reader->last_field == FIELD_TEXT)
        continue_text(reader, without_margin(line));
    return false;
}

/* People paste the fields alone: a record without its header begins where one
 * says that it is of a connection, or with the sentence that all look for. */
static bool open_bare(struct trace_reader *reader, struct ls_str line)
{
    struct ls_str text = without_margin(line);

    if (!ls_str_starts_with(text, "LogType: connection") &&
        !ls_str_starts_with(text, "Text: " SIPSTACK_UNKNOWN_SERVER))
        return false;
    begin_record(reader);
    return true;
}

/* ---- what Data says ---- */

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return -1;
}

static void read_back(struct ls_buf *out, struct ls_str text)
{
    while (text.length) {
        size_t length = 1;
        char byte = text.at[0];

        if (text.length >= 4 && byte == '\\' && text.at[1] == 'x' &&
            hex_digit(text.at[2]) >= 0 && hex_digit(text.at[3]) >= 0) {
            byte = (char)(hex_digit(text.at[2]) * 16 + hex_digit(text.at[3]));
            length = 4;
        }
        ls_buf_add_byte(out, byte);
        text = ls_str_skip(text, length);
    }
}

/* Quotes as logs have them, and as web pages make them. */
static const struct {
    const char *open;
    const char *close;
} quotes[] = {
    {"\"", "\""},
    {"&quot;", "&quot;"},
    {"\xE2\x80\x9C", "\xE2\x80\x9D"},
    {"\xE2\x80\x9D", "\xE2\x80\x9D"},
};

/* Find fqdn="name" in data: fqdn itself, not another word's end. */
static bool find_fqdn(struct ls_str data, struct ls_str *name)
{
    struct ls_str rest = data;

    while (rest.length) {
        size_t at = find_text(rest, "fqdn");
        bool is_word = at == 0 || strchr(" ;,\t", rest.at[at - 1]);

        if (at == rest.length)
            return false;
        rest = ls_str_trim(ls_str_skip(rest, at + 4));
        if (!is_word || rest.length == 0 || rest.at[0] != '=')
            continue;
        struct ls_str value = ls_str_trim(ls_str_skip(rest, 1));
        for (size_t i = 0; i < LS_COUNT(quotes); i++) {
            if (!ls_str_starts_with(value, quotes[i].open))
                continue;
            value = ls_str_skip(value, strlen(quotes[i].open));
            *name = ls_str_trim(
                ls_str_first(value, find_text(value, quotes[i].close)));
            return true;
        }
    }
    return false;
}

/* ---- one record after the other ---- */

static struct ls_str part_of(const struct trace_reader *reader,
                             struct part part)
{
    return ls_str_from_bytes(reader->store.at + part.at, part.length);
}

static struct ls_str field_of(const struct trace_reader *reader,
                              enum field field)
{
    return part_of(reader, reader->fields[field]);
}

static void close_record(struct trace_reader *reader,
                         struct trace_record *record)
{
    struct ls_str name;

    reader->is_open = false;
    *record = reader->record;
    record->level = part_of(reader, reader->level);
    record->flag = part_of(reader, reader->flag);
    record->origin = part_of(reader, reader->origin);
    record->log_type = field_of(reader, FIELD_LOG_TYPE);
    record->severity = field_of(reader, FIELD_SEVERITY);
    record->text = field_of(reader, FIELD_TEXT);
    record->peer = field_of(reader, FIELD_PEER);
    if (ls_str_is_empty(record->peer))
        record->peer = field_of(reader, FIELD_PEER_IP);
    record->result_code = field_of(reader, FIELD_RESULT_CODE);
    record->start_line = field_of(reader, FIELD_START_LINE);
    record->data = field_of(reader, FIELD_DATA);
    ls_buf_reset(&reader->fqdn);
    record->has_fqdn = find_fqdn(record->data, &name);
    if (record->has_fqdn)
        read_back(&reader->fqdn, name);
    record->fqdn = ls_buf_str(&reader->fqdn);
}

/* Pass over what is left of a line that was too long; false when its end has
 * not been fed yet. */
static bool pass_over(struct trace_reader *reader)
{
    struct ls_str rest = ls_str_skip(ls_buf_str(&reader->input), reader->taken);
    size_t end = ls_str_find(rest, '\n');

    if (!reader->passing_over)
        return true;
    reader->passing_over = end == rest.length;
    reader->taken += reader->passing_over ? end : end + 1;
    return !reader->passing_over;
}

/* The next line, without its line end; *length is what it takes of the input.
 * Of a line that is too long only the beginning is seen. */
static bool peek_line(struct trace_reader *reader, struct ls_str *line,
                      size_t *length)
{
    if (!pass_over(reader))
        return false;
    struct ls_str rest = ls_str_skip(ls_buf_str(&reader->input), reader->taken);
    size_t end = ls_str_find(rest, '\n');
    bool is_whole = end < rest.length;

    if (rest.length == 0 ||
        (!is_whole && !reader->is_eof && end < TRACE_READER_LINE_MAX_BYTES))
        return false;
    *length = is_whole ? end + 1 : end;
    *line = ls_str_first(rest, end);
    if (line->length && line->at[line->length - 1] == '\r')
        line->length--;
    *line = ls_str_first(*line, TRACE_READER_LINE_MAX_BYTES);
    return true;
}

static bool is_header(struct ls_str line)
{
    struct ls_str level, flag;
    struct ls_str rest = without_margin(line);

    return cut_origin(&rest, &level, &flag);
}

/* Read a line of the open record; true when the record ends with it. *after is
 * what stands behind the end mark: another record where a page lost its line
 * ends. The end mark of a message stands alone on its line. */
static bool read_line(struct trace_reader *reader, struct ls_str line,
                      struct ls_str *after)
{
    size_t end = reader->is_message && !ls_str_starts_with(line, END_MARK)
                     ? line.length
                     : find_text(line, END_MARK);
    struct ls_str text = ls_str_first(line, end);

    *after = ls_str_trim(ls_str_skip(line, end + strlen(END_MARK)));
    if (!reader->is_message && !read_fields(reader, text) &&
        take_stray(reader, text))
        return true;
    return end < line.length;
}

/* Take the line; true when it ends the open record. */
static bool advance(struct trace_reader *reader, struct ls_str line,
                    size_t length)
{
    struct ls_str rest = line;
    struct ls_str after = {"", 0};
    bool is_whole =
        reader->is_eof || reader->input.at[reader->taken + length - 1] == '\n';
    bool ends = false;

    reader->lines += reader->is_mid_line ? 0 : 1;
    if (reader->is_open || open_record(reader, line, &rest) ||
        open_bare(reader, line))
        ends = read_line(reader, rest, &after);
    reader->is_mid_line = !ls_str_is_empty(after);
    if (reader->is_mid_line)
        length = (size_t)(after.at - line.at);
    else
        reader->passing_over = !is_whole;
    reader->taken += length;
    return ends;
}

bool trace_reader_next(struct trace_reader *reader, struct trace_record *record)
{
    struct ls_str line;
    size_t length;

    while (peek_line(reader, &line, &length)) {
        /* The header of another record is left for the next call. */
        if ((reader->is_open && is_header(line)) ||
            advance(reader, line, length)) {
            close_record(reader, record);
            return true;
        }
    }
    if (!reader->is_eof || !reader->is_open)
        return false;
    close_record(reader, record);
    return true;
}
