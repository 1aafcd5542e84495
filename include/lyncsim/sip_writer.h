/*
 * How is a SIP message put on the wire? Start line, headers in the order and
 * spelling given, Content-Length and body; a value can never add a line.
 */
#ifndef LYNCSIM_SIP_WRITER_H
#define LYNCSIM_SIP_WRITER_H

#include "lyncsim/buf.h"
#include "lyncsim/sip_message.h"
#include "lyncsim/str.h"

struct sip_writer {
    struct ls_buf *out; /* borrowed */
    size_t value_start; /* of the header that was begun */
};

void sip_writer_request(struct sip_writer *writer, struct ls_buf *out,
                        const char *method, struct ls_str uri);
void sip_writer_response(struct sip_writer *writer, struct ls_buf *out,
                         int status, const char *reason);
/* CR, LF and NUL in value become blanks. */
void sip_writer_header(struct sip_writer *writer, const char *name,
                       struct ls_str value);
/* A header whose value is added to out in pieces; what would become a blank in
 * one that is given whole does so at its end. */
void sip_writer_begin(struct sip_writer *writer, const char *name);
void sip_writer_end(struct sip_writer *writer);
void sip_writer_headerf(struct sip_writer *writer, const char *name,
                        const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Content-Length, the blank line and the body; ends the message. */
void sip_writer_body(struct sip_writer *writer, struct ls_str body);

#endif
