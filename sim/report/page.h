/*
 * How does text reach a terminal? Wrapped, indented, coloured where that is
 * wanted, and never able to move the cursor.
 */
#ifndef LYNCSIM_REPORT_PAGE_H
#define LYNCSIM_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

#define PAGE_WIDTH 80

enum page_ink { INK_PLAIN, INK_BOLD, INK_DIM, INK_GOOD, INK_BAD, INK_WARN };

struct page {
    struct ls_buf *out; /* borrowed */
    bool color;
};

/* Append text with what is unsafe, and what is not UTF-8, as \xNN. Quotes stay:
 * this is for eyes, not for records. */
void page_add_safe(struct ls_buf *out, struct ls_str text);
/* How many columns text takes, a column a character. */
size_t page_columns(struct ls_str text);

/* Write text in that ink, made safe. */
void page_ink(struct page *page, enum page_ink ink, const char *text);
/* Text of our own, as printf; nothing is made safe. */
void page_printf(struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Write text in words from the cursor's column on, wrapped at PAGE_WIDTH with
 * later lines indented to indent, and end the line. */
void page_wrap(struct page *page, size_t column, size_t indent,
               const char *text);
/* Write paragraphs, divided by blank lines, indented. */
void page_paragraphs(struct page *page, size_t indent, const char *text);
/* Write the lines of text as they are, indented and made safe. */
void page_lines(struct page *page, size_t indent, enum page_ink ink,
                const char *text);

#endif
