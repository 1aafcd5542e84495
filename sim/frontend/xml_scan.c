#include "xml_scan.h"

#include <string.h>

#define DEPTH_MAX 32

/* One tag: <name a="b">, </name>, <name/>. */
struct tag {
    struct ls_str name; /* with its prefix */
    struct ls_str attributes;
    bool is_end;
    bool is_empty;
    size_t length; /* from < to > */
};

/* Read the tag that text starts with; false when it is none that we take. */
static bool read_tag(struct ls_str text, struct tag *tag)
{
    size_t end = 1;
    char quote = '\0';

    while (end < text.length && (quote || text.at[end] != '>')) {
        char byte = text.at[end++];

        if (quote)
            quote = byte == quote ? '\0' : quote;
        else if (byte == '"' || byte == '\'')
            quote = byte;
        else if (byte == '<')
            return false;
    }
    if (end >= text.length)
        return false;

    struct ls_str inside = ls_str_first(ls_str_skip(text, 1), end - 1);
    *tag = (struct tag){.length = end + 1};
    tag->is_end = ls_str_starts_with(inside, "/");
    tag->is_empty = ls_str_ends_with(inside, "/") && inside.length > 1;
    inside = ls_str_skip(inside, tag->is_end ? 1 : 0);
    inside = ls_str_first(inside, inside.length - (tag->is_empty ? 1 : 0));
    size_t name = 0;
    while (name < inside.length && !ls_str_is_blank(inside.at[name]))
        name++;
    tag->name = ls_str_first(inside, name);
    tag->attributes = ls_str_skip(inside, name);
    return name > 0 && inside.at[0] != '!' && inside.at[0] != '?' &&
           !(tag->is_end && tag->is_empty);
}

static struct ls_str local_name(struct ls_str name)
{
    size_t colon = ls_str_find(name, ':');

    return colon < name.length ? ls_str_skip(name, colon + 1) : name;
}

/* What stands before the end tag of name; same-named children are counted. */
static bool find_end(struct ls_str *rest, struct ls_str name,
                     struct ls_str *content)
{
    struct ls_str text = *rest;
    unsigned depth = 1;
    size_t at = 0;

    while (at < text.length) {
        struct ls_str here = ls_str_skip(text, at);
        size_t bracket = ls_str_find(here, '<');
        struct tag tag;

        at += bracket;
        if (at >= text.length)
            return false;
        if (!read_tag(ls_str_skip(text, at), &tag)) {
            at++;
            continue;
        }
        if (ls_str_equal(tag.name, name) && !tag.is_empty)
            depth = tag.is_end ? depth - 1 : depth + 1;
        if (depth == 0) {
            *content = ls_str_first(text, at);
            *rest = ls_str_skip(text, at + tag.length);
            return true;
        }
        at += tag.length;
    }
    return false;
}

bool xml_scan_element(struct ls_str *rest, const char *name,
                      struct ls_str *attributes, struct ls_str *content)
{
    for (;;) {
        struct tag tag;

        *rest = ls_str_skip(*rest, ls_str_find(*rest, '<'));
        if (ls_str_is_empty(*rest))
            return false;
        if (!read_tag(*rest, &tag)) {
            *rest = ls_str_skip(*rest, 1);
            continue;
        }
        *rest = ls_str_skip(*rest, tag.length);
        if (tag.is_end || !ls_str_equal_text(local_name(tag.name), name))
            continue;
        *attributes = tag.attributes;
        *content = ls_str_first(*rest, 0);
        return tag.is_empty || find_end(rest, tag.name, content);
    }
}

bool xml_scan_attribute(struct ls_str attributes, const char *name,
                        struct ls_str *value)
{
    for (;;) {
        size_t equals = ls_str_find(attributes, '=');
        struct ls_str key = ls_str_trim(ls_str_first(attributes, equals));

        attributes = ls_str_trim(ls_str_skip(attributes, equals + 1));
        if (ls_str_is_empty(attributes) ||
            (attributes.at[0] != '"' && attributes.at[0] != '\''))
            return false;
        char quote = attributes.at[0];
        attributes = ls_str_skip(attributes, 1);
        size_t length = ls_str_find(attributes, quote);
        if (ls_str_equal_text(key, name)) {
            *value = ls_str_first(attributes, length);
            return length < attributes.length;
        }
        attributes = ls_str_skip(attributes, length + 1);
    }
}

bool xml_scan_is_balanced(struct ls_str text)
{
    struct ls_str open[DEPTH_MAX];
    size_t depth = 0;

    for (;;) {
        size_t bracket = ls_str_find(text, '<');
        struct tag tag;

        if (ls_str_find(ls_str_first(text, bracket), '>') < bracket)
            return false;
        text = ls_str_skip(text, bracket);
        if (ls_str_is_empty(text))
            return depth == 0;
        if (!read_tag(text, &tag))
            return false;
        text = ls_str_skip(text, tag.length);
        if (tag.is_end) {
            if (depth == 0 || !ls_str_equal(open[--depth], tag.name))
                return false;
        } else if (!tag.is_empty) {
            if (depth == DEPTH_MAX)
                return false;
            open[depth++] = tag.name;
        }
    }
}

void xml_scan_add_text(struct ls_buf *out, struct ls_str text)
{
    static const struct {
        char byte;
        const char *escape;
    } escapes[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};

    for (size_t i = 0; i < text.length; i++) {
        size_t e = 0;

        while (e < 4 && escapes[e].byte != text.at[i])
            e++;
        if (e < 4)
            ls_buf_add_text(out, escapes[e].escape);
        else
            ls_buf_add_byte(out, text.at[i]);
    }
}
