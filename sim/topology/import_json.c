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
    json_array_foreach(value, index, item) add_value(property, item);
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

static void read_document(struct json_reader *reader, json_t *document)
{
    const json_t *list = json_object_get(document, "value");
    size_t index;
    json_t *item;

    if (json_is_object(document) && !json_is_array(list)) {
        read_object(reader, document);
        return;
    }
    if (!json_is_array(document))
        document = (json_t *)list;
    json_array_foreach(document, index, item) read_object(reader, item);
}

static void refuse(struct json_reader *reader, const json_error_t *error)
{
    char *message = import_escaped(ls_str_from(error->text));
    unsigned line = error->line > 0 ? (unsigned)error->line : 1;
    unsigned column = error->column > 0 ? (unsigned)error->column : 1;

    import_fault(reader->import, reader->line + line - 1, column, NULL,
                 "the JSON is not well formed: %s", message);
    free(message);
}

static void skip_blanks(struct json_reader *reader)
{
    while (reader->text.length && strchr(" \t\r\n", reader->text.at[0]) &&
           reader->text.at[0]) {
        reader->line += reader->text.at[0] == '\n';
        reader->text = ls_str_skip(reader->text, 1);
    }
}

void import_json_read(struct topology_import *import, struct ls_str text)
{
    struct json_reader reader = {import, text, 1};

    for (skip_blanks(&reader); reader.text.length; skip_blanks(&reader)) {
        json_error_t error;
        json_t *document =
            json_loadb(reader.text.at, reader.text.length,
                       JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);

        if (!document) {
            refuse(&reader, &error);
            return;
        }
        read_document(&reader, document);
        json_decref(document);
        struct ls_str taken = ls_str_first(reader.text, (size_t)error.position);
        for (size_t i = 0; i < taken.length; i++)
            reader.line += taken.at[i] == '\n';
        reader.text = ls_str_skip(reader.text, taken.length);
    }
}
