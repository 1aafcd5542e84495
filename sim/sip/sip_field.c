#include "lyncsim/sip_field.h"

#include <string.h>

/* Index of the first byte of set outside quotes and angle brackets; the length
 * when there is none. */
static bool is_among(const char *set, char byte)
{
    while (*set != '\0' && *set != byte)
        set++;
    return *set != '\0';
}

static size_t find_outside(struct ls_str text, const char *set)
{
    bool quoted = false;
    bool bracketed = false;

    for (size_t i = 0; i < text.length; i++) {
        char byte = text.at[i];

        if (quoted && byte == '\\') {
            i++;
            continue;
        }
        if (!quoted && !bracketed && is_among(set, byte))
            return i;
        if (byte == '"' && !bracketed)
            quoted = !quoted;
        else if (!quoted && byte == '<')
            bracketed = true;
        else if (!quoted && byte == '>')
            bracketed = false;
    }
    return text.length;
}

bool sip_field_cut(struct ls_str *rest, struct ls_str *element)
{
    if (ls_str_is_empty(*rest))
        return false;

    size_t length = find_outside(*rest, ",");

    *element = ls_str_trim(ls_str_first(*rest, length));
    *rest = ls_str_skip(*rest, length + 1);
    return true;
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* RFC 3986 3.1. */
struct ls_str sip_field_scheme(struct ls_str uri)
{
    size_t colon = ls_str_find(uri, ':');

    if (colon == uri.length || colon == 0 || !is_letter(uri.at[0]))
        return ls_str_first(uri, 0);
    for (size_t i = 0; i < colon; i++)
        if (!is_letter(uri.at[i]) && !is_digit(uri.at[i]) &&
            !strchr("+-.", uri.at[i]))
            return ls_str_first(uri, 0);
    return ls_str_first(uri, colon);
}

bool sip_field_is_uri(struct ls_str uri)
{
    for (size_t i = 0; i < uri.length; i++)
        if ((unsigned char)uri.at[i] <= ' ' || uri.at[i] == 0x7F ||
            strchr("<>\"", uri.at[i]))
            return false;
    return !ls_str_is_empty(sip_field_scheme(uri));
}

/* Whether the quote that opens text is closed by its last byte. */
static bool is_quoted_string(struct ls_str text)
{
    for (size_t i = 1; i < text.length; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == '"')
            return i == text.length - 1;
    }
    return false;
}

/* display-name = *(token LWS) / quoted-string (RFC 3261 25.1). */
static bool is_display_name(struct ls_str display)
{
    if (ls_str_starts_with(display, "\""))
        return is_quoted_string(display);
    for (size_t i = 0; i < display.length; i++)
        if (!is_letter(display.at[i]) && !is_digit(display.at[i]) &&
            (display.at[i] == '\0' || !strchr("-.!%*_+`'~ \t", display.at[i])))
            return false;
    return true;
}

bool sip_field_address(struct ls_str value, struct sip_address *address)
{
    size_t open = find_outside(value, "<");

    if (open == value.length) {
        size_t length = find_outside(value, ";");

        address->display = ls_str_first(value, 0);
        address->uri = ls_str_trim(ls_str_first(value, length));
        address->params = ls_str_skip(value, length);
        return sip_field_is_uri(address->uri) &&
               ls_str_find(address->uri, '?') == address->uri.length &&
               ls_str_find(address->uri, ',') == address->uri.length;
    }
    address->display = ls_str_trim(ls_str_first(value, open));
    value = ls_str_skip(value, open + 1);

    size_t close = ls_str_find(value, '>');

    if (close == value.length)
        return false;
    address->uri = ls_str_first(value, close);
    address->params = ls_str_trim(ls_str_skip(value, close + 1));
    return sip_field_is_uri(address->uri) &&
           is_display_name(address->display) &&
           (ls_str_is_empty(address->params) ||
            ls_str_starts_with(address->params, ";"));
}

static struct ls_str unquote(struct ls_str value)
{
    if (value.length >= 2 && value.at[0] == '"' &&
        value.at[value.length - 1] == '"')
        return ls_str_first(ls_str_skip(value, 1), value.length - 2);
    return value;
}

bool sip_field_param(struct ls_str params, const char *name,
                     struct ls_str *value)
{
    while (!ls_str_is_empty(params)) {
        size_t length = find_outside(params, ";");
        struct ls_str one = ls_str_first(params, length);
        size_t equals = ls_str_find(one, '=');

        params = ls_str_skip(params, length + 1);
        if (!ls_str_equal_nocase(ls_str_trim(ls_str_first(one, equals)),
                                 ls_str_from(name)))
            continue;
        *value = unquote(ls_str_trim(ls_str_skip(one, equals + 1)));
        return true;
    }
    return false;
}

bool sip_field_uri(struct ls_str uri, struct sip_uri *parts)
{
    struct ls_str scheme = sip_field_scheme(uri);

    *parts = (struct sip_uri){0};
    if (!ls_str_equal_nocase(scheme, ls_str_from("sip")) &&
        !ls_str_equal_nocase(scheme, ls_str_from("sips")))
        return false;

    struct ls_str rest = ls_str_skip(uri, scheme.length + 1);
    size_t at = ls_str_find(rest, '@');

    /* The user part may hold ; and ? (RFC 3261 25.1: user-unreserved). */
    if (at < rest.length) {
        parts->user = ls_str_first(rest, at);
        rest = ls_str_skip(rest, at + 1);
    }
    size_t question = ls_str_find(rest, '?');
    parts->headers = ls_str_skip(rest, question + 1);
    rest = ls_str_first(rest, question);
    size_t semicolon = ls_str_find(rest, ';');
    parts->params = ls_str_skip(rest, semicolon);
    rest = ls_str_first(rest, semicolon);
    size_t host = ls_str_starts_with(rest, "[") ? ls_str_find(rest, ']') : 0;
    size_t colon = host + ls_str_find(ls_str_skip(rest, host), ':');
    parts->host = ls_str_first(rest, colon);
    parts->port = ls_str_skip(rest, colon + 1);
    return !ls_str_is_empty(parts->host);
}

static int hex_digit(char byte)
{
    if (is_digit(byte))
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* RFC 3986 6.2.2: an escape of an unreserved character means the character;
 * any other escape stays, so that %00 ends no name early. */
static void add_unescaped(struct ls_buf *out, struct ls_str text)
{
    for (size_t i = 0; i < text.length; i++) {
        int high = i + 2 < text.length && text.at[i] == '%'
                       ? hex_digit(text.at[i + 1])
                       : -1;
        int low = high >= 0 ? hex_digit(text.at[i + 2]) : -1;
        char byte = low >= 0 ? (char)(high * 16 + low) : text.at[i];

        if (low >= 0 && !is_letter(byte) && !is_digit(byte) &&
            (byte == '\0' || !strchr("-_.~", byte)))
            byte = text.at[i];
        else if (low >= 0)
            i += 2;
        ls_buf_add_byte(out, lower(byte));
    }
}

void sip_field_add_aor(struct ls_buf *out, struct ls_str uri)
{
    struct sip_uri parts;

    if (!sip_field_uri(uri, &parts)) {
        ls_buf_add(out, uri);
        return;
    }
    ls_buf_add_text(out, "sip:");
    if (!ls_str_is_empty(parts.user)) {
        add_unescaped(out, parts.user);
        ls_buf_add_byte(out, '@');
    }
    add_unescaped(out, parts.host);
}

bool sip_field_has_token(struct ls_str value, const char *token)
{
    struct ls_str element;

    while (sip_field_cut(&value, &element))
        if (ls_str_equal_nocase(element, ls_str_from(token)))
            return true;
    return false;
}
