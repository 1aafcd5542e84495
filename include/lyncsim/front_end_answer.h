/*
 * What does the Front End say to this request? SIP in, SIP out, once a peer
 * has been let through: as a trusted server, or as a client to be challenged.
 */
#ifndef LYNCSIM_FRONT_END_ANSWER_H
#define LYNCSIM_FRONT_END_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/front_end.h"
#include "lyncsim/sip_message.h"

/* Who asks: the connection as the SIP side knows it. Strings are borrowed. */
struct sip_caller {
    uint64_t connection_id;
    bool is_trusted; /* false: a client, to be challenged */
    bool treat_as_authenticated;
    bool throttle_as_server; /* else as a client */
    const char *fqdn;        /* the trusted server's name, or NULL */
    const char *address;     /* "192.0.2.7" as shown */
    uint16_t port;
    const char *local; /* "192.0.2.10:5061": where it reached us, or NULL */
};

/* Append the answer (or answers, or nothing, as for ACK) to message to out.
 * now_ms is milliseconds since 1970. */
void front_end_answer(struct front_end *front_end,
                      const struct sip_caller *caller,
                      const struct sip_message *message, uint64_t now_ms,
                      struct ls_buf *out);
/* Append the answer that a message deserves which could not be taken: status
 * and reason are the framer's or parser's; message may be NULL, then there is
 * none. */
void front_end_answer_bad(struct front_end *front_end,
                          const struct sip_caller *caller,
                          const struct sip_message *message, int status,
                          const char *reason, struct ls_buf *out);
/* Append the answer to a request that came when the caller had had its share;
 * it may come again after retry_after_s. */
void front_end_answer_busy(struct front_end *front_end,
                           const struct sip_caller *caller,
                           const struct sip_message *message,
                           unsigned retry_after_s, struct ls_buf *out);

#endif
