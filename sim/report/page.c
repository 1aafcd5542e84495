/*
 * Text for terminals and pipes.
 */
#include "page.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/str.h"

static const char *const inks[] = {
    [INK_PLAIN] = "",        [INK_BOLD] = "\033[1m", [INK_DIM] = "\033[2m",
    [INK_GOOD] = "\033[32m", [INK_BAD] = "\033[31m", [INK_WARN] = "\033[33m",
};

void page_add_safe(struct ls_buf *out, struct ls_str text)
{
    while (text.length > 0) {
        size_t length = ls_str_utf8_length(text);
        struct ls_str character = ls_str_first(text, length > 0 ? length : 1);

        if (length > 0 && !ls_str_is_unsafe(character))
            ls_buf_add(out, character);
        else
            for (size_t i = 0; i < character.length; i++)
                ls_buf_printf(out, "\\x%02X", (unsigned char)character.at[i]);
        text = ls_str_skip(text, character.length);
    }
}

size_t page_columns(struct ls_str text)
{
    size_t columns = 0;

    for (size_t i = 0; i < text.length; i++)
        columns += ((unsigned char)text.at[i] & 0xC0) != 0x80;
    return columns;
}

static void begin_ink(struct page *page, enum page_ink ink)
{
    if (page->color)
        ls_buf_add_text(page->out, inks[ink]);
}

static void end_ink(struct page *page, enum page_ink ink)
{
    if (page->color && ink != INK_PLAIN)
        ls_buf_add_text(page->out, "\033[0m");
}

void page_ink(struct page *page, enum page_ink ink, const char *text)
{
    begin_ink(page, ink);
    page_add_safe(page->out, ls_str_from(text));
    end_ink(page, ink);
}

void page_printf(struct page *page, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    ls_buf_vprintf(page->out, format, args);
    va_end(args);
}

static void wrap(struct page *page, size_t column, size_t indent,
                 struct ls_str text)
{
    bool at_start = true;
    struct ls_buf safe = {0};
    struct ls_str rest, word;

    page_add_safe(&safe, text);
    rest = ls_buf_str(&safe);
    while (ls_str_cut(&rest, ' ', &word)) {
        size_t columns = page_columns(word);

        if (columns == 0)
            continue;
        if (!at_start && column + 1 + columns > PAGE_WIDTH) {
            page_printf(page, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!at_start) {
            ls_buf_add_byte(page->out, ' ');
            column++;
        }
        ls_buf_add(page->out, word);
        column += columns;
        at_start = false;
    }
    ls_buf_add_byte(page->out, '\n');
    ls_buf_clear(&safe);
}

void page_wrap(struct page *page, size_t column, size_t indent,
               const char *text)
{
    wrap(page, column, indent, ls_str_from(text));
}

void page_paragraphs(struct page *page, size_t indent, const char *text)
{
    struct ls_str rest = ls_str_from(text);
    struct ls_str line;
    struct ls_buf paragraph = {0};

    while (ls_str_cut(&rest, '\n', &line)) {
        line = ls_str_trim(line);
        ls_buf_add(&paragraph, line);
        ls_buf_add_byte(&paragraph, ' ');
        if (line.length > 0 && rest.length > 0)
            continue;
        page_printf(page, "%*s", (int)indent, "");
        wrap(page, indent, indent, ls_buf_str(&paragraph));
        ls_buf_reset(&paragraph);
        if (rest.length > 0)
            ls_buf_add_byte(page->out, '\n');
    }
    ls_buf_clear(&paragraph);
}

void page_lines(struct page *page, size_t indent, enum page_ink ink,
                const char *text)
{
    struct ls_str rest = ls_str_from(text);
    struct ls_str line;

    while (ls_str_cut(&rest, '\n', &line)) {
        if (ls_str_ends_with(line, "\r"))
            line.length--; /* of SIP; no one else ends lines so */
        page_printf(page, "%*s", (int)indent, "");
        begin_ink(page, ink);
        page_add_safe(page->out, line);
        end_ink(page, ink);
        ls_buf_add_byte(page->out, '\n');
    }
}
