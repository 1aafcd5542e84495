/*
 * What waits to be sent over connections that are not the one being fed?
 * Machines leave messages here by connection id; whoever serves that
 * connection takes them. Nothing calls anybody.
 */
#ifndef LYNCSIM_SIP_OUTBOX_H
#define LYNCSIM_SIP_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

/* For a connection whose peer does not read. */
#define SIP_OUTBOX_MAX_BYTES (256u * 1024)
/* For all of them, and twice that where each has but one message. */
#define SIP_OUTBOX_ALL_MAX_BYTES (64u * 1024 * 1024)

struct sip_outbox;

struct sip_outbox *sip_outbox_new(void);
void sip_outbox_free(struct sip_outbox *outbox);

/* Whether a message for a connection would be refused, since too many wait for
 * it already: for who would write one in vain. It counts as refused then. */
bool sip_outbox_refuses(struct sip_outbox *outbox, uint64_t connection_id);
/* How many were, since the connection last took what waits for it. */
size_t sip_outbox_refused_count(const struct sip_outbox *outbox,
                                uint64_t connection_id);
/* Leave a message for a connection; false when it is refused. */
bool sip_outbox_add(struct sip_outbox *outbox, uint64_t connection_id,
                    struct ls_str message);
/* Append all that waits for a connection to out, and forget it. */
void sip_outbox_take(struct sip_outbox *outbox, uint64_t connection_id,
                     struct ls_buf *out);
/* The next connection that something was left for since it was last named
 * here; false when there is none. */
bool sip_outbox_next(struct sip_outbox *outbox, uint64_t *connection_id);
/* The connection has ended. */
void sip_outbox_remove_connection(struct sip_outbox *outbox,
                                  uint64_t connection_id);

/* Connections that something waits for. */
size_t sip_outbox_count(const struct sip_outbox *outbox);

#endif
