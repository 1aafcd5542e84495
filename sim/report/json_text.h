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

/* Append json, which is taken, on one line. What could move a terminal that
 * shows it is written as \uNNNN; letters of all the world stay. */
void json_text_print(json_t *json, struct ls_buf *out);
/* The same for people: a member a line. */
void json_text_print_indented(json_t *json, struct ls_buf *out);

#endif
