#include "sip_line.h"

#include "lyncsim/alloc.h"

bool sip_line_cut(struct ls_str *rest, struct ls_str *line,
                  enum sip_line_end *end)
{
    if (ls_str_is_empty(*rest))
        return false;

    size_t length = ls_str_find(*rest, '\n');

    *end = length == rest->length ? SIP_LINE_CUT : SIP_LINE_LF;
    *line = ls_str_first(*rest, length);
    *rest = ls_str_skip(*rest, length + 1);
    if (*end == SIP_LINE_LF && length > 0 && line->at[length - 1] == '\r') {
        *end = SIP_LINE_CRLF;
        line->length--;
    }
    return true;
}

bool sip_line_is_continuation(struct ls_str line)
{
    return line.length > 0 && (line.at[0] == ' ' || line.at[0] == '\t');
}

bool sip_line_is_token(struct ls_str text)
{
    static const struct byte_set within = {
        .low = SIP_TOKEN_LOW,
        .high = SIP_TOKEN_HIGH,
    };

    return text.length > 0 && byte_set_span(&within, text) == text.length;
}

bool sip_line_header(struct ls_str line, struct ls_str *name,
                     struct ls_str *value)
{
    size_t colon = ls_str_find(line, ':');

    if (colon == line.length)
        return false;
    *name = ls_str_trim(ls_str_first(line, colon));
    *value = ls_str_trim(ls_str_skip(line, colon + 1));
    return sip_line_is_token(*name);
}

/* RFC 3261 7.3.3, 20; RFC 6665 8.2 (o, u). */
static const struct {
    const char *full;
    const char *compact;
} compact_forms[] = {
    {"Allow-Events", "u"},
    {"Call-ID", "i"},
    {"Contact", "m"},
    {"Content-Encoding", "e"},
    {"Content-Length", "l"},
    {"Content-Type", "c"},
    {"Event", "o"},
    {"From", "f"},
    {"Identity", "y"},
    {"Refer-To", "r"},
    {"Referred-By", "b"},
    {"Session-Expires", "x"},
    {"Subject", "s"},
    {"Supported", "k"},
    {"To", "t"},
    {"Via", "v"},
};

struct ls_str sip_line_expand(struct ls_str letter)
{
    for (size_t i = 0; i < LS_COUNT(compact_forms); i++)
        if (ls_str_equal_nocase(letter, ls_str_from(compact_forms[i].compact)))
            return ls_str_from(compact_forms[i].full);
    return letter;
}

uint32_t sip_line_shape(struct ls_str name)
{
    return sip_line_shape_of_full(name.length == 1 ? sip_line_expand(name)
                                                   : name);
}
