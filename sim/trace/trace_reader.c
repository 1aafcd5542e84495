#include "lyncsim/trace_reader.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"
#include "lyncsim/sipstack_trace.h"
#include "lyncsim/text_decoder.h"

#include "trace_line.h"

#define BEGIN_MARK "$$begin_record"
#define END_MARK "$$end_record"

/* Lines of a mail or web page that was wrapped may stand within a record; so
 * many of them that say nothing in a row end it. */
#define STRAY_LINES_MAX 3

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
    char line_end; /* NUL until it is known */

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

/* ---- the header line ---- */

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
    struct ls_str after = trace_line_without_margin(line);

    if (!trace_line_cut_origin(&after, &level, &flag))
        return false;
    size_t open = ls_str_find(after, '['), close = ls_str_find(after, ']');
    struct ls_str origin =
        open < close ? ls_str_skip(ls_str_first(after, close), open + 1)
                     : ls_str_first(after, 0);
    size_t colons = trace_line_find(after, "::");
    size_t begin = trace_line_find(after, BEGIN_MARK);

    begin_record(reader);
    reader->record.has_time = trace_line_read_time(
        ls_str_skip(after, colons + 2), &reader->record.at_ms);
    reader->level = keep(reader, level);
    reader->flag = keep(reader, flag);
    reader->origin = keep(reader, origin);
    reader->is_message = ls_str_equal_text(flag, "TF_PROTOCOL");
    *rest = ls_str_skip(after, begin + strlen(BEGIN_MARK));
    return true;
}

/* ---- the fields ---- */

static void set_field(struct trace_reader *reader, int field,
                      struct ls_str value)
{
    reader->last_field = field;
    /* The first one speaks: nothing later can replace what was read. */
    if (reader->fields[field].length == 0)
        reader->fields[field] = keep(reader, ls_str_trim(value));
}

/* Append a line that a page or mail wrapped to the field it belongs to. A
 * mail that was saved as it is sent marks by = where it was (RFC 2045 6.7), and
 * within a name there is no blank. */
static void continue_field(struct trace_reader *reader, enum field field,
                           struct ls_str line)
{
    struct part *part = &reader->fields[field];
    struct ls_str before = {reader->store.at + part->at, part->length};
    struct ls_buf joined = {0};
    bool is_marked = ls_str_ends_with(before, "=");
    bool is_name = field == FIELD_DATA && trace_line_is_name_cut(before);

    before.length -= is_marked;
    ls_buf_add(&joined, before);
    ls_buf_add_text(&joined, is_marked || is_name ? "" : " ");
    ls_buf_add(&joined, ls_str_trim(line));
    *part = keep(reader, ls_buf_str(&joined));
    ls_buf_clear(&joined);
}

/* Read the fields of a line; false when there is none. */
static bool read_fields(struct trace_reader *reader, struct ls_str line)
{
    struct ls_str value;
    struct ls_str rest = trace_line_without_margin(line);
    int field = trace_line_field(rest, &value);

    if (field < 0)
        return false;
    while (field >= 0) {
        size_t length = trace_line_value_length(value);

        set_field(reader, field, ls_str_first(value, length));
        field = trace_line_field(
            trace_line_without_margin(ls_str_skip(value, length)), &value);
    }
    return true;
}

static bool is_data_missing(const struct trace_reader *reader)
{
    return reader->fields[FIELD_DATA].length == 0;
}

/* A quote in it has no end yet. */
static bool is_data_open(const struct trace_reader *reader)
{
    struct part part = reader->fields[FIELD_DATA];

    return reader->last_field == FIELD_DATA &&
           trace_line_is_quote_open(
               ls_str_from_bytes(reader->store.at + part.at, part.length));
}

/* A line that is neither field nor mark: true when the record ends at it. */
static bool take_stray(struct trace_reader *reader, struct ls_str line)
{
    struct ls_str text = trace_line_without_margin(line);
    bool is_open = is_data_open(reader);

    if (ls_str_is_empty(ls_str_trim(line)))
        return false;
    if ((!is_data_missing(reader) && !is_open) ||
        ++reader->stray_lines > STRAY_LINES_MAX)
        return true;
    if (reader->last_field == FIELD_TEXT)
        continue_field(reader, FIELD_TEXT, text);
    else if (is_open)
        continue_field(reader, FIELD_DATA, text);
    return false;
}

/* People paste the fields alone: a record without its header begins where one
 * says that it is of a connection, or with the sentence that all look for. */
static bool is_bare_start(struct ls_str line)
{
    struct ls_str text = trace_line_without_margin(line);

    return ls_str_starts_with(text, "LogType: connection") ||
           ls_str_starts_with(text, "Text: " SIPSTACK_UNKNOWN_SERVER);
}

static bool open_bare(struct trace_reader *reader, struct ls_str line)
{
    if (!is_bare_start(line))
        return false;
    begin_record(reader);
    return true;
}

/* Whether the line begins another such record, since the open one has what it
 * would say. */
static bool is_next_bare(const struct trace_reader *reader, struct ls_str line)
{
    return !reader->is_message && !is_data_missing(reader) &&
           is_bare_start(line);
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

static void decode_field(struct trace_reader *reader, enum field field)
{
    struct ls_str value = field_of(reader, field);
    struct ls_buf decoded = {0};

    if (ls_str_find(value, '&') == value.length)
        return;
    trace_line_decode(&decoded, value);
    reader->fields[field] = keep(reader, ls_buf_str(&decoded));
    ls_buf_clear(&decoded);
}

/* The source of a page. What a peer may have written is read so only where no
 * quote of the log's own is left: a name may hold the letters &quot; itself. */
static void decode_page(struct trace_reader *reader)
{
    struct ls_str data;

    decode_field(reader, FIELD_TEXT);
    data = field_of(reader, FIELD_DATA);
    if (ls_str_find(data, '"') == data.length)
        decode_field(reader, FIELD_DATA);
}

static void close_record(struct trace_reader *reader,
                         struct trace_record *record)
{
    struct ls_str name;

    reader->is_open = false;
    decode_page(reader);
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
    record->has_fqdn = trace_line_find_fqdn(record->data, &name);
    if (record->has_fqdn)
        trace_line_read_back(&reader->fqdn, name);
    record->fqdn = ls_buf_str(&reader->fqdn);
}

/* Pass over what is left of a line that was too long; false when its end has
 * not been fed yet. */
static bool pass_over(struct trace_reader *reader)
{
    struct ls_str rest = ls_str_skip(ls_buf_str(&reader->input), reader->taken);
    size_t end = ls_str_find(rest, reader->line_end);

    if (!reader->passing_over)
        return true;
    reader->passing_over = end == rest.length;
    reader->taken += reader->passing_over ? end : end + 1;
    return !reader->passing_over;
}

/* Old systems end lines by a carriage return alone: a log without any line
 * feed at its beginning is of those. False until that is known. */
static bool find_line_end(struct trace_reader *reader, struct ls_str rest)
{
    if (reader->line_end != '\0')
        return true;
    if (ls_str_find(rest, '\n') == rest.length && !reader->is_eof &&
        rest.length < TRACE_READER_LINE_MAX_BYTES)
        return false;
    reader->line_end = ls_str_find(rest, '\n') == rest.length &&
                               ls_str_find(rest, '\r') < rest.length
                           ? '\r'
                           : '\n';
    return true;
}

/* The next line, without its line end; *length is what it takes of the input.
 * Of a line that is too long only the beginning is seen. */
static bool peek_line(struct trace_reader *reader, struct ls_str *line,
                      size_t *length)
{
    if (!pass_over(reader))
        return false;
    struct ls_str rest = ls_str_skip(ls_buf_str(&reader->input), reader->taken);
    if (!find_line_end(reader, rest))
        return false;
    size_t end = ls_str_find(rest, reader->line_end);
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
    struct ls_str rest = trace_line_without_margin(line);

    return trace_line_cut_origin(&rest, &level, &flag);
}

/* Read a line of the open record; true when the record ends with it. *after is
 * what stands behind the end mark: another record where a page lost its line
 * ends. The end mark of a message stands alone on its line. */
static bool read_line(struct trace_reader *reader, struct ls_str line,
                      struct ls_str *after)
{
    size_t end = reader->is_message && !ls_str_starts_with(line, END_MARK)
                     ? line.length
                     : trace_line_find(line, END_MARK);
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
        reader->is_eof ||
        reader->input.at[reader->taken + length - 1] == reader->line_end;
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
        if ((reader->is_open &&
             (is_header(line) || is_next_bare(reader, line))) ||
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
