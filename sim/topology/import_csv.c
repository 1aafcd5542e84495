/*
 * Export-Csv: a line that may name the type, a line of names, an object a
 * line; comma, semicolon or tab between, by the culture of the system.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "import.h"

#define CSV_COLUMNS_MAX 500

struct csv_reader {
    struct topology_import *import;
    struct ls_str rest;
    char separator;
    unsigned line;
    char **names;
    size_t name_count;
    size_t name_capacity;
};

static void skip_type_line(struct ls_str *text, unsigned *line)
{
    struct ls_str first;

    if (ls_str_starts_with(*text, "#TYPE") && ls_str_cut(text, '\n', &first))
        *line += 1;
}

/* The separator is the first of them outside quotes in the line of names. */
static char separator_of(struct ls_str text)
{
    bool quoted = false;

    for (size_t i = 0; i < text.length && text.at[i] != '\n'; i++) {
        if (text.at[i] == '"')
            quoted = !quoted;
        else if (!quoted && text.at[i] && strchr(",;\t", text.at[i]))
            return text.at[i];
    }
    return '\0';
}

/* Take one field off the front; *is_last: the line ends with it. A field in
 * quotes may hold separators, line ends and, doubled, quotes. */
static void cut_field(struct csv_reader *reader, struct ls_buf *field,
                      bool *is_last)
{
    struct ls_str rest = reader->rest;
    bool quoted = false;
    size_t i = 0;

    ls_buf_reset(field);
    *is_last = true;
    for (; i < rest.length; i++) {
        char byte = rest.at[i];

        reader->line += byte == '\n';
        if (byte == '"' && quoted && i + 1 < rest.length &&
            rest.at[i + 1] == '"') {
            ls_buf_add_byte(field, '"');
            i++;
        } else if (byte == '"') {
            quoted = !quoted;
        } else if (!quoted && (byte == reader->separator || byte == '\n')) {
            *is_last = byte == '\n';
            break;
        } else {
            ls_buf_add_byte(field, byte);
        }
    }
    reader->rest = ls_str_skip(rest, i + 1);
}

static void add_name(struct csv_reader *reader, struct ls_str name)
{
    LS_GROW(reader->names, reader->name_count, reader->name_capacity);
    reader->names[reader->name_count++] =
        ls_str_dup(ls_str_first(ls_str_trim(name), IMPORT_NAME_MAX_BYTES));
}

static bool read_names(struct csv_reader *reader)
{
    struct ls_buf field = {0};
    bool is_last = false;

    while (!is_last && reader->name_count < CSV_COLUMNS_MAX) {
        cut_field(reader, &field, &is_last);
        add_name(reader, ls_buf_str(&field));
    }
    if (!is_last)
        import_fault(reader->import, reader->line, 1, NULL,
                     "more than %d columns", CSV_COLUMNS_MAX);
    ls_buf_clear(&field);
    return is_last;
}

/* Export-Csv writes a list as the name of its type; Select-Object with an
 * expression that joins it is the way round. */
static bool is_type_name(struct ls_str text)
{
    return ls_str_starts_with(text, "System.") ||
           ls_str_starts_with(text, "Microsoft.Rtc.");
}

static void read_object(struct csv_reader *reader, struct ls_buf *field)
{
    struct import_record record = {.line = reader->line};
    size_t surplus = 0;
    bool is_last = false;

    for (size_t i = 0; !is_last; i++) {
        unsigned line = reader->line;

        cut_field(reader, field, &is_last);
        struct ls_str value = ls_str_trim(ls_buf_str(field));

        if (i >= reader->name_count) {
            surplus++;
            continue;
        }
        struct import_property *property =
            import_record_add(&record, ls_str_from(reader->names[i]));
        property->line = line;
        property->is_opaque = is_type_name(value);
        import_property_add(property, value);
    }
    if (surplus)
        import_note(reader->import,
                    "Line %u has %zu fields more than there are names; they "
                    "were left out.",
                    record.line, surplus);
    import_record_apply(reader->import, &record);
}

static bool is_blank_line(struct ls_str text)
{
    return ls_str_is_empty(
        ls_str_trim(ls_str_first(text, ls_str_find(text, '\n'))));
}

/* Whether the line is one of names, by its first field alone or by any. */
static bool is_header(struct ls_str text, unsigned fields)
{
    static const char *const names[] = {
        "Identity", "PoolFqdn", "Fqdn", "ApplicationId", "Pool", "Registrar",
    };
    struct ls_str line = ls_str_first(text, ls_str_find(text, '\n'));
    struct csv_reader reader = {.rest = line, .separator = separator_of(line)};
    struct ls_buf field = {0};
    bool is_last = reader.separator == '\0';
    bool found = false;

    for (unsigned i = 0; !is_last && !found && i < fields; i++) {
        cut_field(&reader, &field, &is_last);
        for (size_t k = 0; k < LS_COUNT(names); k++)
            found |= ls_str_equal_nocase(ls_str_trim(ls_buf_str(&field)),
                                         ls_str_from(names[k]));
    }
    ls_buf_clear(&field);
    return found;
}

bool import_csv_recognise(struct ls_str text)
{
    unsigned line = 0;

    skip_type_line(&text, &line);
    return is_header(text, CSV_COLUMNS_MAX);
}

static void clear_names(struct csv_reader *reader)
{
    for (size_t i = 0; i < reader->name_count; i++)
        free(reader->names[i]);
    reader->name_count = 0;
}

void import_csv_read(struct topology_import *import, struct ls_str text)
{
    struct csv_reader reader = {.import = import, .rest = text, .line = 1};
    struct ls_buf field = {0};

    while (reader.rest.length) {
        if (is_blank_line(reader.rest)) {
            reader.rest =
                ls_str_skip(reader.rest, ls_str_find(reader.rest, '\n') + 1);
            reader.line++;
            /* Several exports in one file: each begins with its names. */
        } else if (reader.name_count == 0 ||
                   ls_str_starts_with(reader.rest, "#TYPE") ||
                   is_header(reader.rest, 1)) {
            skip_type_line(&reader.rest, &reader.line);
            reader.separator = separator_of(reader.rest);
            clear_names(&reader);
            if (!read_names(&reader))
                break;
        } else {
            read_object(&reader, &field);
        }
    }
    clear_names(&reader);
    free(reader.names);
    ls_buf_clear(&field);
}
