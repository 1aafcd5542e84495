#include "sip_value.h"

#include "lyncsim/byte_set.h"
#include "lyncsim/sip_field.h"

#include "sip_line.h"
#include "sip_uri.h"

/* More than anybody sends. */
#define PARAMETERS_MAX 128u

static const struct byte_set blanks = {
    .low = BYTE_SET_OF(' ') | BYTE_SET_OF('\t'),
};

/* gen-value, with more in it than a token or host may have. */
static bool is_gen_value(struct ls_str value)
{
    static const struct byte_set unwanted = {
        .low = BYTE_SET_OF('"') | BYTE_SET_OF('<') | BYTE_SET_OF('>'),
    };

    if (sip_field_is_quoted(value))
        return true;
    for (size_t i = 0; i < value.length; i++)
        if (byte_set_has(&unwanted, value.at[i]))
            return false;
    return !ls_str_is_empty(value);
}

/* All are generic-params; what the one called name says in *found. */
static bool read_params(struct ls_str params, const char *name,
                        struct ls_str *found)
{
    struct sip_param param;

    *found = (struct ls_str){0};
    for (unsigned count = 0; sip_field_cut_param(&params, &param); count++) {
        if (count == PARAMETERS_MAX || !sip_line_is_token(param.name) ||
            (param.has_value && !is_gen_value(param.value)))
            return false;
        if (!ls_str_equal_nocase(param.name, ls_str_from(name)))
            continue;
        /* RFC 3261 7.3.1: none stands twice. */
        if (!param.has_value || !ls_str_is_empty(*found))
            return false;
        *found = param.value;
    }
    return true;
}

bool sip_value_tag(struct ls_str params, struct ls_str *tag)
{
    return read_params(params, "tag", tag) &&
           (ls_str_is_empty(*tag) || sip_line_is_token(*tag));
}

/* sent-protocol: "SIP/2.0/TLS", with blanks around each part (SLASH). */
static bool cut_protocol(struct ls_str *rest)
{
    struct ls_str name, version;
    size_t length;

    if (!ls_str_cut(rest, '/', &name) || !ls_str_cut(rest, '/', &version) ||
        !sip_line_is_token(ls_str_trim(name)) ||
        !ls_str_equal_text(ls_str_trim(version), "2.0"))
        return false;
    *rest = ls_str_skip(*rest, byte_set_span(&blanks, *rest));
    length = 0;
    while (length < rest->length && !byte_set_has(&blanks, rest->at[length]))
        length++;
    if (!sip_line_is_token(ls_str_first(*rest, length)))
        return false;
    *rest = ls_str_skip(*rest, length);
    return true;
}

/* sent-by: "host", "host:port", "[IPv6]:port"; COLON may have blanks. */
static bool read_sent_by(struct ls_str sent_by, struct ls_str *host)
{
    size_t close =
        ls_str_starts_with(sent_by, "[") ? ls_str_find(sent_by, ']') : 0;
    size_t colon = close + ls_str_find(ls_str_skip(sent_by, close), ':');

    *host = ls_str_trim(ls_str_first(sent_by, colon));
    if (colon < sent_by.length &&
        !sip_uri_is_port(ls_str_trim(ls_str_skip(sent_by, colon + 1))))
        return false;
    if (close == 0)
        return sip_line_is_token(*host);
    if (!sip_uri_is_bracketed(*host))
        return false;
    *host = ls_str_first(ls_str_skip(*host, 1), host->length - 2);
    return true;
}

bool sip_value_via(struct ls_str element, struct ls_str *host,
                   struct ls_str *branch)
{
    struct ls_str params;
    size_t end;

    *host = *branch = (struct ls_str){0};
    if (!cut_protocol(&element))
        return false;
    end = ls_str_find(element, ';');
    params = ls_str_skip(element, end);
    if (!read_sent_by(ls_str_trim(ls_str_first(element, end)), host) ||
        !read_params(params, "branch", branch)) {
        *host = *branch = (struct ls_str){0};
        return false;
    }
    return true;
}

bool sip_value_cseq(struct ls_str value, uint32_t *number,
                    struct ls_str *method)
{
    static const struct byte_set digits = {.low = BYTE_SET_DIGITS};
    size_t length = byte_set_span(&digits, value);
    uint64_t read = 0;

    *number = 0;
    *method = ls_str_trim(ls_str_skip(value, length));
    /* RFC 3261 8.1.1.5: less than 2**31. */
    if (!ls_str_to_u64(ls_str_first(value, length), &read) ||
        read >= (uint64_t)1 << 31 || length == value.length ||
        !byte_set_has(&blanks, value.at[length]) || !sip_line_is_token(*method))
        return false;
    *number = (uint32_t)read;
    return true;
}
