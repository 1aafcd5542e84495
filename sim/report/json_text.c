/*
 * Text as JSON strings.
 */
#include "json_text.h"

#include <stdlib.h>

json_t *json_text_from(struct ls_str text)
{
    struct ls_buf escaped = {0};
    json_t *json;

    if (ls_str_is_utf8(text))
        return json_stringn(text.at != NULL ? text.at : "", text.length);
    ls_buf_add_escaped(&escaped, text);
    json = json_stringn(escaped.at, escaped.length);
    ls_buf_clear(&escaped);
    return json;
}

json_t *json_text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_text_from(ls_str_from(text));
}

json_t *json_texts_from(char *const *texts, size_t count)
{
    json_t *json = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(json, json_text_or_null(texts[i]));
    return json;
}

/* The characters that are unsafe take three bytes at most. */
static unsigned code_point(struct ls_str character)
{
    unsigned code = (unsigned char)character.at[0];

    if (character.length > 1)
        code &= character.length == 2 ? 0x1Fu : 0x0Fu;
    for (size_t i = 1; i < character.length; i++)
        code = code << 6 | ((unsigned char)character.at[i] & 0x3Fu);
    return code;
}

/* Bytes that begin nothing unsafe; of C0 jansson writes line ends alone, and
 * they are its own. */
static size_t plain_run(struct ls_str text)
{
    size_t length = 0;

    while (length < text.length) {
        unsigned char byte = (unsigned char)text.at[length];

        if (byte == 0x7F || byte == 0xC2 || byte == 0xD8 || byte == 0xE2 ||
            byte == 0xEF)
            break;
        length++;
    }
    return length;
}

/* Only inside of strings is there anything to escape. */
static void add_safe(struct ls_buf *out, struct ls_str text)
{
    while (text.length > 0) {
        size_t plain = plain_run(text);
        struct ls_str next = ls_str_skip(text, plain);
        struct ls_str character = ls_str_first(next, ls_str_utf8_length(next));

        ls_buf_add(out, ls_str_first(text, plain));
        if (ls_str_is_unsafe(character))
            ls_buf_printf(out, "\\u%04X", code_point(character));
        else
            ls_buf_add(out, character);
        text = ls_str_skip(next, character.length);
    }
}

static void print(json_t *json, size_t flags, struct ls_buf *out)
{
    char *text = json_dumps(json, flags);

    add_safe(out, ls_str_from(text));
    ls_buf_add_byte(out, '\n');
    free(text);
    json_decref(json);
}

void json_text_print(json_t *json, struct ls_buf *out)
{
    print(json, JSON_COMPACT, out);
}

void json_text_print_indented(json_t *json, struct ls_buf *out)
{
    print(json, JSON_INDENT(2), out);
}
