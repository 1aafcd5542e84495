/*
 * What stands in the small XML documents that clients send? Just enough of
 * XML to find elements and attributes as views, and to be sure that what one
 * user wrote cannot break the document another one gets.
 */
#ifndef LYNCSIM_XML_SCAN_H
#define LYNCSIM_XML_SCAN_H

#include <stdbool.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

/* Find the next element called name, with or without prefix, in *rest, which
 * goes on behind it. content is empty for <name/>. False when there is none
 * or it has no end. */
bool xml_scan_element(struct ls_str *rest, const char *name,
                      struct ls_str *attributes, struct ls_str *content);
/* An attribute's value as written; false when there is none. */
bool xml_scan_attribute(struct ls_str attributes, const char *name,
                        struct ls_str *value);

/* Whether every element that begins in text ends in it, in order, and nothing
 * else does: no declaration, comment, CDATA or stray bracket. */
bool xml_scan_is_balanced(struct ls_str text);

/* Append text with what means something in XML escaped. */
void xml_scan_add_text(struct ls_buf *out, struct ls_str text);

#endif
