/*
 * What does Outlook on the web put on the wire to sign a user in, and what
 * does it tell the user? Its requests, as a UCMA server platform writes them.
 */
#ifndef LYNCSIM_OWA_H
#define LYNCSIM_OWA_H

#include "lyncsim/buf.h"
#include "lyncsim/cas_peer.h"
#include "lyncsim/sip_message.h"

enum owa_request {
    OWA_OPTIONS,
    OWA_REGISTER,
    OWA_SUBSCRIBE_SELF,
    OWA_SUBSCRIBE_CONTACTS,
    OWA_SUBSCRIBE_PROVISIONING,
};

/* What the requests of one peer have in common. */
struct owa_writer {
    const struct cas_peer_settings *settings; /* borrowed */
    struct id_source ids;
    uint32_t cseq;
    char epid[16];
};

void owa_writer_init(struct owa_writer *writer,
                     const struct cas_peer_settings *settings);
void owa_write_request(struct owa_writer *writer, enum owa_request request,
                       struct ls_buf *out);
/* Answer a request of the Front End; nothing where none is expected. */
void owa_write_answer(struct owa_writer *writer,
                      const struct sip_message *request, struct ls_buf *out);

#endif
