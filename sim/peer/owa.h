/*
 * What does Outlook on the web put on the wire for a user, and what does it
 * tell the user? Its requests, as a UCMA server platform writes them.
 */
#ifndef LYNCSIM_OWA_H
#define LYNCSIM_OWA_H

#include "lyncsim/buf.h"
#include "lyncsim/cas_peer.h"
#include "lyncsim/sip_message.h"
#include "lyncsim/sip_writer.h"

enum owa_request {
    OWA_OPTIONS, /* of the server itself */
    OWA_REGISTER,
    OWA_SUBSCRIBE_SELF,
    OWA_SUBSCRIBE_CONTACTS,
    OWA_SUBSCRIBE_PROVISIONING,
    OWA_PUBLISH,
    OWA_WATCH, /* whom the user talks with */
    OWA_SIGN_OUT,
};

#define OWA_EPID_DIGITS 10
#define OWA_TAG_DIGITS 10
#define OWA_CALL_ID_DIGITS 32
#define OWA_BRANCH_DIGITS 16

struct owa_user {
    const char *uri; /* borrowed */
    char *aor;
    char epid[OWA_EPID_DIGITS + 1];
    char instance[37]; /* a UUID */
    bool has_failed;   /* an answer to its sign-in said no */
    bool is_available;
};

/* What the requests of one peer have in common. */
struct owa_writer {
    const struct cas_peer_settings *settings; /* borrowed */
    struct id_source ids;
    uint32_t cseq; /* of the last request; none shares it */
    char branch[OWA_BRANCH_DIGITS + 1]; /* of the last request */
};

/* The one form of a user's address, owned by the caller. */
char *owa_aor(struct ls_str uri);

void owa_writer_init(struct owa_writer *writer,
                     const struct cas_peer_settings *settings);
/* Draw what is the user's own; uri is borrowed. */
void owa_user_init(struct owa_user *user, const char *uri,
                   struct owa_writer *writer);
void owa_user_clear(struct owa_user *user);

/* The Via of the last request. */
void owa_write_via(const struct owa_writer *writer, struct sip_writer *sip);
/* Begin a request with its start line, Via and Max-Forwards. */
void owa_write_start(struct owa_writer *writer, struct sip_writer *sip,
                     struct ls_buf *out, const char *method, struct ls_str uri);
void owa_write_contact(const struct owa_writer *writer, struct sip_writer *sip);
void owa_write_agent(const struct owa_writer *writer, struct sip_writer *sip);
/* So many hex digits, owned by the caller. */
char *owa_draw(struct owa_writer *writer, unsigned digits);

/* user NULL: the server itself. */
void owa_write_request(struct owa_writer *writer, const struct owa_user *user,
                       enum owa_request request, struct ls_buf *out);

struct owa_answer {
    int status;
    const char *reason;
    const char *tag;  /* ours, where the request's To has none */
    bool is_of_call;  /* it makes a dialog: Record-Route and Contact */
    const char *type; /* of body; or NULL */
    const char *body;
};
/* Answer a request of the Front End; nothing where none is expected. */
void owa_write_answer(struct owa_writer *writer,
                      const struct sip_message *request,
                      const struct owa_answer *answer, struct ls_buf *out);

#endif
