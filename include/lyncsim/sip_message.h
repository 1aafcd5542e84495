/*
 * What does this SIP message say? A validated message as plain values.
 */
#ifndef LYNCSIM_SIP_MESSAGE_H
#define LYNCSIM_SIP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/err.h"
#include "lyncsim/str.h"

/* A header as it came: the name in the sender's spelling, folding flattened. */
struct sip_header {
    struct ls_str name;
    struct ls_str value;
    uint32_t shape; /* of its name: for a quick search */
};

struct sip_message;

/* Parse one framed message (copied). On LS_EPARSE *status and *reason (static)
 * say which answer it deserves, 0 for none; the message may still be had, for
 * its headers to be echoed, and is NULL otherwise. Owned by the caller. */
enum ls_err sip_message_parse(struct ls_str bytes, struct sip_message **parsed,
                              int *status, const char **reason) LS_MUST_CHECK;
/* The same, with what is remembered of earlier messages (or NULL). */
struct sip_parties;
enum ls_err sip_message_parse_known(struct sip_parties *parties,
                                    struct ls_str bytes,
                                    struct sip_message **parsed, int *status,
                                    const char **reason) LS_MUST_CHECK;
void sip_message_free(struct sip_message *message);

bool sip_message_is_request(const struct sip_message *message);
/* All views are valid as long as the message. */
struct ls_str sip_message_bytes(const struct sip_message *message);
struct ls_str sip_message_start_line(const struct sip_message *message);
struct ls_str sip_message_method(const struct sip_message *message);
struct ls_str sip_message_uri(const struct sip_message *message);
int sip_message_status(const struct sip_message *message);
struct ls_str sip_message_reason(const struct sip_message *message);
struct ls_str sip_message_body(const struct sip_message *message);

/* Headers in order; names compare without case and compact forms match
 * (v f t i m c l e k s o u r). index counts from 0 among those of the name. */
size_t sip_message_header_count(const struct sip_message *message);
const struct sip_header *
sip_message_header_at(const struct sip_message *message, size_t index);
const struct sip_header *sip_message_header(const struct sip_message *message,
                                            const char *name, size_t index);

/* The headers of a name one after the other: *at is 0 for the first and moves
 * on; NULL after the last. All of them in time linear to the message. */
const struct sip_header *
sip_message_next_header(const struct sip_message *message, const char *name,
                        size_t *at);
/* Whether a header has this name, in any case or compact form. */
bool sip_header_is(const struct sip_header *header, const char *name);

/* Parts that answers need. Empty views where there is none. A URI is as
 * written; an AOR is one form for all ways to write it (sip_field_add_aor). */
struct ls_str sip_message_call_id(const struct sip_message *message);
uint32_t sip_message_cseq(const struct sip_message *message);
struct ls_str sip_message_cseq_method(const struct sip_message *message);
struct ls_str sip_message_from_uri(const struct sip_message *message);
struct ls_str sip_message_from_tag(const struct sip_message *message);
struct ls_str sip_message_to_uri(const struct sip_message *message);
struct ls_str sip_message_to_tag(const struct sip_message *message);
struct ls_str sip_message_from_aor(const struct sip_message *message);
struct ls_str sip_message_to_aor(const struct sip_message *message);
/* Of the topmost Via. */
struct ls_str sip_message_branch(const struct sip_message *message);
struct ls_str sip_message_via_host(const struct sip_message *message);
/* Whether the topmost Via could be read, so that it can be answered to. */
bool sip_message_has_via(const struct sip_message *message);

#endif
