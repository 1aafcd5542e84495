#include "lyncsim/sip_field.h"

#include "lyncsim/byte_set.h"

#include "sip_line.h"
#include "sip_uri.h"

/* What find_outside() minds beside the byte it looks for. */
static const struct byte_set marks = {
    .low = BYTE_SET_OF('"') | BYTE_SET_OF('<') | BYTE_SET_OF('>'),
    .high = BYTE_SET_OF('\\'),
};

/* Index of the first such byte outside quotes and angle brackets; the length
 * when there is none. */
static size_t find_outside(struct ls_str text, char wanted)
{
    size_t first = ls_str_find(text, wanted);
    bool quoted = false;
    bool bracketed = false;

    if (first == text.length ||
        (ls_str_find(ls_str_first(text, first), '"') == first &&
         ls_str_find(ls_str_first(text, first), '<') == first))
        return first;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.at[i];

        if (!quoted && !bracketed && byte == wanted)
            return i;
        if (!byte_set_has(&marks, byte))
            continue;
        if (quoted && byte == '\\')
            i++;
        else if (byte == '"' && !bracketed)
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

    size_t length = find_outside(*rest, ',');

    *element = ls_str_trim(ls_str_first(*rest, length));
    *rest = ls_str_skip(*rest, length + 1);
    return true;
}

static const struct byte_set letters = {.high = BYTE_SET_LETTERS};

/* RFC 3986 3.1. */
struct ls_str sip_field_scheme(struct ls_str uri)
{
    static const struct byte_set within = {
        .low = BYTE_SET_DIGITS | BYTE_SET_OF('+') | BYTE_SET_OF('-') |
               BYTE_SET_OF('.'),
        .high = BYTE_SET_LETTERS,
    };
    size_t length = byte_set_span(&within, uri);

    if (length == 0 || length == uri.length || uri.at[length] != ':' ||
        !byte_set_has(&letters, uri.at[0]))
        return ls_str_first(uri, 0);
    return ls_str_first(uri, length);
}

static bool is_sip(struct ls_str scheme)
{
    return ls_str_equal_nocase(scheme, ls_str_from("sip")) ||
           ls_str_equal_nocase(scheme, ls_str_from("sips"));
}

bool sip_field_is_uri(struct ls_str uri)
{
    static const struct byte_set unwanted = {
        .low = BYTE_SET_FROM_TO(0x00, ' ') | BYTE_SET_OF('<') |
               BYTE_SET_OF('>') | BYTE_SET_OF('"'),
        .high = BYTE_SET_OF(0x7F),
    };

    struct ls_str scheme;

    for (size_t i = 0; i < uri.length; i++)
        if (byte_set_has(&unwanted, uri.at[i]))
            return false;
    scheme = sip_field_scheme(uri);
    if (!is_sip(scheme))
        return !ls_str_is_empty(scheme);
    return sip_uri_is_well_formed(ls_str_skip(uri, scheme.length + 1));
}

bool sip_field_is_quoted(struct ls_str text)
{
    if (!ls_str_starts_with(text, "\""))
        return false;
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
    static const struct byte_set within = {
        .low = SIP_TOKEN_LOW | BYTE_SET_OF(' ') | BYTE_SET_OF('\t'),
        .high = SIP_TOKEN_HIGH,
    };

    if (ls_str_starts_with(display, "\""))
        return sip_field_is_quoted(display);
    return byte_set_span(&within, display) == display.length;
}

bool sip_field_address(struct ls_str value, struct sip_address *address)
{
    size_t open = find_outside(value, '<');

    if (open == value.length) {
        size_t length = find_outside(value, ';');

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

bool sip_field_cut_param(struct ls_str *params, struct sip_param *param)
{
    struct ls_str rest = *params, one;
    size_t length, equals;

    if (ls_str_is_empty(rest))
        return false;
    if (rest.at[0] == ';')
        rest = ls_str_skip(rest, 1);
    length = find_outside(rest, ';');
    one = ls_str_first(rest, length);
    equals = ls_str_find(one, '=');
    param->name = ls_str_trim(ls_str_first(one, equals));
    param->value = ls_str_trim(ls_str_skip(one, equals + 1));
    param->has_value = equals < one.length;
    *params = ls_str_skip(rest, length);
    return true;
}

bool sip_field_param(struct ls_str params, const char *name,
                     struct ls_str *value)
{
    struct sip_param param;

    while (sip_field_cut_param(&params, &param)) {
        if (!ls_str_equal_nocase(param.name, ls_str_from(name)))
            continue;
        *value = unquote(param.value);
        return true;
    }
    return false;
}

bool sip_field_uri(struct ls_str uri, struct sip_uri *parts)
{
    struct ls_str scheme = sip_field_scheme(uri);

    *parts = (struct sip_uri){0};
    if (!is_sip(scheme))
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

/* RFC 3986 6.2.2: an escape of an unreserved character means the character;
 * any other escape stays, so that %00 ends no name early. */
static bool read_escape(struct ls_str text, char *byte)
{
    static const struct byte_set unreserved = {
        .low = BYTE_SET_DIGITS | BYTE_SET_OF('-') | BYTE_SET_OF('.'),
        .high = BYTE_SET_LETTERS | BYTE_SET_OF('_') | BYTE_SET_OF('~'),
    };
    int high = text.length > 2 ? ls_str_hex_digit(text.at[1]) : -1;
    int low = high >= 0 ? ls_str_hex_digit(text.at[2]) : -1;

    if (low < 0 || !byte_set_has(&unreserved, (char)(high * 16 + low)))
        return false;
    *byte = (char)(high * 16 + low);
    return true;
}

static void add_unescaped(struct ls_buf *out, struct ls_str text)
{
    ls_buf_reserve(out, text.length);
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.at[i];

        if (byte == '%' && read_escape(ls_str_skip(text, i), &byte))
            i += 2;
        out->at[out->length++] = ls_byte_lower(byte);
    }
    out->at[out->length] = '\0';
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
