/*
 * A subject as people write it: "CN=cas.contoso.com, O=Contoso". Left to
 * right as written is the order it is encoded in, unlike RFC 4514, because
 * which of several CNs comes first is the very thing a scenario is about.
 */
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/mint.h"

/* The index of the first separator outside an escape. */
static size_t find_outside_escapes(struct ls_str text, const char *separators)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] != '\0' && strchr(separators, text.at[i]) != NULL)
            return i;
    }
    return text.length;
}

static bool is_type_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '.' || byte == '-' ||
           byte == ':' || byte == ' ';
}

/* A "+" joins two attributes only where "TYPE=" follows; else it is a plus. */
static size_t find_join(struct ls_str text)
{
    size_t from = 0;

    for (;;) {
        size_t at = from + find_outside_escapes(ls_str_skip(text, from), "+");
        size_t next = at + 1;

        if (at >= text.length)
            return text.length;
        while (next < text.length && is_type_byte(text.at[next]))
            next++;
        if (next > at + 1 && next < text.length && text.at[next] == '=')
            return at;
        from = at + 1;
    }
}

/* Write value without its escapes to *store, which it advances. False when an
 * escape is cut short. */
static bool unescape(struct ls_str value, char **store, struct ls_str *out)
{
    char *start = *store;

    for (size_t i = 0; i < value.length; i++) {
        if (value.at[i] != '\\') {
            *(*store)++ = value.at[i];
            continue;
        }
        if (++i == value.length)
            return false;
        if (value.at[i] != 'x') {
            *(*store)++ = value.at[i];
            continue;
        }
        if (i + 2 >= value.length || ls_str_hex_digit(value.at[i + 1]) < 0 ||
            ls_str_hex_digit(value.at[i + 2]) < 0)
            return false;
        *(*store)++ = (char)(ls_str_hex_digit(value.at[i + 1]) * 16 +
                             ls_str_hex_digit(value.at[i + 2]));
        i += 2;
    }
    *out = ls_str_from_bytes(start, (size_t)(*store - start));
    return true;
}

static bool parse_attribute(struct profile_attribute *attribute,
                            struct ls_str text, char **store, char **why)
{
    size_t equals = ls_str_find(text, '=');
    struct ls_str type = ls_str_trim(ls_str_first(text, equals));
    struct ls_str value;
    size_t colon;

    if (equals == text.length) {
        *why = ls_strf("\"%.*s\" is not TYPE=VALUE, as in CN=cas.contoso.com; "
                       "a comma inside a value is written \\,",
                       LS_STR_ARG(ls_str_trim(text)));
        return false;
    }
    if (ls_str_is_empty(type)) {
        *why = ls_strf("before the = of \"%.*s\" a type is missing, as in "
                       "CN=cas.contoso.com",
                       LS_STR_ARG(ls_str_trim(text)));
        return false;
    }
    colon = ls_str_find(type, ':');
    attribute->type = ls_str_first(type, colon);
    if (colon < type.length)
        attribute->string = ls_str_skip(type, colon + 1);
    value = ls_str_trim(ls_str_skip(text, equals + 1));
    if (!unescape(value, store, &attribute->value)) {
        *why = ls_strf("an escape in \"%.*s\" is cut short: it is \\xNN or a "
                       "backslash and the character meant",
                       LS_STR_ARG(value));
        return false;
    }
    return true;
}

static size_t count_at_most(struct ls_str text)
{
    size_t count = 1;

    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] == ',' || text.at[i] == '+')
            count++;
    return count;
}

static bool parse_rdn(struct profile_attribute *attributes, size_t *count,
                      struct ls_str rdn, char **store, char **why)
{
    bool is_joined = false;

    for (;;) {
        size_t join = find_join(rdn);
        struct profile_attribute *attribute = &attributes[*count];

        if (!parse_attribute(attribute, ls_str_first(rdn, join), store, why))
            return false;
        attribute->is_joined = is_joined;
        (*count)++;
        if (join == rdn.length)
            return true;
        rdn = ls_str_skip(rdn, join + 1);
        is_joined = true;
    }
}

struct profile_attribute *profile_parse_subject(struct ls_str text,
                                                size_t *count, char **why)
{
    size_t room = count_at_most(text) * sizeof(struct profile_attribute);
    struct profile_attribute *attributes;
    char *store;

    *count = 0;
    if (ls_str_is_empty(ls_str_trim(text))) {
        *why = ls_strdup("the subject is empty, write CN=cas.contoso.com");
        return NULL;
    }
    attributes = ls_alloc(room + text.length + 1);
    store = (char *)attributes + room;
    for (;;) {
        size_t comma = find_outside_escapes(text, ",");

        if (!parse_rdn(attributes, count, ls_str_first(text, comma), &store,
                       why)) {
            free(attributes);
            *count = 0;
            return NULL;
        }
        if (comma == text.length)
            return attributes;
        text = ls_str_skip(text, comma + 1);
    }
}
