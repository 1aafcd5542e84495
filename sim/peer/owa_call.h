/*
 * What does one end of a conversation know of it? The dialog of an instant
 * messaging session (RFC 3261 12) as the caller or the callee holds it.
 */
#ifndef LYNCSIM_OWA_CALL_H
#define LYNCSIM_OWA_CALL_H

#include "owa.h"

struct owa_call {
    const struct owa_user *user; /* whose end it is; borrowed */
    char *peer;                  /* the other's address */
    char *peer_aor;
    char *id; /* Call-ID */
    char *local_tag;
    char *remote_tag; /* NULL: not answered yet */
    char *target;     /* where the other is reached */
    char **routes;
    size_t route_count;
    bool is_caller;
    bool is_up;
};

/* The end of user who calls peer. Owned by the caller of this. */
struct owa_call *owa_call_new(const struct owa_user *user, const char *peer,
                              struct owa_writer *writer);
/* The end of user whom an INVITE reaches. */
struct owa_call *owa_call_new_from(const struct owa_user *user,
                                   const struct sip_message *invite,
                                   struct owa_writer *writer);
void owa_call_free(struct owa_call *call);
/* The INVITE was accepted: the dialog is there. */
void owa_call_accept(struct owa_call *call, const struct sip_message *response);
/* Whether a request that came for one of ours belongs to it. */
bool owa_call_is_of(const struct owa_call *call,
                    const struct sip_message *request);

void owa_call_write_invite(struct owa_call *call, struct owa_writer *writer,
                           struct ls_buf *out);
/* RFC 3261 17.1.1.3: of a refusal, in the transaction of the INVITE, which
 * was the last request. */
void owa_call_write_refused_ack(const struct owa_call *call,
                                const struct owa_writer *writer,
                                const struct sip_message *response,
                                struct ls_buf *out);
void owa_call_write_ack(struct owa_call *call, struct owa_writer *writer,
                        struct ls_buf *out);
void owa_call_write_message(struct owa_call *call, struct owa_writer *writer,
                            const char *text, struct ls_buf *out);
void owa_call_write_bye(struct owa_call *call, struct owa_writer *writer,
                        struct ls_buf *out);
/* The answer that accepts an INVITE with what is to be talked by. */
void owa_call_write_accepted(const struct owa_call *call,
                             struct owa_writer *writer,
                             const struct sip_message *invite,
                             struct ls_buf *out);

#endif
