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

static void print(json_t *json, size_t flags, struct ls_buf *out)
{
    char *text = json_dumps(json, flags | JSON_ENSURE_ASCII);

    ls_buf_add_text(out, text);
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
