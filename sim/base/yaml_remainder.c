#include "yaml_remainder.h"

#include <string.h>

#include "lyncsim/str.h"

/* Entries begin no further to the right: "  - connect:", "  cas:". */
#define ENTRY_INDENT_MAX 2
#define TAB_INDENT 8

/* A line of the text. */
struct line {
    size_t at;
    size_t length; /* without its LF */
};

static struct line line_at(struct ls_str text, size_t at)
{
    size_t length = ls_str_find(ls_str_skip(text, at), '\n');

    return (struct line){at, length};
}

static struct ls_str text_of(struct ls_str text, struct line line)
{
    return ls_str_first(ls_str_skip(text, line.at), line.length);
}

static unsigned indent_of(struct ls_str line)
{
    unsigned indent = 0;

    for (size_t i = 0; i < line.length; i++)
        if (line.at[i] == ' ')
            indent++;
        else if (line.at[i] == '\t')
            indent += TAB_INDENT;
        else
            break;
    return indent;
}

static bool says_nothing(struct ls_str line)
{
    struct ls_str rest = ls_str_trim(line);

    return rest.length == 0 || rest.at[0] == '#';
}

static bool is_item(struct ls_str line)
{
    return ls_str_starts_with(ls_str_trim(line), "-");
}

static bool is_section(struct ls_str line)
{
    return !says_nothing(line) && indent_of(line) == 0 && !is_item(line);
}

static bool is_entry(struct ls_str line)
{
    return !says_nothing(line) && indent_of(line) <= ENTRY_INDENT_MAX;
}

/* What a walk over the lines up to the faulty one has found. */
struct place {
    struct line section, entry;
    bool has_section, has_entry;
    bool is_first; /* the entry follows its section at once */
};

static struct place find_place(struct ls_str text, unsigned number,
                               size_t *after)
{
    struct place place = {0};
    size_t at = 0;

    for (unsigned i = 0; i < number && at < text.length; i++) {
        struct line line = line_at(text, at);
        struct ls_str words = text_of(text, line);

        if (is_section(words)) {
            place = (struct place){.section = line, .has_section = true};
        } else if (is_entry(words)) {
            place.is_first = !place.has_entry;
            place.entry = line;
            place.has_entry = true;
        }
        at = line.at + line.length + 1;
    }
    *after = at < text.length ? at : text.length;
    return place;
}

/* Where the next entry begins at or after at, no deeper than this one. */
static size_t find_end(struct ls_str text, size_t at, unsigned indent)
{
    while (at < text.length) {
        struct line line = line_at(text, at);
        struct ls_str words = text_of(text, line);

        if (!says_nothing(words) && indent_of(words) <= indent)
            return at;
        at = line.at + line.length + 1;
    }
    return text.length;
}

static bool ends_section(struct ls_str text, size_t end)
{
    return end == text.length || is_section(text_of(text, line_at(text, end)));
}

static void blank(struct ls_buf *text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (text->at[i] != '\n')
            text->at[i] = ' ';
}

static bool is_blank(struct ls_str text)
{
    return ls_str_trim(text).length == 0;
}

bool yaml_remainder_cut(struct ls_buf *text, unsigned line,
                        struct ls_buf *sections)
{
    struct ls_str view = ls_buf_str(text);
    size_t after, end;
    struct place place = find_place(view, line, &after);
    struct line start = place.has_entry ? place.entry : place.section;
    struct ls_str name;

    if (!place.has_section)
        return false;
    end = find_end(view, after, indent_of(text_of(view, start)));
    if (place.has_entry && place.is_first && ends_section(view, end))
        start = place.section;
    name = text_of(view, place.section);
    ls_buf_add(sections, ls_str_first(name, ls_str_find(name, ':')));
    ls_buf_add_byte(sections, '\n');
    if (is_blank(ls_str_first(ls_str_skip(view, start.at), end - start.at)))
        return false;
    blank(text, start.at, end);
    return true;
}
