/*
 * How does a Front End word an answer? The dialect's headers in the product's
 * order around what every response echoes, as recorded from OCS 2007 R2, Lync
 * 2013 and Skype for Business 2015.
 */
#ifndef LYNCSIM_SIP_ANSWER_H
#define LYNCSIM_SIP_ANSWER_H

#include "lyncsim/buf.h"
#include "lyncsim/front_end.h"
#include "lyncsim/front_end_answer.h"
#include "lyncsim/sip_message.h"

/* A request on its way to an answer; everything is borrowed. */
struct sip_request {
    struct front_end *front_end;
    const struct sip_caller *caller;
    const struct sip_message *message;
    uint64_t now_ms;
    struct ls_buf *out; /* answers to the caller go here */
};

struct sip_answer {
    const struct sip_request *request;
    int status;
    const char *reason;
    char to_tag[33];      /* of this answer; 32 upper-case hex when new */
    struct ls_buf before; /* header lines ahead of From */
    struct ls_buf after;  /* between Via and Server */
    struct ls_buf tail;   /* between Server and Content-Length */
    struct ls_buf body;
};

/* An empty reason stands for the usual one of the status. sip_answer_send()
 * must follow. */
void sip_answer_init(struct sip_answer *answer,
                     const struct sip_request *request, int status,
                     const char *reason);
/* Add a header line to before, after or tail. */
void sip_answer_text(struct ls_buf *place, const char *name, const char *value);
void sip_answer_header(struct ls_buf *place, const char *name,
                       const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Write it to the request's out; the answer is cleared. */
void sip_answer_send(struct sip_answer *answer);

/* An answer that says no more than its status. */
void sip_answer_plain(const struct sip_request *request, int status,
                      const char *reason);

/* Add the request's Via headers, the topmost with what is known of where it
 * came from. */
void sip_answer_add_vias(struct ls_buf *out, const struct sip_request *request);

/* Add the request's headers of that name (RFC 3261 12.1.1: the response that
 * makes a dialog has its Record-Route). */
void sip_answer_echo(struct ls_buf *place, const struct sip_message *message,
                     const char *name);

/* Add the Contact header of this Front End. */
void sip_answer_add_contact(struct ls_buf *place,
                            const struct front_end *front_end);
/* Append a contact's URI with the connection it is reached over. */
void sip_answer_add_reached(struct ls_buf *out, struct ls_str uri,
                            uint64_t connection_id);

#endif
