/*
 * How does text of any bytes become JSON? jansson takes UTF-8 only; the rest
 * is escaped as in records.
 */
#ifndef LYNCSIM_REPORT_JSON_TEXT_H
#define LYNCSIM_REPORT_JSON_TEXT_H

#include <jansson.h>

#include "lyncsim/buf.h"

json_t *json_text_from(struct ls_str text);
json_t *json_text_or_null(const char *text);
json_t *json_texts_from(char *const *texts, size_t count);

/* Append json, which is taken, on one line. What is not ASCII is written as
 * \u: a terminal that shows it is not moved by a name. */
void json_text_print(json_t *json, struct ls_buf *out);
/* The same for people: a member a line. */
void json_text_print_indented(json_t *json, struct ls_buf *out);

#endif
