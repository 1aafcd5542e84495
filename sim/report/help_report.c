/*
 * The object of a help text.
 */
#include "lyncsim/help_report.h"

#include <jansson.h>

#include "json_text.h"

void help_report_json(const char *topic, struct ls_buf *text)
{
    json_t *json = json_object();

    json_object_set_new(json, "topic", json_text_or_null(topic));
    json_object_set_new(json, "text", json_text_from(ls_buf_str(text)));
    ls_buf_clear(text);
    json_text_print(json, text);
}
