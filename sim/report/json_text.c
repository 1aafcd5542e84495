/*
 * Text as JSON strings.
 */
#include "json_text.h"

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
