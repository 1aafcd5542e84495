/*
 * Where does one SIP message end and the next begin? Cuts a byte stream into
 * messages by RFC 3261 18.3 and answers keep-alives (RFC 5626 3.5.1), before
 * any parser sees a byte. A feed/next machine.
 */
#ifndef LYNCSIM_SIP_FRAMER_H
#define LYNCSIM_SIP_FRAMER_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/buf.h"
#include "lyncsim/str.h"

/* Limits protect memory and time. */
#define SIP_HEADERS_MAX_BYTES (64u * 1024)
#define SIP_HEADERS_MAX_LINES 256u
#define SIP_BODY_MAX_BYTES (1024u * 1024)

enum sip_frame_kind {
    SIP_FRAME_MESSAGE,     /* bytes: head and body, whole */
    SIP_FRAME_KEEP_ALIVE,  /* CRLF CRLF: to be answered with CRLF */
    SIP_FRAME_BAD_MESSAGE, /* bytes: the head; status and reason say which
                              answer it deserves; the stream stays in step */
    SIP_FRAME_FATAL, /* out of step for good: answer if it can be, then close */
};

struct sip_frame {
    enum sip_frame_kind kind;
    struct ls_str bytes; /* valid until the next call on the framer */
    int status;          /* 400, 413, 513 …: of a bad message; 0: none */
    const char *reason;  /* static sentence */
};

struct sip_framer;

struct sip_framer *sip_framer_new(void);
void sip_framer_free(struct sip_framer *framer);

/* Take less than SIP_HEADERS_MAX_BYTES and SIP_BODY_MAX_BYTES, or more; 0
 * leaves one as it is. */
void sip_framer_limit(struct sip_framer *framer, size_t headers_max_bytes,
                      size_t body_max_bytes);

void sip_framer_feed(struct sip_framer *framer, struct ls_str bytes);
bool sip_framer_next(struct sip_framer *framer, struct sip_frame *frame);

#endif
