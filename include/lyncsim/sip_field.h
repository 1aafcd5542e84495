/*
 * What stands inside a header's value? Lists, addresses and parameters as
 * views, with quotes and angle brackets respected.
 */
#ifndef LYNCSIM_SIP_FIELD_H
#define LYNCSIM_SIP_FIELD_H

#include <stdbool.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

/* Take the next element of a comma-separated value off the front of *rest,
 * trimmed; false when nothing is left. */
bool sip_field_cut(struct ls_str *rest, struct ls_str *element);

/* A name-addr or addr-spec with what follows it (RFC 3261 20.10: without angle
 * brackets parameters belong to the header). */
struct sip_address {
    struct ls_str display; /* as written, quotes and all */
    struct ls_str uri;
    struct ls_str params; /* ";tag=1;epid=2", or empty */
};

/* False when it is none: an open quote or bracket, blanks in the URI, a comma
 * or question mark in a URI without brackets, no scheme. */
bool sip_field_address(struct ls_str value, struct sip_address *address);

/* Take the next parameter off the front of ";a=b;c"; false when nothing is
 * left. Name and value are trimmed and may be anything, or nothing. */
struct sip_param {
    struct ls_str name;
    struct ls_str value; /* quotes and all */
    bool has_value;
};
bool sip_field_cut_param(struct ls_str *params, struct sip_param *param);
/* The value of a parameter in ";a=b;c"; quotes taken off, empty for one
 * without value. Names compare without case. False when there is none. */
bool sip_field_param(struct ls_str params, const char *name,
                     struct ls_str *value);

/* Whether it is one quoted string: the quote that opens it is closed by its
 * last byte. */
bool sip_field_is_quoted(struct ls_str text);

/* Whether it has a scheme and nothing that can stand in no URI: controls,
 * blanks, quotes, angle brackets; a SIP URI is one by the grammar. */
bool sip_field_is_uri(struct ls_str uri);
/* The scheme of a URI, before its colon; empty when there is none. */
struct ls_str sip_field_scheme(struct ls_str uri);
/* Of a sip or sips URI: what stands before @ (may be empty), the host without
 * port, and the parameters. */
struct sip_uri {
    struct ls_str user;
    struct ls_str host;
    struct ls_str port;
    struct ls_str params;
    struct ls_str headers; /* what follows ? */
};
bool sip_field_uri(struct ls_str uri, struct sip_uri *parts);

/* Append the address of record of a URI, one form for all ways to write it:
 * "sip:user@host", lower case, needless escapes undone, no port and no
 * parameters. What is no SIP URI is appended as it is. */
void sip_field_add_aor(struct ls_buf *out, struct ls_str uri);

/* Whether a comma-separated value holds this token, without case. */
bool sip_field_has_token(struct ls_str value, const char *token);

#endif
