/*
 * The shapes of a trace's lines.
 */
#include "trace_line.h"

#include <string.h>
#include <time.h>

#include "lyncsim/alloc.h"

static const struct ls_str field_names[FIELD_COUNT] = {
#define X(name, text) [name] = LS_STR(text),
    FIELD_LIST(X)
#undef X
};

size_t trace_line_find(struct ls_str str, const char *text)
{
    const char *found =
        str.length ? memmem(str.at, str.length, text, strlen(text)) : NULL;

    return found ? (size_t)(found - str.at) : str.length;
}

/* The length of the tag of a web page at the front, <br /> or </p>; 0 where
 * there is none. A peer's own < is none of these. */
static size_t tag_length(struct ls_str text)
{
    static const char *const names[] = {
        "br",         "p",  "div", "span", "code",  "pre",   "font",
        "td",         "tr", "li",  "html", "body",  "b",     "strong",
        "blockquote", "th", "ul",  "ol",   "table", "tbody",
    };
    size_t end = ls_str_find(ls_str_first(text, 200), '>');
    struct ls_str name;

    if (!ls_str_starts_with(text, "<") || end >= text.length || end == 200)
        return 0;
    name = ls_str_skip(ls_str_first(text, end), 1);
    if (ls_str_starts_with(name, "/"))
        name = ls_str_skip(name, 1);
    name = ls_str_trim(ls_str_first(name, ls_str_find(name, ' ')));
    if (ls_str_ends_with(name, "/"))
        name.length--;
    for (size_t i = 0; i < LS_COUNT(names); i++)
        if (ls_str_equal_nocase(name, ls_str_from(names[i])))
            return end + 1;
    return 0;
}

/* The length of a blank at the front, the one included that pages do not
 * break (U+00A0); 0 where there is none. */
static size_t blank_length(struct ls_str text)
{
    if (ls_str_starts_with(text, " ") || ls_str_starts_with(text, "\t"))
        return 1;
    return ls_str_starts_with(text, "\xC2\xA0") ? 2 : 0;
}

/* The length of a number at the front as grep -n and cat -n write it. */
static size_t number_length(struct ls_str text)
{
    size_t length = 0;

    while (length < text.length && text.at[length] >= '0' &&
           text.at[length] <= '9')
        length++;
    if (length == 0 || length == text.length ||
        (text.at[length] != ':' && text.at[length] != '\t'))
        return 0;
    return length + 1;
}

/* What a mail puts before a line that it quotes. */
static bool is_quote_mark(char byte)
{
    return byte == '>' || byte == '|';
}

struct ls_str trace_line_without_margin(struct ls_str line)
{
    while (line.length) {
        size_t length = line.at[0] == '<'           ? tag_length(line)
                        : is_quote_mark(line.at[0]) ? 1
                        : blank_length(line) > 0    ? blank_length(line)
                                                    : number_length(line);

        if (length == 0)
            break;
        line = ls_str_skip(line, length);
    }
    return line;
}

/* TL_ERROR(TF_CONNECTION): letters and underscores, the flag in brackets. */
bool trace_line_cut_origin(struct ls_str *rest, struct ls_str *level,
                           struct ls_str *flag)
{
    size_t open, close;

    if (!ls_str_starts_with(*rest, "TL_"))
        return false;
    open = ls_str_find(ls_str_first(*rest, 32), '(');
    close = ls_str_find(ls_str_first(*rest, 96), ')');
    if (open >= close || close == rest->length || rest->at[close] != ')' ||
        !ls_str_starts_with(ls_str_skip(*rest, open), "(TF_"))
        return false;
    *level = ls_str_first(*rest, open);
    *flag = ls_str_skip(ls_str_first(*rest, close), open + 1);
    *rest = ls_str_skip(*rest, close + 1);
    return true;
}

static bool cut_number(struct ls_str *rest, size_t digits, char after, int *out)
{
    uint64_t number;

    if (rest->length <= digits || rest->at[digits] != after ||
        !ls_str_to_u64(ls_str_first(*rest, digits), &number))
        return false;
    *out = (int)number;
    *rest = ls_str_skip(*rest, digits + 1);
    return true;
}

/* 12/20/2011-20:45:01.704. */
bool trace_line_read_time(struct ls_str rest, int64_t *at_ms)
{
    struct tm tm = {0};
    int ms;

    if (!cut_number(&rest, 2, '/', &tm.tm_mon) ||
        !cut_number(&rest, 2, '/', &tm.tm_mday) ||
        !cut_number(&rest, 4, '-', &tm.tm_year) ||
        !cut_number(&rest, 2, ':', &tm.tm_hour) ||
        !cut_number(&rest, 2, ':', &tm.tm_min) ||
        !cut_number(&rest, 2, '.', &tm.tm_sec) ||
        !cut_number(&rest, 3, '.', &ms))
        return false;
    if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 ||
        tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
        return false;
    tm.tm_mon -= 1;
    tm.tm_year -= 1900;
    *at_ms = (int64_t)timegm(&tm) * 1000 + ms;
    return true;
}

int trace_line_field(struct ls_str text, struct ls_str *value)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        struct ls_str name = field_names[i];

        if (text.length <= name.length || text.at[name.length] != ':' ||
            !ls_str_equal(ls_str_first(text, name.length), name))
            continue;
        *value = ls_str_skip(text, name.length + 1);
        while (blank_length(*value) > 0)
            *value = ls_str_skip(*value, blank_length(*value));
        return i;
    }
    return -1;
}

/* How long the value at the front is: to the end, or to where another field
 * begins. Where a page lost its line ends several stand on one line; what is
 * between quotes is a peer's and begins nothing. */
size_t trace_line_value_length(struct ls_str text)
{
    struct ls_str ignored;
    bool quoted = false;

    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '"')
            quoted = !quoted;
        if (!quoted && text.at[i] == '<' &&
            tag_length(ls_str_skip(text, i)) > 0)
            return i;
        if (quoted || text.at[i] != ' ' || i + 1 == text.length)
            continue;
        char next = text.at[i + 1];
        if (next < 'A' || next > 'T')
            continue;
        if (trace_line_field(ls_str_skip(text, i + 1), &ignored) >= 0)
            return i;
    }
    return text.length;
}

void trace_line_read_back(struct ls_buf *out, struct ls_str text)
{
    while (text.length) {
        size_t length = 1;
        char byte = text.at[0];

        if (text.length >= 4 && byte == '\\' && text.at[1] == 'x' &&
            ls_str_hex_digit(text.at[2]) >= 0 &&
            ls_str_hex_digit(text.at[3]) >= 0) {
            byte = (char)(ls_str_hex_digit(text.at[2]) * 16 +
                          ls_str_hex_digit(text.at[3]));
            length = 4;
        }
        ls_buf_add_byte(out, byte);
        text = ls_str_skip(text, length);
    }
}

/* What pages make of marks that have a meaning in them. A blank that does not
 * break becomes a plain one. */
static const struct {
    const char *entity;
    char byte;
} entities[] = {
    {"&quot;", '"'}, {"&#34;", '"'},   {"&#x22;", '"'}, {"&apos;", '\''},
    {"&#39;", '\''}, {"&#x27;", '\''}, {"&lt;", '<'},   {"&gt;", '>'},
    {"&amp;", '&'},  {"&nbsp;", ' '},  {"&#160;", ' '},
};

void trace_line_decode(struct ls_buf *out, struct ls_str text)
{
    while (text.length) {
        char byte = text.at[0];
        size_t length = 1;

        for (size_t i = 0; byte == '&' && i < LS_COUNT(entities); i++)
            if (ls_str_starts_with(text, entities[i].entity)) {
                byte = entities[i].byte;
                length = strlen(entities[i].entity);
                break;
            }
        ls_buf_add_byte(out, byte);
        text = ls_str_skip(text, length);
    }
}

/* Quotes as logs have them, and as web pages and tables make them. */
static const struct quote {
    const char *open;
    const char *close;
} quotes[] = {
    {"\"\"", "\"\""},
    {"\"", "\""},
    {"&quot;", "&quot;"},
    {"\xE2\x80\x9C", "\xE2\x80\x9D"},
    {"\xE2\x80\x9D", "\xE2\x80\x9D"},
};

/* A table doubles the quotes of its cells; two alone are an empty name. */
static bool is_quoted_by(struct ls_str value, const struct quote *quote)
{
    size_t length = strlen(quote->open);

    if (!ls_str_starts_with(value, quote->open))
        return false;
    return strcmp(quote->open, "\"\"") != 0 ||
           (value.length > length && !strchr(" ;,\t\"\r", value.at[length]));
}

/* Behind fqdn, the equals sign (=3D in a mail as it is sent) and the quote;
 * NULL where no name begins. */
static const struct quote *find_name(struct ls_str data, struct ls_str *name)
{
    struct ls_str rest = data;

    while (rest.length) {
        size_t at = trace_line_find(rest, "fqdn");
        bool is_word = at == 0 || strchr(" ;,\t", rest.at[at - 1]);

        if (at == rest.length)
            return NULL;
        rest = ls_str_trim(ls_str_skip(rest, at + 4));
        if (!is_word || rest.length == 0 || rest.at[0] != '=')
            continue;
        struct ls_str value = ls_str_trim(
            ls_str_skip(rest, ls_str_starts_with(rest, "=3D") ? 3 : 1));
        for (size_t i = 0; i < LS_COUNT(quotes); i++) {
            if (!is_quoted_by(value, &quotes[i]))
                continue;
            *name = ls_str_skip(value, strlen(quotes[i].open));
            return &quotes[i];
        }
    }
    return NULL;
}

bool trace_line_find_fqdn(struct ls_str data, struct ls_str *name)
{
    struct ls_str text;
    const struct quote *quote = find_name(data, &text);
    size_t end = quote ? trace_line_find(text, quote->close) : 0;

    if (!quote || end == text.length)
        return false;
    *name = ls_str_trim(ls_str_first(text, end));
    return true;
}

bool trace_line_is_name_cut(struct ls_str data)
{
    struct ls_str text;
    const struct quote *quote = find_name(data, &text);

    return quote && trace_line_find(text, quote->close) == text.length;
}

bool trace_line_is_quote_open(struct ls_str data)
{
    bool is_open = false;

    for (size_t i = 0; i < data.length; i++)
        is_open ^= data.at[i] == '"';
    return is_open;
}
