/*
 * What does a message look like once it has passed through the Front End?
 * RFC 3261 16.6 and 16.7: everything as it came but what a proxy changes.
 */
#ifndef LYNCSIM_SIP_FORWARD_H
#define LYNCSIM_SIP_FORWARD_H

#include "lyncsim/sip_answer.h"

/* Append the request as it goes on to uri, with our Via of that branch. */
void sip_forward_request(struct ls_buf *out, const struct sip_request *request,
                         struct ls_str uri, const char *branch);
/* Append the response without its topmost Via. */
void sip_forward_response(struct ls_buf *out,
                          const struct sip_message *response);
/* Append the ACK or CANCEL that belongs to a request sent on so, with the To
 * of response, or its own where that is NULL (RFC 3261 9.1, 17.1.1.3). */
void sip_forward_companion(struct ls_buf *out,
                           const struct sip_request *request,
                           const char *method, struct ls_str uri,
                           const char *branch,
                           const struct sip_message *response);
/* Append a fresh branch in the product's form: z9hG4bKEB97EFF1.6C3F…. */
void sip_forward_add_branch(struct ls_buf *out, struct front_end *front_end);

/* Whether the request may go further: Max-Forwards is not used up. */
bool sip_forward_may_hop(const struct sip_message *request);

#endif
