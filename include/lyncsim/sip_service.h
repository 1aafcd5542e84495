/*
 * What becomes of the bytes of a peer that has been let in? They are framed,
 * parsed and answered, every message is written down, and nothing else of
 * the connection is known here. A feed/run machine.
 */
#ifndef LYNCSIM_SIP_SERVICE_H
#define LYNCSIM_SIP_SERVICE_H

#include <stddef.h>
#include <stdint.h>

#include "lyncsim/buf.h"
#include "lyncsim/front_end_answer.h"
#include "lyncsim/str.h"

struct connection_journal;
struct sip_service;

/* Everything is borrowed and must outlive the service. Owned by the caller. */
struct sip_service *sip_service_new(struct front_end *front_end,
                                    const struct sip_caller *caller,
                                    struct connection_journal *journal);
void sip_service_free(struct sip_service *service);

/* Decrypted bytes. */
void sip_service_feed(struct sip_service *service, struct ls_str plain);

enum sip_service_end {
    SIP_SERVICE_IDLE,   /* all that came is answered */
    SIP_SERVICE_FULL,   /* answers has reached the cap: run again later */
    SIP_SERVICE_BROKEN, /* the stream is out of step: close */
};

/* Answer what has come; answers are appended until there are cap bytes. */
enum sip_service_end sip_service_run(struct sip_service *service,
                                     struct ls_buf *answers, size_t cap,
                                     uint64_t now_ms);

#endif
