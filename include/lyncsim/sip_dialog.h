/*
 * Which two endpoints talk to each other, and over which connections? The
 * dialogs that requests with both tags belong to (RFC 3261 12), bounded.
 */
#ifndef LYNCSIM_SIP_DIALOG_H
#define LYNCSIM_SIP_DIALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/sip_message.h"

/* Beyond it the oldest is forgotten. */
#define SIP_DIALOGS_MAX 20000
#define SIP_DIALOGS_MAX_BYTES (16u * 1024 * 1024)

struct sip_dialogs;

struct sip_dialogs *sip_dialogs_new(void);
void sip_dialogs_free(struct sip_dialogs *dialogs);

/* The response that makes a dialog passes from the callee's connection to the
 * caller's; one that is there already stays. */
void sip_dialogs_add(struct sip_dialogs *dialogs,
                     const struct sip_message *response,
                     uint64_t caller_connection, uint64_t callee_connection);
/* The connection that a request of a dialog is to come over, its sender's, and
 * the one that it goes to; false when there is no such dialog. */
bool sip_dialogs_find(const struct sip_dialogs *dialogs,
                      const struct sip_message *request,
                      uint64_t *from_connection, uint64_t *to_connection);
/* The dialog that a message, request or response, belongs to has ended. */
void sip_dialogs_remove(struct sip_dialogs *dialogs,
                        const struct sip_message *message);
void sip_dialogs_remove_connection(struct sip_dialogs *dialogs,
                                   uint64_t connection_id);
size_t sip_dialogs_count(const struct sip_dialogs *dialogs);

#endif
