/*
 * Where does a line of a SIP head end? The framer and the parser cut lines by
 * this one rule: were they to disagree, a body could pass for headers.
 */
#ifndef LYNCSIM_SIP_LINE_H
#define LYNCSIM_SIP_LINE_H

#include <stdbool.h>

#include "lyncsim/byte_set.h"
#include "lyncsim/str.h"

/* How a line ended. LF alone is no line end in SIP (RFC 3261 7), but it is
 * read as one so that the sender can be told. */
enum sip_line_end { SIP_LINE_CRLF, SIP_LINE_LF, SIP_LINE_CUT };

/* Take the next line off the front of *rest, without its end. False when
 * nothing is left. */
bool sip_line_cut(struct ls_str *rest, struct ls_str *line,
                  enum sip_line_end *end);

/* Whether a line goes on with the header of the line before it. */
bool sip_line_is_continuation(struct ls_str line);

/* Part a line into header name and value, both trimmed. False without a colon
 * or with a name that is no token. */
bool sip_line_header(struct ls_str line, struct ls_str *name,
                     struct ls_str *value);

/* What tells most names of headers apart at a glance: length, first and last
 * letter. Compact forms have the shape of their full names. */
static inline uint32_t sip_line_shape_of_full(struct ls_str full)
{
    if (full.length == 0)
        return 0;
    return (uint32_t)full.length << 16 | (uint32_t)(full.at[0] | 0x20) << 8 |
           (uint32_t)(full.at[full.length - 1] | 0x20);
}
uint32_t sip_line_shape(struct ls_str name);

/* What a letter stands for (RFC 3261 7.3.3), or the letter. */
struct ls_str sip_line_expand(struct ls_str letter);

/* Whether name is the header called full, in any case or compact form. */
static inline bool sip_line_is_named(struct ls_str name, struct ls_str full)
{
    return ls_str_equal_nocase(name.length == 1 ? sip_line_expand(name) : name,
                               full);
}

/* RFC 3261 25.1: token. */
#define SIP_TOKEN_LOW                                                          \
    (BYTE_SET_DIGITS | BYTE_SET_OF('-') | BYTE_SET_OF('.') |                   \
     BYTE_SET_OF('!') | BYTE_SET_OF('%') | BYTE_SET_OF('*') |                  \
     BYTE_SET_OF('+') | BYTE_SET_OF('\''))
#define SIP_TOKEN_HIGH                                                         \
    (BYTE_SET_LETTERS | BYTE_SET_OF('_') | BYTE_SET_OF('`') | BYTE_SET_OF('~'))
bool sip_line_is_token(struct ls_str text);

#endif
