/*
 * ConvertTo-Json: an object, an array of them, or several such texts one
 * after the other, as >> makes them.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

#include "import.h"

/* One object of any cmdlet has a few KiB. */
#define JSON_VALUE_MAX_BYTES (4u * 1024 * 1024)

/* The keys of our own files, which may be written as JSON too. */
static bool is_own_file(struct ls_str text)
{
    static const char *const keys[] = {
        "\"topology\"",
        "\"topologies\"",
        "\"pools\"",
        "\"steps\"",
    };
    struct ls_str inside = ls_str_trim(ls_str_skip(text, 1));

    for (size_t i = 0; i < LS_COUNT(keys); i++)
        if (ls_str_starts_with(inside, keys[i]))
            return true;
    return false;
}

bool import_json_recognise(struct ls_str text)
{
    struct ls_str inside = ls_str_trim(ls_str_skip(text, 1));

    if (ls_str_starts_with(text, "["))
        return ls_str_starts_with(inside, "{") ||
               ls_str_starts_with(inside, "]");
    return ls_str_starts_with(text, "{") && ls_str_starts_with(inside, "\"") &&
           !is_own_file(text);
}

struct json_reader {
    struct topology_import *import;
    struct ls_str text;
    unsigned line; /* where the text at hand begins */
    bool failed;
};

/* A scalar as text; false for what is none. */
static bool scalar_text(const json_t *value, struct ls_buf *out)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        ls_buf_add(out, ls_str_from_bytes(json_string_value(value),
                                          json_string_length(value)));
        return true;
    case JSON_INTEGER:
        ls_buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return true;
    case JSON_REAL:
        ls_buf_printf(out, "%g", json_real_value(value));
        return true;
    case JSON_TRUE:
    case JSON_FALSE:
        ls_buf_add_text(out, json_is_true(value) ? "True" : "False");
        return true;
    case JSON_NULL:
        return true;
    case JSON_OBJECT:
    case JSON_ARRAY:
        return false;
    }
    return false;
}

/* PowerShell wraps some lists: {"value": […], "Count": 2}; and shows an object
 * that has a name of its own as one. */
static const json_t *unwrap(const json_t *value)
{
    static const char *const names[] = {"value", "Fqdn", "Identity", "Name"};

    if (!json_is_object(value))
        return value;
    for (size_t i = 0; i < LS_COUNT(names); i++) {
        const json_t *inner = json_object_get(value, names[i]);

        if (inner && !json_is_object(inner))
            return inner;
    }
    return value;
}

static void add_value(struct import_property *property, const json_t *value)
{
    struct ls_buf text = {0};

    if (scalar_text(unwrap(value), &text))
        import_property_add(property, ls_buf_str(&text));
    else
        property->is_opaque = true;
    ls_buf_clear(&text);
}

static void read_property(struct import_record *record, const char *name,
                          const json_t *value)
{
    struct import_property *property =
        import_record_add(record, ls_str_from(name));
    size_t index;
    json_t *item;

    value = unwrap(value);
    if (!json_is_array(value)) {
        add_value(property, value);
        return;
    }
    json_array_foreach(value, index, item)
        add_value(property, item);
}

static void read_object(struct json_reader *reader, json_t *object)
{
    struct import_record record = {.line = reader->line};
    const char *name;
    json_t *value;

    if (!json_is_object(object)) {
        import_note(reader->import,
                    "Line %u: an array item that is no object was left out.",
                    reader->line);
        return;
    }
    json_object_foreach(object, name, value)
        read_property(&record, name, value);
    import_record_apply(reader->import, &record);
}

/* A value of its own, or an item of a list. */
static void read_value(struct json_reader *reader, json_t *value)
{
    const json_t *list = json_object_get(value, "value");
    size_t index;
    json_t *item;

    if (!json_is_array(list)) {
        read_object(reader, value);
        return;
    }
    json_array_foreach(list, index, item)
        read_object(reader, item);
}

static void refuse(struct json_reader *reader, const char *text,
                   const json_error_t *error)
{
    char *message = import_escaped(ls_str_from(text));
    unsigned line = error && error->line > 0 ? (unsigned)error->line : 1;
    unsigned column = error && error->column > 0 ? (unsigned)error->column : 1;

    import_fault(reader->import, reader->line + line - 1, column, NULL,
                 "the JSON is not well formed: %s", message);
    free(message);
    reader->failed = true;
}

static void advance(struct json_reader *reader, size_t count)
{
    struct ls_str taken = ls_str_first(reader->text, count);

    for (size_t i = 0; i < taken.length; i++)
        reader->line += taken.at[i] == '\n';
    reader->text = ls_str_skip(reader->text, count);
}

/* Take the mark off the front where it is the next. */
static bool take(struct json_reader *reader, const char *mark)
{
    size_t blanks = 0;

    while (blanks < reader->text.length && reader->text.at[blanks] &&
           strchr(" \t\r\n", reader->text.at[blanks]))
        blanks++;
    advance(reader, blanks);
    if (!ls_str_starts_with(reader->text, mark))
        return false;
    advance(reader, strlen(mark));
    return true;
}

/* One object at a time: what a whole list is as values is thirty times its
 * text. */
static void parse_value(struct json_reader *reader)
{
    json_error_t error;
    struct ls_str text = ls_str_first(reader->text, JSON_VALUE_MAX_BYTES);
    json_t *value = json_loadb(text.at, text.length,
                               JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK |
                                   JSON_DECODE_ANY,
                               &error);

    if (value) {
        read_value(reader, value);
        json_decref(value);
        advance(reader, (size_t)error.position);
    } else if (text.length < reader->text.length &&
               json_error_code(&error) == json_error_premature_end_of_input) {
        refuse(reader, "an object is larger than 4 MiB", NULL);
    } else {
        refuse(reader, error.text, &error);
    }
}

static void parse_list(struct json_reader *reader)
{
    if (take(reader, "]"))
        return;
    do {
        take(reader, "");
        parse_value(reader);
    } while (!reader->failed && take(reader, ","));
    if (!reader->failed && !take(reader, "]"))
        refuse(reader, "',' or ']' expected", NULL);
}

void import_json_read(struct topology_import *import, struct ls_str text)
{
    struct json_reader reader = {.import = import, .text = text, .line = 1};

    while (!reader.failed && take(&reader, "") && reader.text.length) {
        if (take(&reader, "["))
            parse_list(&reader);
        else
            parse_value(&reader);
    }
}
