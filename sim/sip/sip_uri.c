#include "sip_uri.h"

#include "lyncsim/byte_block.h"
#include "lyncsim/byte_set.h"

bool sip_uri_is_port(struct ls_str port)
{
    uint64_t number;

    return ls_str_to_u64(port, &number) && number <= 65535;
}

bool sip_uri_is_bracketed(struct ls_str host)
{
    static const struct byte_set within = {
        .low = BYTE_SET_DIGITS | BYTE_SET_OF(':') | BYTE_SET_OF('.'),
        .high = BYTE_SET_FROM_TO('A', 'F') | BYTE_SET_FROM_TO('a', 'f'),
    };

    return host.length > 2 && ls_str_starts_with(host, "[") &&
           ls_str_ends_with(host, "]") &&
           byte_set_span(&within, ls_str_skip(host, 1)) == host.length - 2;
}

static inline byte_block find_escape(byte_block block)
{
    return (block == '%') | (block < 0);
}

/* escaped = "%" HEXDIG HEXDIG, and no byte that is not ASCII. */
static bool has_good_escapes(struct ls_str text)
{
    static const struct byte_set hex = {
        .low = BYTE_SET_DIGITS,
        .high = BYTE_SET_FROM_TO('A', 'F') | BYTE_SET_FROM_TO('a', 'f'),
    };

    if (byte_block_finds_none(find_escape, text))
        return true;
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.at[i] >= 0x80 ||
            (text.at[i] == '%' &&
             (i + 2 >= text.length || !byte_set_has(&hex, text.at[i + 1]) ||
              !byte_set_has(&hex, text.at[i + 2]))))
            return false;
    return true;
}

/* user and password: unreserved, user-unreserved, and the colon. */
static bool is_user(struct ls_str user)
{
    static const struct byte_set within = {
        .low = BYTE_SET_DIGITS | BYTE_SET_FROM_TO('$', '/') | BYTE_SET_OF('!') |
               BYTE_SET_OF(':') | BYTE_SET_OF(';') | BYTE_SET_OF('=') |
               BYTE_SET_OF('?'),
        .high = BYTE_SET_LETTERS | BYTE_SET_OF('_') | BYTE_SET_OF('~'),
    };

    return user.length > 0 && byte_set_span(&within, user) == user.length;
}

static bool is_host(struct ls_str host)
{
    static const struct byte_set within = {
        .low = BYTE_SET_DIGITS | BYTE_SET_OF('-') | BYTE_SET_OF('.') |
               BYTE_SET_OF('%'),
        .high = BYTE_SET_LETTERS | BYTE_SET_OF('_'),
    };

    if (ls_str_starts_with(host, "["))
        return sip_uri_is_bracketed(host);
    return host.length > 0 && byte_set_span(&within, host) == host.length;
}

bool sip_uri_is_well_formed(struct ls_str rest)
{
    size_t at = ls_str_find(rest, '@');
    size_t close, colon, end = 0;

    if (!has_good_escapes(rest))
        return false;
    if (at < rest.length) {
        if (!is_user(ls_str_first(rest, at)))
            return false;
        rest = ls_str_skip(rest, at + 1);
    }
    while (end < rest.length && rest.at[end] != ';' && rest.at[end] != '?')
        end++;
    rest = ls_str_first(rest, end);
    close = ls_str_starts_with(rest, "[") ? ls_str_find(rest, ']') : 0;
    colon = close + ls_str_find(ls_str_skip(rest, close), ':');
    return is_host(ls_str_first(rest, colon)) &&
           (colon == rest.length ||
            sip_uri_is_port(ls_str_skip(rest, colon + 1)));
}
