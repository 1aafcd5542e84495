/*
 * Escaping for XML and HTML.
 */
#include "markup.h"

#include "lyncsim/alloc.h"

#include "page.h"
#include "story_internal.h"

static void add_character(struct ls_buf *out, char character)
{
    switch (character) {
    case '<':
        ls_buf_add_text(out, "&lt;");
        break;
    case '>':
        ls_buf_add_text(out, "&gt;");
        break;
    case '&':
        ls_buf_add_text(out, "&amp;");
        break;
    case '"':
        ls_buf_add_text(out, "&quot;");
        break;
    case '\'':
        ls_buf_add_text(out, "&#39;");
        break;
    default:
        ls_buf_add_byte(out, character);
        break;
    }
}

static void add_line(struct ls_buf *out, struct ls_str line)
{
    struct ls_buf safe = {0};

    page_add_safe(&safe, line);
    for (size_t i = 0; i < safe.length; i++)
        add_character(out, safe.at[i]);
    ls_buf_clear(&safe);
}

void markup_add_str(struct ls_buf *out, struct ls_str text)
{
    size_t end = ls_str_find(text, '\n');

    while (end < text.length) {
        add_line(out, ls_str_first(text, end));
        ls_buf_add_byte(out, '\n');
        text = ls_str_skip(text, end + 1);
        end = ls_str_find(text, '\n');
    }
    add_line(out, text);
}

void markup_add(struct ls_buf *out, const char *text)
{
    markup_add_str(out, ls_str_from(text));
}

char *markup_step_name(const struct scenario_step *step)
{
    return step->name != NULL ? ls_strdup(step->name) : story_describe(step);
}
