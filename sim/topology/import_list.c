/*
 * Format-List text as a console prints it: "Name : value", records apart by
 * an empty line, values that are too long wrapped below themselves, wherever
 * the console's width cuts them, names included.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "import.h"

/* Whether one is there already is looked up one by one; no cmdlet puts out an
 * object with as many. */
#define LIST_PROPERTIES_MAX 500

/* A line of a property: the name, blanks, a colon and a blank or the end. */
static bool cut_property(struct ls_str line, struct ls_str *name,
                         struct ls_str *value)
{
    size_t length = 0;

    while (length < line.length &&
           strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                  "0123456789_",
                  line.at[length]) &&
           line.at[length])
        length++;
    struct ls_str rest = ls_str_trim(ls_str_skip(line, length));
    bool has_blank = length < line.length && line.at[length] == ' ';

    if (length == 0 || !has_blank || !ls_str_starts_with(rest, ":") ||
        (rest.length > 1 && rest.at[1] != ' '))
        return false;
    *name = ls_str_first(line, length);
    *value = ls_str_trim(ls_str_skip(rest, 1));
    return true;
}

/* What stands before each line where the text was indented or quoted by a
 * mail: as before the first that is a property. */
static struct ls_str margin_of(struct ls_str text)
{
    struct ls_str line, name, value;

    for (unsigned seen = 0; seen < 200 && ls_str_cut(&text, '\n', &line);
         seen++) {
        size_t length = 0;

        while (length < line.length && line.at[length] &&
               strchr(" \t>|", line.at[length]))
            length++;
        if (cut_property(ls_str_skip(line, length), &name, &value))
            return ls_str_first(line, length);
    }
    return ls_str_first(text, 0);
}

static struct ls_str without_margin(struct ls_str line, struct ls_str margin)
{
    size_t length = 0;

    while (length < margin.length && length < line.length &&
           line.at[length] == margin.at[length])
        length++;
    return ls_str_skip(line, length);
}

bool import_list_recognise(struct ls_str text)
{
    struct ls_str margin = margin_of(text);
    static const char *const names[] = {
        "Identity", "PoolFqdn", "Fqdn", "ApplicationId", "Pool", "Registrar",
    };
    struct ls_str line, name, value;

    for (unsigned seen = 0; seen < 200 && ls_str_cut(&text, '\n', &line);
         seen++) {
        if (!cut_property(without_margin(line, margin), &name, &value))
            continue;
        for (size_t i = 0; i < LS_COUNT(names); i++)
            if (ls_str_equal_nocase(name, ls_str_from(names[i])))
                return true;
    }
    return false;
}

/* One reading: the record at hand, and its last property as it grows. */
struct list_reader {
    struct topology_import *import;
    struct import_record record;
    char *name; /* of the last property, or NULL */
    unsigned property_line;
    struct ls_buf value;
    unsigned line;
    bool failed;
};

/* "{a, b}" is a list; anything else one value. PowerShell ends a list that is
 * too long for it with three dots. */
static void add_values(struct list_reader *reader,
                       struct import_property *property)
{
    struct ls_str value = ls_str_trim(ls_buf_str(&reader->value));
    struct ls_str item;

    if (!ls_str_starts_with(value, "{")) {
        import_property_add(property, value);
        return;
    }
    value = ls_str_skip(value, 1);
    if (ls_str_ends_with(value, "}"))
        value.length--;
    while (ls_str_cut(&value, ',', &item)) {
        item = ls_str_trim(item);
        if (ls_str_equal_text(item, "...") ||
            ls_str_equal_text(item, "\xE2\x80\xA6")) {
            import_note(reader->import,
                        "Line %u: the list %s is cut short (...); set "
                        "$FormatEnumerationLimit = -1 and export again.",
                        property->line, property->name);
            continue;
        }
        if (ls_str_ends_with(item, "..."))
            item.length -= 3;
        if (item.length)
            import_property_add(property, item);
    }
}

static void end_property(struct list_reader *reader)
{
    if (!reader->name)
        return;
    struct import_property *property =
        import_record_add(&reader->record, ls_str_from(reader->name));
    property->line = reader->property_line;
    add_values(reader, property);
    free(reader->name);
    reader->name = NULL;
    ls_buf_reset(&reader->value);
}

static void end_record(struct list_reader *reader)
{
    end_property(reader);
    if (reader->record.count)
        import_record_apply(reader->import, &reader->record);
}

static bool has_property(const struct list_reader *reader, struct ls_str name)
{
    for (size_t i = 0; i < reader->record.count; i++)
        if (ls_str_equal_text(name, reader->record.properties[i].name))
            return true;
    return reader->name && ls_str_equal_text(name, reader->name);
}

static void begin_property(struct list_reader *reader, struct ls_str name,
                           struct ls_str value)
{
    if (has_property(reader, name))
        end_record(reader);
    end_property(reader);
    if (reader->record.count == 0)
        reader->record.line = reader->line;
    reader->name = ls_str_dup(ls_str_first(name, IMPORT_NAME_MAX_BYTES));
    reader->property_line = reader->line;
    ls_buf_add(&reader->value, value);
    if (reader->record.count < LIST_PROPERTIES_MAX)
        return;
    import_fault(reader->import, reader->line, 1, NULL,
                 "an object has more than %d properties", LIST_PROPERTIES_MAX);
    reader->failed = true;
}

static bool is_list_open(const struct list_reader *reader)
{
    struct ls_str value = ls_str_trim(ls_buf_str(&reader->value));

    return ls_str_starts_with(value, "{") && !ls_str_ends_with(value, "}");
}

/* The console breaks at a column, not at a word: what follows is joined
 * without a blank. Items of a list have their comma. */
static void read_other_line(struct list_reader *reader, struct ls_str line)
{
    struct ls_str text = ls_str_trim(line);
    bool is_indented = line.length && (line.at[0] == ' ' || line.at[0] == '\t');
    bool is_word = ls_str_find(text, ' ') == text.length;

    if (reader->name && (is_indented || is_list_open(reader) ||
                         (is_word && reader->value.length))) {
        if (ls_buf_add(&reader->value, text) == LS_OK)
            return;
    }
    char *shown = import_escaped(ls_str_first(text, 60));
    import_note(reader->import, "Line %u was passed over: %s", reader->line,
                shown);
    free(shown);
}

static void read_line(struct list_reader *reader, struct ls_str line)
{
    struct ls_str name, value;

    if (ls_str_ends_with(line, "\r"))
        line.length--;
    if (ls_str_is_empty(ls_str_trim(line)))
        end_record(reader);
    else if (cut_property(line, &name, &value))
        begin_property(reader, name, value);
    else
        read_other_line(reader, line);
}

void import_list_read(struct topology_import *import, struct ls_str text)
{
    struct list_reader reader = {.import = import};
    struct ls_str margin = margin_of(text);
    struct ls_str line;

    ls_buf_init(&reader.value, 1024 * 1024);
    while (!reader.failed && ls_str_cut(&text, '\n', &line)) {
        reader.line++;
        read_line(&reader, without_margin(line, margin));
    }
    end_record(&reader);
    import_record_clear(&reader.record);
    ls_buf_clear(&reader.value);
}
